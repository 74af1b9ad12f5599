"""Every notice has its words in both languages, plain and as HTML, whatever people are called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import SMTP
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import issuer_service.notices
from issuer_service.notices.message import Letter, as_message
from issuer_service.notices.purposes import FAMILIES, NoticePurpose, path_purpose
from issuer_service.notices.texts import LANGUAGES, as_html, span_in_words, told
from issuer_service.workflow.candidate.definition import candidate_path, company_path, earlier_candidate_paths
from issuer_service.workflow.candidate.meetings import CANCELLED, PLANNED
from issuer_service.workflow.candidate.telling import RECORDS, TOLD

TEMPLATES = Path(issuer_service.notices.__file__).parent / "templates"
PURPOSES = [*NoticePurpose, *(path_purpose(name) for name in TOLD)]
HOSTILE = "Jan\r\nBcc: all@evil.example\n\nhttps://evil.example\n<script>alert('x')</script>&\x00"
NAMES = (
    *("person", "issuer", "name", "reason", "station", "location", "preparation", "materials", "programme", "task"),
    "words",
)
VALUES = {
    **dict.fromkeys(NAMES, HOSTILE),
    "link": "https://badges.example/login",
    "when": "dinsdag 1 december 2026, 09:00 tot 13:00 uur",
    "until": "01-12-2026",
    "day": "01-12-2026",
    "meeting": "Kick-off",
    "standing": "revoked",
    "count": 3,
}
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SENDER = Address(addr_spec="badges@opleider.example")


class Reading(HTMLParser):
    """What a mail program would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.links += [given["href"] or ""] if tag == "a" else []
        self.language = given.get("lang") or self.language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_notice_has_its_words_and_nobody_can_add_to_them(purpose: str, language: str) -> None:
    subject, body = told(purpose, language, VALUES)
    quiet = {**VALUES, **dict.fromkeys(NAMES, "X")}
    assert len(subject) <= 200
    assert "\n" not in subject
    # As many lines as of somebody with an ordinary name: no name makes a paragraph of its own.
    assert len(body.splitlines()) == len(told(purpose, language, quiet)[1].splitlines())
    read = Reading(as_html(subject, body, language=language))
    assert read.language == language
    assert "script" not in read.tags
    assert read.tags.count("h1") == 1
    assert set(read.links) <= {"https://badges.example/login"}
    assert ("https://badges.example/login" in body) == bool(read.links)


def test_there_is_a_template_for_each_purpose_and_language_and_no_other() -> None:
    parts = {"layout", "meeting-details", "run-details"}
    for language in LANGUAGES:
        assert {one.stem for one in (TEMPLATES / language).iterdir()} - parts == set(map(str, PURPOSES))
    assert {purpose.partition("-")[0] for purpose in PURPOSES} == set(FAMILIES)


def test_whatever_a_path_tells_is_told_to_somebody_or_is_a_record() -> None:
    told_of = set()
    for definition in (candidate_path(), company_path(), *earlier_candidate_paths()):
        for parts in (definition.stages, definition.tasks, definition.routes):
            told_of |= {name for part in parts for name in part.tells}
    assert told_of == set(TOLD) | RECORDS | {PLANNED, CANCELLED}
    assert not set(TOLD) & RECORDS


@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    subject=st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
)
def test_whatever_somebody_is_called_no_header_is_added_to_a_mail(name: str, subject: str) -> None:
    letter = Letter("n-1", name or "Opleider", name, "jan@post.example", "nl", subject, "Beste jij,\n")
    raw = as_message(letter, sender=SENDER, now=NOW).as_bytes()
    read = message_from_bytes(raw, policy=SMTP)
    assert sorted(read.keys()) == sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
            "Content-Language",
        ]
    )
    assert [one.addr_spec for one in read["To"].addresses] == ["jan@post.example"]
    assert [one.addr_spec for one in read["From"].addresses] == [SENDER.addr_spec]
    assert read["Message-ID"] == "<n-1@opleider.example>"


@pytest.mark.parametrize(
    "email", ["", "jan", "jan@post.example\nBcc: all@evil.example", "jan@post.example, b@c.example"]
)
def test_what_is_no_address_gets_no_mail(email: str) -> None:
    with pytest.raises(ValueError, match="address"):
        as_message(Letter("n", "O", "Jan", email, "nl", "S", "B\n"), sender=SENDER, now=NOW)


def test_the_time_is_that_of_the_zone_also_over_the_change_of_clocks_and_over_midnight() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    begins = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert span_in_words(begins, timedelta(hours=4), "nl", zone) == "zondag 25 oktober 2026, 00:00 tot 03:00 uur"
    late = datetime(2026, 12, 1, 21, 0, tzinfo=UTC)
    assert span_in_words(late, timedelta(hours=3), "en", zone) == "Tuesday 1 December 2026, 22:00 to 02-12 01:00"
