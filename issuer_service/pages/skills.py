"""Pages of skills mappings: what an organisation's work asks for, what its people have together, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from sqlalchemy.orm import Session

from issuer_service.assessing.skills import (
    PersonGap,
    Source,
    Standing,
    group_gap,
    mapping_of,
    mappings_of,
    person_gap,
    read_cells,
    record_level,
)
from issuer_service.assessment.skills_mapping import GroupGap, SkillsMapping
from issuer_service.assessment.skills_tables import SkillsMappingRow
from issuer_service.drawing import heatmap, spider
from issuer_service.drawing.drawing import Drawing
from issuer_service.drawing.heatmap import Grid, Shown, draw_heatmap
from issuer_service.drawing.levels import Levels
from issuer_service.drawing.spider import Profile, draw_spider
from issuer_service.errors import NotFound
from issuer_service.installation import Installation
from issuer_service.pages.desk import Looking, Sending
from issuer_service.pages.learners import learners_of
from issuer_service.pages.outcomes import Titles
from issuer_service.people.roles import Role, Scope
from issuer_service.people.service import person_of
from issuer_service.web.dependencies import Language
from issuer_service.web.texts import Identifier, Named

__all__ = ["router"]

router = APIRouter(prefix="/desk/skills", include_in_schema=False)

_SHOWN: Final = 200
_STAFF: Final = frozenset({Role.ASSESSOR, Role.TEACHER, Role.COACH})
_ASSESSES: Final = frozenset({Role.ASSESSOR, Role.TEACHER})
Which = Annotated[int, Query(ge=1, description="Which occupation of the mapping, from 1.")]


@router.get("")
def mappings_page(desk: Looking) -> Response:
    """The organisation's mappings."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.SKILLS)
    with here.reading_for(caller) as session:
        rows = session.scalars(
            mappings_of(caller.organisation_id).order_by(SkillsMappingRow.added_at.desc()).limit(_SHOWN)
        ).all()
        mappings = [(row.id, row.title, row.source, row.added_at.strftime("%d-%m-%Y")) for row in rows]
        return desk.page("mappings.html", mappings=mappings)


@router.get("/{mapping_id}")
def mapping_page(
    mapping_id: Identifier,
    desk: Looking,
    occupation: Which = 1,
    shown: Shown = "gap",
) -> Response:
    """A mapping: what experts found, and of the people here together how far they are for one occupation."""
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.SKILLS)
    with here.reading_for(caller) as session:
        row = mapping_of(session, mapping_id, organisation_id=caller.organisation_id)
        mapping = read_cells(row)
        name = _occupation(mapping, occupation)
        cells = {key: Levels(cell.current, cell.required, cell.gap) for key, cell in mapping.cells.items()}
        grid = Grid(row.title, mapping.specialisms, mapping.occupations, cells, language)
        group = None
        if Scope.PROGRAMMES_READ in caller.scopes:
            group = group_gap(session, mapping_id, name, caller=caller, base_url=here.base_url)
        return desk.page(
            "mapping.html",
            mapping=row,
            shown=shown,
            heatmap=draw_heatmap(grid, key="heatmap", shown=shown),
            heatmap_table=heatmap.table_of(grid),
            occupations=mapping.occupations,
            occupation=name,
            chosen=occupation,
            group=_group(group, mapping.profile(name), name, language) if group else None,
            people=learners_of(session, caller) if not _STAFF.isdisjoint(caller.roles) else [],
            me=caller.person_id,
        )


@router.get("/{mapping_id}/people")
def choose_person(mapping_id: Identifier, desk: Looking, person_id: Identifier, occupation: Which = 1) -> Response:
    """To the person that was chosen from a list: a form without a script has one address."""
    caller = desk.caller
    caller.must_have(Scope.SKILLS)
    return desk.to(f"/desk/skills/{mapping_id}/people/{person_id}", f"&occupation={occupation}")


@router.get("/{mapping_id}/people/{person_id}")
def person_page(
    mapping_id: Identifier,
    person_id: Identifier,
    desk: Looking,
    occupation: Which = 1,
) -> Response:
    """One person for one occupation: own word and assessed apart, the gap, and the fewest units that close it."""
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.SKILLS)
    with here.reading_for(caller) as session:
        row = mapping_of(session, mapping_id, organisation_id=caller.organisation_id)
        mapping = read_cells(row)
        name = _occupation(mapping, occupation)
        found = person_gap(session, mapping_id, name, person_id, caller=caller, base_url=here.base_url)
        person = person_of(session, person_id, organisation_id=caller.organisation_id)
        return desk.page(
            "person_skills.html",
            mapping=row,
            person=person,
            is_own=person_id == caller.person_id,
            may_record=person_id == caller.person_id or not _ASSESSES.isdisjoint(caller.roles),
            occupations=mapping.occupations,
            occupation=name,
            chosen=occupation,
            specialisms=mapping.specialisms,
            spider=_drawn(found, f"{person.name} – {name}", language),
            standings=found.standings,
            closing=found.closing,
            titles=_titles(session, found, here),
        )


@router.post("/{mapping_id}/people/{person_id}/levels")
def record_page(
    mapping_id: Identifier,
    person_id: Identifier,
    desk: Sending,
    specialism: Annotated[Named, Form()],
    level: Annotated[int, Form(ge=0, le=5)],
    shown_by: Annotated[str, Form(max_length=500, pattern=r"^[^\x00]*$")] = "",
    occupation: Annotated[int, Form(ge=1)] = 1,
) -> Response:
    """Record a level: of oneself as one's own word, of another as assessed."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.SKILLS)
    with here.transaction_for(caller) as session:
        record_level(
            session,
            mapping_id,
            person_id=person_id,
            specialism=specialism,
            level=level,
            shown_by=shown_by,
            caller=caller,
            now=here.now(),
            randomness=here.randomness,
        )
    return desk.to(f"/desk/skills/{mapping_id}/people/{person_id}", f"&occupation={occupation}")


def _occupation(mapping: SkillsMapping, number: int) -> str:
    if number > len(mapping.occupations):
        raise NotFound("this mapping has no such occupation")
    return mapping.occupations[number - 1]


def _group(
    found: Mapping[str, GroupGap], required: Mapping[str, int], occupation: str, language: Language
) -> dict[str, object]:
    """Everybody together. What somebody has beyond what is asked makes up for nobody else, and so it is left out."""
    levels = {
        name: Levels(None if gap.mean_gap is None else required[name] - gap.mean_gap, required[name], gap.mean_gap)
        for name, gap in found.items()
    }
    people = max((gap.people for gap in found.values()), default=0)
    if not levels or any(gap.mean_gap is None for gap in found.values()):
        return {"people": people, "spider": None}
    profile = Profile({"nl": f"Iedereen – {occupation}", "en": f"Everybody – {occupation}"}[language], levels, language)
    return {
        "people": people,
        "spider": draw_spider(profile, key="group"),
        "table": spider.table_of(profile),
        "below": {name: gap.below for name, gap in found.items() if gap.below},
    }


def _drawn(found: PersonGap, title: str, language: Language) -> Drawing | None:
    levels = {one.specialism: _levels(one) for one in found.standings}
    return draw_spider(Profile(title, levels, language), key="person") if levels else None


def _levels(one: Standing) -> Levels:
    return Levels(one.current or 0, one.required, one.gap, own_word=one.rests_on is Source.SELF)


def _titles(session: Session, found: PersonGap, here: Installation) -> dict[str, str]:
    titles = Titles(session, here.base_url)
    return {one.ulo: titles.name(one.ulo) or one.ulo for one in found.closing.offers}
