"""Skills mappings, levels and gaps over HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from issuer_service.assessing.skills import (
    Source,
    add_mapping,
    add_unit,
    group_gap,
    mapping_of,
    mappings_of,
    person_gap,
    read_cells,
    record_level,
)
from issuer_service.assessment.skills_tables import SkillsMappingRow
from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import (
    CallingAboutSkills,
    CallingToReadProgrammes,
    CallingToWriteCatalogue,
    Here,
)
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, LongText, Named

__all__ = ["router"]

router = APIRouter(prefix="/v1/skills-mappings", tags=["skills"])

Occupation = Annotated[str, Query(max_length=200, description="One of the mapping's.")]
Address = Annotated[str, Field(max_length=2000, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$")]
SkillLevel = Annotated[int, Field(ge=0, le=5)]


class NewMapping(BaseModel):
    """What experts found for a field of work."""

    model_config = ConfigDict(extra="forbid")

    title: Named = Field(examples=["Autoschadeherstel 2024"])
    source: Named = Field(examples=["OOC, 2024"])
    table: LongText = Field(
        description="CSV with the columns specialism, occupation, current, required. A gap is computed, and not read.",
        examples=["specialism,occupation,current,required\nEV,Autoschadehersteller,1,3\n"],
    )


class CellShown(BaseModel):
    """One specialism in one occupation, with the gap as it follows from the levels."""

    specialism: str = Field(examples=["EV"])
    occupation: str = Field(examples=["Autoschadehersteller"])
    current: SkillLevel
    required: SkillLevel
    gap: SkillLevel


class MappingListed(BaseModel):
    """A mapping, without its cells."""

    id: str
    title: str
    source: str
    added_at: datetime


class MappingShown(MappingListed):
    """A mapping."""

    cells: list[CellShown]


class NewUnit(BaseModel):
    """A unit, and the level that who completes it has of specialisms."""

    model_config = ConfigDict(extra="forbid")

    ulo: Address = Field(examples=["https://badges.example/ulo/autoschade/1.1/v1"])
    reaches: dict[Named, Annotated[int, Field(ge=1, le=5)]] = Field(min_length=1, max_length=200, examples=[{"EV": 3}])
    minutes: int = Field(ge=0, le=60 * 5000, examples=[960])


class UnitMade(BaseModel):
    """A unit of a mapping."""

    id: str
    ulo: str
    reaches: dict[str, int] = Field(examples=[{"EV": 3}])
    minutes: int


class NewLevelOfSomebody(BaseModel):
    """The level that somebody has: one's own word, or assessed."""

    model_config = ConfigDict(extra="forbid")

    person_id: Identifier
    specialism: Named = Field(examples=["EV"])
    level: SkillLevel
    shown_by: str = Field(
        default="", max_length=2000, pattern=r"^[^\x00]*$", examples=["urn:uuid:3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"]
    )


class LevelRecorded(BaseModel):
    """A recorded level, and by whose word it is."""

    id: str
    person_id: str
    specialism: str
    level: int
    source: Source
    recorded_at: datetime


class StandingShown(BaseModel):
    """One specialism: what is needed, what somebody says, what was assessed, and the gap."""

    specialism: str
    required: int
    self_assessed: int | None
    assessed: int | None
    by_badge: int | None = Field(description="What a badge of ours shows that holds now.")
    current: int | None = Field(description="The level that counts.")
    shown_by: str = Field(description="What shows it.")
    gap: int
    rests_on: Source | None = Field(description="Whose word the gap rests on; null where nothing is known.")


class ClosingShown(BaseModel):
    """The fewest units that close the gap."""

    ulos: list[str] = Field(examples=[["https://badges.example/ulo/autoschade/1.1/v1"]])
    hours: Decimal
    still_open: list[str] = Field(description="What no unit closes.", examples=[["Robotisering werkplaats"]])
    proven_smallest: bool


class GapShown(BaseModel):
    """Somebody's gap for an occupation. Computed now, and kept nowhere."""

    standings: list[StandingShown]
    closing: ClosingShown


class GroupStanding(BaseModel):
    """One specialism of a group; null where they are too few to be told of."""

    specialism: str
    people: int
    below: int | None
    mean_gap: Decimal | None


class GroupGapShown(BaseModel):
    """The gap of everybody here whose levels are known."""

    standings: list[GroupStanding]


@router.get("")
def get_mappings(here: Here, caller: CallingAboutSkills, paging: Paging) -> Page[MappingListed]:
    """The organisation's mappings."""
    with here.reading_for(caller) as session:
        order = [SkillsMappingRow.added_at, SkillsMappingRow.id]
        found = mappings_of(caller.organisation_id)
        return page_of(session, found, paging, order=order, show=_listed)


