"""What a check is given to answer its question: the received credential and the verifier's means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from openbadges_kit.did.resolver import Fetch, Resolver
from openbadges_kit.documents import JsonObject, UnverifiedDocument
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.proof.sd_jwt import SdJwt
from openbadges_kit.proof.vc_jwt import VcJwt
from openbadges_kit.status.bitstring import OpenedList
from openbadges_kit.verification.kept_lists import KeptLists
from openbadges_kit.verification.policy import Policy

if TYPE_CHECKING:
    from openbadges_kit.verification.report import Report

__all__ = ["Case", "issuer_id"]


# Not frozen, which takes as long to make as some of the checks do; no check changes it.
@dataclass(slots=True)
class Case:
    """One verification. `verify_other` verifies a document that this one leans on, as an endorsement is.

    `verified_list` gives the bitstring status list at an address, verified for this badge or for one before it in
    the same batch; `lists` keeps those of other kinds.
    `follows_refresh`: is this the document that was asked about, and not one that another leans on?
    `canonical_nquads` are those of the document without its proof, where they were made already.
    """

    document: UnverifiedDocument
    token: VcJwt | SdJwt | None
    now: datetime
    resolver: Resolver
    fetch: Fetch
    contexts: ContextStore
    policy: Policy
    verify_other: Callable[[bytes | str | JsonObject], Report]
    verified_list: Callable[[str], OpenedList]
    lists: KeptLists
    follows_refresh: bool = False
    canonical_nquads: bytes | None = None


def issuer_id(document: JsonObject) -> str:
    """The issuer's id as the document gives it, or the empty text."""
    issuer = document.get("issuer")
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    return identifier if isinstance(identifier, str) else ""
