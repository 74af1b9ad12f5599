"""Two examples that anybody may see: a skills mapping with its gap, and loose proofs that are recognised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from issuer_service.assessment.closing_gaps import close
from issuer_service.assessment.example import ooc_mapping, ooc_misprints, ooc_units
from issuer_service.assessment.skills_mapping import Cell
from issuer_service.drawing import heatmap, spider
from issuer_service.drawing.drawing import FILE_POLICY, Drawing
from issuer_service.drawing.heatmap import Grid, Shown, draw_heatmap
from issuer_service.drawing.levels import Levels
from issuer_service.drawing.spider import Profile, draw_spider
from issuer_service.errors import NotFound
from issuer_service.pages.proof_tree import shown_progress, shown_tree
from issuer_service.pages.rendering import render
from issuer_service.recognition.evaluation import still_needed
from issuer_service.recognition.example import example
from issuer_service.web.dependencies import Here, Language, Speaking
from openbadges_kit.skills.levels import SkillLevel

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_FILE = {"Content-Security-Policy": FILE_POLICY, "Cache-Control": "public, max-age=3600"}
Which = Annotated[int, Query(ge=1, description="Which occupation of the mapping, from 1.")]


@router.get("/skills")
def skills_page(language: Speaking, occupation: Which = 3, shown: Shown = "gap") -> Response:
    """The example in full, and for one occupation the spider, the gap and the fewest units that close it."""
    mapping = ooc_mapping()
    name = _occupation(occupation)
    profile, grid = _profile(name, language), _grid(language)
    current = {specialism: mapping.cells[specialism, name].current for specialism in mapping.specialisms}
    units = ooc_units()
    closing = close(mapping.profile(name), current, [offer for offer, _ in units])
    return render(
        "skills.html",
        language,
        shown=shown,
        heatmap=draw_heatmap(grid, key="heatmap", shown=shown),
        heatmap_table=heatmap.table_of(grid),
        occupations=mapping.occupations,
        occupation=name,
        chosen=occupation,
        spider=draw_spider(profile, key="spider"),
        spider_table=spider.table_of(profile),
        closing=closing,
        titles={offer.ulo: title for offer, title in units},
        closes=_closes(profile.axes, {offer.ulo: offer.reaches for offer in closing.offers}),
        misprints=ooc_misprints(),
        levels=list(SkillLevel),
    )


@router.get("/recognition")
def recognition_page(here: Here, language: Speaking) -> Response:
    """How loose proofs are recognised, by an example: the proof tree before and after."""
    today = here.now().date()
    shown = example(language, on=today)
    progress, table = shown_progress(shown.after, before=shown.before, key="progress", language=language)
    tree = shown_tree(shown.after, before=shown.before, language=language, on=today, names=shown.names)
    needed = [
        shown_tree(one, before=None, language=language, on=today, names=shown.names)
        for one in still_needed(shown.after)
    ]
    return render("recognition.html", language, progress=progress, table=table, tree=tree, needed=needed)


@router.get("/skills/heatmap.svg")
def heatmap_file(language: Speaking, shown: Shown = "gap") -> Response:
    """The heatmap as a file, for a report or a presentation."""
    return _file(draw_heatmap(_grid(language), key="heatmap", shown=shown))


@router.get("/skills/spider.svg")
def spider_file(language: Speaking, occupation: Which = 3) -> Response:
    """The spider as a file."""
    return _file(draw_spider(_profile(_occupation(occupation), language), key="spider"))


def _occupation(number: int) -> str:
    occupations = ooc_mapping().occupations
    if number > len(occupations):
        raise NotFound("this mapping has no such occupation")
    return occupations[number - 1]


def _grid(language: Language) -> Grid:
    mapping = ooc_mapping()
    title = {"nl": "Skillsmapping autoschadeherstel (OOC, 2024)", "en": "Skills mapping of car body repair (OOC, 2024)"}
    cells = {key: _levels(cell) for key, cell in mapping.cells.items()}
    return Grid(title[language], mapping.specialisms, mapping.occupations, cells, language)


def _profile(occupation: str, language: Language) -> Profile:
    mapping = ooc_mapping()
    cells = {specialism: _levels(mapping.cells[specialism, occupation]) for specialism in mapping.specialisms}
    return Profile(occupation, cells, language)


def _levels(cell: Cell) -> Levels:
    return Levels(cell.current, cell.required, cell.gap)


def _closes(axes: Mapping[str, Levels], units: Mapping[str, Mapping[str, int]]) -> dict[str, list[str]]:
    """Of each unit the specialisms whose gap it closes."""
    return {
        unit: [name for name, one in axes.items() if one.gap and reaches.get(name, 0) >= one.required]
        for unit, reaches in units.items()
    }


def _file(drawing: Drawing) -> Response:
    return Response(drawing.file(), media_type="image/svg+xml", headers=_FILE)
