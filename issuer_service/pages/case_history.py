"""What happened to a case, in words, as far as whoever looks may see it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from issuer_service.pages.case_forms import Asker
from issuer_service.pages.case_words import day, name_of, numbered
from issuer_service.pages.process_words import in_words, list_of_roles
from issuer_service.web.dependencies import Language
from issuer_service.workflow.cases.showing import event_shown, unknown_to
from issuer_service.workflow.process.definition import Definition, FieldType, RecordField, Route, Task
from issuer_service.workflow.process.reducer import Actor
from issuer_service.workflow.process.state import Act
from issuer_service.workflow.process.tables import CaseEvent

__all__ = ["History", "Told"]

_MOST_SHOWN: Final = 200
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Told:
    """A step that was taken, in words; `values` are what was recorded, `secret` what few may see of it."""

    what: str
    who: str
    role: str
    at: str
    values: tuple[tuple[str, str], ...]
    secret: tuple[tuple[str, str], ...]
    seen_by: str


@dataclass(frozen=True, slots=True)
class History:
    """What happened, in words."""

    session: Session
    definition: Definition
    actor: Actor
    asker: Asker
    zone: ZoneInfo

    def told(self, rows: Sequence[CaseEvent]) -> tuple[Told, ...]:
        hidden = unknown_to(self.actor, self.definition)
        return tuple(self._one(row) for row in reversed(rows[-_MOST_SHOWN:]) if row.what not in hidden)

    def _one(self, row: CaseEvent) -> Told:
        language = self.asker.language
        shown = event_shown(row, self.definition, self.actor)
        owner = self.definition.task_by_key.get(row.what) or self.definition.route_by_key.get(row.what)
        task = owner if isinstance(owner, Task) else None
        return Told(
            self._what(row, owner, language),
            name_of(self.session, row.by_id),
            list_of_roles([row.role], language) if row.role else "",
            row.at.astimezone(self.zone).strftime("%d-%m-%Y %H:%M"),
            self._values(owner, shown.data),
            self._values(owner, shown.confidential),
            list_of_roles(task.visible_to, language) if task is not None else "",
        )

    def _what(self, row: CaseEvent, owner: Task | Route | None, language: Language) -> str:
        to = numbered(self.definition, row.to, language)
        match Act(row.act):
            case Act.BEGIN:
                return {"nl": f"Begonnen: {to}", "en": f"Begun: {to}"}[language]
            case Act.MIGRATE:
                return {"nl": "Overgezet naar een andere versie", "en": "Moved to another version"}[language]
            case Act.MOVE:
                title = "" if owner is None else in_words(owner.title, language)
                return f"{title} → {to}"
            case Act.SIGN:
                title = row.what if owner is None else in_words(owner.title, language)
                return {"nl": f"Getekend: {title}", "en": f"Signed: {title}"}[language]
            case _:
                return row.what if owner is None else in_words(owner.title, language)

    def _values(self, owner: Task | Route | None, data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        fields = {one.key: one for one in (() if owner is None else owner.fields)}
        found = [
            (in_words(one.title, self.asker.language), self._value(one, data[key]))
            for key, one in fields.items()
            # The id of a record elsewhere tells a reader nothing.
            if key in data and not (one.type is FieldType.REFERENCE and _ID.fullmatch(str(data[key])))
        ]
        clauses = {clause.key: clause for clause in owner.clauses} if isinstance(owner, Task) else {}
        if clauses and data.get("clauses"):
            texts = (in_words(clauses[one].title, self.asker.language) for one in data["clauses"] if one in clauses)
            found.append(
                ({"nl": "Wat erin staat", "en": "What it provides for"}[self.asker.language], "; ".join(texts))
            )
        return tuple(found)

    def _value(self, one: RecordField, value: Any) -> str:
        match one.type:
            case FieldType.MOMENT:
                return datetime.fromisoformat(value).astimezone(self.zone).strftime("%d-%m-%Y %H:%M")
            case FieldType.DAY:
                return day(value)
            case FieldType.YES:
                return {"nl": "ja" if value else "nee", "en": "yes" if value else "no"}[self.asker.language]
            case FieldType.CHOICE:
                return self.asker.called(value)
            case FieldType.CHECKLIST:
                return ", ".join(self.asker.called(each) for each in value)
            case FieldType.PERSON:
                return name_of(self.session, value)
            case FieldType.PEOPLE:
                return ", ".join(filter(None, (name_of(self.session, each) for each in value)))
            case FieldType.MODULE:
                return dict(self.asker.modules).get(value, "")
            case FieldType.NUMBER:
                return f"{value:g}"
            case _:
                return str(value)
