"""A process drawn: as SVG with where a case is, with a description that says the same; and as text for Mermaid."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final, Literal

from issuer_service.drawing.drawing import Drawing
from issuer_service.drawing.lettering import shortened
from issuer_service.drawing.markup import Element, element
from issuer_service.workflow.process.definition import Definition, Direction, Stage, Words
from issuer_service.workflow.process.plan import Edge, Plan, planned

__all__ = ["draw_process", "mermaid"]

Language = Literal["nl", "en"]

_ROW: Final = 46
_BOX: Final = 300
_HIGH: Final = 30
_LANE: Final = 16
_MARGIN: Final = 12
_OUT: Final = 170
_SAID: Final[Mapping[Language, Mapping[str, str]]] = {
    "nl": {
        "here": "hier",
        "passed": "geweest",
        "is_at": "De zaak staat bij",
        "stages": "Fasen van boven naar beneden",
        "exits": "Vanuit elke fase kan het eindigen in",
    },
    "en": {
        "here": "here",
        "passed": "passed",
        "is_at": "The case is at",
        "stages": "Stages from top to bottom",
        "exits": "From every stage it can end in",
    },
}


def draw_process(
    definition: Definition,
    *,
    language: Language,
    settings: Mapping[str, Any] | None = None,
    here: str = "",
    passed: Collection[str] = (),
    key: str = "process",
) -> Drawing:
    """The process, as it is under these settings, with the stage where a case is and those that it has passed."""
    plan, said = planned(definition, settings), _SAID[language]
    if here and here not in {stage.key for stage in plan.rows}:
        # Where a case has ended is drawn for that case, also where no line leads there.
        plan = replace(plan, rows=(*plan.rows, definition.stage_by_key[here]))
    lanes = {True: 0, False: 0}
    for edge in plan.edges:
        lanes[edge.direction is Direction.FORWARD] = max(lanes[edge.direction is Direction.FORWARD], edge.lane)
    left = _MARGIN + lanes[True] * _LANE
    right = left + _BOX + lanes[False] * _LANE
    content: list[Element] = [element("rect", class_="paper", width="100%", height="100%")]
    content += [_edge(edge, left) for edge in plan.edges]
    for number, stage in enumerate(plan.rows):
        mark = said["here"] if stage.key == here else said["passed"] if stage.key in passed else ""
        y = _MARGIN + number * _ROW
        content += _stage(stage, language, x=left, y=y, mark=mark, is_here=stage.key == here)
        if stage.key in plan.exits_of:
            ways_out = shortened(_ways_out(plan.exits_of[stage.key], language), _OUT)
            content.append(element("text", ways_out, x=right + 8, y=y + 20, font_size=12))
    return Drawing(
        key=key,
        title=_in(definition.title, language),
        description=_description(plan, language, here),
        language=language,
        width=right + _OUT + _MARGIN,
        height=2 * _MARGIN + len(plan.rows) * _ROW,
        content=tuple(content),
    )


def mermaid(definition: Definition, *, language: Language, settings: Mapping[str, Any] | None = None) -> str:
    """The process as a Mermaid state diagram, https://mermaid.js.org/syntax/stateDiagram.html"""
    plan = planned(definition, settings)
    lines = ["stateDiagram-v2", f"  [*] --> {definition.start}"]
    lines += [f"  {stage.key} : {_numbered(stage, language)}" for stage in plan.rows]
    lines += [f"  {plan.rows[edge.origin].key} --> {plan.rows[edge.to].key}" for edge in plan.edges]
    lines += [f"  {origin} --> {stage.key}" for origin, exits in plan.exits_of.items() for stage in exits]
    lines += [f"  {stage.key} --> [*]" for stage in definition.stages if stage.ends]
    return "\n".join(lines) + "\n"


def _stage(stage: Stage, language: Language, *, x: float, y: float, mark: str, is_here: bool) -> list[Element]:
    box = element(
        "rect",
        x=x,
        y=y,
        width=_BOX,
        height=_HIGH,
        rx=15 if stage.ends else 3,
        class_="step-4 ink" if is_here else "soft rule",
        stroke_width=3 if is_here else 1,
    )
    room = _BOX - 20 - (60 if mark else 0)
    words = shortened(_numbered(stage, language), room)
    text_class = "on-step-4 strong" if is_here else "strong" if mark else None
    found = [box, element("text", words, x=x + 10, y=y + 20, class_=text_class)]
    if mark:
        found.append(element("text", mark, x=x + _BOX - 10, y=y + 20, class_=f"end {text_class}"))
    return found


def _edge(edge: Edge, left: float) -> Element:
    """Down beside each other in the middle; past others on the left; back on the right, dashed."""
    forward = edge.direction is Direction.FORWARD
    top = _MARGIN + edge.origin * _ROW + _HIGH / 2
    bottom = _MARGIN + edge.to * _ROW + _HIGH / 2
    if edge.lane == 0:
        x = left + 30
        begin, end = top + _HIGH / 2, bottom - _HIGH / 2
        path = f"M{x:g} {begin:g}V{end:g}m-4 -6l4 6l4 -6"
    else:
        side = left if forward else left + _BOX
        out = side - edge.lane * _LANE if forward else side + edge.lane * _LANE
        head = "m-6 -4l6 4l-6 4" if forward else "m6 -4l-6 4l6 4"
        path = f"M{side:g} {top + 4:g}H{out:g}V{bottom - 4:g}H{side:g}{head}"
    return element("path", d=path, class_="ink", stroke_dasharray=None if forward else "4 3")


def _description(plan: Plan, language: Language, here: str) -> str:
    said = _SAID[language]
    parts = [f"{said['stages']}: {', '.join(_numbered(stage, language) for stage in plan.rows)}."]
    parts += [
        f"{_numbered(stage, language)} {_ways_out(plan.exits_of[stage.key], language)}."
        for stage in plan.rows
        if stage.key in plan.exits_of
    ]
    if plan.exits:
        parts.append(f"{said['exits']}: {', '.join(_in(stage.title, language) for stage in plan.exits)}.")
    current = next((stage for stage in plan.rows if stage.key == here), None)
    if current is not None:
        parts.insert(0, f"{said['is_at']} {_numbered(current, language)}.")
    return " ".join(parts)


def _ways_out(exits: Collection[Stage], language: Language) -> str:
    return "→ " + ", ".join(_in(stage.title, language) for stage in exits)


def _numbered(stage: Stage, language: Language) -> str:
    return f"{stage.number} {_in(stage.title, language)}".strip()


def _in(words: Words, language: Language) -> str:
    return words.nl if language == "nl" else words.en
