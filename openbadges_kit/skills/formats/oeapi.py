"""Units as learning outcomes of the Open Education API, version 6: https://openonderwijsapi.nl/

A unit is a learning outcome, and its components are learning outcomes below it. What the specification has no member
for stands in `ext`, under `ulo`, so that a unit comes back as it went; whoever does not read that finds codes, names,
descriptions, fields of study and levels of Bloom where the specification has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.formats.plain_json import entry_from_json, entry_to_json
from openbadges_kit.skills.formats.report import Addresses, Imported, RowFinding
from openbadges_kit.skills.frameworks import Framework, FrameworkReference
from openbadges_kit.skills.qualification import Entry
from openbadges_kit.skills.ulo import BloomLevel, Component, Ulo
from openbadges_kit.skills.ulo_json import component_to_json

__all__ = ["learning_outcome_id", "learning_outcomes", "read_learning_outcomes"]

# The specification's list has no code of a learning outcome; `identifier` is its general one, and `x-` its own way out.
_CODE_TYPE: Final = "identifier"
_IRI_TYPE: Final = "x-iri"
_DESCRIPTIONS: Final = {
    "RO": {"nl": "Verantwoordelijkheid", "en": "Responsibility"},
    "VO": {"nl": "Vaardigheid", "en": "Skill"},
    "KO": {"nl": "Kennis", "en": "Knowledge"},
}


def learning_outcome_id(iri: str) -> str:
    """The UUID of a unit or a component: it follows from the IRI, so that it is the same wherever it is made."""
    return str(uuid5(NAMESPACE_URL, iri))


def learning_outcomes(entries: Iterable[Entry]) -> list[JsonObject]:
    """The learning outcomes of the units, each unit before its components."""
    found = []
    for entry in entries:
        found.append(_of_unit(entry))
        found += [_of_component(component, entry.ulo) for component in entry.ulo.components]
    return found


def read_learning_outcomes(
    items: object, *, iri_of: Addresses, qualification: str = "", catalogue: str = ""
) -> Imported:
    """The units of a list of learning outcomes, or of a page of them (`items`).

    Of others than this library's, what has parents is a component, and its domain follows from its code or its
    description. Raises MalformedDocument for what is no list; what is amiss with one unit leaves the rest.
    """
    if isinstance(items, dict):
        items = items.get("items")
    if not isinstance(items, list):
        raise MalformedDocument("should be a list of learning outcomes, or an object with items", path="$.items")
    by_parent: dict[str, list[JsonObject]] = {}
    units: list[tuple[int, JsonObject]] = []
    findings = []
    for position, item in enumerate(items, start=1):
        if not isinstance(item, dict) or not isinstance(item.get("primaryCode"), dict):
            findings.append(RowFinding(position, "primaryCode", "is no learning outcome", "give it a primaryCode"))
            continue
        parents = item.get("parentIds") or []
        if not parents:
            units.append((position, item))
        for parent in parents if isinstance(parents, list) else []:
            by_parent.setdefault(str(parent), []).append(item)
    entries = []
    for position, item in units:
        try:
            parts = by_parent.get(str(item.get("learningOutcomeId")), [])
            entries.append(_entry(item, parts, iri_of, qualification, catalogue))
        except MalformedDocument as error:
            code = str(item["primaryCode"].get("code", ""))
            field = error.path.removeprefix("$").removeprefix(".")
            findings.append(RowFinding(position, field, str(error), "mend the learning outcome", code))
    return Imported(tuple(entries), tuple(sorted(findings, key=lambda one: one.row)))


def _of_unit(entry: Entry) -> JsonObject:
    ulo = entry.ulo
    names = [(ulo.language, ulo.title), *((one.language, one.title) for one in ulo.translations)]
    responsibility = ulo.responsibility.code
    said = [(ulo.language, ulo.sentence), *((one.language, one.statement(responsibility)) for one in ulo.translations)]
    outcome = {
        "learningOutcomeId": learning_outcome_id(ulo.iri),
        "primaryCode": {"codeType": _CODE_TYPE, "code": ulo.number},
        "name": _typed(names),
        "description": _typed(said),
        "parentIds": [],
        "childIds": [learning_outcome_id(component.iri) for component in ulo.components],
        "otherCodes": _codes(ulo.iri, ulo.references),
        "ext": {"ulo": {name: value for name, value in entry_to_json(entry).items() if name != "components"}},
    }
    fields = [one.code for one in ulo.references if one.framework is Framework.ISCED_F]
    if fields:
        outcome["fieldsOfStudy"] = fields[0]
    return outcome | _complexity(ulo.bloom)


def _of_component(component: Component, ulo: Ulo) -> JsonObject:
    said = [(ulo.language, component.sentence)]
    said += [(one.language, one.statement(component.code)) for one in ulo.translations]
    kinds = _DESCRIPTIONS[component.domain].items()
    return {
        "learningOutcomeId": learning_outcome_id(component.iri),
        "primaryCode": {"codeType": _CODE_TYPE, "code": f"{ulo.number}/{component.code}"},
        "name": _typed(said),
        "description": _typed(kinds),
        "parentIds": [learning_outcome_id(ulo.iri)],
        "childIds": [],
        "otherCodes": _codes(component.iri, component.references),
        "ext": {"ulo": component_to_json(component, ulo)},
    } | _complexity(component.bloom)


def _entry(item: JsonObject, parts: list[JsonObject], iri_of: Addresses, qualification: str, catalogue: str) -> Entry:
    own = item.get("ext") or {}
    unit: JsonObject = dict(own.get("ulo", {})) if isinstance(own, dict) else {}
    unit.setdefault("number", str(item["primaryCode"].get("code", "")))
    unit.setdefault("version", "1")
    unit.setdefault("qualification", qualification)
    unit.setdefault("catalogue", catalogue)
    language, title = _first_text(item, "name", str(unit.get("language", "")))
    unit.setdefault("language", language)
    unit["title"] = title
    if "bloom" not in unit:
        unit |= _bloom_of(item)
    counts: dict[str, int] = {}
    unit["components"] = [_component(part, str(unit["language"]), counts) for part in parts]
    return entry_from_json({name: value for name, value in unit.items() if name != "iri"}, iri_of=iri_of)


def _component(part: JsonObject, language: str, counts: dict[str, int]) -> JsonObject:
    own = part.get("ext") or {}
    component: JsonObject = dict(own.get("ulo", {})) if isinstance(own, dict) else {}
    _, said = _first_text(part, "name", language)
    if component:
        # What somebody changed in the name is what holds.
        return component | ({} if _sentence(component) == said else {"statement": said})
    code = str(part["primaryCode"].get("code", "")).rpartition("/")[2]
    prefix = code[:2] if code[:2] in _DESCRIPTIONS else _kind_of(part)
    if not prefix:
        raise MalformedDocument(
            f"the learning outcome {code!r} is neither responsibility, skill nor knowledge: its code or description "
            "says nothing of it",
            path="$.description",
        )
    counts[prefix] = counts.get(prefix, 0) + 1
    made = code if code[:2] == prefix and len(code) == len("RO001") else f"{prefix}{counts[prefix]:03}"
    return {"code": made, "statement": said} | _bloom_of(part)


def _sentence(component: JsonObject) -> str:
    if component.get("statement"):
        return str(component["statement"])
    names = ("verb", "object", "preposition", "context", "conjugatedVerb")
    parts = [str(component.get(name, "")) for name in names]
    parts += [f"conform {requirement}" for requirement in component.get("ruleRequirements", [])]
    return " ".join(part.strip() for part in parts if part.strip())


def _kind_of(part: JsonObject) -> str:
    texts = {str(one.get("value", "")).lower() for one in part.get("description") or [] if isinstance(one, dict)}
    for prefix, names in _DESCRIPTIONS.items():
        if texts & {name.lower() for name in names.values()}:
            return prefix
    return ""


def _first_text(item: JsonObject, member: str, language: str) -> tuple[str, str]:
    texts = [one for one in item.get(member) or [] if isinstance(one, dict) and isinstance(one.get("value"), str)]
    if not texts:
        raise MalformedDocument("should be a list of texts, each with language and value", path=f"$.{member}")
    found = next((one for one in texts if one.get("language") == language), texts[0])
    return str(found.get("language", "nl")).partition("-")[0], found["value"]


def _typed(texts: Iterable[tuple[str, str]]) -> list[JsonObject]:
    return [{"language": language, "value": text} for language, text in texts]


def _codes(iri: str, references: Iterable[FrameworkReference]) -> list[JsonObject]:
    codes = [{"codeType": _IRI_TYPE, "code": iri}]
    for reference in references:
        kind = "".join(letter for letter in str(reference.framework).lower() if letter.isalnum())
        codes.append({"codeType": f"x-{kind}", "code": reference.iri})
    return codes


def _complexity(bloom: BloomLevel | None) -> JsonObject:
    return {"complexityLevel": bloom.key} if bloom is not None else {}


def _bloom_of(item: JsonObject) -> dict[str, Any]:
    keys = {level.key: level.name.lower() for level in BloomLevel}
    found = keys.get(str(item.get("complexityLevel")))
    return {"bloom": found} if found else {}
