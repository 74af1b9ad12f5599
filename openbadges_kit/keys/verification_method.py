"""Verification methods: a key, its id and its controller.

https://www.w3.org/TR/controller-document/#verification-methods
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import KeyMaterialError
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.timestamps import format_timestamp, parse_timestamp
from openbadges_kit.vocabulary import JSON_WEB_KEY, JSON_WEB_KEY_2020, MULTIKEY

__all__ = ["VerificationMethod"]


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """A public key under its URL. `revoked` is the moment from which it may have been in other hands."""

    id: str
    controller: str
    public_key: PublicKey
    expires: datetime | None = None
    revoked: datetime | None = None

    @classmethod
    def parse(cls, method: object) -> VerificationMethod:
        """Read a Multikey, JsonWebKey or JsonWebKey2020 method.

        Raises KeyMaterialError for another type, a missing id or controller, or an unreadable key.
        """
        if not isinstance(method, dict):
            raise KeyMaterialError("a verification method is a JSON object")
        identifier, controller = method.get("id"), method.get("controller")
        if not isinstance(identifier, str) or not isinstance(controller, str):
            raise KeyMaterialError("a verification method has an id and a controller")
        match method.get("type"):
            case "Multikey" | "Ed25519VerificationKey2020":
                key = PublicKey.from_multikey(method.get("publicKeyMultibase"))
            case "JsonWebKey" | "JsonWebKey2020":
                key = PublicKey.from_jwk(method.get("publicKeyJwk"))
            case other:
                raise KeyMaterialError(f"a verification method of type {other!r} is not known")
        expires, revoked = (
            parse_timestamp(method[name]) if name in method else None for name in ("expires", "revoked")
        )
        return cls(identifier, controller, key, expires, revoked)

    def to_json(self, type_: str = MULTIKEY) -> JsonObject:
        """The method as it stands in a controller document, as a Multikey or with a JWK."""
        method: JsonObject = {"id": self.id, "type": type_, "controller": self.controller}
        match type_:
            case "Multikey":
                method["publicKeyMultibase"] = self.public_key.multikey
            case "JsonWebKey" | "JsonWebKey2020":
                method["publicKeyJwk"] = self.public_key.jwk
            case _:
                raise KeyMaterialError(f"{type_} is none of {MULTIKEY}, {JSON_WEB_KEY}, {JSON_WEB_KEY_2020}")
        if self.expires is not None:
            method["expires"] = format_timestamp(self.expires)
        if self.revoked is not None:
            method["revoked"] = format_timestamp(self.revoked)
        return method
