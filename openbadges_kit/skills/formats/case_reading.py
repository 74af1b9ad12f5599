"""Packages of CASE 1.1 read as units of learning outcomes: those of this library whole, those of others as they fit.

In a package of others a unit is what has responsibilities, skills or knowledge below it, by their CFItemType. What is
none of these is told in the report, and left.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.formats.case import ITEM_TYPES, UNIT_TYPE
from openbadges_kit.skills.formats.plain_json import entry_from_json
from openbadges_kit.skills.formats.report import Addresses, Imported, RowFinding
from openbadges_kit.skills.frameworks import Framework, SkosMatch
from openbadges_kit.skills.qualification import Entry, Qualification
from openbadges_kit.timestamps import parse_timestamp

__all__ = ["qualification_from_case", "read_case_package"]

_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_PREFIXES: Final = {
    **{name.lower(): str(domain) for domain, name in ITEM_TYPES.items()},
    "verantwoordelijkheid": "RO",
    "vaardigheid": "VO",
    "competency": "VO",
    "kennis": "KO",
}
_CODE: Final = re.compile(r"(?:.*/)?((?:RO|VO|KO)[0-9]{3})")
_SKILL_LEVEL: Final = re.compile(r".*skill-level-([1-5])")


def qualification_from_case(package: JsonObject) -> Qualification:
    """The qualification of a package of this library, whole. Raises MalformedDocument for what is amiss."""
    imported = read_case_package(package)
    for finding in imported.findings:
        raise MalformedDocument(f"item {finding.row}: {finding.finding}", path=f"$.CFItems[{finding.row - 1}]")
    document = package["CFDocument"]
    own = _own(document)
    return Qualification(
        iri=document["uri"],
        title=document["title"],
        catalogue=own.get("catalogue", document.get("description", "")),
        owner=document["creator"],
        changed=parse_timestamp(document["lastChangeDateTime"], path="$.CFDocument.lastChangeDateTime"),
        entries=imported.entries,
        language=document.get("language", "nl"),
        texts=tuple(own.get("texts", {}).items()),
        **{name: own.get(name, "") for name in ("licence", "scheme", "source")},
        is_example=own.get("isExample") is True,
    )


def read_case_package(
    package: object, *, iri_of: Addresses | None = None, qualification: str = "", catalogue: str = ""
) -> Imported:
    """The units of a CFPackage; `iri_of` gives them other addresses than their own.

    Raises MalformedDocument for what is no package at all; what is amiss with one unit leaves the rest.
    """
    if isinstance(package, dict) and isinstance(package.get("CFPackage"), dict):
        package = package["CFPackage"]
    if not isinstance(package, dict) or not isinstance(package.get("CFDocument"), dict):
        raise MalformedDocument("should be a CFPackage, with a CFDocument", path="$.CFDocument")
    return _Reader(package, iri_of, qualification, catalogue).read()


class _Reader:
    """One package, with what points at what."""

    def __init__(self, package: JsonObject, iri_of: Addresses | None, qualification: str, catalogue: str) -> None:
        document = package["CFDocument"]
        self.iri_of = iri_of
        self.qualification = qualification or str(document.get("title", ""))
        self.catalogue = catalogue or str(_own(document).get("catalogue", document.get("description", "")))
        self.items = [one for one in as_list(package.get("CFItems")) if isinstance(one, dict)]
        self.by_id = {str(one.get("identifier")): one for one in self.items}
        self.rows = {str(one.get("identifier")): row for row, one in enumerate(self.items, start=1)}
        self.children: dict[str, list[tuple[int, JsonObject]]] = defaultdict(list)
        self.translations: dict[str, list[JsonObject]] = defaultdict(list)
        self.others: dict[str, list[JsonObject]] = defaultdict(list)
        self.translated: set[str] = set()
        self.findings: list[RowFinding] = []
        for association in as_list(package.get("CFAssociations")):
            if isinstance(association, dict):
                self._sort_in(association)
        self.criteria = self._criteria(package)

    def read(self) -> Imported:
        """The units, and what was left."""
        entries = []
        for item in self.items:
            identifier = str(item.get("identifier"))
            if identifier in self.translated or self._prefix(item):
                continue
            if not any(self._prefix(child) for _, child in self.children[identifier]):
                if item.get("CFItemType") == UNIT_TYPE or not self.children[identifier]:
                    self._amiss(item, "CFItemType", "the item is no unit: nothing of a unit is below it")
                continue
            try:
                entries.append(self._entry(item))
            except MalformedDocument as error:
                self._amiss(item, error.path.removeprefix("$").removeprefix("."), str(error))
        self._look_for_orphans()
        return Imported(tuple(entries), tuple(sorted(self.findings, key=lambda one: one.row)))

    def _sort_in(self, association: JsonObject) -> None:
        origin = _identifier(association.get("originNodeURI"))
        destination = _identifier(association.get("destinationNodeURI"))
        match association.get("associationType"):
            case "isChildOf" if origin in self.by_id:
                place = association.get("sequenceNumber")
                order = place if isinstance(place, int) else len(self.children[destination]) + 1
                self.children[destination].append((order, self.by_id[origin]))
            case "isTranslationOf" if origin in self.by_id:
                self.translations[destination].append(self.by_id[origin])
                self.translated.add(origin)
            case _:
                self.others[origin].append(association)

    def _criteria(self, package: JsonObject) -> dict[str, list[JsonObject]]:
        """By the identifier of an item, the criteria by which it is judged."""
        found: dict[str, list[JsonObject]] = defaultdict(list)
        for rubric in as_list(package.get("CFRubrics")):
            for criterion in as_list(rubric.get("CFRubricCriteria")) if isinstance(rubric, dict) else []:
                if isinstance(criterion, dict):
                    found[_identifier(criterion.get("CFItemURI"))].append(criterion)
        return found

    def _entry(self, item: JsonObject) -> Entry:
        identifier = str(item["identifier"])
        unit: JsonObject = dict(_own(item))
        ours = bool(unit)
        unit.setdefault("iri", str(item.get("uri", "")))
        unit.setdefault("number", str(item.get("humanCodingScheme") or ""))
        unit.setdefault("version", "1")
        unit.setdefault("language", str(item.get("language") or "nl").partition("-")[0])
        if self.iri_of is not None:
            unit |= {"qualification": self.qualification, "catalogue": self.catalogue}
        unit.setdefault("qualification", self.qualification)
        unit.setdefault("catalogue", self.catalogue)
        unit["title"] = str(item.get("abbreviatedStatement") or item.get("fullStatement") or "")
        ordered = sorted(self.children[identifier], key=lambda child: child[0])
        parts = [(self._component(child, position), child) for position, (_, child) in enumerate(ordered, start=1)]
        unit["components"] = [component for component, _ in parts]
        if not ours:
            unit["references"] = self._references(item)
            unit["translations"] = self._translations(item, parts)
        judged = [(one, part) for part, child in parts for one in self._judged_by(child)]
        if judged:
            judged.sort(key=lambda pair: pair[0].get("position") or 0)
            unit["rubric"] = [self._criterion(one, part) for one, part in judged]
        return entry_from_json(unit, iri_of=self.iri_of)

    def _component(self, child: JsonObject, position: int) -> JsonObject:
        said = str(child.get("fullStatement") or "")
        own: JsonObject = dict(_own(child))
        if own:
            # What somebody changed in the statement is what holds.
            return own if _sentence(own) == said else own | {"statement": said}
        prefix = self._prefix(child)
        if not prefix:
            raise MalformedDocument(
                f"{child.get('humanCodingScheme') or said!r} is neither responsibility, skill nor knowledge",
                path="$.CFItemType",
            )
        code = _CODE.fullmatch(str(child.get("humanCodingScheme") or ""))
        made = code[1] if code and code[1].startswith(prefix) else f"{prefix}{position:03}"
        component: JsonObject = {"code": made, "statement": said, "references": self._references(child)}
        level = self._level(child)
        return component | ({"requiredSkillLevel": level} if level else {})

    def _references(self, item: JsonObject) -> list[JsonObject]:
        found = self._origin(item)
        for association in self.others[str(item["identifier"])]:
            destination = association.get("destinationNodeURI") or {}
            word = association.get("associationType")
            iri = str(destination.get("uri", ""))
            if word not in {"exactMatchOf", "isRelatedTo"} or not iri:
                continue
            said = _own(association).get("match", "")
            framework = _framework(str(destination.get("targetType", "")))
            if framework in {Framework.EQF, Framework.NLQF}:
                # Not what the unit says is amiss, but what is claimed of it: the unit comes in without it.
                self._amiss(item, "CFAssociations", f"a level of {framework} is claimed without its registration")
                continue
            match = str(said).removeprefix(_SKOS) or ("exactMatch" if word == "exactMatchOf" else "relatedMatch")
            found.append(
                {
                    "framework": framework,
                    "iri": iri,
                    "code": str(destination.get("identifier", "")),
                    "label": str(destination.get("title") or iri),
                    "match": match if _SKOS + match in set(SkosMatch) else "relatedMatch",
                }
            )
        return found

    def _origin(self, item: JsonObject) -> list[JsonObject]:
        """Where an item of others comes from, which under addresses of our own would be forgotten."""
        iri = str(item.get("uri", ""))
        if self.iri_of is None or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$", iri):
            return []
        label = str(item.get("abbreviatedStatement") or item.get("fullStatement") or iri)
        return [
            {"framework": str(Framework.CASE), "iri": iri, "code": str(item["identifier"]), "label": label,
             "match": "exactMatch"}
        ]  # fmt: skip

    def _level(self, item: JsonObject) -> int | None:
        for association in self.others[str(item["identifier"])]:
            iri = str((association.get("destinationNodeURI") or {}).get("uri", ""))
            if association.get("associationType") == "hasSkillLevel" and (found := _SKILL_LEVEL.fullmatch(iri)):
                return int(found[1])
        return None

    def _translations(self, item: JsonObject, parts: list[tuple[JsonObject, JsonObject]]) -> JsonObject:
        """The other languages into which the unit and every one of its components was translated."""
        found: JsonObject = {}
        for translation in self.translations[str(item["identifier"])]:
            language = str(translation.get("language") or "").partition("-")[0]
            statements = {
                component["code"]: str(other.get("fullStatement") or "")
                for component, child in parts
                for other in self.translations[str(child["identifier"])]
                if str(other.get("language") or "").partition("-")[0] == language
            }
            title = translation.get("abbreviatedStatement") or translation.get("fullStatement")
            if language and len(statements) == len(parts):
                found[language] = {"title": str(title or ""), "statements": statements}
        return found

    def _judged_by(self, child: JsonObject) -> list[JsonObject]:
        return self.criteria.get(str(child["identifier"]), [])

    def _criterion(self, criterion: JsonObject, component: JsonObject) -> JsonObject:
        levels = sorted(
            (one for one in as_list(criterion.get("CFRubricCriterionLevels")) if isinstance(one, dict)),
            key=lambda one: one.get("position") or 0,
        )
        made = []
        for place, level in enumerate(levels, start=1):
            own: JsonObject = next((one["ulo"] for one in as_list(level.get("extensions")) if "ulo" in one), {})
            entry = {
                "key": str(own.get("key") or f"level-{place}"),
                "name": str(level.get("quality") or f"{place}"),
                "description": str(level.get("description") or ""),
                "points": str(own.get("points") or level.get("score") or ""),
            }
            made.append(entry)
        required = _own(criterion).get("requiredLevel") or (made[-1]["key"] if made else "")
        return {"component": component["code"], "required_level": required, "levels": made}

    def _look_for_orphans(self) -> None:
        below = {str(child.get("identifier")) for children in self.children.values() for _, child in children}
        below |= self.translated
        for item in self.items:
            identifier = str(item.get("identifier"))
            if self._prefix(item) and identifier not in below:
                self._amiss(item, "CFAssociations", "the component belongs to no unit")

    def _prefix(self, item: JsonObject) -> str:
        return _PREFIXES.get(str(item.get("CFItemType") or "").strip().lower(), "")

    def _amiss(self, item: JsonObject, field: str, finding: str) -> None:
        row = self.rows.get(str(item.get("identifier")), 0)
        unit = str(item.get("humanCodingScheme") or "")
        self.findings.append(RowFinding(row, field, finding, "mend the item and import again", unit))


def _own(node: JsonObject) -> JsonObject:
    extensions = node.get("extensions")
    own = extensions.get("ulo") if isinstance(extensions, dict) else None
    return own if isinstance(own, dict) else {}


def _identifier(link: Any) -> str:  # JSON
    return str(link.get("identifier", "")) if isinstance(link, dict) else ""


def _framework(target: str) -> str:
    for framework in Framework:
        if target == "ext:" + "".join(letter for letter in framework if letter.isalnum()):
            return str(framework)
    return str(Framework.CASE)


def _sentence(component: JsonObject) -> str:
    if component.get("statement"):
        return str(component["statement"])
    parts = [component.get(name, "") for name in ("verb", "object", "preposition", "context", "conjugatedVerb")]
    parts += [f"conform {requirement}" for requirement in component.get("ruleRequirements", [])]
    return " ".join(str(part).strip() for part in parts if str(part).strip())
