"""A badge for all that a catalogue gives: of the sample and of both examples, of every kind, in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from issuer_service.catalogue.examples import EXAMPLES, read_example
from openbadges_kit.documents import JsonObject
from openbadges_kit.model.achievement import Achievement
from openbadges_kit.model.credential import AchievementCredential, AchievementSubject, Result
from openbadges_kit.model.profile import Profile
from openbadges_kit.skills.achievement import achievement_from_ulo, results_of
from openbadges_kit.skills.eu_vocabularies import AssessmentType, ParticipationType
from openbadges_kit.skills.extension import extended
from openbadges_kit.skills.kinds import (
    AchievementKind,
    Definition,
    Texts,
    achievement_of,
    achievement_of_component,
    as_micro_credential,
    micro_credential_details,
    outcomes_of,
)
from openbadges_kit.skills.qualification import Entry
from tests.kit.skills.badges import ISSUER
from tests.kit.ulo_samples import HEAT_PUMPS

BASE = "https://skills.example.org/achievements"
UNITS = tuple(entry for name in EXAMPLES for entry in read_example(name).entries)
HYDROGEN, PRINTING = (read_example(name) for name in EXAMPLES)
DETAILS = micro_credential_details(
    workload_hours=8,
    assessment_types=(AssessmentType.PRACTICAL,),
    participation_types=(ParticipationType.BLENDED,),
    quality_assurance="Voorbeeldkeurmerk",
)


def definition(kind: AchievementKind) -> Definition:
    """One of each kind, in Dutch and English."""
    units = tuple(entry.ulo for entry in PRINTING.entries)
    texts = (
        Texts("nl", f"3D-printen ({kind})", "Past 3D-printen toe in de eigen productie.", "- Laat de proef zien."),
        Texts("en", f"3D printing ({kind})", "Uses 3D printing in their own production.", "- Shows the trial."),
    )
    if kind is AchievementKind.STATION:
        part = ((units[0], "VO001"), (units[0], "KO001"))
        return Definition(kind, f"{BASE}/{kind}/v1", "1", texts, components=part)
    return Definition(kind, f"{BASE}/{kind}/v1", "1", texts, units)


def badges(issuer: Profile = ISSUER) -> Iterator[tuple[str, JsonObject]]:
    """A name and an unsecured badge each."""
    for entry in (Entry(HEAT_PUMPS), *UNITS):
        ulo, rubric = entry.ulo, entry.rubric
        reached = {criterion.component: criterion.required_level for criterion in rubric}
        results = results_of(reached, ulo=ulo, rubric=rubric)
        for language in (ulo.language, *(one.language for one in ulo.translations)):
            name = f"{ulo.qualification} {ulo.number} {language}"
            unit = achievement_from_ulo(ulo, rubric=rubric, language=language, plain=True)
            yield name, badge(unit, results, issuer=issuer)
            for component in ulo.components:
                one = achievement_of_component(ulo, component.code, rubric=rubric, language=language)
                judged = tuple(criterion for criterion in rubric if criterion.component == component.code)
                shown = results_of(reached, ulo=ulo, rubric=judged)
                yield f"{name} {component.code}", badge(one, shown, issuer=issuer)
        if rubric:
            whole = as_micro_credential(achievement_from_ulo(ulo, rubric=rubric), DETAILS, units=(ulo,))
            yield f"{ulo.qualification} {ulo.number} micro", badge(whole, results, issuer=issuer, extension=True)
    for kind in AchievementKind:
        if kind in {AchievementKind.ULO, AchievementKind.COMPONENT}:
            continue
        made = definition(kind)
        results = outcomes_of(made, dict.fromkeys(_iris(made), True)) if made.is_assessed else []
        for language in ("nl", "en"):
            yield f"{kind} {language}", badge(achievement_of(made, language=language), results, issuer=issuer)


def selected() -> list[str]:
    """The names of every unit and every kind in both languages; of the others some, to save time."""
    return [
        name
        for name, _ in badges()
        if not re.search(r" (?:(?:RO|VO|KO)\d|1\.[1-4] micro$)", name)
        or name == "3D-printen in de productie 1.1 micro"
        or name.startswith("Waterstof: elektrolyse voor de gasmonteur 1.2 nl")
    ]


def badge(
    achievement: Achievement, results: list[Result], *, issuer: Profile = ISSUER, extension: bool = False
) -> JsonObject:
    """A badge for that achievement, with those results."""
    given: dict[str, Any] = {"result": results} if results else {}
    credential = AchievementCredential(
        id="urn:uuid:0b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11",
        name=achievement.name,
        issuer=issuer,
        valid_from="2024-02-01T12:00:00Z",
        credential_subject=AchievementSubject(
            id="urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f77", achievement=achievement, **given
        ),
    )
    return (extended(credential) if extension else credential).to_json()


def _iris(made: Definition) -> list[str]:
    return [ulo.iri for ulo in made.units] + [ulo.component(code).iri for ulo, code in made.components]
