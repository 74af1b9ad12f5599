"""Status lists: which badges were revoked, told without telling which badge was asked about."""
