"""What a 1EdTechRevocationList says."""

from __future__ import annotations

from openbadges_kit.documents import JsonObject, parse_json_object
from openbadges_kit.errors import StatusListError
from openbadges_kit.problems import Problem
from openbadges_kit.status.revocation_list import find_revocation
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.statuses.answer import Answer, failed, passed

__all__ = ["ask_revocation_list"]


def ask_revocation_list(case: Case, path: str, entry: JsonObject) -> Answer:
    """Revoked when the list at the entry's id has the badge.

    Raises ResolutionError when the list cannot be had, StatusListError and MalformedDocument when it is none
    or not one of the badge's issuer.
    """
    url = entry.get("id")
    if not isinstance(url, str):
        raise StatusListError("the entry does not say where its list stands")
    found = find_revocation(
        parse_json_object(case.fetch(url)), credential_id=case.document.get("id"), issuer=issuer_id(case.document)
    )
    return passed() if found is None else failed(Problem.REVOKED, path, reason=found.reason)
