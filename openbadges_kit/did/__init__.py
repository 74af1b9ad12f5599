"""DIDs and controller documents: from the URL of a verification method to its key."""
