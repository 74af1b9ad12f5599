"""Cases, their processes, and the candidate path."""
