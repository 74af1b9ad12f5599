"""Forms made from a process definition: what to ask for a step, what came in for it, and what is amiss with that.

Nothing here knows a task or a route by its name: another version of the definition has other forms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from issuer_service.pages.process_words import in_words
from issuer_service.web.dependencies import Language
from issuer_service.workflow.process.definition import (
    Definition,
    FieldType,
    RecordField,
    Route,
    Task,
    Words,
    holds,
)
from issuer_service.workflow.process.records import CLAUSES
from issuer_service.workflow.process.rules import Context

__all__ = ["Asker", "Input", "Option", "amiss", "read"]

Option = tuple[str, str]
"""What is sent, and what it is called."""

_DATA: Final = "data."
_EXACT: Final = 2**53
_LONGEST_RANK: Final = 4
_YES: Final = Words(nl="Ja", en="Yes")
_NO: Final = Words(nl="Nee", en="No")
_NO_ANSWER: Final = Words(nl="Geen antwoord", en="No answer")


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that is asked. `kind` says how; `ranks` are the numbers of people who are put in an order."""

    key: str
    id: str
    title: str
    kind: str
    required: bool
    confidential: bool = False
    options: tuple[Option, ...] = ()
    value: str = ""
    values: frozenset[str] = frozenset()
    ranks: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    hint: str = ""

    @property
    def name(self) -> str:
        """What it is called in the form: apart from what every form has."""
        return f"{_DATA}{self.key}"


@dataclass(frozen=True, slots=True)
class Asker:
    """What the forms of one case need to know. `people` gives whom a field of these roles can name.

    Moments are typed and shown as the clocks of `zone` have them.
    """

    definition: Definition
    context: Context
    modules: Sequence[Option]
    people: Callable[[Sequence[str]], Sequence[Option]]
    language: Language
    zone: ZoneInfo

    def inputs(
        self, owner: Task | Route, *, sent: FormData | None, known: Mapping[str, Any], problems: Mapping[str, str]
    ) -> tuple[Input, ...]:
        """What is asked for a task or a route: filled in with what was sent, or else with what is known of it."""
        found = [self._input(owner, one, sent, known, problems) for one in owner.fields]
        if isinstance(owner, Task) and (clauses := self._clauses(owner)):
            chosen = sent.getlist(f"{_DATA}{CLAUSES}") if sent is not None else known.get(CLAUSES, ())
            found.append(
                Input(
                    CLAUSES,
                    f"{owner.key}-{CLAUSES}",
                    {"nl": "Wat erin staat", "en": "What it provides for"}[self.language],
                    "checks",
                    required=True,
                    options=clauses,
                    values=frozenset(map(str, chosen)),
                    problem=problems.get(CLAUSES, ""),
                )
            )
        return tuple(found)

    def called(self, choice: str) -> str:
        """What a choice is called."""
        words = self.definition.words.get(choice)
        return choice if words is None else in_words(words, self.language)

    def _input(
        self,
        owner: Task | Route,
        one: RecordField,
        sent: FormData | None,
        known: Mapping[str, Any],
        problems: Mapping[str, str],
    ) -> Input:
        kind = "ranks" if one.ranked else _KINDS[one.type]
        before = self._at_the_clock(one, known.get(one.key))
        name = f"{_DATA}{one.key}"
        options = self._options(one)
        values: Collection[Any] = sent.getlist(name) if sent is not None else before if isinstance(before, list) else ()
        ranks: Mapping[str, str] = {}
        if one.ranked and sent is not None:
            ranks = {person: str(sent.get(f"{name}.{person}", "")) for person, _ in options}
        elif one.ranked and isinstance(before, list):
            ranks = {person: str(place) for place, person in enumerate(before, start=1)}
        return Input(
            one.key,
            f"{owner.key}-{one.key}",
            in_words(one.title, self.language),
            kind,
            one.required,
            confidential=one.confidential,
            options=options,
            value=str(sent.get(name, "")) if sent is not None else _as_typed(before),
            values=frozenset(map(str, values)),
            ranks=ranks,
            problem=problems.get(one.key, ""),
            hint=in_words(_HINTS[kind], self.language) if kind in _HINTS else "",
        )

    def _at_the_clock(self, one: RecordField, value: Any) -> Any:
        if one.type is not FieldType.MOMENT or not isinstance(value, str):
            return value
        return f"{datetime.fromisoformat(value).astimezone(self.zone):%Y-%m-%dT%H:%M}"

    def _options(self, one: RecordField) -> tuple[Option, ...]:
        # A choice that was made cannot be unmade in a form without a script, but for another.
        none = () if one.required else (("", in_words(_NO_ANSWER, self.language)),)
        match one.type:
            case FieldType.CHOICE:
                return (*((choice, self.called(choice)) for choice in one.choices), *none)
            case FieldType.CHECKLIST:
                return tuple((choice, self.called(choice)) for choice in one.choices)
            case FieldType.PERSON | FieldType.PEOPLE:
                return tuple(self.people(one.roles))
            case FieldType.MODULE:
                return tuple(self.modules)
            case FieldType.YES:
                return (("yes", in_words(_YES, self.language)), ("no", in_words(_NO, self.language)), *none)
            case _:
                return ()

    def _clauses(self, task: Task) -> tuple[Option, ...]:
        return tuple(
            (clause.key, in_words(clause.title, self.language))
            for clause in task.clauses
            if holds(clause.when, self.context.settings)
        )


