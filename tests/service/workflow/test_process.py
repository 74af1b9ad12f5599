"""Cases in general: what is allowed, to whom, and that nobody gets stuck.

On the candidate path and on a company's, under both methods and under any settings that a programme may have.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer_service.people.roles import Role
from issuer_service.programme.settings import PRESETS, ProgrammeSettings
from issuer_service.workflow.candidate.definition import candidate_path, company_path, surroundings
from issuer_service.workflow.process.checking import check_definition
from issuer_service.workflow.process.definition import Definition, FieldType
from issuer_service.workflow.process.migrating import migrate, unmapped
from issuer_service.workflow.process.outlook import Offer, offers
from issuer_service.workflow.process.reducer import Actor, Refusal, Step, Taken, decide
from issuer_service.workflow.process.state import replay
from tests.service.workflow.playing import MODULES, Walk, settings_of

FEW = settings(max_examples=25)


def other_answers(draw: st.DataObject, walk: Walk, offer: Offer) -> dict[str, Any]:
    """What can be said in several ways is said in one of them."""
    owner = walk.definition.route_by_key.get(offer.what) or walk.definition.task_by_key[offer.what]
    return {
        one.key: draw.draw(st.sampled_from(one.choices), label=f"{offer.what}.{one.key}")
        for one in owner.fields
        if one.type is FieldType.CHOICE and offer.verb != "sign"
    }


def any_settings() -> st.SearchStrategy[dict[str, Any]]:
    """What a programme may have in the place of its method's: each setting alone, and whatever goes together."""
    values: dict[str, st.SearchStrategy[Any]] = {
        "target_groups": st.sampled_from([["professionals"], ["school_leavers", "professionals"]]),
        "max_duration_months": st.sampled_from([None, 1, 60]),
        "return_events_minimum": st.integers(1, 3),
    }
    for name, field in ProgrammeSettings.model_fields.items():
        if field.annotation is bool:
            values[name] = st.booleans()
        elif get_origin(field.annotation) is Literal:
            values[name] = st.sampled_from(get_args(field.annotation))
    return st.fixed_dictionaries({}, optional=values)


def wander(draw: st.DataObject, steps: int) -> Walk:
    """A case after some steps that were allowed, whatever they were."""
    preset = draw.draw(st.sampled_from(["mhw", "katapult"]), label="preset")
    settings = settings_of(preset, **draw.draw(any_settings(), label="settings"))
    # Now and then a company's path, which is a third as long.
    definition = draw.draw(st.sampled_from([candidate_path(), candidate_path(), company_path()]), label="process")
    modules = draw.draw(st.sampled_from([MODULES, {}, {"m-advanced": "advanced"}]), label="modules")
    walk = Walk(definition, settings, modules)
    for _ in range(draw.draw(st.integers(0, steps), label="steps")):
        # Now and then something else than what leads on, or a walk would seldom get anywhere.
        open_ones = [one for one in offers(walk.definition, walk.context, walk.state) if not one.why_not]
        expected = [one for one in walk.waiting() if (one.what, one.verb) in {(o.what, o.verb) for o in open_ones}]
        if not open_ones:
            break
        if expected and draw.draw(st.sampled_from([True, True, True, False]), label="as expected"):
            walk.take(expected[0].role, expected[0].verb, expected[0].what)
            continue
        offer = draw.draw(st.sampled_from(open_ones), label="offer")
        role = draw.draw(st.sampled_from(offer.roles), label="role")
        data = {**walk.data_for(offer.verb, offer.what), **other_answers(draw, walk, offer)}
        taken = decide(walk.definition, walk.context, walk.state, Step(offer.verb, offer.what, data), walk.actor(role))
        if isinstance(taken, Taken):
            walk.take(role, offer.verb, offer.what, **data)
    return walk


class TestNobodyGetsStuck:
    """After any steps that were allowed, doing what waits leads to an end."""

    @FEW
    @given(st.data())
    def test_doing_what_waits_leads_to_an_end(self, draw: st.DataObject) -> None:
        walk = wander(draw, 60)
        for _ in range(120):
            if walk.ended:
                break
            one = walk.waiting()[0]
            walk.take(one.role, one.verb, one.what)
        assert walk.ended, f"stuck at {walk.stage}, waiting for {walk.waiting()}"


class TestNoWrongRole:
    """No step is allowed to a role that it is not for."""

    @FEW
    @given(st.data())
    def test_no_step_is_allowed_to_another_role(self, draw: st.DataObject) -> None:
        walk = wander(draw, 60)
        for offer in offers(walk.definition, walk.context, walk.state):
            step = Step(offer.verb, offer.what, walk.data_for(offer.verb, offer.what))
            others = frozenset(map(str, Role)) - set(offer.roles)
            task = walk.definition.task_by_key.get(offer.what)
            if task is not None and offer.verb == "sign":
                others -= set(task.parties)
            refused = decide(walk.definition, walk.context, walk.state, step, Actor("somebody", others))
            assert isinstance(refused, Refusal), offer
            assert refused.not_theirs, offer


