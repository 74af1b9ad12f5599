"""Token Status List: https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/ (draft 17, its JWT form).

The list that goes with badges as tokens, which cannot always say `credentialStatus`. Here are the claims; the
token around them is signed by `issue_status_list_token` and verified by `verification/statuses/token_list.py`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import MalformedDocument, StatusListError
from openbadges_kit.status.inflate import inflate
from openbadges_kit.timestamps import parse_numeric_date

__all__ = [
    "OpenedTokenList",
    "StatusReference",
    "TokenStatus",
    "build_status_list_claims",
    "read_token_status",
    "token_time_to_live",
]

# A list of 16 million badges of one bit; a bomb stops here.
MAX_LIST_BYTES: Final = 2 * 1024 * 1024
# A larger one is unpacked each time: zeros pack well, and many lists may be kept.
MAX_BYTES_KEPT_UNPACKED: Final = 256 * 1024
MAX_INDEX: Final = MAX_LIST_BYTES * 8
_SIZES: Final = frozenset({1, 2, 4, 8})
_NO_VALUES: Final[Mapping[int, int]] = MappingProxyType({})


class TokenStatus(IntEnum):
    """https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-17#section-7.1

    Other values are an application's own.
    """

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


@dataclass(frozen=True, slots=True)
class StatusReference:
    """Where a token's status stands: the `status_list` in its `status` claim."""

    uri: str
    index: int

    @classmethod
    def parse(cls, status: object) -> StatusReference | None:
        """Read a `status` claim; None when it names another mechanism. Raises StatusListError when it is malformed."""
        if not isinstance(status, dict):
            raise StatusListError("status is not an object")
        if "status_list" not in status:
            return None
        reference = status["status_list"]
        uri, index = (reference.get("uri"), reference.get("idx")) if isinstance(reference, dict) else (None, None)
        if (
            not isinstance(uri, str)
            or not isinstance(index, int)
            or isinstance(index, bool)
            or not 0 <= index < MAX_INDEX
        ):
            raise StatusListError("status_list has a uri, and an idx from 0 on")
        return cls(uri, index)

    def to_json(self) -> JsonObject:
        """The `status` claim."""
        return {"status_list": {"idx": self.index, "uri": self.uri}}


def build_status_list_claims(
    *,
    uri: str,
    entries: int,
    issued_at: datetime,
    values: Mapping[int, int] = _NO_VALUES,
    bits: int = 1,
    expires: datetime | None = None,
    ttl: timedelta | None = None,
) -> JsonObject:
    """The claims of the list at `uri`: every index of `values` has its value, any other is valid.

    Raises StatusListError for a size other than 1, 2, 4 or 8 bits, an index outside the list, or a value that
    takes more bits.
    """
    if bits not in _SIZES:
        raise StatusListError(f"a status has 1, 2, 4 or 8 bits, not {bits}")
    packed = bytearray((entries * bits + 7) // 8)
    for index, value in values.items():
        if not 0 <= index < entries or not 0 <= value < 1 << bits:
            raise StatusListError(f"the value {value} at {index} is outside a list of {entries} of {bits} bits")
        # The first entry is in the least significant bits of the first byte.
        packed[index * bits >> 3] |= value << (index * bits & 7)
    claims: JsonObject = {
        "sub": uri,
        "iat": int(issued_at.timestamp()),
        "status_list": {"bits": bits, "lst": base64url.encode(zlib.compress(bytes(packed), 9))},
    }
    if expires is not None:
        claims["exp"] = int(expires.timestamp())
    if ttl is not None:
        claims["ttl"] = int(ttl.total_seconds())
    return claims


class OpenedTokenList:
    """A list whose token the caller has verified, unpacked once for many badges."""

    def __init__(self, claims: JsonObject) -> None:
        self.claims = claims
        self._unpacked: tuple[int, bytes] | None = None

    def read(self, reference: StatusReference, *, now: datetime) -> int:
        """The value at the reference.

        https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-17#section-8.3. Raises StatusListError
        when the list is one for another address, has expired, cannot be read or ends before the index.
        """
        # Without this, a list of the same issuer for other badges could be put in its place.
        if self.claims.get("sub") != reference.uri:
            raise StatusListError(f"it is the list of {str(self.claims.get('sub'))[:200]!r}")
        try:
            if "exp" in self.claims and parse_numeric_date(self.claims["exp"], path="$.exp") < now:
                raise StatusListError("it has expired")
            bits, packed = self._unpacked or self._unpack()
        except MalformedDocument as error:
            raise StatusListError(f"it cannot be read: {error}") from error
        if reference.index >= len(packed) * 8 // bits:
            raise StatusListError(f"index {reference.index} is outside a list of {len(packed) * 8 // bits} entries")
        return packed[reference.index * bits >> 3] >> (reference.index * bits & 7) & ((1 << bits) - 1)

    def _unpack(self) -> tuple[int, bytes]:
        listed = self.claims.get("status_list")
        bits, encoded = (listed.get("bits"), listed.get("lst")) if isinstance(listed, dict) else (None, None)
        if not isinstance(bits, int) or bits not in _SIZES or isinstance(bits, bool) or not isinstance(encoded, str):
            raise StatusListError("it holds no status_list with bits and lst")
        parse_numeric_date(self.claims.get("iat"), path="$.iat")
        packed = inflate(base64url.decode(encoded), wbits=zlib.MAX_WBITS, max_bytes=MAX_LIST_BYTES)
        if len(packed) <= MAX_BYTES_KEPT_UNPACKED:
            self._unpacked = bits, packed
        return bits, packed


def read_token_status(reference: StatusReference, claims: JsonObject, *, now: datetime) -> int:
    """The value at the reference, of a list whose token the caller has verified. Raises like `OpenedTokenList.read`."""
    return OpenedTokenList(claims).read(reference, now=now)


def token_time_to_live(claims: JsonObject) -> timedelta | None:
    """How long a fetched token may be used before it is fetched anew, or None when it does not say.

    https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-17#section-5.1. Raises StatusListError for
    a `ttl` that is no number of seconds.
    """
    ttl = claims.get("ttl")
    if ttl is None:
        return None
    if not isinstance(ttl, int) or isinstance(ttl, bool) or not 0 <= ttl < 1 << 32:
        raise StatusListError(f"ttl is a number of seconds, not {str(ttl)[:40]!r}")
    return timedelta(seconds=ttl)
