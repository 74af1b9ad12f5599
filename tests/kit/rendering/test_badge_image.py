"""The picture of an achievement: the same words, the same picture, and words that can be read."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from openbadges_kit.baking.picture import bake, unbake
from openbadges_kit.cli import main
from openbadges_kit.rendering.badge_image import SIZE, contrast, draw_badge, draw_badge_svg

NAME = "Een lekke band plakken"
WORDS = {"code": "ULO 1.4", "level": "Niveau 2", "issuer": "Fietsschool"}
SVG = "{http://www.w3.org/2000/svg}"


def test_the_same_words_give_the_same_picture_and_each_word_shows() -> None:
    whole = draw_badge(NAME, **WORDS)
    assert draw_badge(NAME, **WORDS) == whole
    with Image.open(io.BytesIO(whole)) as picture:
        assert (picture.format, picture.size) == ("PNG", (SIZE, SIZE))
    lines = {draw_badge_svg(NAME, **{**WORDS, left_out: ""}).count("<text") for left_out in WORDS}
    assert lines == {draw_badge_svg(NAME, **WORDS).count("<text") - 1}


def test_words_over_two_lines_are_drawn_on_one() -> None:
    """Pillow measures no text of several lines, and an issuer's name may come with one at its end."""
    assert draw_badge_svg(NAME, issuer="Fiets\nschool\n") == draw_badge_svg(NAME, issuer="Fiets school")


def test_text_on_a_colour_of_ours_has_the_highest_contrast_and_on_any_other_enough() -> None:
    """WCAG 2.2, 1.4.6 asks 7 to 1, and 1.4.3 asks 4.5 to 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    drawn = {_colours(draw_badge_svg(f"Naam {number}")) for number in range(64)}
    assert len(drawn) == 8
    assert all(contrast(colour, ink) >= 7 for colour, ink in drawn)


@settings(max_examples=15)
@given(st.integers(0, 0xFFFFFF))
def test_black_or_white_can_be_read_on_any_colour(number: int) -> None:
    colour, ink = _colours(draw_badge_svg(NAME, colour=f"#{number:06x}"))
    assert colour == f"#{number:06x}"
    assert contrast(colour, ink) >= 4.5


@settings(max_examples=15)
@given(st.text(max_size=200), st.text(max_size=40))
def test_an_svg_of_any_words_is_sound_and_a_badge_can_be_baked_into_it(name: str, issuer: str) -> None:
    picture = draw_badge_svg(name, issuer=issuer)
    assert ET.fromstring(picture).get("role") == "img"  # noqa: S314  # our own
    assert unbake(bake(picture.encode(), b'{"a": "badge"}')) == b'{"a": "badge"}'


def test_a_screen_reader_reads_the_words_of_an_svg() -> None:
    name = 'Werken met <b> & "aanhalingstekens"'
    root = ET.fromstring(draw_badge_svg(name, **WORDS))  # noqa: S314  # our own
    assert root.get("aria-label") == root.findtext(f"{SVG}title") == f"{name}, ULO 1.4, Niveau 2, Fietsschool"
    shown = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert shown == f"{name} ULO 1.4 Niveau 2 Fietsschool"


def test_a_name_that_does_not_fit_is_cut_with_an_ellipsis() -> None:
    root = ET.fromstring(draw_badge_svg("Onderhoudswerkzaamheden " * 40))  # noqa: S314  # our own
    lines = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert len(lines) == 4
    assert lines[-1].endswith("…")


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "", "#0b4f6c\n"])
def test_another_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="no colour"):
        draw_badge(NAME, colour=colour)


def test_from_a_shell_the_name_of_the_file_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, beginning in (("a.png", b"\x89PNG"), ("a.SVG", b"<svg")):
        out = tmp_path / name
        assert main(["draw", NAME, "--level", "Niveau 2", "--colour", "#f5d90a", "-o", str(out)]) == 0
        assert out.read_bytes().startswith(beginning)
    assert main(["draw", NAME, "--colour", "red", "-o", str(tmp_path / "b.png")]) == 2
    assert "red is no colour" in capsys.readouterr().err


def _colours(svg: str) -> tuple[str, str]:
    root = ET.fromstring(svg)  # noqa: S314  # our own
    polygon, group = root.find(f"{SVG}polygon"), root.find(f"{SVG}g")
    assert polygon is not None
    assert group is not None
    return polygon.get("fill", ""), group.get("fill", "")
