"""Notices to people: made once for each occasion, kept where they can be read, sent by SMTP where there is a server."""
