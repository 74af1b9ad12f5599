"""Measurements beside other implementations. Not part of the package."""
