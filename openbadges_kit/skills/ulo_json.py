"""A unit of learning outcomes as plain JSON: every part of it, and nothing that is not known.

What is unknown is refused and not passed over: a member that nobody reads is one that its author believes in. Members
for hours, places and teachers are refused with their reason, because they belong to a course (R01).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import child
from openbadges_kit.skills.frameworks import Framework, FrameworkReference, Registration, SkosMatch
from openbadges_kit.skills.levels import SkillLevel
from openbadges_kit.skills.ulo import BloomLevel, Component, Translation, Ulo
from openbadges_kit.timestamps import format_timestamp, parse_timestamp

__all__ = [
    "component_from_json",
    "component_parts",
    "component_to_json",
    "reference_from_json",
    "reference_to_json",
    "ulo_from_json",
    "ulo_to_json",
]

T = TypeVar("T")

_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_DELIVERY: Final = frozenset(
    {
        "date",
        "delivery",
        "duration",
        "endDate",
        "hours",
        "location",
        "mode",
        "price",
        "provider",
        "schedule",
        "startDate",
    }
    | {"teacher", "trainer", "venue"}
)
_PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "verb": "verb",
        "object": "object",
        "preposition": "preposition",
        "context": "context",
        "conjugatedVerb": "conjugated_verb",
        "statement": "statement",
    }
)
"""The texts of a component: their names in JSON and in `Component`."""


def ulo_to_json(ulo: Ulo) -> JsonObject:
    """The unit as JSON. What is empty is left out, and so is a component's IRI that follows from the unit's."""
    return _given(
        {
            "iri": ulo.iri,
            "number": ulo.number,
            "version": ulo.version,
            "title": ulo.title,
            "qualification": ulo.qualification,
            "catalogue": ulo.catalogue,
            "language": ulo.language,
            "tasks": list(ulo.tasks),
            "bloom": ulo.bloom.name.lower() if ulo.bloom else "",
            "components": [component_to_json(component, ulo) for component in ulo.components],
            "references": [reference_to_json(reference) for reference in ulo.references],
            "translations": {
                one.language: {"title": one.title, "statements": dict(one.statements)} for one in ulo.translations
            },
        }
    )


def component_parts(component: Component) -> JsonObject:
    """What a component is made of, without its code, its IRI and its references; what is empty is left out."""
    return _given(
        {
            **{name: getattr(component, field) for name, field in _PARTS.items()},
            "ruleRequirements": list(component.rule_requirements),
            "requiredSkillLevel": int(component.required_skill_level or 0),
            "bloom": component.bloom.name.lower() if component.bloom else "",
        }
    )


def reference_to_json(reference: FrameworkReference) -> JsonObject:
    """A reference to a framework as JSON; the match by its name in SKOS, `closeMatch`."""
    registration: JsonObject = {}
    if reference.registration is not None:
        until = reference.registration.until
        registration = {
            "number": reference.registration.number,
            **({"until": format_timestamp(until)} if until else {}),
            **({"formal": True} if reference.registration.formal else {}),
        }
    return _given(
        {
            "framework": str(reference.framework),
            "iri": reference.iri,
            "code": reference.code,
            "label": reference.label,
            "labelLanguage": reference.label_language,
            "description": reference.description,
            "match": reference.match.removeprefix(_SKOS) if reference.match else "",
            "registration": registration,
        }
    )


def ulo_from_json(document: object, *, path: str = "$", **given: str) -> Ulo:
    """The unit of its JSON. `given` are members that are known by other means, and take the place of what is written.

    Raises MalformedDocument with the JSON path of what is amiss: unknown, missing, or not of its kind.
    """
    reader = _Reader(document, path)
    texts: dict[str, Any] = {
        name: given.get(name) or reader.text(name) for name in ("iri", "number", "version", "title")
    }
    for name in given:
        reader.pass_over(name)
    ulo_iri = texts["iri"]
    values: dict[str, Any] = {
        "qualification": given.get("qualification") or reader.text("qualification", ""),
        "catalogue": given.get("catalogue") or reader.text("catalogue", ""),
        "language": reader.text("language", "nl"),
        "tasks": tuple(reader.texts("tasks")),
        "bloom": _bloom(reader),
        "components": tuple(
            reader.each("components", lambda one, at: component_from_json(one, ulo_iri=ulo_iri, path=at))
        ),
        "references": tuple(reader.each("references", lambda one, at: reference_from_json(one, path=at))),
        "translations": tuple(_translations(reader)),
    }
    reader.must_be_read()
    return _made(path, lambda: Ulo(**texts, **values))


def reference_from_json(document: object, *, path: str = "$") -> FrameworkReference:
    """The reference of its JSON. Raises MalformedDocument, also for a level that no register vouches for."""
    reader = _Reader(document, path)
    framework = reader.one_of("framework", {str(one): one for one in Framework})
    matches = {one.removeprefix(_SKOS): one for one in SkosMatch}
    values: dict[str, Any] = {
        "iri": reader.text("iri"),
        "code": reader.text("code", ""),
        "label": reader.text("label"),
        "description": reader.text("description", ""),
        "label_language": reader.text("labelLanguage", ""),
        "match": reader.one_of("match", matches) if reader.has("match") else None,
        "registration": _registration(reader),
    }
    reader.must_be_read()
    if framework in {Framework.EQF, Framework.NLQF} and values["registration"] is None:
        raise MalformedDocument(
            f"a level of {framework} is claimed only with its registration: number and until, or number and formal",
            path=child(path, "registration"),
        )
    return _made(path, lambda: FrameworkReference(framework, **values))


def component_to_json(component: Component, ulo: Ulo) -> JsonObject:
    """A component of the unit as JSON. What is empty is left out, and so is an IRI that follows from the unit's."""
    return _given(
        {
            "code": component.code,
            "iri": component.iri if component.iri != f"{ulo.iri}/{component.code}" else "",
            **component_parts(component),
            "references": [reference_to_json(reference) for reference in component.references],
        }
    )


