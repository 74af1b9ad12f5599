"""A gap for an occupation, closed by badges; and what somebody says of themselves beside what was assessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import issuer_service
from issuer_service.people.roles import Role
from tests.service.assessing.test_scenario_assessment import member
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.recognition.people import Person, in_role, learner

OOC = (Path(issuer_service.__file__).parent / "assessment" / "data" / "ooc-2024.csv").read_text(encoding="utf-8")
TECHNICIAN = "Autoschadetechnicus"


def mapped(world: World) -> str:
    """The sample of the working methods. Gives its id."""
    body = {"title": "Autoschadeherstel", "source": "OOC, 2024", "table": OOC}
    return str(in_role(world, Role.CURATOR).call("POST", "/skills-mappings", body, expect=201)["id"])


def offer(world: World, mapping: str, ulo: str, minutes: int, **reaches: int) -> None:
    body = {"ulo": f"https://badges.example/ulo/{ulo}", "reaches": reaches, "minutes": minutes}
    in_role(world, Role.CURATOR).call("POST", f"/skills-mappings/{mapping}/units", body, expect=201)


def level(
    by: Person, mapping: str, whom: Person, said: tuple[str, int], shown_by: str = "", *, expect: int = 201
) -> Any:
    body = {"person_id": whom.person_id, "specialism": said[0], "level": said[1], "shown_by": shown_by}
    return by.call("POST", f"/skills-mappings/{mapping}/levels", body, expect=expect)


def gap(by: Person, mapping: str, whom: Person) -> tuple[dict[str, Any], Any]:
    found = by.call("GET", f"/skills-mappings/{mapping}/people/{whom.person_id}/gap?occupation={TECHNICIAN}")
    return {one["specialism"]: one for one in found["standings"]}, found["closing"]


@pytest.mark.both_databases
def test_a_gap_for_an_occupation_is_closed_by_badges(world: World) -> None:
    """R33: the gap is between what somebody has and what the occupation asks; R12: nothing of it is an EQF level."""
    mapping, holder, coach = mapped(world), learner(world), in_role(world, Role.COACH)
    assessor = member(world, Role.ASSESSOR, "Bea")
    before, closing = gap(holder, mapping, holder)
    needed = {name: one["required"] for name, one in before.items()}
    assert needed["EV"] == 5
    assert all(one["gap"] == one["required"] and one["rests_on"] is None for one in before.values())
    assert set(closing["still_open"]) == set(before)

    offer(world, mapping, "ev/1.1/v1", 960, EV=5, Batterijen=5)
    offer(world, mapping, "ev/1.2/v1", 480, EV=5)
    offer(world, mapping, "accu/1.1/v1", 480, Batterijen=5)
    _, closing = gap(coach, mapping, holder)
    # One unit for both rather than one for each.
    assert (closing["ulos"], closing["hours"]) == (["https://badges.example/ulo/ev/1.1/v1"], "16")

    # A badge of theirs closes one, and what an assessor saw the other.
    offer(world, mapping, "vakmanschap-warmtepompen/1.1/v1", 300, EV=5)
    badge = world.issue_badge()
    level(assessor, mapping, holder, ("Batterijen", 5), "Gezien op 19 november.")
    after, closing = gap(holder, mapping, holder)
    assert [after[one]["gap"] for one in ("EV", "Batterijen")] == [0, 0]
    assert (after["EV"]["rests_on"], after["EV"]["shown_by"]) == ("badge", f"urn:uuid:{badge}")
    assert (after["Batterijen"]["rests_on"], after["Batterijen"]["assessed"]) == ("assessed", 5)
    assert closing["ulos"] == []

    # A gap is kept nowhere: when the badge holds no more, it is there again.
    world.call("POST", f"/v1/credentials/{badge}/revocation", {"reason": "vergissing"}, expect=200)
    again, _ = gap(holder, mapping, holder)
    assert (again["EV"]["gap"], again["EV"]["rests_on"]) == (5, None)


@ON_ONE_DATABASE
class TestWhoSaysSo:
    def test_what_somebody_says_of_themselves_is_never_shown_as_assessed(self, world: World) -> None:
        mapping, holder = mapped(world), learner(world)
        assessor = member(world, Role.ASSESSOR, "Bea")
        assert level(holder, mapping, holder, ("EV", 4))["source"] == "self"
        said, _ = gap(holder, mapping, holder)
        assert (said["EV"]["self_assessed"], said["EV"]["assessed"], said["EV"]["rests_on"]) == (4, None, "self")
        assert level(assessor, mapping, holder, ("EV", 2), "Gezien op 19 november.")["source"] == "assessed"
        level(holder, mapping, holder, ("EV", 5))
        both, _ = gap(holder, mapping, holder)
        # What was assessed counts, also when somebody says something else afterwards.
        assert (both["EV"]["self_assessed"], both["EV"]["assessed"], both["EV"]["gap"]) == (5, 2, 3)
        assert both["EV"]["rests_on"] == "assessed"

    def test_who_may_and_what_fits(self, world: World) -> None:
        mapping, holder, other = mapped(world), learner(world), learner(world, 1)
        teacher, coach = in_role(world, Role.TEACHER), in_role(world, Role.COACH)
        level(other, mapping, holder, ("EV", 4), "van horen zeggen", expect=403)
        other.call("GET", f"/skills-mappings/{mapping}/people/{holder.person_id}/gap", expect=403)
        assert "shows it" in level(teacher, mapping, holder, ("EV", 4), expect=422)["detail"]
        level(teacher, mapping, holder, ("Lassen", 4), "gezien", expect=422)
        unknown = coach.call("GET", f"/skills-mappings/{mapping}/people/{holder.person_id}/gap", expect=422)
        assert TECHNICIAN in unknown["detail"]

    def test_of_a_group_that_is_too_small_nothing_is_told(self, world: World) -> None:
        mapping, teacher = mapped(world), in_role(world, Role.TEACHER)
        people = [learner(world), learner(world, 1), *(member(world, Role.LEARNER, f"L{n}") for n in range(3))]
        for number, one in enumerate(people):
            if number == 4:
                found = teacher.call("GET", f"/skills-mappings/{mapping}/gap?occupation={TECHNICIAN}")["standings"]
                assert {(each["people"], each["below"]) for each in found} == {(4, None)}
            level(teacher, mapping, one, ("EV", number + 1), "gezien")
        found = teacher.call("GET", f"/skills-mappings/{mapping}/gap?occupation={TECHNICIAN}")["standings"]
        ev = next(each for each in found if each["specialism"] == "EV")
        assert (ev["people"], ev["below"], ev["mean_gap"]) == (5, 4, "2.0")


@ON_ONE_DATABASE
def test_the_gaps_of_the_sample_follow_from_its_levels_and_not_from_its_column(world: World) -> None:
    shown = in_role(world, Role.COACH).call("GET", f"/skills-mappings/{mapped(world)}")
    wrong = {("Brandstoffen", "Autoschadehersteller"): 0, ("Circulair", "Allround medewerker"): 1}
    wrong[("Digitale Diagnose", TECHNICIAN)] = 2
    computed = {(one["specialism"], one["occupation"]): one["gap"] for one in shown["cells"]}
    assert len(computed) == 39
    assert {key: computed[key] for key in wrong} == wrong
