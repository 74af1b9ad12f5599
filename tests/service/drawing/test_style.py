"""Drawings can be read in light, in dark and in print: the contrasts are computed from the stylesheet itself."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from issuer_service.drawing.style import LINES, STEPS, STYLESHEET
from openbadges_kit.rendering.badge_image import contrast
from tests.service.drawing.stylesheets import WAYS, colours

TEXT, GRAPHICS = 4.5, 3.0


@pytest.fixture(params=WAYS)
def tokens(request: pytest.FixtureRequest) -> dict[str, str]:
    found = colours(STYLESHEET, request.param)
    assert len(found) == 9 + 2 * STEPS + LINES
    return {name.removeprefix("--drawing-"): colour for name, colour in found.items()}


def test_text_can_be_read(tokens: dict[str, str]) -> None:
    pairs = [("ink", "paper"), ("ink", "soft"), *((f"on-step-{step}", f"step-{step}") for step in range(STEPS))]
    pairs += [(state, paper) for state in ("good", "partly", "missing") for paper in ("paper", "soft")]
    low = {pair: contrast(tokens[pair[0]], tokens[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < TEXT} == {}


def test_lines_and_shapes_can_be_told_from_the_paper(tokens: dict[str, str]) -> None:
    drawn = ["rule", "accent", "second", "good", "partly", "missing", *(f"line-{one}" for one in range(1, LINES + 1))]
    low = {name: contrast(tokens[name], tokens["paper"]) for name in drawn}
    assert {name: ratio for name, ratio in low.items() if ratio < GRAPHICS} == {}


def test_each_step_is_further_from_the_paper_than_the_one_before(tokens: dict[str, str]) -> None:
    away = [contrast(tokens[f"step-{step}"], tokens["paper"]) for step in range(STEPS)]
    assert all(further > nearer * 1.1 for nearer, further in pairwise(away))


def test_in_print_there_are_greys_only() -> None:
    for colour in colours(STYLESHEET, "print").values():
        assert colour[1:3] == colour[3:5] == colour[5:7]


def test_every_colour_that_is_used_is_one_of_the_tokens() -> None:
    defined = set(re.findall(r"(--drawing-[a-z0-9-]+):", STYLESHEET))
    assert set(re.findall(r"var\((--drawing-[a-z0-9-]+)\)", STYLESHEET)) <= defined
    for way in ("dark", "print"):
        assert set(colours(STYLESHEET, way)) == defined
    forced = STYLESHEET[STYLESHEET.index("forced-colors") :]
    assert defined <= set(re.findall(r"(--drawing-[a-z0-9-]+):", forced))
