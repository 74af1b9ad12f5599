"""Are the right contexts named, in the right places?

https://www.imsglobal.org/spec/ob/v3p0/#achievementcredential: VCDM 2.0 first, Open Badges second. Badges of the
standard's first years have VCDM 1.1 in front: they are verified, with a warning, and issued no more.
"""

from __future__ import annotations

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.vocabulary import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    OPEN_BADGES_3_0_3,
    OPEN_BADGES_CONTEXTS,
    CredentialType,
)

__all__ = ["find_problems"]


def find_problems(document: JsonObject) -> tuple[list[Finding], list[Finding]]:
    """(what is wrong, what is only old)."""
    contexts = as_list(document.get("@context"))
    wrong, old = [], []
    if contexts[:1] == [CREDENTIALS_V1]:
        old.append(Finding(Problem.CONTEXT_VERSION, "$['@context'][0]", {"value": CREDENTIALS_V1}))
    elif contexts[:1] != [CREDENTIALS_V2]:
        wrong.append(Finding(Problem.CONTEXT_ORDER, "$['@context'][0]", {"expected": CREDENTIALS_V2}))
    if {CredentialType.OPEN_BADGE, CredentialType.ACHIEVEMENT} & set(map(str, as_list(document.get("type")))):
        second = contexts[1] if len(contexts) > 1 else None
        if not isinstance(second, str) or second not in OPEN_BADGES_CONTEXTS:
            wrong.append(Finding(Problem.CONTEXT_ORDER, "$['@context'][1]", {"expected": OPEN_BADGES_3_0_3}))
        elif second != OPEN_BADGES_3_0_3:
            old.append(Finding(Problem.CONTEXT_VERSION, "$['@context'][1]", {"value": second}))
    return wrong, old
