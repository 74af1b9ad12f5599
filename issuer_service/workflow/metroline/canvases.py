"""What is written down while a line is designed: small records of a fixed form, each with a check that names its field.

A canvas holds texts, as the working method has them on paper. What was written before is kept beside what is written
next: nobody's earlier thoughts are lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Literal

__all__ = ["COMMITMENTS", "FORMS", "CanvasKind", "Field", "Form", "canvas_findings", "value_proposition_sentence"]

_LONGEST: Final = 2000
_MOST_IN_A_LIST: Final = 50


class CanvasKind(StrEnum):
    """Which canvas it is."""

    COMMITMENT = "commitment"
    HOW_MIGHT_WE = "how-might-we"
    SAILBOAT = "sailboat"
    EMPATHY_MAP = "empathy-map"
    VALUE_PROPOSITION = "value-proposition"
    METROLINE_CANVAS = "metroline-canvas"
    EVALUATION = "evaluation"


COMMITMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {"manifest": "a manifest", "covenant": "a covenant, or letters of intent,"}
)
"""In what companies commit themselves, as a programme has it (D31)."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a canvas: one text or a list of them, or yes and no."""

    name: str
    dutch: str
    kind: Literal["text", "list", "yes-no"] = "text"
    required: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a canvas."""

    fields: tuple[Field, ...]


FORMS: Final[Mapping[CanvasKind, Form]] = MappingProxyType(
    {
        # Manifest, convenant of letters of intent: who commits to what.
        CanvasKind.COMMITMENT: Form((Field("document", "Document"), Field("companies", "Bedrijven", "list"))),
        CanvasKind.HOW_MIGHT_WE: Form((Field("questions", "Hoe kunnen we …?", "list"),)),
        CanvasKind.SAILBOAT: Form(
            (
                Field("harbour", "Haven", "list"),
                Field("wind", "Wind", "list", required=False),
                Field("anchors", "Ankers", "list", required=False),
                Field("icebergs", "IJsbergen", "list", required=False),
            )
        ),
        CanvasKind.EMPATHY_MAP: Form(
            (
                Field("persona", "Persona", required=False),
                Field("says", "Zegt", "list"),
                Field("thinks", "Denkt", "list"),
                Field("does", "Doet", "list"),
                Field("feels", "Voelt", "list"),
                Field("validated_by_interview", "Gevalideerd met een interview", "yes-no", required=False),
            )
        ),
        CanvasKind.VALUE_PROPOSITION: Form(
            (
                Field("who", "Voor wie"),
                Field("wants", "die"),
                Field("but", "maar"),
                Field("what", "ontwikkelen we"),
                Field("aimed_at", "gericht op"),
                Field("offers", "voor"),
                Field("so_that", "zodat zij"),
                Field("validated", "Gevalideerd", "yes-no", required=False),
            )
        ),
        CanvasKind.METROLINE_CANVAS: Form(
            (
                Field("value_proposition", "Waardepropositie"),
                Field("target_group", "Doelgroep"),
                Field("goal", "Doel"),
                Field("desired_reaction", "Gewenste reactie of gedrag na de lijn"),
            )
        ),
        CanvasKind.EVALUATION: Form(
            (
                Field("outcomes_reached", "Zijn de leeruitkomsten bereikt?", "yes-no"),
                Field("company_goals_supported", "Zijn de doelen van de bedrijven ondersteund?", "yes-no"),
                Field("good", "Wat ging goed", "list", required=False),
                Field("improve", "Wat kan beter", "list", required=False),
            )
        ),
    }
)


def canvas_findings(kind: CanvasKind, content: Mapping[str, Any]) -> list[str]:
    """What is amiss with a canvas, each by its field; nothing where it can be kept."""
    form = FORMS[kind]
    known = {field.name for field in form.fields}
    found = [
        f"{name}: not a field of this canvas; it has {', '.join(sorted(known))}"
        for name in content
        if name not in known
    ]
    for field in form.fields:
        value = content.get(field.name)
        if value is None:
            if field.required:
                found.append(f"{field.name}: needed")
        else:
            found += _amiss(field, value)
    return found


_SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nl": "Voor {who} die {wants} maar {but} ontwikkelen we {what} gericht op {aimed_at} voor {offers} "
        "zodat zij {so_that}.",
        "en": "For {who} who {wants} but {but} we develop {what}, aimed at {aimed_at}, for {offers}, "
        "so that they {so_that}.",
    }
)


def _amiss(field: Field, value: object) -> list[str]:
    match field.kind:
        case "yes-no":
            return [] if isinstance(value, bool) else [f"{field.name}: true or false"]
        case "text":
            return [] if _is_text(value) else [f"{field.name}: a text of 1 to {_LONGEST} characters"]
        case "list":
            entries = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
            if not 1 <= len(entries) <= _MOST_IN_A_LIST or not all(_is_text(one) for one in entries):
                return [f"{field.name}: a list of 1 to {_MOST_IN_A_LIST} texts of at most {_LONGEST} characters"]
            return []


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _LONGEST and "\0" not in value


def value_proposition_sentence(content: Mapping[str, Any], language: Literal["nl", "en"] = "nl") -> str:
    """The seven parts as the sentence that the working method makes of them."""
    parts = {name: str(value).strip().rstrip(".") for name, value in content.items() if isinstance(value, str)}
    return _SENTENCES[language].format(**parts)
