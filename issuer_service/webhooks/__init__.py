"""Telling other systems what happened to a badge: signed, retried, and never to where it must not go."""
