"""Pages for people, made on the server, in Dutch and English; they work without JavaScript."""
