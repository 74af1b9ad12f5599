"""Baking: a credential put into a picture, and taken out again."""
