"""Asking a list about a badge: fetched, verified and bound to the badge's issuer, one mechanism per module."""
