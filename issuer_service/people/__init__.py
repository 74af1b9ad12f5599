"""Persons, organisations, and what a person is in an organisation."""