def read(owner: Task | Route, sent: FormData, zone: ZoneInfo) -> dict[str, Any]:
    """What was filled in, as a step has it. What cannot be read stays as it was typed, for `check_data` to refuse."""
    found = {one.key: _READERS[one.type](one, f"{_DATA}{one.key}", sent) for one in owner.fields}
    moments = (one.key for one in owner.fields if one.type is FieldType.MOMENT)
    found |= {key: _moment(found[key], zone) for key in moments}
    if isinstance(owner, Task) and owner.clauses:
        found[CLAUSES] = [str(one) for one in sent.getlist(f"{_DATA}{CLAUSES}")]
    return {key: value for key, value in found.items() if value is not None}


def amiss(owner: Task | Route, findings: Sequence[str], language: Language) -> dict[str, str]:
    """By field what to mend, of the findings that name one of this task or route."""
    fields = {one.key: one for one in owner.fields}
    found: dict[str, str] = {}
    for finding in findings:
        key = finding.removeprefix(_DATA).partition(":")[0] if finding.startswith(_DATA) else ""
        if key in fields:
            found[key] = in_words(_wanted(fields[key]), language)
        elif key == CLAUSES:
            found[key] = in_words(_ALL, language)
    return found


def _wanted(one: RecordField) -> Words:
    if one.type is FieldType.CHECKLIST and one.whole:
        return _ALL
    if one.most is not None:
        return Words(nl=f"Vul een getal in van 0 tot en met {one.most}.", en=f"Fill in a number from 0 to {one.most}.")
    return _RANKS if one.ranked else _WANTED[one.type]


def _as_typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None or isinstance(value, list) else str(value)


def _text(_: RecordField, name: str, sent: FormData) -> str | None:
    return str(sent.get(name, "")).replace("\r\n", "\n").strip() or None


def _moment(text: str | None, zone: ZoneInfo) -> str | None:
    """With the zone that whoever typed it left out."""
    try:
        typed = datetime.fromisoformat(text or "")
    except ValueError:
        return text
    return text if typed.tzinfo is not None else typed.replace(tzinfo=zone).isoformat(timespec="minutes")


def _number(one: RecordField, name: str, sent: FormData) -> float | str | None:
    text = _text(one, name, sent)
    if text is None:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def _yes(one: RecordField, name: str, sent: FormData) -> bool | str | None:
    text = _text(one, name, sent)
    return {"yes": True, "no": False}.get(text, text) if text is not None else None


