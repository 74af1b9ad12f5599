"""Skills mappings on their pages: the whole field, everybody together, and one person whose own word stays that."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import select

import issuer_service
from issuer_service.assessing.skills import add_mapping, add_unit, record_level
from issuer_service.clock import os_randomness
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, add_person
from issuer_service.people.tables import Membership
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.pages.visitors import learner, teacher

OOC: Final = (Path(issuer_service.__file__).parent / "assessment" / "data" / "ooc-2024.csv").read_text(encoding="utf-8")
TECHNICIAN: Final = 3


def mapped(world: World) -> str:
    """The address of the page of a mapping of the provider's, with a unit that closes some of it."""
    here = world.installation
    with here.transaction() as session:
        member = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).one()
        caller = Caller.in_role(member.person_id, member.organisation_id, Role.CURATOR)
        row = add_mapping(
            session,
            OOC,
            title="Autoschadeherstel",
            source="OOC, 2024",
            caller=caller,
            now=here.now(),
            randomness=os_randomness,
        )
        add_unit(
            session,
            row.id,
            ulo=world.setting.ulo_iri,
            reaches={"EV": 5, "Batterijen": 4},
            minutes=960,
            caller=caller,
            randomness=os_randomness,
        )
        return f"/desk/skills/{row.id}"


def more_people(world: World, page: str, numbers: range) -> None:
    """More people here, who say of themselves that their level is 2 or 3."""
    here = world.installation
    with here.transaction() as session:
        member = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).one()
        for number in numbers:
            added = add_person(
                session,
                name=f"Leerling {number}",
                email=f"leerling{number}@post.example",
                organisation_id=member.organisation_id,
                role=Role.LEARNER,
                randomness=os_randomness,
            )
            record_level(
                session,
                page.rpartition("/")[2],
                person_id=added.person_id,
                specialism="EV",
                level=2 + number % 2,
                shown_by="",
                caller=Caller.in_role(added.person_id, member.organisation_id, Role.LEARNER),
                now=here.now(),
                randomness=os_randomness,
            )


@ON_ONE_DATABASE
def test_what_somebody_says_and_what_was_assessed_stand_apart_and_the_gap_says_what_closes_it(world: World) -> None:
    page = mapped(world)
    holder, dana = learner(world), teacher(world)
    own = f"{page}/people/{holder.person_id}"
    assert "EV 5 5 niet geen" in holder.see(f"{own}?occupation={TECHNICIAN}&lang=nl")
    said = holder.send(f"{own}/levels", specialism="EV", level="3", occupation=str(TECHNICIAN))
    for part in ("EV 5 2 niet 3", "~3 → 5", "Wat je van jezelf zegt", "ULO 1.1: Warmtepompsysteem bepalen", "16 uur"):
        assert part in said, part
    dana.send(f"{own}/levels", specialism="EV", level="4", occupation=str(TECHNICIAN), expect=422)
    said = dana.send(f"{own}/levels", specialism="EV", level="4", shown_by="Gezien", occupation=str(TECHNICIAN))
    for part in ("EV 5 1 4 3", "4 → 5", "Wat je hier vastlegt, geldt als beoordeeld"):
        assert part in said, part
    assert "~3" not in said


@ON_ONE_DATABASE
def test_of_too_few_people_nothing_is_drawn_and_of_enough_only_what_they_have_together(world: World) -> None:
    page = mapped(world)
    dana = teacher(world)
    more_people(world, page, range(4))
    assert "Van te weinig mensen" in dana.see(f"{page}?occupation={TECHNICIAN}&lang=nl")
    more_people(world, page, range(4, 6))
    said = dana.see(f"{page}?occupation={TECHNICIAN}&lang=nl")
    assert "EV 2,5 5 2,5" in said
    assert "6 mensen" in said


@ON_ONE_DATABASE
def test_nobody_who_learns_sees_another(world: World) -> None:
    page = mapped(world)
    holder, other, dana = learner(world), learner(world, 1), teacher(world)
    other.see(f"{page}/people/{holder.person_id}", expect=403)
    other.send(f"{page}/people/{holder.person_id}/levels", specialism="EV", level="5", shown_by="x", expect=403)
    assert "Eén persoon" not in other.see(f"{page}?lang=nl")
    assert "Michael Monteur" in dana.see(page)
    assert "Michael Monteur" in dana.see(f"{page}/people?person_id={holder.person_id}&occupation=1")
    assert "Autoschadeherstel" in holder.see("/desk/skills?lang=en")
    dana.see(f"{page}?occupation=4", expect=404)