@router.post("", status_code=201)
def post_mapping(
    body: NewMapping, here: Here, caller: CallingToWriteCatalogue, request_key: RequestKey = None
) -> MappingShown:
    """Keep a mapping. Another finding is another mapping."""
    with here.transaction_for(caller) as session:

        def make() -> MappingShown:
            given = {"title": body.title, "source": body.source}
            row = add_mapping(session, body.table, **given, caller=caller, now=here.now(), randomness=here.randomness)
            return _shown(row)

        asked = Asked(request_key, caller, "/v1/skills-mappings", body)
        return once(session, asked, now=here.now(), answer=MappingShown, make=make)


@router.get("/{mapping_id}", responses=problems(Kind.NOT_FOUND))
def get_mapping(mapping_id: Identifier, here: Here, caller: CallingAboutSkills) -> MappingShown:
    """A mapping with its gaps."""
    with here.reading_for(caller) as session:
        return _shown(mapping_of(session, mapping_id, organisation_id=caller.organisation_id))


@router.post("/{mapping_id}/units", status_code=201, responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_unit(
    mapping_id: Identifier, body: NewUnit, here: Here, caller: CallingToWriteCatalogue, *, key: RequestKey = None
) -> UnitMade:
    """Say which levels a unit of learning outcomes leads to."""
    with here.transaction_for(caller) as session:

        def make() -> UnitMade:
            unit = add_unit(
                session,
                mapping_id,
                ulo=body.ulo,
                reaches=body.reaches,
                minutes=body.minutes,
                caller=caller,
                randomness=here.randomness,
            )
            return UnitMade(id=unit.id, ulo=unit.ulo, reaches=unit.reaches, minutes=unit.minutes)

        asked = Asked(key, caller, f"/v1/skills-mappings/{mapping_id}/units", body)
        return once(session, asked, now=here.now(), answer=UnitMade, make=make)


@router.post("/{mapping_id}/levels", status_code=201, responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_level(
    mapping_id: Identifier, body: NewLevelOfSomebody, here: Here, caller: CallingAboutSkills, *, key: RequestKey = None
) -> LevelRecorded:
    """Record a level. Of oneself it is one's own word; of another, by an assessor or a teacher, it is assessed."""
    with here.transaction_for(caller) as session:

        def make() -> LevelRecorded:
            row = record_level(
                session,
                mapping_id,
                person_id=body.person_id,
                specialism=body.specialism,
                level=body.level,
                shown_by=body.shown_by,
                caller=caller,
                now=here.now(),
                randomness=here.randomness,
            )
            return LevelRecorded.model_validate(row, from_attributes=True)

        asked = Asked(key, caller, f"/v1/skills-mappings/{mapping_id}/levels", body)
        return once(session, asked, now=here.now(), answer=LevelRecorded, make=make)


@router.get("/{mapping_id}/people/{person_id}/gap", responses=problems(Kind.NOT_FOUND))
def get_person_gap(
    mapping_id: Identifier, person_id: Identifier, here: Here, caller: CallingAboutSkills, occupation: Occupation = ""
) -> GapShown:
    """Somebody's gap for an occupation, and the fewest units that close it."""
    with here.reading_for(caller) as session:
        found = person_gap(session, mapping_id, occupation, person_id, caller=caller, base_url=here.base_url)
    return GapShown(
        standings=[StandingShown.model_validate(one, from_attributes=True) for one in found.standings],
        closing=ClosingShown(
            ulos=[one.ulo for one in found.closing.offers],
            hours=found.closing.hours,
            still_open=sorted(found.closing.still_open),
            proven_smallest=found.closing.proven_smallest,
        ),
    )


@router.get("/{mapping_id}/gap", responses=problems(Kind.NOT_FOUND))
def get_group_gap(
    mapping_id: Identifier, here: Here, caller: CallingToReadProgrammes, occupation: Occupation = ""
) -> GroupGapShown:
    """The gap of the organisation's people. Of fewer than five nothing is told but how many they are."""
    with here.reading_for(caller) as session:
        found = group_gap(session, mapping_id, occupation, caller=caller, base_url=here.base_url)
    standings = [
        GroupStanding(specialism=one, people=gap.people, below=gap.below, mean_gap=gap.mean_gap)
        for one, gap in found.items()
    ]
    return GroupGapShown(standings=standings)


def _listed(row: SkillsMappingRow) -> MappingListed:
    return MappingListed(id=row.id, title=row.title, source=row.source, added_at=row.added_at)


def _shown(row: SkillsMappingRow) -> MappingShown:
    cells = [
        CellShown(
            specialism=specialism,
            occupation=occupation,
            current=cell.current,
            required=cell.required,
            gap=cell.gap,
        )
        for (specialism, occupation), cell in read_cells(row).cells.items()
    ]
    return MappingShown(**_listed(row).model_dump(), cells=cells)
