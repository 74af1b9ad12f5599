"""Has a badge the members that Open Badges asks for, each object of the type that belongs in its place?

https://www.imsglobal.org/spec/ob/v3p0/#data-models. 1EdTech's schema asks most of this as well; it does not ask
all, and it says "the issuer fits none of these" where the issuer's parent organisation is what is amiss.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.vocabulary import OPEN_BADGES_CONTEXTS, CredentialType, ObjectType

__all__ = ["find_problems", "is_meant_as_badge"]

_BADGES: Final = frozenset({CredentialType.OPEN_BADGE, CredentialType.ACHIEVEMENT})
_MEMBERS_OF_CREDENTIAL: Final = MappingProxyType(
    {
        "issuer": ObjectType.PROFILE,
        "credentialSubject": ObjectType.ACHIEVEMENT_SUBJECT,
        "evidence": ObjectType.EVIDENCE,
    }
)
_MEMBERS_OF: Final[Mapping[ObjectType, Mapping[str, ObjectType]]] = MappingProxyType(
    {
        ObjectType.PROFILE: {"otherIdentifier": ObjectType.IDENTIFIER_ENTRY, "parentOrg": ObjectType.PROFILE},
        ObjectType.ACHIEVEMENT_SUBJECT: {
            "achievement": ObjectType.ACHIEVEMENT,
            "identifier": ObjectType.IDENTITY_OBJECT,
            "result": ObjectType.RESULT,
            "source": ObjectType.PROFILE,
        },
        ObjectType.ACHIEVEMENT: {
            "alignment": ObjectType.ALIGNMENT,
            "creator": ObjectType.PROFILE,
            "otherIdentifier": ObjectType.IDENTIFIER_ENTRY,
            "related": ObjectType.RELATED,
            "resultDescription": ObjectType.RESULT_DESCRIPTION,
        },
        ObjectType.RESULT: {"alignment": ObjectType.ALIGNMENT},
        ObjectType.RESULT_DESCRIPTION: {
            "alignment": ObjectType.ALIGNMENT,
            "rubricCriterionLevel": ObjectType.RUBRIC_CRITERION_LEVEL,
        },
    }
)
_NONE: Final[Mapping[str, ObjectType]] = MappingProxyType({})


def is_meant_as_badge(document: JsonObject) -> bool:
    """Is it a badge, or of no known type and under the contexts of one? Then people will take it for one."""
    types = set(map(str, as_list(document.get("type"))))
    if types & _BADGES:
        return True
    known = types & (frozenset(CredentialType) - {CredentialType.VERIFIABLE})
    return not known and any(
        isinstance(context, str) and context in OPEN_BADGES_CONTEXTS for context in as_list(document.get("@context"))
    )


def find_problems(document: JsonObject, *, whole: bool = True) -> list[Finding]:
    """A finding for each member that is missing, and each object that is not what belongs there.

    Of one that is not `whole` its holder may have left out whose it is.
    """
    if not is_meant_as_badge(document):
        return []
    findings = list(_problems_of_members(document, _MEMBERS_OF_CREDENTIAL, "$"))
    if whole:
        # Without either nobody can tell whose it is.
        findings += [
            Finding(Problem.MISSING, child(path, "id"))
            for path, subject in _one_or_many(document.get("credentialSubject"), "$.credentialSubject")
            if isinstance(subject, dict) and "id" not in subject and not as_list(subject.get("identifier"))
        ]
    return findings


def _problems_of_members(value: JsonObject, members: Mapping[str, ObjectType], path: str) -> Iterator[Finding]:
    for name, type_ in members.items():
        for here, item in _one_or_many(value.get(name), child(path, name)):
            yield from _problems_of(item, type_, here)


def _one_or_many(value: Any, path: str) -> Iterator[tuple[str, Any]]:  # JSON
    several = isinstance(value, list)
    for position, item in enumerate(as_list(value)):
        yield child(path, position) if several else path, item


def _problems_of(item: Any, type_: ObjectType, path: str) -> Iterator[Finding]:  # JSON
    if not isinstance(item, dict):
        yield Finding(Problem.WRONG_TYPE, path, {"expected": type_})
        return
    types = as_list(item.get("type"))
    if not types:
        yield Finding(Problem.MISSING, child(path, "type"))
    elif type_ not in types:
        yield Finding(Problem.WRONG_TYPE, child(path, "type"), {"expected": type_})
    if type_ is ObjectType.ACHIEVEMENT_SUBJECT and "achievement" not in item:
        yield Finding(Problem.MISSING, child(path, "achievement"))
    if type_ is ObjectType.ACHIEVEMENT:
        criteria = item.get("criteria")
        if not isinstance(criteria, dict) or not (criteria.get("id") or criteria.get("narrative")):
            yield Finding(Problem.MISSING, child(child(path, "criteria"), "narrative"))
    yield from _problems_of_members(item, _MEMBERS_OF.get(type_, _NONE), path)
