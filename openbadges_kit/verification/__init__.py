"""Verification: one check per module, a numbered verifier, and a report that says why."""
