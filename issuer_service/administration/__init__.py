"""Setting up over the API: organisations, people, keys."""
