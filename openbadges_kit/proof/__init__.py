"""Securing mechanisms: Data Integrity proofs and VC-JWT."""