class TestWhatHappenedIsAllThereIs:
    """The events, one after the other, give the state."""

    @FEW
    @given(st.data())
    def test_events_that_are_replayed_give_the_same_state(self, draw: st.DataObject) -> None:
        walk = wander(draw, 60)
        assert replay(walk.events) == walk.state
        with pytest.raises(ValueError, match="does not follow"):
            replay([*walk.events, walk.events[-1]])


@FEW
@given(st.data())
def test_what_is_offered_without_a_reason_against_it_is_allowed_and_the_rest_is_not(draw: st.DataObject) -> None:
    walk = wander(draw, 60)
    for offer in offers(walk.definition, walk.context, walk.state):
        if offer.verb == "move":
            refused = isinstance(walk.attempt(offer.roles[0], "move", offer.what), Refusal)
            assert refused == bool(offer.why_not), offer


def test_nothing_confidential_is_in_a_state() -> None:
    walk = Walk().until("intake")
    walk.take("coach", "record", "intake_report", note="zorgen thuis")
    assert "zorgen thuis" not in str(walk.state)
    assert walk.events[-1].confidential == {"note": "zorgen thuis"}


def altered(**changes: Any) -> Definition:
    plain = candidate_path().model_dump(mode="json", by_alias=True)
    for path, value in changes.items():
        kind, key, name = path.split("__")
        next(one for one in plain[kind] if one["key"] == key)[name] = value
    return Definition.model_validate(plain)


@given(any_settings())
def test_both_paths_can_be_used_under_any_settings_that_a_programme_may_have(settings: dict[str, Any]) -> None:
    programmes = {preset: settings_of(preset, **settings) for preset in PRESETS}
    for definition in (candidate_path(), company_path()):
        found = check_definition(definition, replace(surroundings(), presets=programmes))
        # What another method has may be out of reach under these.
        assert [one for one in found if not one.endswith("out of reach")] == []


def test_the_candidate_path_can_be_used_under_both_working_methods() -> None:
    assert check_definition(candidate_path(), surroundings()) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"routes__enrol__to": "nowhere"}, "routes.enrol: nowhere is no stage"),
        ({"routes__enrol__roles": ["janitor"]}, "routes.enrol: janitor is no role"),
        ({"routes__enrol__effect": "explode"}, "routes.enrol: explode is no effect"),
        ({"routes__certify__emits": "Fired"}, "routes.certify: Fired is no event"),
        ({"routes__enrol__from": ["interested"]}, "stages.intent_signed: no forward route leads from here to an end"),
        ({"routes__scan__to": "intake"}, "stages.scanning: out of reach"),
        ({"routes__finish__when": [{"setting": "moon", "is": [True]}]}, "routes.finish: moon is no setting"),
        ({"tasks__kickoff__stages": ["work_experience"]}, "asks for kickoff, which cannot be done on the way"),
        ({"tasks__tripartite__parties": []}, "tasks.tripartite: a document has parties"),
        ({"tasks__kickoff__key": "enrolment"}, "tasks: enrolment is there twice"),
        ({"tasks__intake_report__visible_to": []}, "tasks.intake_report: what is confidential is visible to somebody"),
        ({"routes__no_go__to": "selected"}, "routes.no_go: an exit leads to an end, and selected is none"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_definition_that_cannot_be_used_is_refused_with_the_reason(changes: dict[str, Any], said: str) -> None:
    assert said in "; ".join(check_definition(altered(**changes), surroundings()))


def test_a_case_goes_on_under_another_version_with_all_that_was_recorded() -> None:
    walk = Walk().until("kicked_off")
    new = altered(stages__kicked_off__key="welcomed", routes__conclude_kickoff__to="welcomed")
    plain = new.model_dump(mode="json", by_alias=True)
    for route in plain["routes"]:
        route["from"] = ["welcomed" if one == "kicked_off" else one for one in route["from"]]
    new = Definition.model_validate({**plain, "version": 2})
    assert "kicked_off is no stage of version 2" in unmapped(walk.definition, new, {})[0]
    assert unmapped(walk.definition, new, {"kicked_off": "welcomed"}) == ()
    moved = migrate(
        new, walk.state, {"kicked_off": "welcomed"}, walk.actor("administrator"), role="administrator", now=walk.now
    )
    assert isinstance(moved, Taken)
    assert replay([*walk.events, moved.event]) == moved.state
    walk.definition, walk.state = new, moved.state
    assert walk.until("evaluated").emitted == ["LearningCompleted", "ProgrammeCompleted"]
