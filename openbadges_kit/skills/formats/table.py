"""Units of learning outcomes as CSV: the columns of the catalogue's table, and behind them what it has no column for.

https://www.rfc-editor.org/rfc/rfc4180, in UTF-8. A file with semicolons, as spreadsheets write in the Netherlands, is
read as well. The further columns are written only where a unit has something to put in them, so that a table that
came in with the eight columns goes out with the eight columns.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.formats.report import Addresses, Imported, RowFinding
from openbadges_kit.skills.qualification import Entry, default_title, rubric_from_json, rubric_to_json
from openbadges_kit.skills.ulo import COLUMNS, Component, LearningDomain, Ulo
from openbadges_kit.skills.ulo_json import (
    component_from_json,
    component_parts,
    reference_to_json,
    ulo_from_json,
    ulo_to_json,
)

__all__ = ["MORE_COLUMNS", "TABLE_COLUMNS", "read_table", "write_table"]

_REQUIREMENT: Final = "Regeleisen (conform)"
TABLE_COLUMNS: Final = ("ULO", *COLUMNS, _REQUIREMENT)
"""The columns of the catalogue's table."""

# Of a component, and of a unit on its first row; in capitals the members of the library's JSON that are JSON here.
_OF_COMPONENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Uitspraak": "statement",
        "Vereist niveau": "requiredSkillLevel",
        "Bloom": "bloom",
        "Regeleisen": "ruleRequirements",
        "Verwijzingen": "references",
        "Vertalingen": "translations",
    }
)
_OF_UNIT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Versie": "version",
        "Titel": "title",
        "Taal": "language",
        "Taken": "tasks",
        "ULO Bloom": "bloom",
        "ULO verwijzingen": "references",
        "ULO vertalingen": "translations",
        "Beoordeling": "rubric",
    }
)
MORE_COLUMNS: Final = (*_OF_COMPONENT, *_OF_UNIT)
"""What the table has no column for, in columns behind it. Lists and objects stand in them as JSON."""

_JSON_COLUMNS: Final = frozenset(
    {"Regeleisen", "Verwijzingen", "Vertalingen", "Taken", "ULO verwijzingen", "ULO vertalingen", "Beoordeling"}
)


