"""Awards by providers that bring their own systems: one at a time, or a hundred thousand."""
