"""Was it revoked or suspended? https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm

A list that cannot be had means "could not check": neither "revoked" nor "not revoked".
"""

from __future__ import annotations

import re
from typing import Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument, ResolutionError, StatusListError
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.status.bitstring import decode_list, status_at
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.report import Check, CheckResult, Outcome
from openbadges_kit.vocabulary import (
    BITSTRING_STATUS_LIST,
    BITSTRING_STATUS_LIST_ENTRY,
    CredentialType,
    StatusPurpose,
)

__all__ = ["check"]

# Each may cost a fetch and a verification, and the document, which a stranger wrote, says how many there are.
MAX_ENTRIES: Final = 8
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_SET_BIT: Final = {StatusPurpose.REVOCATION: Problem.REVOKED, StatusPurpose.SUSPENSION: Problem.SUSPENDED}


def check(case: Case) -> CheckResult:
    """Passed when every entry's bit is clear."""
    entries = as_list(case.document.get("credentialStatus"))
    if not entries:
        return CheckResult(Check.STATUS, Outcome.NOT_APPLICABLE)
    if len(entries) > MAX_ENTRIES:
        reason = {"reason": f"more than {MAX_ENTRIES} entries"}
        return CheckResult(
            Check.STATUS, Outcome.COULD_NOT_CHECK, (Finding(Problem.STATUS_NOT_HAD, "$.credentialStatus", reason),)
        )
    several = isinstance(case.document["credentialStatus"], list)
    answers = [
        _check_entry(case, child("$.credentialStatus", position) if several else "$.credentialStatus", entry)
        for position, entry in enumerate(entries)
    ]
    outcomes = [outcome for outcome, _ in answers]
    worst = next((o for o in (Outcome.FAILED, Outcome.COULD_NOT_CHECK) if o in outcomes), Outcome.PASSED)
    return CheckResult(Check.STATUS, worst, tuple(finding for _, findings in answers for finding in findings))


def _check_entry(case: Case, path: str, entry: object) -> tuple[Outcome, list[Finding]]:
    if not isinstance(entry, dict) or BITSTRING_STATUS_LIST_ENTRY not in as_list(entry.get("type")):
        kind = entry.get("type") if isinstance(entry, dict) else entry
        return Outcome.COULD_NOT_CHECK, [Finding(Problem.STATUS_UNKNOWN, path, {"value": str(kind)})]
    try:
        purpose = str(entry.get("statusPurpose"))
        index = str(entry.get("statusListIndex"))
        url = entry.get("statusListCredential")
        if not _INDEX.fullmatch(index) or not isinstance(url, str):
            raise StatusListError("the entry names no list or no index")
        if purpose not in _SET_BIT or entry.get("statusSize", 1) != 1:
            # With a size of two the same index is other bits: read as one, a revoked badge could seem good.
            return Outcome.COULD_NOT_CHECK, [Finding(Problem.STATUS_UNKNOWN, path, {"value": purpose})]
        subject = _list_subject(case, url, purpose)
        if status_at(decode_list(subject.get("encodedList")), int(index)):
            return Outcome.FAILED, [Finding(_SET_BIT[StatusPurpose(purpose)], path)]
    except ResolutionError as error:
        return Outcome.COULD_NOT_CHECK, [Finding(Problem.STATUS_NOT_HAD, path, {"reason": str(error)})]
    except (StatusListError, MalformedDocument) as error:
        return Outcome.COULD_NOT_CHECK, [Finding(Problem.STATUS_LIST_INVALID, path, {"reason": str(error)})]
    return Outcome.PASSED, []


def _list_subject(case: Case, url: str, purpose: str) -> JsonObject:
    """The verified list's subject. Raises ResolutionError or StatusListError."""
    report = case.verify_other(case.fetch(url))
    if not report.verified:
        raise StatusListError("it does not verify: " + " ".join(report.reasons("en")))
    credential = report.verified_document()
    if CredentialType.STATUS_LIST not in as_list(credential.get("type")):
        raise StatusListError("it is no BitstringStatusListCredential")
    # Without this, whoever serves the URL could put another issuer's list, or an all-clear of its own, there.
    if issuer_id(credential) != issuer_id(case.document):
        raise StatusListError(f"it is signed by {issuer_id(credential)}, not by the issuer of the badge")
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict) or BITSTRING_STATUS_LIST not in as_list(subject.get("type")):
        raise StatusListError("it holds no BitstringStatusList")
    if purpose not in as_list(subject.get("statusPurpose")):
        raise StatusListError(f"it is no list for {purpose}")
    return subject
