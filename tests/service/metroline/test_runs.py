"""The run of a station: its rules, and what holds for any order of what people try."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer_service.workflow.metroline.runs import (
    CHECKS,
    NEXT,
    Run,
    RunRefused,
    RunState,
    advance,
    is_over,
    reschedule,
    run_warnings,
)

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PLANNED = Run(
    starts_at=NOW + timedelta(days=21),
    hours=4,
    location="Campus",
    provider="Voorbeeld Opleider",
    capacity=12,
    preparation="Lees het blad over ontploffingsgrenzen",
    materials="Veiligheidsschoenen",
)
HELD = replace(PLANNED, checked=frozenset(CHECKS), attended=9, good="Er werd gemeten", improve="Meer tijd")
_WAY = [
    RunState.SCHEDULED,
    RunState.ANNOUNCED,
    RunState.REMINDED,
    RunState.PREPARED,
    RunState.RUNNING,
    RunState.REFLECTED,
    RunState.CLOSED,
]


def _at(state: RunState) -> datetime:
    """When it is time for that."""
    assert PLANNED.starts_at is not None
    match state:
        case RunState.REMINDED | RunState.PREPARED:
            return PLANNED.starts_at - timedelta(days=1)
        case RunState.RUNNING | RunState.REFLECTED | RunState.CLOSED:
            return PLANNED.starts_at
        case _:
            return NOW


def test_a_run_goes_from_draft_to_closed() -> None:
    run = HELD
    for state in _WAY:
        run = advance(run, state, now=_at(state))
    assert run.state is RunState.CLOSED
    assert is_over(run.state)


@pytest.mark.parametrize(
    ("state", "lacking", "at", "finding"),
    [
        (RunState.SCHEDULED, {"location": " "}, NOW, "location: needed"),
        (RunState.SCHEDULED, {"provider": ""}, NOW, "provider: needed"),
        (RunState.SCHEDULED, {"starts_at": None}, NOW, "starts_at: needed"),
        (RunState.SCHEDULED, {"starts_at": NOW}, NOW, "starts_at: in the past"),
        (RunState.SCHEDULED, {"hours": 0}, NOW, "hours: more than none"),
        (RunState.SCHEDULED, {"capacity": 0}, NOW, "capacity: more than none"),
        (RunState.ANNOUNCED, {"preparation": ""}, NOW, "preparation: needed"),
        (RunState.ANNOUNCED, {"materials": ""}, NOW, "materials: needed"),
        (RunState.ANNOUNCED, {}, NOW + timedelta(days=14, seconds=1), "at least 7 days ahead"),
        (RunState.REMINDED, {}, NOW, "within 2 days"),
        (RunState.PREPARED, {"checked": {"materials", "aids"}}, NOW, "checked: rooms is not ticked"),
        (RunState.RUNNING, {}, NOW, "it has not begun yet"),
        (RunState.REFLECTED, {"improve": ""}, NOW, "improve: needed"),
        (RunState.REFLECTED, {"attended": 0}, NOW, "nobody's was recorded"),
        (RunState.CLOSED, {"unassessed": 2}, NOW, "2 who attended were not assessed"),
    ],
)
def test_each_step_says_what_it_still_needs(
    state: RunState, lacking: dict[str, object], at: datetime, finding: str
) -> None:
    before = next(one for one, following in NEXT.items() if state in following)
    run = replace(HELD, state=before, **lacking)  # type: ignore[arg-type]  # by name
    with pytest.raises(RunRefused) as refused:
        advance(run, state, now=at)
    assert any(finding in one for one in refused.value.findings)


def test_exactly_a_week_ahead_is_in_time() -> None:
    run = replace(HELD, state=RunState.SCHEDULED)
    assert advance(run, RunState.ANNOUNCED, now=NOW + timedelta(days=14)).announced_at == NOW + timedelta(days=14)


def test_two_weeks_ahead_is_advised_and_less_is_warned_of() -> None:
    run = replace(PLANNED, state=RunState.SCHEDULED)
    assert run_warnings(run, now=NOW + timedelta(days=7)) == []
    assert run_warnings(run, now=NOW + timedelta(days=8)) == ["announce: 14 days ahead is advised"]


@pytest.mark.parametrize(("hours", "warned"), [(1.5, True), (2, False), (8, False), (8.5, True)])
def test_a_station_of_other_than_two_to_eight_hours_is_warned_of_and_allowed(hours: float, warned: object) -> None:
    run = advance(replace(PLANNED, hours=hours), RunState.SCHEDULED, now=NOW)
    assert bool(run_warnings(run, now=NOW)) is warned


def test_a_run_that_is_put_off_is_announced_again_and_prepared_again() -> None:
    announced = advance(replace(HELD, state=RunState.SCHEDULED), RunState.ANNOUNCED, now=NOW)
    later = reschedule(announced, NOW + timedelta(days=30), now=NOW + timedelta(days=3))
    assert (later.state, later.sequence, later.announced_at, later.checked) == (
        RunState.SCHEDULED,
        1,
        None,
        frozenset(),
    )
    soon = reschedule(announced, NOW + timedelta(days=9), now=NOW + timedelta(days=3))
    with pytest.raises(RunRefused):
        advance(soon, RunState.ANNOUNCED, now=NOW + timedelta(days=3))


def test_what_began_or_ended_is_not_put_off() -> None:
    for state in (RunState.DRAFT, RunState.RUNNING, RunState.REFLECTED, RunState.CLOSED, RunState.CANCELLED):
        with pytest.raises(RunRefused, match="cannot be put off"):
            reschedule(replace(HELD, state=state), NOW + timedelta(days=40), now=NOW)
    for moment in (NOW, PLANNED.starts_at):
        assert moment is not None
        with pytest.raises(RunRefused, match="starts_at"):
            reschedule(replace(HELD, state=RunState.ANNOUNCED), moment, now=NOW)


class TestNothingStrands:
    """Whatever is tried in whatever order, a run that is not over can still be brought to its end."""

    @given(tried=st.lists(st.tuples(st.sampled_from(RunState), st.integers(0, 30)), max_size=20))
    def test_there_is_always_a_way_to_the_end(self, tried: list[tuple[RunState, int]]) -> None:
        run, now = HELD, NOW
        for state, days in tried:
            now += timedelta(days=days)
            try:
                run = advance(run, state, now=now)
            except RunRefused:
                assert run.starts_at is not None
                if state is RunState.SCHEDULED and run.state in {RunState.ANNOUNCED, RunState.REMINDED}:
                    run = reschedule(run, max(now, run.starts_at) + timedelta(days=10), now=now)
        steps = 0
        while not is_over(run.state):
            run = replace(run, checked=frozenset(CHECKS))
            now = _to_be_continued(run, now)
            tries = [_tried(run, to, now) for to in (*_WAY[::-1], RunState.CANCELLED)]
            run = next(done for done in tries if done)
            steps += 1
            assert steps < 10

    @given(state=st.sampled_from(RunState), to=st.sampled_from(RunState))
    def test_a_step_that_is_in_no_row_of_the_table_is_refused(self, state: RunState, to: RunState) -> None:
        if to not in NEXT[state]:
            with pytest.raises(RunRefused, match="goes to"):
                advance(replace(HELD, state=state), to, now=NOW)


def _tried(run: Run, to: RunState, now: datetime) -> Run | None:
    try:
        return advance(run, to, now=now)
    except RunRefused:
        return None


def _to_be_continued(run: Run, now: datetime) -> datetime:
    """Who waits long enough, can begin what was prepared."""
    assert run.starts_at is not None
    return max(now, run.starts_at) if run.state is RunState.PREPARED else now
