"""Drawings that anybody can read: SVG with a name and a description, and a table that says the same."""
