"""One question per module. No check knows another; the verifier puts them in order."""
