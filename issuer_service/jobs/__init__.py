"""Durable jobs: what must happen, whatever dies in the meantime."""
