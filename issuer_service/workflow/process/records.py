"""Reading what somebody wants to record: every field by its type, and every clause that a document must have."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from issuer_service.workflow.process.definition import FieldType, RecordField, Task, holds
from issuer_service.workflow.process.rules import Context
from issuer_service.workflow.process.state import Json

__all__ = ["CLAUSES", "check_data", "check_document", "divided"]

CLAUSES: Final = "clauses"
"""The member of a document's data that lists its clauses."""
_MOST_TEXT: Final = 4000
_MOST_IN_A_LIST: Final = 500
_LONGEST_ID: Final = 64
_MOMENT: Final = re.compile(r"2\d{3}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)", re.ASCII)
"""One way to write it, in this millennium: in another zone it is a moment too."""


def check_data(fields: tuple[RecordField, ...], data: Json, context: Context) -> list[str]:
    """What is amiss with the data, each with the field that it is about; nothing when all is well."""
    known = {field.key: field for field in fields}
    found = [f"data.{key}: not a field of this" for key in data if key not in known]
    for field in fields:
        value = data.get(field.key)
        if value is None:
            if field.required:
                found.append(f"data.{field.key}: missing; {_wanted(field)}")
        elif not _CHECKS[field.type](value, field, context):
            found.append(f"data.{field.key}: {_wanted(field)}")
    return found


def check_document(task: Task, data: Json, context: Context) -> list[str]:
    """As `check_data`, of a document: it has to have every clause that is asked for here."""
    own = {key: value for key, value in data.items() if key != CLAUSES}
    found = check_data(task.fields, own, context)
    has = data.get(CLAUSES, [])
    known = {clause.key for clause in task.clauses}
    if not _are_texts(has) or not set(has) <= known:
        return [*found, f"data.{CLAUSES}: a list of some of: {', '.join(sorted(known)) or 'nothing'}"]
    needed = (clause.key for clause in task.clauses if holds(clause.when, context.settings))
    return found + [f"data.{CLAUSES}: {clause} is missing" for clause in needed if clause not in has]


def divided(fields: tuple[RecordField, ...], data: Json) -> tuple[Json, Json]:
    """What may be seen by whoever sees the case, and what is confidential."""
    secret = {field.key for field in fields if field.confidential}
    return (
        {key: value for key, value in data.items() if key not in secret},
        {key: value for key, value in data.items() if key in secret},
    )


def _wanted(field: RecordField) -> str:
    match field.type:
        case FieldType.CHOICE:
            return f"give one of {', '.join(field.choices)}"
        case FieldType.CHECKLIST if field.whole:
            return f"give all of {', '.join(field.choices)}"
        case FieldType.CHECKLIST:
            return f"give some of {', '.join(field.choices)}"
        case FieldType.NUMBER if field.most is not None:
            return f"give a number from 0 to {field.most}"
        case _:
            return _WANTED[field.type]


_WANTED: Final[Mapping[FieldType, str]] = MappingProxyType(
    {
        FieldType.TEXT: f"give a text of 1 to {_MOST_TEXT} characters",
        FieldType.DAY: "give a day as YYYY-MM-DD",
        FieldType.MOMENT: "give a moment as YYYY-MM-DDTHH:MM with its zone, Z or +01:00",
        FieldType.NUMBER: "give a number that is not below zero",
        FieldType.YES: "give true or false",
        FieldType.PERSON: "give the id of somebody",
        FieldType.PEOPLE: f"give a list of 1 to {_MOST_IN_A_LIST} ids, each once, the most wanted first",
        FieldType.MODULE: "give the id of a module of the programme",
        FieldType.REFERENCE: "give an id",
    }
)


def _is_day(value: object, _field: RecordField, _context: Context) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(_MOMENT.fullmatch(value)) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isprintable()


def _is_number(value: object, field: RecordField) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return False
    return value >= 0 and (field.most is None or value <= field.most)


def _is_checklist(value: object, field: RecordField) -> bool:
    if not _are_texts(value) or not value:
        return False
    return set(value) <= set(field.choices) and (not field.whole or set(field.choices) <= set(value))  # type: ignore[call-overload]  # of texts


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value) and _each_once(value)


def _are_ids(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_id(one) for one in value) and _each_once(value)


def _each_once(value: Collection[Any]) -> bool:
    return len(value) <= _MOST_IN_A_LIST and len(set(value)) == len(value)


_CHECKS: Final[Mapping[FieldType, Callable[[Any, RecordField, Context], bool]]] = MappingProxyType(
    {
        # PostgreSQL keeps no NUL, and a half of a character is nobody's text.
        FieldType.TEXT: lambda value, _, __: (
            isinstance(value, str)
            and 0 < len(value.strip()) <= len(value) <= _MOST_TEXT
            and "\0" not in value
            and not any("\ud800" <= character <= "\udfff" for character in value)
        ),
        FieldType.DAY: _is_day,
        FieldType.MOMENT: lambda value, _, __: _is_moment(value),
        FieldType.NUMBER: lambda value, field, _: _is_number(value, field),
        FieldType.YES: lambda value, _, __: isinstance(value, bool),
        FieldType.CHOICE: lambda value, field, _: isinstance(value, str) and value in field.choices,
        FieldType.CHECKLIST: lambda value, field, _: _is_checklist(value, field),
        FieldType.PERSON: lambda value, _, __: _is_id(value),
        FieldType.PEOPLE: lambda value, _, __: _are_ids(value),
        FieldType.MODULE: lambda value, _, context: isinstance(value, str) and value in context.modules,
        FieldType.REFERENCE: lambda value, _, __: _is_id(value),
    }
)