def component_from_json(document: object, *, ulo_iri: str, path: str = "$") -> Component:
    """The component of its JSON. Its IRI is the unit's with its code, unless it is given. Raises MalformedDocument."""
    reader = _Reader(document, path)
    code = reader.text("code")
    level = reader.whole_number("requiredSkillLevel", 1, len(SkillLevel))
    values: dict[str, Any] = {
        **{field: reader.text(name, "") for name, field in _PARTS.items()},
        "rule_requirements": tuple(reader.texts("ruleRequirements")),
        "required_skill_level": None if level is None else SkillLevel(level),
        "bloom": _bloom(reader),
        "references": tuple(reader.each("references", lambda one, at: reference_from_json(one, path=at))),
    }
    iri = reader.text("iri", f"{ulo_iri}/{code}")
    reader.must_be_read()
    return _made(path, lambda: Component(code, iri, **values))


def _registration(reader: _Reader) -> Registration | None:
    if not reader.has("registration"):
        return None
    inner = _Reader(reader.take("registration"), child(reader.path, "registration"))
    number = inner.text("number")
    formal = inner.take("formal") is True if inner.has("formal") else False
    until = parse_timestamp(inner.take("until"), path=child(inner.path, "until")) if inner.has("until") else None
    inner.must_be_read()
    return _made(inner.path, lambda: Registration(number, until, formal))


def _translations(reader: _Reader) -> list[Translation]:
    found = []
    by_language = reader.take("translations") if reader.has("translations") else {}
    path = child(reader.path, "translations")
    if not isinstance(by_language, dict):
        raise MalformedDocument("should be an object of languages", path=path)
    for language, text in by_language.items():
        inner = _Reader(text, child(path, language))
        title = inner.text("title")
        statements = _Reader(inner.take("statements"), child(inner.path, "statements"))
        pairs = tuple((code, statements.text(code)) for code in list(statements.document))
        inner.must_be_read()
        found.append(Translation(language, title, pairs))
    return found


def _bloom(reader: _Reader) -> BloomLevel | None:
    return reader.one_of("bloom", {one.name.lower(): one for one in BloomLevel}) if reader.has("bloom") else None


def _given(members: JsonObject) -> JsonObject:
    return {name: value for name, value in members.items() if value}


def _made(path: str, make: Callable[[], T]) -> T:
    try:
        return make()
    except MalformedDocument as error:
        raise MalformedDocument(str(error), path=path + error.path.removeprefix("$")) from error


class _Reader:
    """Reads the members of an object, each once, and knows which were not read."""

    def __init__(self, document: object, path: str) -> None:
        if not isinstance(document, dict):
            raise MalformedDocument("should be an object", path=path)
        self.document: JsonObject = document
        self.path = path
        self._left = set(document)

    def has(self, name: str) -> bool:
        return name in self.document

    def pass_over(self, name: str) -> None:
        self._left.discard(name)

    def take(self, name: str) -> Any:  # JSON
        self._left.discard(name)
        return self.document.get(name)

    def text(self, name: str, otherwise: str | None = None) -> str:
        if name not in self.document and otherwise is not None:
            return otherwise
        value = self.take(name)
        if not isinstance(value, str) or (otherwise is None and not value.strip()):
            raise MalformedDocument("should be a text, and one that says something", path=child(self.path, name))
        return value

    def texts(self, name: str) -> list[str]:
        return [_text(one, at) for one, at in self._items(name)]

    def each(self, name: str, read: Callable[[object, str], T]) -> list[T]:
        return [read(one, at) for one, at in self._items(name)]

    def whole_number(self, name: str, least: int, most: int) -> int | None:
        value = self.take(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise MalformedDocument(f"should be a whole number from {least} to {most}", path=child(self.path, name))
        return value

    def one_of(self, name: str, values: Mapping[str, T]) -> T:
        value = self.take(name)
        if not isinstance(value, str) or value not in values:
            raise MalformedDocument(f"should be one of: {', '.join(values)}", path=child(self.path, name))
        return values[value]

    def must_be_read(self) -> None:
        """Raise MalformedDocument when a member is left that nobody read."""
        for name in sorted(self._left):
            why = (
                "how, where and with whom it is learnt belongs to the course, not to the learning outcome (R01)"
                if name in _DELIVERY
                else "is not known here; leave it out"
            )
            raise MalformedDocument(why, path=child(self.path, name))

    def _items(self, name: str) -> list[tuple[object, str]]:
        value = self.take(name)
        path = child(self.path, name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise MalformedDocument("should be a list", path=path)
        return [(one, child(path, position)) for position, one in enumerate(value)]


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise MalformedDocument("should be a text, and one that says something", path=path)
    return value
