"""Notices from the step that causes them to a mail server, each once, whatever fails in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from issuer_service.bootstrap import handlers
from issuer_service.jobs.port import REMIND, SEND_NOTICES
from issuer_service.notices.tables import Notice
from issuer_service.people.tables import Person
from tests.service.conftest import World, settings_for
from tests.service.mail_server import TestMailServer, mail_server_running
from tests.service.metroline.trying import Team

FROM = "badges@opleider.example"


@pytest.fixture
def mail() -> Iterator[TestMailServer]:
    with mail_server_running() as server:
        yield server


def with_mail(world: World, mail: TestMailServer, **settings: object) -> None:
    """Have the installation know of this mail server."""
    here = world.installation
    given = {"smtp_host": "127.0.0.1", "smtp_port": mail.port, "smtp_security": "none", "mail_from": FROM}
    world.installation = replace(here, settings=settings_for(here.settings.database_url, **{**given, **settings}))
    world.handlers = handlers(world.installation)


def send(world: World) -> None:
    world.handlers[SEND_NOTICES]("")


def notices(world: World, purpose: str = "") -> list[Notice]:
    with world.installation.reading() as session:
        found = select(Notice).where(Notice.purpose.startswith(purpose)).order_by(Notice.person_id, Notice.written_at)
        return list(session.scalars(found))


def announced(world: World) -> tuple[Team, str, list[str]]:
    """A run that was announced to two people on its line, of whom one speaks English."""
    team = Team(world)
    with world.installation.transaction() as session:
        session.execute(update(Person).where(Person.name == "deelnemer1").values(language="en"))
    station = team.station("Meten; rekenen, en 'veilig' <werken>", ["RO001"])
    line = team.line([station])
    people = [team.register(line, person) for person in (0, 1)]
    return team, team.run(station), people


def by_recipient(mail: TestMailServer) -> dict[str, list[EmailMessage]]:
    found: dict[str, list[EmailMessage]] = {}
    for one in mail.received:
        assert len(one.recipients) == 1
        found.setdefault(one.recipients[0].partition("@")[0], []).append(one.message)
    return found


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def calendar_of(message: EmailMessage) -> tuple[str, str]:
    """The method by which a mail program acts on it, and the file."""
    (part,) = message.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    text = part.get_content()
    method = str(part.get_param("method"))
    assert f"METHOD:{method}" in text
    return method, text


def value(calendar: str, name: str) -> str:
    return str(re.findall(rf"^{name}:(.*?)\r?$", calendar, re.MULTILINE)[0])


def test_an_announced_run_is_told_to_each_once_in_their_language_with_a_calendar_file(
    world: World, mail: TestMailServer
) -> None:
    with_mail(world, mail)
    _, run, _ = announced(world)
    for _ in range(2):
        send(world)
        world.handlers[REMIND]("")
    found = by_recipient(mail)
    assert {name: len(some) for name, some in found.items()} == {"deelnemer0": 1, "deelnemer1": 1}
    dutch, english = found["deelnemer0"][0], found["deelnemer1"][0]
    assert "vrijdag 11 december 2026, 10:00 tot 14:00 uur" in dutch["Subject"]
    assert "Friday 11 December 2026, 10:00 to 14:00" in english["Subject"]
    assert dutch["From"] == f"Voorbeeld Opleider <{FROM}>"
    assert dutch["To"] == "deelnemer0 <deelnemer0@post.example>"
    assert (dutch["Auto-Submitted"], dutch["Content-Language"]) == ("auto-generated", "nl")
    assert "Beste deelnemer0,\n" in text_of(dutch)
    assert "Waar: Campus\n\nVoorbereiding: Lees het blad\n\nMateriaal: Schoenen\n" in text_of(dutch)
    assert "&lt;werken&gt;" in text_of(dutch, "html")
    method, calendar = calendar_of(dutch)
    assert (method, value(calendar, "SEQUENCE"), value(calendar, "STATUS")) == ("PUBLISH", "0", "CONFIRMED")
    assert value(calendar, "UID") == f"run-{run}@badges.example"
    assert [one.state for one in notices(world, "run-")] == ["sent", "sent"]
