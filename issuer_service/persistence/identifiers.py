"""Identifiers: random UUIDs, so that nobody can count or guess them."""

from __future__ import annotations

from uuid import UUID

from issuer_service.clock import Randomness

__all__ = ["random_uuid"]


def random_uuid(randomness: Randomness) -> str:
    """A version 4 UUID of 122 random bits."""
    return str(UUID(bytes=randomness(16), version=4))
