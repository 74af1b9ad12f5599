"""Workflows: they say what happened, and never what is awarded for it."""
