"""A qualification as plain JSON of our own: everything that there is, under the names that the library has for it."""

from __future__ import annotations

from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.formats.report import Addresses, Imported, RowFinding
from openbadges_kit.skills.qualification import Entry, Qualification, Standing, rubric_from_json, rubric_to_json
from openbadges_kit.skills.ulo_json import ulo_from_json, ulo_to_json
from openbadges_kit.timestamps import format_timestamp, parse_timestamp

__all__ = [
    "FORMAT",
    "entry_from_json",
    "entry_to_json",
    "qualification_from_json",
    "qualification_to_json",
    "read_units",
]

FORMAT: Final = "skills-catalogue-1"
"""The version of this form, in `format`."""


def qualification_to_json(qualification: Qualification) -> JsonObject:
    """The qualification as JSON."""
    return {
        "format": FORMAT,
        "iri": qualification.iri,
        "title": qualification.title,
        "texts": dict(qualification.texts),
        "catalogue": qualification.catalogue,
        "owner": qualification.owner,
        "language": qualification.language,
        "licence": qualification.licence,
        "scheme": qualification.scheme,
        "source": qualification.source,
        "isExample": qualification.is_example,
        "changed": format_timestamp(qualification.changed),
        "units": [entry_to_json(entry) for entry in qualification.entries],
    }


def entry_to_json(entry: Entry) -> JsonObject:
    """A version of a unit, with its rubric and how it stands."""
    document = ulo_to_json(entry.ulo)
    if entry.rubric:
        document["rubric"] = rubric_to_json(entry.rubric)
    if entry.standing is not Standing.PUBLISHED:
        document["standing"] = str(entry.standing)
    if entry.replaced_by:
        document["replacedBy"] = entry.replaced_by
    return document


def qualification_from_json(document: JsonObject) -> Qualification:
    """The qualification of its JSON, whole. Raises MalformedDocument for the first thing that is amiss."""
    imported = read_units(document)
    for finding in imported.findings:
        raise MalformedDocument(finding.finding, path=f"$.units[{finding.row - 1}]{finding.field}")
    texts = document.get("texts", {})
    if not isinstance(texts, dict):
        raise MalformedDocument("should be an object of languages", path="$.texts")
    return Qualification(
        **{name: _text(document, name) for name in ("iri", "title", "catalogue", "owner")},
        changed=parse_timestamp(document.get("changed"), path="$.changed"),
        entries=imported.entries,
        language=document.get("language", "nl"),
        texts=tuple(texts.items()),
        **{name: document.get(name, "") for name in ("licence", "scheme", "source")},
        is_example=document.get("isExample") is True,
    )


def read_units(document: object, *, iri_of: Addresses | None = None) -> Imported:
    """The units of the JSON; `iri_of` gives them other addresses than their own.

    Raises MalformedDocument for what is not of this form at all; what is amiss with one unit leaves the rest.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise MalformedDocument(f"should be an object with format {FORMAT!r}", path="$.format")
    units = document.get("units")
    if not isinstance(units, list):
        raise MalformedDocument("should be a list", path="$.units")
    entries, findings = [], []
    for position, unit in enumerate(units, start=1):
        try:
            entries.append(entry_from_json(unit, iri_of=iri_of))
        except MalformedDocument as error:
            number = unit.get("number") if isinstance(unit, dict) else ""
            findings.append(
                RowFinding(position, error.path.removeprefix("$"), str(error), "mend the member", str(number or ""))
            )
    return Imported(tuple(entries), tuple(findings))


def entry_from_json(unit: object, *, iri_of: Addresses | None = None) -> Entry:
    """A version of a unit. Raises MalformedDocument with the JSON path in it."""
    if not isinstance(unit, dict):
        raise MalformedDocument("should be an object")
    members = dict(unit)
    rubric = members.pop("rubric", [])
    standing = members.pop("standing", str(Standing.PUBLISHED))
    replaced_by = members.pop("replacedBy", "")
    if standing not in set(Standing):
        raise MalformedDocument(f"should be one of: {', '.join(Standing)}", path="$.standing")
    if not isinstance(rubric, list):
        raise MalformedDocument("should be a list", path="$.rubric")
    given = {}
    if iri_of is not None:
        given["iri"] = iri_of(str(members.get("number")), str(members.get("version")))
        members["components"] = [_without_iri(one) for one in as_list(members.get("components"))]
    ulo = ulo_from_json(members, **given)
    try:
        return Entry(ulo, rubric_from_json(rubric), Standing(standing), replaced_by)
    except MalformedDocument as error:
        raise MalformedDocument(str(error), path="$.rubric") from error


def _without_iri(component: object) -> object:
    """Under other addresses a component's follows from its unit's."""
    if not isinstance(component, dict):
        return component
    return {name: value for name, value in component.items() if name != "iri"}


def _text(document: JsonObject, name: str) -> Any:
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        raise MalformedDocument("should be a text, and one that says something", path=f"$.{name}")
    return value
