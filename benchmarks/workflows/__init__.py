"""Workflows in quantity: what a step takes, and a work list, with thousands of others in the database."""