def write_table(entries: Iterable[Entry], *, only_table: bool = False, separator: str = ",") -> str:
    """The units as CSV. `only_table` leaves out what the catalogue's table has no column for."""
    rows = [row for entry in entries for row in _rows(entry)]
    more = [] if only_table else [column for column in MORE_COLUMNS if any(row.get(column) for row in rows)]
    text = io.StringIO()
    writer = csv.DictWriter(
        text, [*TABLE_COLUMNS, *more], delimiter=separator, lineterminator="\n", extrasaction="ignore", restval=""
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read_table(
    data: bytes | str,
    *,
    iri_of: Addresses,
    qualification: str,
    catalogue: str,
    version: str = "1",
    titles: Mapping[str, str] | None = None,
) -> Imported:
    """The units of a CSV, in the order of their first rows; rows are numbered as a spreadsheet does, its head is 1.

    `version` and `titles`, by number, are for a table that gives none; without any title a unit is called by its
    responsibility. Raises MalformedDocument for what is no table of this kind at all.
    """
    reader = csv.DictReader(io.StringIO(_text(data), newline=""), delimiter=_separator(data), strict=True)
    units: dict[tuple[str, str], _Unit] = {}
    findings: list[RowFinding] = []
    try:
        _must_have_columns(reader.fieldnames)
        current: dict[str, str] = {}
        for number, row in enumerate(reader, start=2):
            name = (row.get("ULO") or "").strip()
            if not any(cell.strip() for cell in row.values() if isinstance(cell, str)):
                continue
            if not name:
                findings.append(
                    RowFinding(number, "ULO", "the row says of no unit that it belongs to it", "give the unit's number")
                )
                continue
            current[name] = (row.get("Versie") or "").strip() or current.get(name, version)
            unit = units.setdefault((name, current[name]), _Unit(name, current[name], number))
            unit.add(number, row)
    except csv.Error as error:
        raise MalformedDocument(f"this is no CSV: row {reader.line_num}: {error}") from error
    entries = []
    for unit in units.values():
        made = unit.entry(iri_of, qualification, catalogue, titles or {})
        if made is not None:
            entries.append(made)
        findings += unit.findings
    return Imported(tuple(entries), tuple(sorted(findings, key=lambda one: one.row)))


class _Unit:
    """The rows of one unit, and what is amiss with them."""

    def __init__(self, number: str, version: str, first_row: int) -> None:
        self.number, self.version, self.first_row = number, version, first_row
        self.components: list[JsonObject] = []
        self.members: JsonObject = {}
        self.statements: dict[str, dict[str, str]] = {}
        self.findings: list[RowFinding] = []

    def add(self, row_number: int, row: Mapping[str | None, Any]) -> None:
        """One row more."""
        if None in row:
            self._amiss(row_number, "", "the row has more cells than the table has columns", "quote cells with commas")
            return
        cells = {str(column): (cell or "").strip() for column, cell in row.items()}
        parts: JsonObject = {"code": cells["Code"]}
        for column, field in COLUMNS.items():
            if field != "code" and cells[column]:
                parts[_JSON_NAMES[field]] = cells[column]
        if cells[_REQUIREMENT]:
            parts["ruleRequirements"] = [cells[_REQUIREMENT]]
        for columns, target in ((_OF_COMPONENT, parts), (_OF_UNIT, self.members)):
            for column, member in columns.items():
                if cells.get(column):
                    self._put(row_number, column, cells[column], target, member)
        for language, statement in parts.pop("translations", {}).items():
            self.statements.setdefault(language, {})[cells["Code"]] = statement
        try:
            # Each component by itself, so that what is amiss is told of its row.
            component_from_json(parts, ulo_iri="urn:x")
        except MalformedDocument as error:
            field = _column_of(error.path)
            self._amiss(row_number, field, str(error), _MENDS.get(field, "mend the cell and import again"))
        self.components.append(parts)

    def entry(self, iri_of: Addresses, qualification: str, catalogue: str, titles: Mapping[str, str]) -> Entry | None:
        """The unit; None when something is amiss with it."""
        if self.findings:
            return None
        members = dict(self.members)
        rubric = members.pop("rubric", [])
        if self.statements:
            names = members.pop("translations", {})
            members["translations"] = {
                language: {"title": names.get(language, ""), "statements": statements}
                for language, statements in self.statements.items()
            }
        members["version"] = self.version
        document = {"components": self.components, **members}
        document.setdefault("title", titles.get(self.number) or _title_of(self.components) or self.number)
        try:
            ulo = ulo_from_json(
                document,
                iri=iri_of(self.number, self.version),
                number=self.number,
                qualification=qualification,
                catalogue=catalogue,
            )
            return Entry(ulo, rubric_from_json(rubric))
        except MalformedDocument as error:
            self._amiss(self.first_row, _column_of(error.path), str(error), "complete the unit and import it again")
            return None

    def _put(self, row_number: int, column: str, cell: str, target: JsonObject, member: str) -> None:
        try:
            value: Any = cell
            if column in _JSON_COLUMNS:
                value = json.loads(cell)
            elif member == "requiredSkillLevel":
                value = int(cell)
        except ValueError as error:
            self._amiss(row_number, column, f"not of its kind: {error}", _MENDS.get(column, "write it as JSON"))
            return
        target[member] = value

    def _amiss(self, row_number: int, field: str, finding: str, mend: str) -> None:
        self.findings.append(RowFinding(row_number, field, finding, mend, self.number))


_JSON_NAMES: Final = {
    "verb": "verb",
    "object": "object",
    "preposition": "preposition",
    "context": "context",
    "conjugated_verb": "conjugatedVerb",
}
_MENDS: Final = {
    "Code": "write RO, VO or KO and three digits, each code once in a unit",
    "Vereist niveau": "write a number from 1 to 5, or leave it empty",
    "Verwijzingen": "write a JSON list of references, each with framework, iri and label",
    "Object van het werkwoord": "say what it is about",
}


def _rows(entry: Entry) -> list[dict[str, Any]]:
    ulo = entry.ulo
    whole = ulo_to_json(ulo)
    rows = []
    for position, component in enumerate(ulo.components):
        row: dict[str, Any] = {"ULO": ulo.number}
        row |= {column: getattr(component, field) for column, field in COLUMNS.items()}
        row[_REQUIREMENT] = "; ".join(component.rule_requirements)
        row |= _more_of_component(component, ulo)
        if position == 0:
            row |= _more_of_unit(entry, whole)
        rows.append(row)
    return rows


def _more_of_component(component: Component, ulo: Ulo) -> dict[str, Any]:
    parts = component_parts(component)
    said = {one.language: one.statement(component.code) for one in ulo.translations}
    values = {
        "statement": parts.get("statement", ""),
        "requiredSkillLevel": parts.get("requiredSkillLevel", ""),
        "bloom": parts.get("bloom", ""),
        "ruleRequirements": parts["ruleRequirements"] if len(component.rule_requirements) > 1 else None,
        "references": [reference_to_json(reference) for reference in component.references],
        "translations": said,
    }
    return {column: _cell(column, values[member]) for column, member in _OF_COMPONENT.items()}


def _more_of_unit(entry: Entry, whole: JsonObject) -> dict[str, Any]:
    ulo = entry.ulo
    values = {
        **whole,
        "version": "" if ulo.version == "1" else ulo.version,
        "title": "" if ulo.title == default_title(ulo.components) else ulo.title,
        "language": "" if ulo.language == "nl" else ulo.language,
        "translations": {one.language: one.title for one in ulo.translations},
        "rubric": rubric_to_json(entry.rubric),
    }
    return {column: _cell(column, values.get(member, "")) for column, member in _OF_UNIT.items()}


def _cell(column: str, value: Any) -> Any:  # JSON
    if not value:
        return ""
    return json.dumps(value, ensure_ascii=False) if column in _JSON_COLUMNS else value


def _title_of(components: Sequence[JsonObject]) -> str:
    responsible = [one for one in components if str(one["code"]).startswith(LearningDomain.RESPONSIBILITY)]
    return default_title([component_from_json(one, ulo_iri="urn:x") for one in responsible])


def _text(data: bytes | str) -> str:
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise MalformedDocument("this is not UTF-8: save the table as CSV in UTF-8") from error
    if "\0" in data:
        raise MalformedDocument("this is no CSV: it has NUL characters")
    return data.removeprefix("\ufeff")


def _separator(data: bytes | str) -> str:
    head = _text(data).partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _must_have_columns(found: Sequence[str] | None) -> None:
    missing = [column for column in TABLE_COLUMNS if column not in (found or ())]
    if missing:
        raise MalformedDocument(f"the table lacks the columns: {', '.join(missing)}")
    unknown = [column for column in found or () if column and column not in {*TABLE_COLUMNS, *MORE_COLUMNS}]
    if unknown:
        # Nothing is lost in silence.
        raise MalformedDocument(f"the table has columns that are not known here: {', '.join(unknown)}")


def _column_of(path: str) -> str:
    """The column that a JSON path stands for; empty when it is none in particular."""
    member = path.removeprefix("$.").partition(".")[0].partition("[")[0]
    return _BY_MEMBER.get(member, "")


_BY_MEMBER: Final = {
    **{member: column for column, member in _OF_UNIT.items()},
    **{_JSON_NAMES.get(field, field): column for column, field in COLUMNS.items()},
    **{member: column for column, member in _OF_COMPONENT.items()},
    "components": "Code",
}
