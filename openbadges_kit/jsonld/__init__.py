"""JSON-LD with bundled contexts only, and RDFC-1.0."""
