"""The calendar file: read back by the rules of RFC 5545 it says what was put in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer_service.notices.calendar import CalendarEvent, as_calendar

START = datetime(2026, 12, 1, 13, 30, tzinfo=timezone(timedelta(hours=1)))
_texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.just("\n"), max_size=120)


def _event(**more: object) -> CalendarEvent:
    given: dict[str, object] = {
        "uid": "run-1@badges.example",
        "starts_at": START,
        "ends_at": START + timedelta(hours=4),
        "changed_at": START - timedelta(days=20),
        "summary": "Veilig werken",
        **more,
    }
    return CalendarEvent(**given)  # type: ignore[arg-type]  # by name


def _read(text: str) -> dict[str, str]:
    """Unfold, split and unescape, https://www.rfc-editor.org/rfc/rfc5545#section-3.1"""
    values = {}
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        out, rest = "", iter(value)
        for character in rest:
            out += {"n": "\n"}.get(escaped := next(rest), escaped) if character == "\\" else character
        values[name] = out
    return values


def test_a_run_stands_in_the_calendar_in_utc() -> None:
    assert as_calendar([_event(location="Campus", sequence=2)]) == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//issuer-service//NL\r\nMETHOD:PUBLISH\r\n"
        "BEGIN:VEVENT\r\nUID:run-1@badges.example\r\nDTSTAMP:20261111T123000Z\r\nDTSTART:20261201T123000Z\r\n"
        "DTEND:20261201T163000Z\r\nSEQUENCE:2\r\nSTATUS:CONFIRMED\r\nSUMMARY:Veilig werken\r\nLOCATION:Campus\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_who_holds_it_is_named_and_their_name_ends_no_quotation() -> None:
    text = as_calendar([_event(organizer=('Opleider "Noord"\n;CN=x', "badges@opleider.example"))])
    assert "ORGANIZER;CN=\"Opleider 'Noord' ;CN=x\":mailto:badges@opleider.example\r\n" in text


class TestWhateverSomebodyWrites:
    """A text comes back as it was, no line is longer than 75 bytes, and no text can begin a line of its own."""

    @given(summary=_texts, description=_texts)
    def test_it_comes_back(self, summary: str, description: str) -> None:
        text = as_calendar([_event(summary=summary, description=description)])
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        read = _read(text)
        assert read["SUMMARY"] == summary
        assert read.get("DESCRIPTION", "") == description
        assert text.count("BEGIN:VEVENT\r\n") == 1


def test_a_letter_of_several_bytes_is_not_cut_in_two() -> None:
    text = as_calendar([_event(summary="é" * 100 + "🚇" * 40)])
    assert _read(text)["SUMMARY"] == "é" * 100 + "🚇" * 40


def test_control_characters_go_and_line_breaks_stay() -> None:
    read = _read(as_calendar([_event(summary="a\x00b\tc\x7f", description="een\r\ntwee\rdrie")]))
    assert (read["SUMMARY"], read["DESCRIPTION"]) == ("abc", "een\ntwee\ndrie")


def test_an_address_cannot_end_its_line() -> None:
    text = as_calendar([_event(url="https://badges.example/runs/1\r\nATTENDEE:x")])
    assert "URL:https://badges.example/runs/1ATTENDEE:x\r\n" in text


def test_what_was_cancelled_says_so() -> None:
    text = as_calendar([_event(cancelled=True, sequence=3)], method="CANCEL")
    assert "STATUS:CANCELLED" in text
    assert "METHOD:CANCEL" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": datetime(2026, 12, 1), "ends_at": datetime(2026, 12, 2)},  # noqa: DTZ001  # that is what is wrong
        {"ends_at": START - timedelta(hours=1)},
        {"uid": "met een spatie"},
        {"uid": ""},
    ],
)
def test_what_no_calendar_could_read_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"zone|before|space"):
        as_calendar([_event(**wrong)])


def test_the_same_moment_in_any_zone_is_the_same_line() -> None:
    assert as_calendar([_event(starts_at=START.astimezone(UTC))]) == as_calendar([_event()])
