"""Which places for keys an installation has, by its settings."""

from __future__ import annotations

from issuer_service.clock import Randomness
from issuer_service.settings import Settings
from issuer_service.signing_keys.ring import KeyRing, KeyStore, StoreName
from issuer_service.signing_keys.vault import Vault

__all__ = ["key_ring"]


def key_ring(settings: Settings, randomness: Randomness) -> KeyRing:
    """The keys of an installation. Nothing is connected yet."""
    present = settings.key_secret or settings.secret
    previous = settings.previous_key_secret
    stores: dict[StoreName, KeyStore] = {
        StoreName.DATABASE: Vault(
            present.get_secret_value(),
            previous=previous.get_secret_value() if previous is not None else None,
            randomness=randomness,
        )
    }
    return KeyRing(stores)
