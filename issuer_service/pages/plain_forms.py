"""Forms of which the fields are known beforehand: shown by the same means as those that a definition makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from issuer_service.pages.case_forms import Input, Option
from issuer_service.pages.process_words import in_words
from issuer_service.web.dependencies import Language
from issuer_service.workflow.process.definition import Words

__all__ = ["Asked", "Input", "id_of", "inputs", "is_id", "lines_of", "moment_of", "number_of", "several_of", "text_of"]

_DATA: Final = "data."
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A field: `kind` as `fields.html` has them."""

    key: str
    words: Words
    kind: str = "line"
    required: bool = True
    options: tuple[Option, ...] = ()
    hint: Words | None = None


def inputs(
    form: str,
    asked: Sequence[Asked],
    language: Language,
    *,
    sent: FormData | None = None,
    known: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
) -> tuple[Input, ...]:
    """The fields of a form: filled in with what was sent, or else with what is known."""
    found = []
    for one in asked:
        before = (known or {}).get(one.key, "")
        several = [before] if isinstance(before, str) else before
        found.append(
            Input(
                one.key,
                f"{form}-{one.key}",
                in_words(one.words, language),
                one.kind,
                one.required,
                options=one.options,
                value=text_of(sent, one.key) if sent is not None else before if isinstance(before, str) else "",
                values=frozenset(several_of(sent, one.key) if sent is not None else several),
                problem=(problems or {}).get(one.key, ""),
                hint="" if one.hint is None else in_words(one.hint, language),
            )
        )
    return tuple(found)


def text_of(sent: FormData, key: str) -> str:
    """A text as it was typed, but for what stands around it."""
    return str(sent.get(f"{_DATA}{key}", "")).replace("\r\n", "\n").strip()


def lines_of(sent: FormData, key: str) -> list[str]:
    """The lines of a text, without the empty ones."""
    return [line.strip() for line in text_of(sent, key).split("\n") if line.strip()]


def several_of(sent: FormData, key: str) -> list[str]:
    """What was ticked."""
    return [str(one) for one in sent.getlist(f"{_DATA}{key}")]


def id_of(sent: FormData, key: str) -> str:
    """An id; nothing for what is none, which no database need be asked for."""
    text = text_of(sent, key)
    return text if is_id(text) else ""


def is_id(text: str) -> bool:
    """Whether this is an id of ours."""
    return _ID.fullmatch(text) is not None


def number_of(sent: FormData, key: str) -> float | None:
    """A number; None for what is none."""
    try:
        return float(text_of(sent, key).replace(",", "."))
    except ValueError:
        return None


def moment_of(sent: FormData, key: str, zone: str) -> datetime | None:
    """A moment, typed as the clock on the wall has it; None for what is none."""
    try:
        return datetime.fromisoformat(text_of(sent, key)).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None
