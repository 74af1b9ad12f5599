"""How moments, people and stages are written on the pages of cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.pages.process_words import in_words
from issuer_service.people.tables import Person
from issuer_service.web.dependencies import Language
from issuer_service.workflow.process.definition import Definition

__all__ = ["clock_time", "day", "name_of", "names_of", "numbered"]


def day(moment: datetime | str) -> str:
    """A day as it is written here; what is none stays as it is."""
    if isinstance(moment, str):
        try:
            return date.fromisoformat(moment[:10]).strftime("%d-%m-%Y")
        except ValueError:
            return moment
    return moment.strftime("%d-%m-%Y")


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """A day and a time of that day as a clock there shows them."""
    return moment.astimezone(zone).strftime("%d-%m-%Y %H:%M")


def name_of(session: Session, person_id: str | None) -> str:
    """What somebody is called; nothing for nobody."""
    person = session.get(Person, person_id) if person_id is not None else None
    return "" if person is None else person.name


def names_of(session: Session, people: Iterable[str | None]) -> dict[str, str]:
    """What these people are called, by id, asked for at once."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_({one for one in people if one})))
    return {row.id: row.name for row in rows}


def numbered(definition: Definition, key: str, language: Language) -> str:
    """A stage by its number, where it has one, and its title."""
    stage = definition.stage_by_key.get(key)
    if stage is None:
        return key
    title = in_words(stage.title, language)
    return f"{stage.number} {title}" if stage.number not in {"", "X"} else title
