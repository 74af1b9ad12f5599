"""Who somebody is, told or hashed: https://www.imsglobal.org/spec/ob/v3p0/#identityobject.

A salted hash with its salt beside it keeps an address out of sight, and no more: whoever has a list of
addresses finds out which one it is. It stays personal data. A DID or an identifier that means nothing
elsewhere says less.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final, Self

from pydantic import StrictBool

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.model.json_object import JsonObjectModel, OneOrMany
from openbadges_kit.vocabulary import IDENTITY_HASH_ALGORITHM, IdentifierType

__all__ = ["IdentifierEntry", "IdentityObject"]

# 128 bits: with fewer, the hashes of all addresses of a school can be kept ready for every salt.
MIN_SALT_BYTES: Final = 16


class IdentityObject(JsonObjectModel):
    """The recipient, by something they are known by: https://www.imsglobal.org/spec/ob/v3p0/#identityobject"""

    type: OneOrMany[str] = "IdentityObject"
    hashed: StrictBool
    identity_hash: str
    identity_type: str
    salt: str | None = None

    @classmethod
    def hash_of(cls, identity: str, *, identity_type: str, salt: bytes) -> Self:
        """The identity, hashed: `sha256$` and the hash of identity and salt in hexadecimal.

        An e-mail address is put in lower case first, so that any spelling of it matches. Use 16 random
        bytes or more for `salt`, other ones for each badge: two badges with one salt can be seen to be
        of one person. Raises MalformedDocument for a shorter salt and for an empty identity.
        """
        if len(salt) < MIN_SALT_BYTES:
            raise MalformedDocument(f"the salt of an identity has fewer than {MIN_SALT_BYTES} bytes")
        if not identity.strip():
            raise MalformedDocument("an empty identity would match nobody")
        text = salt.hex()
        spelling = identity.lower() if identity_type == IdentifierType.EMAIL_ADDRESS else identity
        return cls(hashed=True, identity_hash=_hash(spelling, text), identity_type=str(identity_type), salt=text)

    def matches(self, identity: str, *, identity_type: str) -> bool:
        """Is this the person with that identity? False, too, for a hash of another algorithm than SHA-256.

        An e-mail address is tried as it is written and in lower case, since not every issuer lowers it.
        """
        if identity_type != self.identity_type:
            return False
        spellings = {identity, identity.lower()} if identity_type == IdentifierType.EMAIL_ADDRESS else {identity}
        if self.hashed:
            claimed = self.identity_hash.lower()
            candidates = {_hash(spelling, self.salt or "") for spelling in spellings}
        elif identity_type == IdentifierType.EMAIL_ADDRESS:
            claimed, candidates = self.identity_hash.lower(), {identity.lower()}
        else:
            claimed, candidates = self.identity_hash, {identity}
        return any(
            hmac.compare_digest(claimed.encode(errors="replace"), candidate.encode(errors="replace"))
            for candidate in candidates
        )


class IdentifierEntry(JsonObjectModel):
    """Another identifier of a profile or an achievement: https://www.imsglobal.org/spec/ob/v3p0/#identifierentry"""

    type: OneOrMany[str] = "IdentifierEntry"
    identifier: str
    identifier_type: str


def _hash(identity: str, salt: str) -> str:
    digest = hashlib.sha256((identity + salt).encode(errors="replace")).hexdigest()
    return f"{IDENTITY_HASH_ALGORITHM}${digest}"
