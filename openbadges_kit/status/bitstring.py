"""Bitstring Status List v1.0: https://www.w3.org/TR/vc-bitstring-status-list/.

Not here: allocating an index (the issuer's ledger does) and fetching a list (the verifier's caller does).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import MalformedDocument, StatusListError
from openbadges_kit.timestamps import format_timestamp
from openbadges_kit.vocabulary import (
    BITSTRING_STATUS_LIST,
    CREDENTIALS_V2,
    CredentialType,
    ProblemType,
    StatusPurpose,
)

__all__ = ["MINIMUM_ENTRIES", "build_status_list_credential", "decode_list", "encode_list", "status_at"]

# Below this a list tells too much about each of its members: section 6.1 of the specification.
MINIMUM_ENTRIES: Final = 131_072
# A list of 16 million entries; a gzip bomb stops here.
MAX_LIST_BYTES: Final = 2 * 1024 * 1024


def encode_list(set_indexes: Iterable[int], *, entries: int = MINIMUM_ENTRIES) -> str:
    """The `encodedList` with these bits set, bit 0 the most significant of the first byte.

    The same bits give the same text. Raises StatusListError for an index outside the list.
    """
    bits = bytearray((entries + 7) // 8)
    for index in set_indexes:
        if not 0 <= index < entries:
            raise StatusListError(f"index {index} is outside a list of {entries} entries")
        bits[index >> 3] |= 0x80 >> (index & 7)
    return multibase.encode_base64url(gzip.compress(bytes(bits), mtime=0))


def decode_list(encoded: object) -> bytes:
    """The bits of an `encodedList`.

    Raises StatusListError when it is no GZIP in multibase base64url, holds more than 2 MiB or fewer than
    131,072 entries (STATUS_LIST_LENGTH_ERROR).
    """
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise StatusListError("encodedList is not in base64url (u…)")
    try:
        decompressor = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        bits = decompressor.decompress(multibase.decode(encoded), MAX_LIST_BYTES + 1)
    except (MalformedDocument, zlib.error) as error:
        raise StatusListError(f"encodedList cannot be read: {error}") from error
    if len(bits) > MAX_LIST_BYTES:
        raise StatusListError(f"the list is larger than {MAX_LIST_BYTES} bytes")
    if not decompressor.eof or decompressor.unused_data:
        raise StatusListError("encodedList is cut off, or has something behind its end")
    if len(bits) * 8 < MINIMUM_ENTRIES:
        raise StatusListError(
            f"the list has {len(bits) * 8} entries, fewer than {MINIMUM_ENTRIES}",
            problem_type=ProblemType.STATUS_LIST_LENGTH,
        )
    return bits


def status_at(bits: bytes, index: int) -> bool:
    """The bit at `index`. Raises StatusListError when the list ends before it."""
    if not 0 <= index < len(bits) * 8:
        raise StatusListError(f"index {index} is outside a list of {len(bits) * 8} entries")
    return bool(bits[index >> 3] & (0x80 >> (index & 7)))


def build_status_list_credential(
    *,
    url: str,
    issuer: str,
    set_indexes: Iterable[int],
    valid_from: datetime,
    valid_until: datetime | None = None,
    purpose: StatusPurpose = StatusPurpose.REVOCATION,
    entries: int = MINIMUM_ENTRIES,
) -> JsonObject:
    """The unsecured BitstringStatusListCredential at `url`; its issuer is a plain URL, as the test suites want."""
    credential: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": [str(CredentialType.VERIFIABLE), str(CredentialType.STATUS_LIST)],
        "issuer": issuer,
        "validFrom": format_timestamp(valid_from),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": BITSTRING_STATUS_LIST,
            "statusPurpose": str(purpose),
            "encodedList": encode_list(set_indexes, entries=entries),
        },
    }
    if valid_until is not None:
        credential["validUntil"] = format_timestamp(valid_until)
    return credential
