"""A qualification of a skills catalogue: its units of learning outcomes, with their rubrics and how each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.achievement import RubricCriterion, RubricLevel
from openbadges_kit.skills.ulo import Component, LearningDomain, Ulo

__all__ = ["Entry", "Qualification", "Standing", "default_title", "rubric_from_json", "rubric_to_json"]

MAX_TITLE: Final = 200


class Standing(StrEnum):
    """How a version stands. Withdrawn, no badge is awarded for it any more; the badges that are there keep it."""

    PUBLISHED = "published"
    DEPRECATED = "deprecated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Entry:
    """A version of a unit in a qualification. `replaced_by` is the IRI of the version that followed it."""

    ulo: Ulo
    rubric: tuple[RubricCriterion, ...] = ()
    standing: Standing = Standing.PUBLISHED
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Qualification:
    """What a catalogue has under one title. `texts` are the title in other languages; `changed` is its last change.

    `licence` and `scheme` are texts or addresses; an example says in `is_example` that nobody recognises it.
    """

    iri: str
    title: str
    catalogue: str
    owner: str
    changed: datetime
    entries: tuple[Entry, ...] = ()
    language: str = "nl"
    texts: tuple[tuple[str, str], ...] = ()
    licence: str = ""
    scheme: str = ""
    source: str = ""
    is_example: bool = False

    def __post_init__(self) -> None:
        """Raise MalformedDocument when a version is there twice."""
        seen: set[str] = set()
        for entry in self.entries:
            if entry.ulo.iri in seen:
                raise MalformedDocument(f"ULO {entry.ulo.number} version {entry.ulo.version} is there twice")
            seen.add(entry.ulo.iri)


def default_title(components: Sequence[Component]) -> str:
    """The title of a unit whose source gives none: its responsibility, with a capital."""
    sentence = next((one.sentence for one in components if one.domain is LearningDomain.RESPONSIBILITY), "")
    title = " ".join((sentence[:1].upper() + sentence[1:]).split())
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1].rstrip() + "…"


def rubric_to_json(rubric: Sequence[RubricCriterion]) -> list[dict[str, Any]]:
    """A rubric as JSON. What is empty is left out."""
    return [
        {
            "component": criterion.component,
            "required_level": criterion.required_level,
            "levels": [
                {
                    name: text
                    for name in ("key", "name", "description", "points")
                    if (text := getattr(level, name)) or name in {"key", "name"}
                }
                for level in criterion.levels
            ],
        }
        for criterion in rubric
    ]


def rubric_from_json(rubric: Sequence[Mapping[str, Any]]) -> tuple[RubricCriterion, ...]:
    """A rubric of its JSON. Raises MalformedDocument when it has another form, or a required level is none of it."""
    try:
        return tuple(
            RubricCriterion(
                component=criterion["component"],
                levels=tuple(RubricLevel(**level) for level in criterion["levels"]),
                required_level=criterion["required_level"],
            )
            for criterion in rubric
        )
    except (KeyError, TypeError) as error:
        raise MalformedDocument(f"a criterion has component, required_level and levels: {error}") from error