def _several(_: RecordField, name: str, sent: FormData) -> list[str] | None:
    return [str(one) for one in sent.getlist(name)] or None


def _people(one: RecordField, name: str, sent: FormData) -> list[str] | str | None:
    if not one.ranked:
        return _several(one, name, sent)
    placed: dict[int, str] = {}
    for key, value in sent.items():
        person, rank = key.removeprefix(f"{name}."), str(value).strip()
        if person == key or not rank:
            continue
        if not rank.isdecimal() or len(rank) > _LONGEST_RANK or int(rank) in placed:
            # Two with one number are in no order.
            return rank
        placed[int(rank)] = person
    return [placed[rank] for rank in sorted(placed)] or None


_READERS: Final[Mapping[FieldType, Callable[[RecordField, str, FormData], Any]]] = MappingProxyType(
    {
        FieldType.TEXT: _text,
        FieldType.DAY: _text,
        FieldType.MOMENT: _text,
        FieldType.NUMBER: _number,
        FieldType.YES: _yes,
        FieldType.CHOICE: _text,
        FieldType.CHECKLIST: _several,
        FieldType.PERSON: _text,
        FieldType.PEOPLE: _people,
        FieldType.MODULE: _text,
        FieldType.REFERENCE: _text,
    }
)
_KINDS: Final[Mapping[FieldType, str]] = MappingProxyType(
    {
        FieldType.TEXT: "text",
        FieldType.DAY: "date",
        FieldType.MOMENT: "moment",
        FieldType.NUMBER: "number",
        FieldType.YES: "radios",
        FieldType.CHOICE: "radios",
        FieldType.CHECKLIST: "checks",
        FieldType.PERSON: "select",
        FieldType.PEOPLE: "checks",
        FieldType.MODULE: "select",
        FieldType.REFERENCE: "line",
    }
)
_HINTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "ranks": Words(
            nl="1 is de liefste; laat leeg wie je niet wilt.",
            en="1 is the most wanted; leave empty whom you do not want.",
        ),
        "line": Words(nl="Een nummer of verwijzing, als dat er is.", en="A number or a reference, where there is one."),
    }
)
_ALL: Final = Words(nl="Vink alles aan; pas dan is het gedaan.", en="Tick all of them; only then it was done.")
_RANKS: Final = Words(
    nl="Geef wie je wilt elk een eigen nummer: 1 voor de liefste, dan 2.",
    en="Give whom you want a number each: 1 for the most wanted, then 2.",
)
_CHOOSE: Final = Words(nl="Kies een van de mogelijkheden.", en="Choose one of them.")
_WANTED: Final[Mapping[FieldType, Words]] = MappingProxyType(
    {
        FieldType.TEXT: Words(
            nl="Vul een tekst in van 1 tot 4000 tekens.", en="Fill in a text of 1 to 4000 characters."
        ),
        FieldType.DAY: Words(nl="Vul een datum in.", en="Fill in a day."),
        FieldType.MOMENT: Words(nl="Vul een dag en een tijd in.", en="Fill in a day and a time."),
        FieldType.NUMBER: Words(nl="Vul een getal in, nul of meer.", en="Fill in a number, zero or more."),
        FieldType.YES: Words(nl="Kies ja of nee.", en="Choose yes or no."),
        FieldType.CHOICE: _CHOOSE,
        FieldType.CHECKLIST: Words(nl="Vink er minstens een aan.", en="Tick at least one."),
        FieldType.PERSON: _CHOOSE,
        FieldType.PEOPLE: Words(nl="Vink er minstens een aan.", en="Tick at least one."),
        FieldType.MODULE: _CHOOSE,
        FieldType.REFERENCE: Words(
            nl="Vul een nummer of verwijzing in van hoogstens 64 tekens.",
            en="Fill in a number or reference of at most 64 characters.",
        ),
    }
)
