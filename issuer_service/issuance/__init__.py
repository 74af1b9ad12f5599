"""From a request to a signed badge: accept, approve, sign. It does not know who asked or who listens."""
