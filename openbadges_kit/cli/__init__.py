"""`openbadges`: keygen, issue, verify, bake, unbake, inspect."""
