"""What a bitstring status list says: https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm."""

from __future__ import annotations

from typing import Final, assert_never

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import StatusListError
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.status.bitstring import OpenedList, StatusEntry
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.statuses.answer import Answer, failed, passed, unknown
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["ask_bitstring_list"]

_PURPOSES: Final = frozenset(StatusPurpose)


def ask_bitstring_list(case: Case, path: str, entry: JsonObject) -> Answer:
    """Revoked and suspended stand in the way; a newer version and a message are for people to know.

    Raises ResolutionError when the list cannot be had, StatusListError and MalformedDocument when it is none.
    """
    parsed = StatusEntry.parse(entry)
    if parsed.purpose not in _PURPOSES:
        return unknown(path, parsed.purpose)
    verified = _verified_list(case, parsed.url)
    value = verified.read(parsed)
    elsewhere = _elsewhere(path, parsed.url, verified.credential)
    match StatusPurpose(parsed.purpose):
        case StatusPurpose.REVOCATION:
            return failed(Problem.REVOKED, path) if value else passed(*elsewhere)
        case StatusPurpose.SUSPENSION:
            return failed(Problem.SUSPENDED, path) if value else passed(*elsewhere)
        case StatusPurpose.REFRESH:
            newer = [Finding(Problem.NEWER_VERSION, path)] if value else []
            return passed(*newer, *elsewhere)
        case StatusPurpose.MESSAGE:
            text = parsed.messages.get(value, f"{value:#x}")
            return passed(Finding(Problem.STATUS_MESSAGE, path, {"value": text}), *elsewhere)
        case _ as unreachable:
            assert_never(unreachable)


def _elsewhere(path: str, url: str, credential: JsonObject) -> list[Finding]:
    """A warning where the list is another one of the same issuer by its own word.

    Whoever serves the address, and is not the issuer, could have put it there. No more than a warning: an `id` need not
    be an address, and that of 1EdTech's own test list is another than where it stands.
    """
    named = credential.get("id")
    if named is None or named == url:
        return []
    return [Finding(Problem.STATUS_LIST_ELSEWHERE, path, {"value": str(named)[:200]})]


def _verified_list(case: Case, url: str) -> OpenedList:
    verified = case.verified_list(url)
    # Without this, whoever serves the URL could put another issuer's list, or an all-clear of its own, there.
    issuer = issuer_id(verified.credential)
    if issuer != issuer_id(case.document):
        raise StatusListError(f"it is signed by {issuer}, not by the issuer of the badge")
    return verified
