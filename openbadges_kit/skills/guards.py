"""What Dutch law and policy keep out of a badge, looked for before it is signed.

1. A citizen service number (BSN), in any member that people write in or are identified by; and the identifier
   type `nationalIdentityNumber` altogether. The rule stands in `citizen_service_number.py`.
2. A level of NLQF or EQF that no register vouches for (`frameworks.py` says how one is named rightly); not in
   what somebody else has signed, an endorsement or a badge in a record: that is their claim.
3. `MicroCredential` for what lacks an element of the European definition (`micro_credential.py`).

One walk over the document serves the first two. It must be cheap: every badge passes here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.skills.citizen_service_number import holds_citizen_service_number, is_citizen_service_number
from openbadges_kit.skills.frameworks import is_level_without_register
from openbadges_kit.skills.micro_credential import find_missing_elements
from openbadges_kit.vocabulary import BITSTRING_STATUS_LIST, ENDORSEMENT_SUBJECT, IdentifierType

__all__ = ["find_problems", "is_passed_over", "may_hold_number"]

# Most texts have no eight digits, and this says so faster than anything else.
_MANY_DIGITS: Final = re.compile(r"[0-9](?:[ .-]?[0-9]){7}")
_UUID_URN: Final = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# No words of or about people, and full of digits: proofs and hashes, codes of frameworks and of achievements,
# places in lists, and what other members already say.
_PASSED_OVER: Final = frozenset({
    "@context", "type", "proof", "encodedList", "digestSRI", "digestMultibase", "salt", "endorsementJwt",
    "credentialStatus", "credentialSchema", "targetCode", "targetUrl", "humanCode", "version", "fieldOfStudy",
    "phone", "postalCode", "latitude", "longitude", "validFrom", "validUntil", "awardedDate",
})  # fmt: skip

# Numbers of organisations and publications that have eight or nine digits, and some the same 11-test.
_NOT_OF_PEOPLE: Final = frozenset({
    IdentifierType.ISBN, IdentifierType.ISSN, "ext:kvk_organisation_id", "ext:rsin", "ext:institution_code",
    "ext:leerbedrijf_id", "ext:programme_code",
})  # fmt: skip

_OF_OTHERS: Final = frozenset({"endorsement", "verifiableCredential"})

# What is not a person, though it is what a credential is about.
_THINGS: Final = frozenset({ENDORSEMENT_SUBJECT, BITSTRING_STATUS_LIST})
_SUBJECT_ID: Final = "$.credentialSubject.id"

# The way to a value: that of the object it is in, and its own name or index. The text is made when it is needed.
_Way = tuple[Any, str | int] | None


def find_problems(document: JsonObject, *, now: datetime) -> list[Finding]:
    """A finding for each thing that must not be signed. `now` is the moment that a register must vouch for."""
    findings = _ids_of_people(document)
    stack: list[tuple[Any, _Way, bool]] = [(document, None, True)]
    while stack:
        value, way, own = stack.pop()
        members: Iterable[tuple[str | int, Any]] = enumerate(value)
        passed_over = _PASSED_OVER
        if isinstance(value, dict):
            findings += _in_object(value, way, now if own else None)
            members = value.items()
            if _is_no_number_of_people(value):
                passed_over |= {"identifier"}
        for step, inner in members:
            if isinstance(inner, dict | list):
                if step not in passed_over:
                    stack.append((inner, (way, step), own and step not in _OF_OTHERS))
            elif _may_hold_number(inner) and step not in passed_over:
                findings.append(Finding(Problem.CITIZEN_SERVICE_NUMBER, _path((way, step))))
    once = {(finding.path, finding.code): finding for finding in findings}
    return [*(once[key] for key in sorted(once)), *find_missing_elements(document)]


def is_passed_over(place: Sequence[str | int]) -> bool:
    """Is the text at this place one that `find_problems` does not look into, but for the id of a subject?"""
    return not _PASSED_OVER.isdisjoint(place)


def may_hold_number(text: str, *, of_a_person: bool) -> bool:
    """Does `find_problems` find a citizen service number in the text, where it looks; as the id `of_a_person` too?"""
    # Whatever may be such a number has many digits, and the UUIDs that most ids are hold none.
    if _MANY_DIGITS.search(text) is None or _UUID_URN.fullmatch(text) is not None:
        return False
    return _may_hold_number(text) or (of_a_person and holds_citizen_service_number(text, of_a_person=True))


def _may_hold_number(value: object) -> bool:
    if isinstance(value, str):
        return (
            _MANY_DIGITS.search(value) is not None
            and not value.startswith("data:")
            and holds_citizen_service_number(value)
        )
    # The bounds first: Python refuses to write out an integer of thousands of digits.
    return isinstance(value, int) and 0 < value < 10**9 and is_citizen_service_number(str(value))


def _ids_of_people(document: JsonObject) -> list[Finding]:
    """The id of a subject may be a URL with the number in it; the id of what is endorsed is no person's."""
    several = isinstance(document.get("credentialSubject"), list)
    return [
        Finding(Problem.CITIZEN_SERVICE_NUMBER, f"$.credentialSubject[{index}].id" if several else _SUBJECT_ID)
        for index, subject in enumerate(as_list(document.get("credentialSubject")))
        if isinstance(subject, dict)
        and not _THINGS & {kind for kind in as_list(subject.get("type")) if isinstance(kind, str)}
        and isinstance(subject.get("id"), str)
        and holds_citizen_service_number(subject["id"], of_a_person=True)
    ]


def _is_no_number_of_people(value: JsonObject) -> bool:
    kind = value.get("identifierType")
    return isinstance(kind, str) and kind in _NOT_OF_PEOPLE


def _in_object(value: JsonObject, way: _Way, now: datetime | None) -> list[Finding]:
    findings = [
        Finding(Problem.NATIONAL_IDENTITY_NUMBER, _path((way, name)))
        for name in ("identityType", "identifierType")
        if value.get(name) == IdentifierType.NATIONAL_IDENTITY_NUMBER
    ]
    if now is not None and "targetUrl" in value and is_level_without_register(value, now=now):
        findings.append(Finding(Problem.LEVEL_NOT_REGISTERED, _path(way)))
    return findings


def _steps(way: _Way) -> list[str | int]:
    steps: list[str | int] = []
    while way is not None:
        way, step = way
        steps.append(step)
    return steps[::-1]


def _path(way: _Way) -> str:
    return reduce(child, _steps(way), "$")
