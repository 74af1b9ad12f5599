"""What somebody reaches along a line: once, for good, and in whatever order it is assessed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from issuer_service.workflow.metroline.participations import (
    NEXT,
    Component,
    Outcome,
    ParticipationState,
    what_is_reached,
)

_CODES = ("RO1", "VO1", "VO2", "KO1")
_components = st.tuples(st.sampled_from(["u", "v"]), st.sampled_from(_CODES))
_outcomes = st.lists(
    st.builds(Outcome, st.sampled_from("abcdef"), st.frozensets(_components, max_size=4), st.booleans()),
    max_size=6,
    unique_by=lambda one: one.station,
)
_WANTED = {"u": frozenset(_CODES), "v": frozenset({"RO1", "VO1"})}


class TestEachThingIsReachedOnce:
    """However the assessments are cut and ordered, each component, station, ULO and line is new exactly once."""

    @given(line=_outcomes, assessed=st.lists(st.frozensets(_components, max_size=3), max_size=8), order=st.randoms())
    def test_in_any_order_and_any_number_of_times(
        self, line: list[Outcome], assessed: list[frozenset[Component]], order: object
    ) -> None:
        at_once = what_is_reached((), frozenset().union(*assessed), line=line, wanted=_WANTED)
        again = [*assessed, *assessed]
        order.shuffle(again)  # type: ignore[attr-defined]  # a Random
        had: set[Component] = set()
        news = []
        for one in again:
            news.append(what_is_reached(had, one, line=line, wanted=_WANTED))
            had |= one
        for name in ("components", "stations", "ulos"):
            told = [thing for new in news for thing in getattr(new, name)]
            assert len(told) == len(set(told))
            assert set(told) == getattr(at_once, name)
        assert sum(new.line for new in news) == at_once.line

    @given(line=_outcomes, had=st.frozensets(_components, max_size=5))
    def test_what_was_reached_before_makes_nothing_happen(self, line: list[Outcome], had: frozenset[Component]) -> None:
        assert not what_is_reached(had, had, line=line, wanted=_WANTED)


def test_a_station_without_outcomes_is_not_reached_by_being_there() -> None:
    line = [Outcome("bezoek", frozenset()), Outcome("meten", frozenset({("u", "VO1")}))]
    reached = what_is_reached((), [("u", "VO1")], line=line, wanted={})
    assert reached.stations == {"meten"}
    assert not reached.line


def test_a_station_to_choose_is_not_needed_for_the_line() -> None:
    line = [Outcome("meten", frozenset({("u", "VO1")})), Outcome("extra", frozenset({("u", "VO2")}), required=False)]
    assert what_is_reached((), [("u", "VO1")], line=line, wanted={}).line
    assert not what_is_reached((), [("u", "VO2")], line=line, wanted={}).line


def test_a_ulo_may_be_reached_over_several_lines() -> None:
    other_line = what_is_reached((), [("v", "RO1")], line=[], wanted=_WANTED)
    assert not other_line.ulos
    assert what_is_reached([("v", "RO1")], [("v", "VO1")], line=[], wanted=_WANTED).ulos == {"v"}


class TestNobodyIsStranded:
    """Wherever somebody went, they can go on until they are referred, and nowhere twice."""

    @given(tried=st.lists(st.sampled_from(ParticipationState), max_size=12))
    def test_there_is_always_a_way_to_the_end(self, tried: list[ParticipationState]) -> None:
        state, passed = ParticipationState.REGISTERED, [ParticipationState.REGISTERED]
        for wanted in tried:
            if wanted in NEXT[state]:
                state = wanted
                passed.append(state)
        while NEXT[state]:
            state = min(NEXT[state])
            passed.append(state)
        assert state is ParticipationState.REFERRED
        assert len(passed) == len(set(passed))
