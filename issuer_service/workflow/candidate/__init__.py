"""The path of one person, from interest to completion."""
