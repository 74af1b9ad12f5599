"""Bitstring Status List v1.0: https://www.w3.org/TR/vc-bitstring-status-list/.

An entry of a list has one bit or several; a set bit says that the badge is revoked or suspended, that a newer
one is to be had, or what a message of the entry says. Not here: allocating an index (the issuer's ledger does,
with `random_free_index`) and fetching and verifying a list (`verification/statuses/bitstring.py`).
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import MalformedDocument, StatusListError
from openbadges_kit.status.inflate import inflate
from openbadges_kit.timestamps import format_timestamp
from openbadges_kit.vocabulary import (
    BITSTRING_STATUS_LIST,
    BITSTRING_STATUS_LIST_ENTRY,
    CREDENTIALS_V2,
    CredentialType,
    ProblemType,
    StatusPurpose,
)

__all__ = [
    "MINIMUM_ENTRIES",
    "OpenedList",
    "StatusEntry",
    "build_status_entry",
    "build_status_list_credential",
    "decode_list",
    "encode_list",
    "read_status",
    "status_at",
    "time_to_live",
]

# Below this a list tells too much about each of its members: section 6.1 of the specification.
MINIMUM_ENTRIES: Final = 131_072
# A list of 16 million entries; a gzip bomb stops here.
MAX_LIST_BYTES: Final = 2 * 1024 * 1024
# A list of a million entries. A larger one is unpacked each time: zeros pack well, and many lists may be kept.
MAX_BYTES_KEPT_UNPACKED: Final = 128 * 1024
# More kinds of status than anybody has words for.
MAX_STATUS_SIZE: Final = 8
_NO_VALUES: Final[Mapping[int, int]] = MappingProxyType({})
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_HEX: Final = re.compile(r"0x[0-9A-Fa-f]{1,4}")


def encode_list(
    set_indexes: Iterable[int] = (),
    *,
    values: Mapping[int, int] = _NO_VALUES,
    size: int = 1,
    entries: int = MINIMUM_ENTRIES,
) -> str:
    """The `encodedList` of entries of `size` bits, the first bit the most significant of the first byte.

    An index of `set_indexes` has the value 1, one of `values` its own, any other 0. The same values give the
    same text. Raises StatusListError for an index outside the list or a value that takes more bits.
    """
    bits = bytearray((entries * size + 7) // 8)
    for index, value in {**dict.fromkeys(set_indexes, 1), **values}.items():
        if not 0 <= index < entries:
            raise StatusListError(f"index {index} is outside a list of {entries} entries")
        if not 0 <= value < 1 << size:
            raise StatusListError(f"the value {value} does not fit in {size} bits")
        for offset in range(size):
            if value >> (size - 1 - offset) & 1:
                position = index * size + offset
                bits[position >> 3] |= 0x80 >> (position & 7)
    return multibase.encode_base64url(gzip.compress(bytes(bits), mtime=0))


def decode_list(encoded: object, *, size: int = 1) -> bytes:
    """The bits of an `encodedList` with entries of `size` bits.

    Raises StatusListError when it is no GZIP in multibase base64url, holds more than 2 MiB or fewer than
    131,072 entries (STATUS_LIST_LENGTH_ERROR).
    """
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise StatusListError("encodedList is not in base64url (u…)")
    try:
        bits = inflate(multibase.decode(encoded), wbits=16 + zlib.MAX_WBITS, max_bytes=MAX_LIST_BYTES)
    except MalformedDocument as error:
        raise StatusListError(f"encodedList cannot be read: {error}") from error
    if len(bits) * 8 // size < MINIMUM_ENTRIES:
        raise StatusListError(
            f"the list has {len(bits) * 8 // size} entries, fewer than {MINIMUM_ENTRIES}",
            problem_type=ProblemType.STATUS_LIST_LENGTH,
        )
    return bits


def status_at(bits: bytes, index: int, *, size: int = 1) -> int:
    """The value at `index`. Raises StatusListError when the list ends before it."""
    if not 0 <= index < len(bits) * 8 // size:
        raise StatusListError(f"index {index} is outside a list of {len(bits) * 8 // size} entries")
    value = 0
    for position in range(index * size, (index + 1) * size):
        value = value << 1 | (bits[position >> 3] >> (7 - (position & 7)) & 1)
    return value


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """What a badge says about where its status stands."""

    purpose: str
    index: int
    url: str
    size: int = 1
    messages: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, entry: JsonObject) -> StatusEntry:
        """Read a BitstringStatusListEntry: https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistentry.

        Raises StatusListError when it names no list, no index, or a size that is none.
        """
        index, url, size = (
            str(entry.get("statusListIndex")),
            entry.get("statusListCredential"),
            entry.get("statusSize", 1),
        )
        if not _INDEX.fullmatch(index) or not isinstance(url, str):
            raise StatusListError("the entry names no list or no index")
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= MAX_STATUS_SIZE:
            raise StatusListError(f"a status has 1 to {MAX_STATUS_SIZE} bits, not {size!r}")
        messages = {}
        for message in as_list(entry.get("statusMessage")):
            status, text = (
                (message.get("status"), message.get("message")) if isinstance(message, dict) else (None, None)
            )
            if not isinstance(status, str) or not _HEX.fullmatch(status) or not isinstance(text, str):
                raise StatusListError("a statusMessage has a status (0x0, 0x1 …) and a message")
            messages[int(status, 16)] = text
        return cls(str(entry.get("statusPurpose")), int(index), url, size, MappingProxyType(messages))


class OpenedList:
    """A list whose credential the caller has verified, unpacked once for many entries.

    https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm
    """

    def __init__(self, credential: JsonObject) -> None:
        self.credential = credential
        self._unpacked: dict[int, bytes] = {}

    def read(self, entry: StatusEntry) -> int:
        """The entry's value.

        Raises StatusListError when it is no list, none for this purpose, too short, or ends before the index.
        """
        if CredentialType.STATUS_LIST not in as_list(self.credential.get("type")):
            raise StatusListError("it is no BitstringStatusListCredential")
        subject = self.credential.get("credentialSubject")
        if not isinstance(subject, dict) or BITSTRING_STATUS_LIST not in as_list(subject.get("type")):
            raise StatusListError("it holds no BitstringStatusList")
        if entry.purpose not in as_list(subject.get("statusPurpose")):
            raise StatusListError(f"it is no list for {entry.purpose}")
        bits = self._unpacked.get(entry.size)
        if bits is None:
            bits = decode_list(subject.get("encodedList"), size=entry.size)
            if len(bits) <= MAX_BYTES_KEPT_UNPACKED:
                # One size: a list has entries of one, whatever those who name it say.
                self._unpacked = {entry.size: bits}
        return status_at(bits, entry.index, size=entry.size)


def read_status(entry: StatusEntry, credential: JsonObject) -> int:
    """The entry's value in a list, whose credential the caller has verified. Raises like `OpenedList.read`."""
    return OpenedList(credential).read(entry)


