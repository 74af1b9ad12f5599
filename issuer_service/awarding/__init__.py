"""From what happened to what is asked for."""
