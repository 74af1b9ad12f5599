"""What is planned as an iCalendar file, so that it stands in everybody's own calendar. https://www.rfc-editor.org/rfc/rfc5545

Times are UTC: a calendar shows them in its owner's zone, also when that has changed its clocks since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

__all__ = ["MEDIA_TYPE", "CalendarEvent", "as_calendar"]

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_LONGEST: Final = 75
"""Bytes of a line, without its end. https://www.rfc-editor.org/rfc/rfc5545#section-3.1"""
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """A happening. `uid` stays the same when it is put off, and `sequence` goes up: so a calendar moves it."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False
    organizer: tuple[str, str] | None = None
    """The name and the mail address of who holds it."""


def as_calendar(events: Iterable[CalendarEvent], *, method: Literal["PUBLISH", "CANCEL"] = "PUBLISH") -> str:
    """The file. Raises ValueError for a moment without a zone, an end before its start, a uid with a space."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//issuer-service//NL", f"METHOD:{method}"]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(event: CalendarEvent) -> Iterator[str]:
    if event.ends_at < event.starts_at:
        raise ValueError(f"{event.uid} ends before it begins")
    if not re.fullmatch(r"[\x21-\x7e]+", event.uid):
        raise ValueError("a uid is of letters, digits and signs, without space")
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_moment(event.changed_at)}"
    yield f"DTSTART:{_moment(event.starts_at)}"
    yield f"DTEND:{_moment(event.ends_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    if event.organizer is not None:
        name, address = event.organizer
        # Nothing in a quoted value can be escaped.
        quoted = _CONTROL.sub("", name).replace('"', "'").replace("\n", " ")
        yield f'ORGANIZER;CN="{quoted}":mailto:{address}'
    yield f"SUMMARY:{_escaped(event.summary)}"
    if event.location:
        yield f"LOCATION:{_escaped(event.location)}"
    if event.description:
        yield f"DESCRIPTION:{_escaped(event.description)}"
    if event.url:
        # A URI is not escaped; what could end the line is no part of one.
        yield f"URL:{re.sub(r'[^!-~]', '', event.url)}"
    yield "END:VEVENT"


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """https://www.rfc-editor.org/rfc/rfc5545#section-3.3.11"""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 bytes, no character cut in two; those that follow begin with a space."""
    taken, room = "", _LONGEST
    for character in line:
        size = len(character.encode())
        if size > room:
            yield taken
            taken, room = " ", _LONGEST - 1
        taken += character
        room -= size
    yield taken
