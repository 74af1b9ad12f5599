"""Which places for keys an installation has, by its settings."""

from __future__ import annotations

from issuer_service.clock import Randomness
from issuer_service.settings import Settings
from issuer_service.signing_keys.pkcs11_store import Pkcs11Store
from issuer_service.signing_keys.ring import KeyRing, KeyStore, StoreName
from issuer_service.signing_keys.transit import TransitStore
from issuer_service.signing_keys.vault import Vault

__all__ = ["key_ring", "vault_of"]


def key_ring(settings: Settings, randomness: Randomness) -> KeyRing:
    """The keys of an installation. Nothing is connected yet.

    Keys stay where they were made: an installation that moves to an HSM names it, and has the keys rotated.
    """
    stores: dict[StoreName, KeyStore] = {StoreName.DATABASE: vault_of(settings, randomness)}
    if settings.pkcs11_library is not None:
        stores[StoreName.PKCS11] = Pkcs11Store(
            library=settings.pkcs11_library,
            token_label=settings.pkcs11_token or "",
            pin=settings.pkcs11_pin.get_secret_value() if settings.pkcs11_pin is not None else "",
        )
    if settings.transit_address is not None:
        token = settings.transit_token
        stores[StoreName.TRANSIT] = TransitStore(
            address=settings.transit_address,
            mount=settings.transit_mount,
            token=token.get_secret_value() if token is not None else None,
            ca_file=settings.transit_ca_file,
        )
    return KeyRing(stores, StoreName(settings.key_store))


def vault_of(settings: Settings, randomness: Randomness) -> Vault:
    """What encrypts the keys in the database."""
    present, previous = settings.key_secret or settings.secret, settings.previous_key_secret
    return Vault(
        present.get_secret_value(),
        previous=previous.get_secret_value() if previous is not None else None,
        randomness=randomness,
    )
