"""The achievements of recognition: the whole set, the decision on it, and a designation, each of its own type.

None of them is a learning outcome: the set says which outcomes belong to it, the decision that proofs were weighed, a
designation what somebody may do within a scheme.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from issuer_service.recognition.rules import Act, AllOf, CriteriaSet, Only, Rule, Shows, nodes
from issuer_service.recognition.units import Units
from openbadges_kit.model.achievement import Achievement, Alignment, Criteria, ResultDescription
from openbadges_kit.skills.achievement import alignment_of
from openbadges_kit.skills.kinds import ACHIEVEMENT_TYPES, AchievementKind
from openbadges_kit.vocabulary import AlignmentTargetType, ResultType

__all__ = [
    "DECISION",
    "DESIGNATION",
    "SET",
    "decision_achievement",
    "designation_achievement",
    "designation_slug",
    "item_of",
    "results_of_items",
    "set_achievement",
]

SET: Final = "set"
DECISION: Final = "decision"
DESIGNATION: Final = "designation"
_RECOGNITION_OF_PRIOR_LEARNING: Final = "ext:RecognitionOfPriorLearning"
_SCHEME: Final = "ext:Regeling"
_LONGEST: Final = 120

_DESIGNATIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "VOP": (
            "Voldoende opgeleid persoon",
            "Is voldoende onderricht om de genoemde taken uit te voeren onder toezicht van een vakbekwaam persoon of "
            "een werkverantwoordelijke; geen taken die aan hen zijn voorbehouden.",
        ),
        "VP": (
            "Vakbekwaam persoon",
            "Heeft aantoonbare relevante opleiding en ervaring en mag binnen de regeling zelfstandig installeren, "
            "controleren en onderhouden.",
        ),
        "WV": (
            "Werkverantwoordelijke",
            "Is binnen de regeling rechtstreeks verantwoordelijk voor de opgeleverde technische kwaliteit van werk en "
            "installaties.",
        ),
    }
)


def set_achievement(criteria: CriteriaSet, units: Units) -> Achievement:
    """The whole set: aligned to the outcomes that everybody who has it proved, with a result for each item."""
    iri = f"{criteria.iri}/v{criteria.version}"
    title = _title(criteria)
    return Achievement(
        id=iri,
        achievement_type=ACHIEVEMENT_TYPES[AchievementKind.CRITERIA_SET],
        name=title,
        description=f"Heeft aangetoond te voldoen aan: {title}.",
        criteria=Criteria(id=iri, narrative=_narrative(criteria, units)),
        alignment=[_set_alignment(criteria), *_alignments(criteria.rule, units)],
        result_description=_descriptions(criteria, units),
        in_language="nl",
        version=str(criteria.version),
    )


def decision_achievement(criteria: CriteriaSet, iri: str, units: Units) -> Achievement:
    """That proofs were laid along the set and weighed. It claims no outcome: its results say what was proved."""
    title = _title(criteria)
    return Achievement(
        id=iri,
        achievement_type=_RECOGNITION_OF_PRIOR_LEARNING,
        name=f"Erkenning: {title}"[:200],
        description=f"Bewijzen zijn gewogen langs: {title}.",
        criteria=Criteria(
            id=f"{criteria.iri}/v{criteria.version}",
            narrative="Een bevoegde docent heeft de bewijzen gewogen langs de gepubliceerde criteria; de resultaten "
            "zeggen aan welke onderdelen is voldaan.\n\n" + _narrative(criteria, units),
        ),
        alignment=[_set_alignment(criteria)],
        result_description=_descriptions(criteria, units),
        in_language="nl",
        version="1",
    )


def designation_achievement(kind: str, *, scheme: str, scheme_title: str, iri: str) -> Achievement:
    """VOP, VP or WV in one scheme. `kind` is one of these."""
    name, may = _DESIGNATIONS[kind]
    return Achievement(
        id=iri,
        achievement_type=ACHIEVEMENT_TYPES[AchievementKind.DESIGNATION],
        name=f"{name} ({kind}) – {scheme_title}"[:200],
        description=f"{name} binnen de regeling {scheme_title}.",
        criteria=Criteria(narrative=f"{may}\n\nAangewezen door wie daartoe binnen de regeling bevoegd is."),
        alignment=[
            Alignment(
                target_type=_SCHEME,
                target_name=scheme_title,
                target_description=f"De regeling waarbinnen de aanwijzing als {kind} geldt.",
                target_url=scheme,
            )
        ],
        in_language="nl",
        version="1",
    )


def designation_slug(kind: str, *, scheme: str, scheme_title: str, publisher_id: str) -> str:
    """One for each publisher, scheme (as it is titled) and kind; short enough for an address."""
    digest = hashlib.sha256(f"{publisher_id}|{scheme}|{scheme_title}".encode()).hexdigest()
    return f"designation-{kind.lower()}-{digest[:32]}"


def item_of(criteria: CriteriaSet, number: int) -> str:
    """The description of the result of an item, by its place among the outcomes that are asked for."""
    return f"{criteria.iri}/v{criteria.version}/items/{number}"


def _title(criteria: CriteriaSet) -> str:
    return criteria.title.get("nl") or criteria.title["en"]


def _set_alignment(criteria: CriteriaSet) -> Alignment:
    return Alignment(
        target_type=_SCHEME,
        target_name=_title(criteria),
        target_description=f"De gepubliceerde criteria, versie {criteria.version}.",
        target_url=f"{criteria.iri}/v{criteria.version}",
    )


def _alignments(rule: Rule, units: Units) -> Iterator[Alignment]:
    for outcome in dict.fromkeys(_certain(rule)):
        found = units.find(outcome)
        if found is None:
            yield Alignment(target_name=outcome[:_LONGEST], target_url=outcome)
            continue
        unit, component = found
        if component is not None:
            yield alignment_of(component, unit.ulo)
        else:
            yield Alignment(
                target_type=str(AlignmentTargetType.CF_ITEM),
                target_framework=f"{unit.ulo.catalogue} – {unit.ulo.qualification}",
                target_code=unit.ulo.number,
                target_name=unit.ulo.title[:_LONGEST],
                target_description=unit.ulo.sentence,
                target_url=unit.ulo.iri,
            )


def _certain(rule: Rule) -> Iterator[str]:
    """The outcomes that nobody satisfies the rule without: of alternatives none."""
    if isinstance(rule, Shows):
        yield rule.outcome
    elif isinstance(rule, AllOf):
        for one in rule.of:
            yield from _certain(one)
    elif isinstance(rule, Only | Act):
        yield from _certain(rule.of)


def _descriptions(criteria: CriteriaSet, units: Units) -> list[ResultDescription] | None:
    asked = [rule for rule in nodes(criteria.rule) if isinstance(rule, Shows)]
    return [
        ResultDescription(
            id=item_of(criteria, number), name=_words(rule, units)[:_LONGEST], result_type=str(ResultType.STATUS)
        )
        for number, rule in enumerate(asked, start=1)
    ] or None


def _narrative(criteria: CriteriaSet, units: Units) -> str:
    asked = [rule for rule in nodes(criteria.rule) if isinstance(rule, Shows)]
    return "\n".join(f"- {_words(rule, units)}" for rule in asked) or f"Zie {criteria.iri}/v{criteria.version}."


def _words(rule: Shows, units: Units) -> str:
    if rule.title:
        return rule.title
    found = units.find(rule.outcome)
    if found is None:
        return rule.outcome
    unit, component = found
    return component.sentence if component is not None else unit.ulo.title


def results_of_items(criteria: CriteriaSet, proved: frozenset[int]) -> tuple[dict[str, Any], ...]:
    """A result for each item that was proved, by their numbers."""
    return tuple(
        {"type": ["Result"], "resultDescription": item_of(criteria, number), "status": "Completed"}
        for number in sorted(proved)
    )
