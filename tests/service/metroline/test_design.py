"""The design cycle of a line, its canvases, and how it is put together."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer_service.people.roles import Role
from issuer_service.programme.settings import PRESETS
from issuer_service.workflow.metroline.arranging import PHASES, Arranged, names_of_phases, warnings_of
from issuer_service.workflow.metroline.canvases import (
    COMMITMENTS,
    FORMS,
    CanvasKind,
    canvas_findings,
    value_proposition_sentence,
)
from issuer_service.workflow.metroline.design import (
    STEPS,
    Facts,
    Stage,
    StepRefused,
    may_go_to,
    next_stages,
    roles_of_step,
)

COMPLETE = Facts(
    companies=3,
    how_might_we=1,
    value_proposition=True,
    value_proposition_validated=True,
    canvas=True,
    outcomes=2,
    stations=5,
    scheduled_runs=1,
    participants=8,
    assessments=8,
    evaluations=3,
)
PROPOSITION = {
    "who": "bedrijven met een wagenpark",
    "wants": "willen rijden op waterstof",
    "but": "te weinig monteurs vinden",
    "what": "een metrolijn",
    "aimed_at": "hun eigen monteurs",
    "offers": "vakkennis",
    "so_that": "hun wagens zelf onderhouden",
}


def test_a_line_goes_through_the_six_steps_and_round_again() -> None:
    way = [
        Stage.CLUSTER_FORMED,
        Stage.ANALYSING,
        Stage.DESIGNING_OUTCOMES,
        Stage.ARRANGING,
        Stage.EXECUTING,
        Stage.VALIDATING,
        Stage.EVALUATING,
        Stage.ANALYSING,
    ]
    steps = [may_go_to(start, end, COMPLETE) for start, end in pairwise(way)]
    assert [step.again for step in steps] == [False] * 6 + [True]


@pytest.mark.parametrize(
    ("start", "lacking", "finding"),
    [
        (Stage.CLUSTER_FORMED, {"companies": 0}, "names the companies"),
        (Stage.ANALYSING, {"how_might_we": 0}, "how-might-we"),
        (Stage.ANALYSING, {"value_proposition": False}, "value-proposition: not written"),
        (Stage.ANALYSING, {"value_proposition_validated": False}, "value-proposition: not validated"),
        (Stage.ANALYSING, {"canvas": False, "canvas_required": True}, "metroline-canvas"),
        (Stage.DESIGNING_OUTCOMES, {"outcomes": 0}, "outcomes: at least one"),
        (
            Stage.DESIGNING_OUTCOMES,
            {"alignment_required": True, "unaligned_outcomes": ("1.1",)},
            "1.1 is aligned with no framework",
        ),
        (Stage.ARRANGING, {"stations": 0}, "stations: the line has none"),
        (Stage.ARRANGING, {"stations_without_outcome": ("Meten",)}, "Meten leads to no outcome"),
        (Stage.ARRANGING, {"stations_without_provider": ("Meten",)}, "Meten has no provider"),
        (Stage.ARRANGING, {"outcomes_without_station": ("1.1",)}, "no station leads to 1.1"),
        (Stage.ARRANGING, {"scheduled_runs": 0}, "at least one is to be scheduled"),
        (Stage.EXECUTING, {"participants": 0}, "nobody is registered"),
        (Stage.VALIDATING, {"assessments": 0}, "none was recorded"),
        (Stage.VALIDATING, {"open_runs": 1}, "neither closed nor cancelled"),
        (Stage.EVALUATING, {"evaluations": 0}, "no form was filled in"),
    ],
)
def test_each_step_says_what_is_missing(start: Stage, lacking: dict[str, object], finding: str) -> None:
    forward = next(step.end for step in STEPS if step.start is start)
    with pytest.raises(StepRefused) as refused:
        may_go_to(start, forward, replace(COMPLETE, **lacking))  # type: ignore[arg-type]  # by name
    assert any(finding in one for one in refused.value.findings)


def test_d35_d36_alignment_and_the_canvas_are_asked_for_only_where_the_programme_wants_them() -> None:
    lax = replace(COMPLETE, canvas=False, empathy_map=True, unaligned_outcomes=("1.1",))
    may_go_to(Stage.ANALYSING, Stage.DESIGNING_OUTCOMES, lax)
    may_go_to(Stage.DESIGNING_OUTCOMES, Stage.ARRANGING, lax)


def test_d29_d30_who_takes_a_step_where_the_broker_is_neutral_and_where_there_is_no_developer() -> None:
    for step in STEPS:
        assert Role.AM_COMPANIES not in roles_of_step(step, broker_must_be_neutral=True, ld_developer=True)
        both = roles_of_step(step, broker_must_be_neutral=False, ld_developer=False)
        assert Role.AM_COMPANIES in both
        assert Role.LD_DEVELOPER not in both
        assert Role.BROKER in both


def test_only_those_who_design_take_a_step() -> None:
    assert all(step.roles <= {Role.BROKER, Role.AM_COMPANIES, Role.ADMINISTRATOR, Role.LD_DEVELOPER} for step in STEPS)


class TestNoLineIsStranded:
    """From every stage there is a way to the end, and a step that is in no row is refused."""

    @given(steps=st.lists(st.sampled_from(Stage), max_size=12))
    def test_with_everything_there_a_line_can_always_be_closed(self, steps: list[Stage]) -> None:
        stage = Stage.CLUSTER_FORMED
        for wanted in steps:
            if wanted in next_stages(stage):
                may_go_to(stage, wanted, COMPLETE)
                stage = wanted
            else:
                with pytest.raises(StepRefused):
                    may_go_to(stage, wanted, COMPLETE)
        found, seen = {stage}, {stage}
        while found:
            found = {end for one in found for end in next_stages(one)} - seen
            seen |= found
        assert Stage.CLOSED in seen

    @given(neutral=st.booleans(), developer=st.booleans())
    def test_whatever_the_programme_wants_somebody_may_take_each_step(self, neutral: bool, developer: bool) -> None:  # noqa: FBT001  # drawn
        for step in STEPS:
            may = roles_of_step(step, broker_must_be_neutral=neutral, ld_developer=developer)
            assert {Role.BROKER, Role.ADMINISTRATOR} <= may <= step.roles


def test_the_value_proposition_is_a_sentence_of_its_seven_parts() -> None:
    assert value_proposition_sentence(PROPOSITION) == (
        "Voor bedrijven met een wagenpark die willen rijden op waterstof maar te weinig monteurs vinden ontwikkelen we "
        "een metrolijn gericht op hun eigen monteurs voor vakkennis zodat zij hun wagens zelf onderhouden."
    )
    assert value_proposition_sentence(PROPOSITION, "en").startswith("For bedrijven met een wagenpark who willen ")


@pytest.mark.parametrize("left_out", PROPOSITION)
def test_a_value_proposition_lacks_none_of_its_parts(left_out: str) -> None:
    assert canvas_findings(CanvasKind.VALUE_PROPOSITION, PROPOSITION) == []
    found = canvas_findings(CanvasKind.VALUE_PROPOSITION, {**PROPOSITION, left_out: None})
    assert found == [f"{left_out}: needed"]


class TestACanvasIsOfItsForm:
    """Whatever is sent in, the answer is a list of findings that each name a field; never an exception."""

    @given(
        kind=st.sampled_from(CanvasKind),
        content=st.dictionaries(
            st.sampled_from(sorted({field.name for form in FORMS.values() for field in form.fields} | {"other"})),
            st.one_of(
                st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=3)
            ),
            max_size=8,
        ),
    )
    def test_what_is_amiss_names_its_field(self, kind: CanvasKind, content: dict[str, object]) -> None:
        named = {one.partition(":")[0] for one in canvas_findings(kind, content)}
        fields = {field.name for field in FORMS[kind].fields}
        assert named <= fields | set(content)
        assert not (set(content) - fields) - named

    @pytest.mark.parametrize("kind", CanvasKind)
    def test_a_canvas_with_everything_is_kept(self, kind: CanvasKind) -> None:
        filled = {"text": "iets", "list": ["iets"], "yes-no": True}
        assert canvas_findings(kind, {field.name: filled[field.kind] for field in FORMS[kind].fields}) == []


def _line(count: int, *, hours: float = 4) -> list[Arranged]:
    return [Arranged(f"S{n}", hours, 1 + n * 3 // count, {"u": frozenset({f"VO{n}"})}) for n in range(count)]


def test_d31_what_companies_commit_themselves_in_is_called_what_the_programme_calls_it() -> None:
    for preset, said in (("katapult", "a manifest"), ("mhw", "a covenant, or letters of intent,")):
        facts = replace(COMPLETE, companies=0, commitment=COMMITMENTS[PRESETS[preset].commitment])
        with pytest.raises(StepRefused) as refused:
            may_go_to(Stage.CLUSTER_FORMED, Stage.ANALYSING, facts)
        assert refused.value.findings == (f"commitment: {said} that names the companies which have the need",)


def test_d33_the_first_phase_is_called_what_the_programme_calls_it() -> None:
    names = {preset: names_of_phases(settings.first_phase) for preset, settings in PRESETS.items()}
    assert [one[0].nl for one in names.values()] == ["Activatie en inspiratie", "Inspiratie"]
    assert names["katapult"][1:] == names["mhw"][1:]
    assert all(len(one) == PHASES for one in names.values())


def test_d34_needs_are_validated_by_an_interview_where_the_programme_wants_that() -> None:
    guessed = replace(COMPLETE, empathy_map=True)
    may_go_to(Stage.ANALYSING, Stage.DESIGNING_OUTCOMES, guessed)
    strict = replace(guessed, needs_by_interview=PRESETS["katapult"].needs_by_interview)
    with pytest.raises(StepRefused) as refused:
        may_go_to(Stage.ANALYSING, Stage.DESIGNING_OUTCOMES, strict)
    assert refused.value.findings == ("empathy-map: not validated by an interview yet",)
    may_go_to(Stage.ANALYSING, Stage.DESIGNING_OUTCOMES, replace(strict, empathy_map_validated=True))


@pytest.mark.parametrize(("count", "warned"), [(3, True), (4, False), (8, False), (9, True)])
def test_d32_a_line_has_four_to_eight_stations_or_is_warned_of(count: int, warned: object) -> None:
    assert bool(warnings_of(_line(count), wanted={})) is warned


def test_hours_phases_and_forgotten_components_are_warned_of() -> None:
    line = [*_line(4)[:3], Arranged("Kort", 1, 1, {})]
    assert warnings_of(line, wanted={"u": frozenset({"VO1", "VO9"})}) == [
        "Kort: 1 hours; a station takes 2 to 8",
        "Kort: phase 1 after phase 2",
        "u: no station leads to VO9",
    ]
