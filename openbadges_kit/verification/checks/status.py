"""Was it revoked or suspended?

By whichever lists it names: a bitstring status list, a token status list, a 1EdTech revocation list. A list that
cannot be had means "could not check": neither "revoked" nor "not revoked".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.report import Check, CheckResult, Outcome
from openbadges_kit.verification.statuses.answer import Answer, settle, unknown
from openbadges_kit.verification.statuses.bitstring import ask_bitstring_list
from openbadges_kit.verification.statuses.revocation_list import ask_revocation_list
from openbadges_kit.verification.statuses.token_list import ask_token_list
from openbadges_kit.vocabulary import BITSTRING_STATUS_LIST_ENTRY, ONE_EDTECH_REVOCATION_LIST

__all__ = ["check"]

# Each may cost a fetch and a verification, and the document, which a stranger wrote, says how many there are.
MAX_ENTRIES: Final = 8
_Ask = Callable[[Case, str, JsonObject], Answer]
_MECHANISMS: Final[Mapping[str, _Ask]] = MappingProxyType(
    {BITSTRING_STATUS_LIST_ENTRY: ask_bitstring_list, ONE_EDTECH_REVOCATION_LIST: ask_revocation_list}
)


def check(case: Case) -> CheckResult:
    """Passed when no list it names says that it was revoked or suspended, and each could be asked."""
    entries = as_list(case.document.get("credentialStatus"))
    if len(entries) > MAX_ENTRIES:
        reason = {"reason": f"more than {MAX_ENTRIES} entries"}
        finding = Finding(Problem.STATUS_NOT_HAD, "$.credentialStatus", reason)
        return CheckResult(Check.STATUS, Outcome.COULD_NOT_CHECK, (finding,))
    several = isinstance(case.document.get("credentialStatus"), list)
    answers = [
        _ask(case, child("$.credentialStatus", position) if several else "$.credentialStatus", entry)
        for position, entry in enumerate(entries)
    ]
    if case.token is not None and "status" in case.token.claims:
        answers.append(settle("$.status", partial(ask_token_list, case, "$.status", case.token.claims["status"])))
    if not answers:
        return CheckResult(Check.STATUS, Outcome.NOT_APPLICABLE)
    outcomes = [answer.outcome for answer in answers]
    worst = next((o for o in (Outcome.FAILED, Outcome.COULD_NOT_CHECK) if o in outcomes), Outcome.PASSED)
    return CheckResult(Check.STATUS, worst, tuple(finding for answer in answers for finding in answer.findings))


def _ask(case: Case, path: str, entry: object) -> Answer:
    if not isinstance(entry, dict):
        return unknown(path, entry)
    for name, mechanism in _MECHANISMS.items():
        if name in as_list(entry.get("type")):
            return settle(path, partial(mechanism, case, path, entry))
    return unknown(path, entry.get("type"))