def time_to_live(credential: JsonObject) -> timedelta | None:
    """How long a fetched list may be used before it is fetched anew, or None when it does not say.

    Raises StatusListError for a `ttl` that is no number of milliseconds.
    """
    subject = credential.get("credentialSubject")
    ttl = subject.get("ttl") if isinstance(subject, dict) else None
    if ttl is None:
        return None
    if not isinstance(ttl, int) or isinstance(ttl, bool) or not 0 <= ttl < 1 << 40:
        raise StatusListError(f"ttl is a number of milliseconds, not {str(ttl)[:40]!r}")
    return timedelta(milliseconds=ttl)


def build_status_entry(
    *, url: str, index: int, purpose: StatusPurpose = StatusPurpose.REVOCATION, messages: Iterable[str] = ()
) -> JsonObject:
    """The `credentialStatus` of a badge with this index in the list at `url`.

    `messages` are those of a list for messages, value by value; two to the power of the bits it has. Raises
    StatusListError for another number of them, or messages for another purpose.
    """
    entry: JsonObject = {
        "id": f"{url}#{index}",
        "type": BITSTRING_STATUS_LIST_ENTRY,
        "statusPurpose": str(purpose),
        "statusListIndex": str(index),
        "statusListCredential": url,
    }
    texts = tuple(messages)
    if bool(texts) is not (purpose is StatusPurpose.MESSAGE) or len(texts).bit_count() > 1 or len(texts) == 1:
        raise StatusListError("a list for messages has 2, 4, 8 … of them, and any other list none")
    if texts:
        entry["statusSize"] = len(texts).bit_length() - 1
        entry["statusMessage"] = [{"status": f"{value:#x}", "message": text} for value, text in enumerate(texts)]
    return entry


def build_status_list_credential(
    *,
    url: str,
    issuer: str,
    set_indexes: Iterable[int] = (),
    valid_from: datetime,
    valid_until: datetime | None = None,
    purpose: StatusPurpose = StatusPurpose.REVOCATION,
    entries: int = MINIMUM_ENTRIES,
    values: Mapping[int, int] = _NO_VALUES,
    size: int = 1,
    ttl: timedelta | None = None,
) -> JsonObject:
    """The unsecured BitstringStatusListCredential at `url`; its issuer is a plain URL, as the test suites want.

    `set_indexes`, `values` and `size` are those of `encode_list`, and raise as there; `ttl` is how long a
    verifier may use the list before it fetches it anew.
    """
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
            "encodedList": encode_list(set_indexes, values=values, size=size, entries=entries),
        },
    }
    if ttl is not None:
        credential["credentialSubject"]["ttl"] = int(ttl / timedelta(milliseconds=1))
    if valid_until is not None:
        credential["validUntil"] = format_timestamp(valid_until)
    return credential
