"""Sending in a test: an installation that knows of a mail server, and what it took over."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import EmailMessage

from sqlalchemy import select, update

from issuer_service.bootstrap import handlers
from issuer_service.jobs.port import SEND_NOTICES
from issuer_service.notices.tables import Notice
from issuer_service.people.tables import Person
from tests.service.conftest import World, settings_for
from tests.service.mail_server import TestMailServer
from tests.service.metroline.trying import Team

__all__ = ["FROM", "announced", "by_recipient", "calendar_of", "notices", "send", "text_of", "value", "with_mail"]

FROM = "badges@opleider.example"


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
