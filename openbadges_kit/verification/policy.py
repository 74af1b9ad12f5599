"""What the verifying party decides for itself; none of it can be set by the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from openbadges_kit.vocabulary import IdentifierType

__all__ = ["Policy", "Recipient"]

_NO_PINS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the badge should be about: one who has this `id`, or this identity (an e-mail address, say)."""

    id: str | None = None
    identity: str | None = None
    identity_type: str = IdentifierType.EMAIL_ADDRESS


@dataclass(frozen=True, slots=True)
class Policy:
    """How strict to be.

    `trusted_issuers`: the issuers you know; None when you keep no list, an empty set when you trust nobody.
    `pinned_keys`: of an issuer, the only keys (RFC 7638 thumbprints) that you trust; others keep all of theirs.
    `cryptosuites` and `algorithms`: the suites of proofs and the `alg` of tokens that count; None for all that
    are known. A proof under another suite is one of a kind that is not known here.
    `recipient`: whom the badge should be about; None when that is not asked.
    `required`: names of checks (`report.Check`) that must have passed, where "not applicable" is not enough;
    with "trust" among them, a badge of an unknown issuer is not valid.
    `clock_skew`: how far your clock and the issuer's may differ, applied to the start of a period only.
    `online`: may anything be fetched?
    """

    trusted_issuers: frozenset[str] | None = None
    clock_skew: timedelta = timedelta(minutes=2)
    pinned_keys: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NO_PINS)
    cryptosuites: frozenset[str] | None = None
    algorithms: frozenset[str] | None = None
    recipient: Recipient | None = None
    required: frozenset[str] = frozenset()
    online: bool = True
