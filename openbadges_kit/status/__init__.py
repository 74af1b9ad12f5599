"""Status lists: many bits in one credential, so that asking about one badge tells nothing about whose it is."""
