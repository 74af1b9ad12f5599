"""The heatmap and the spider say what their tables say, and neither says more or less than the levels do."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import issuer_service
from issuer_service.assessment.skills_mapping import read_mapping
from issuer_service.drawing import heatmap, spider
from issuer_service.drawing.heatmap import Grid, Shown, draw_heatmap
from issuer_service.drawing.levels import HIGHEST, Language, Levels
from issuer_service.drawing.spider import Profile, draw_spider

SVG = "{http://www.w3.org/2000/svg}"
OOC = read_mapping(
    (Path(issuer_service.__file__).parent / "assessment" / "data" / "ooc-2024.csv").read_text(encoding="utf-8")
)
CELLS = {key: Levels(cell.current, cell.required, cell.gap) for key, cell in OOC.cells.items()}
TECHNICIAN = {name: CELLS[name, "Autoschadetechnicus"] for name in OOC.specialisms}
names = st.text(min_size=1, max_size=40)


def ooc(language: Language = "nl") -> Grid:
    return Grid("Skillsmapping", OOC.specialisms, OOC.occupations, CELLS, language)


def parsed(drawing: Callable[[], str]) -> ET.Element:
    return ET.fromstring(drawing())  # noqa: S314  # our own drawing


def texts(element: ET.Element) -> list[str]:
    return ["".join(one.itertext()) for one in element.iter(f"{SVG}text")]


class TestTheHeatmap:
    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_each_cell_says_what_its_table_says(self, language: Language) -> None:
        grid = ooc(language)
        titles = {one.findtext(f"{SVG}title") for one in parsed(draw_heatmap(grid, key="h").file).iter(f"{SVG}g")}
        table = heatmap.table_of(grid)
        told = {
            f"{row[0]}, {column}: {cell}"
            for row in table.rows
            for column, cell in zip(table.columns[1:], row[1:], strict=True)
        }
        assert titles == told
        assert len(told) == 39

    @pytest.mark.parametrize("shown", ["gap", "current", "required"])
    def test_the_number_in_a_cell_is_that_of_its_fill(self, shown: Shown) -> None:
        for cell in parsed(draw_heatmap(ooc(), key="h", shown=shown).file).iter(f"{SVG}g"):
            levels = CELLS[place_of(cell)]
            if not levels.applies:
                assert texts(cell) == ["–"]
                continue
            value = getattr(levels, shown)
            assert texts(cell) == [str(value), f"{levels.current} → {levels.required}"]
            assert [one.get("class") for one in cell.iter(f"{SVG}rect")] == [f"step-{value}", "rule"]

    def test_its_description_names_the_largest_gaps(self) -> None:
        assert draw_heatmap(ooc(), key="h").description == (
            "Het grootste tekort is 2: Batterijen – Autoschadetechnicus; ADAS – Autoschadetechnicus; "
            "Circulair – Autoschadehersteller; en nog 6."
        )
        level = Grid("x", ("EV",), ("Monteur",), {("EV", "Monteur"): Levels(3, 3, 0)}, "en")
        assert draw_heatmap(level, key="h").description == "There is no gap."

    def test_a_cell_that_is_missing_is_told_at_once(self) -> None:
        with pytest.raises(ValueError, match="one cell for each row"):
            Grid("x", ("EV", "ADAS"), ("Monteur",), {("EV", "Monteur"): Levels(1, 2, 1)}, "nl")


def place_of(cell: ET.Element) -> tuple[str, str]:
    row, column, *_ = re.split(", |: ", cell.findtext(f"{SVG}title") or "")
    return row, column


class TestTheSpider:
    def test_each_axis_has_the_numbers_of_its_table(self) -> None:
        profile = Profile("Autoschadetechnicus", TECHNICIAN, "nl")
        drawn = parsed(draw_spider(profile, key="s").file)
        labels = [
            [part.text for part in one] for one in drawn.iter(f"{SVG}text") if one.find(f"{SVG}tspan") is not None
        ]
        rows = spider.table_of(profile).rows
        assert [(" ".join(map(str, label[:-1])), label[-1]) for label in labels] == [
            (name, f"{current} → {required}") for name, current, required, _ in rows
        ]
        assert len(rows) == 11

    def test_the_marks_stand_at_their_levels(self) -> None:
        drawn = parsed(draw_spider(Profile("x", TECHNICIAN, "nl"), key="s").file)
        required, current = (one.get("points", "").split() for one in drawn.iter(f"{SVG}polygon"))
        applying = [levels for levels in TECHNICIAN.values() if levels.applies]
        for points, wanted in (
            (required, [one.required for one in applying]),
            (current, [one.current for one in applying]),
        ):
            away = [((float(x) - 195) ** 2 + (float(y) - 164) ** 2) ** 0.5 for x, y in (p.split(",") for p in points)]
            assert [round(one / 116 * HIGHEST) for one in away] == wanted

    def test_the_two_shapes_differ_by_more_than_their_colour(self) -> None:
        drawn = parsed(draw_spider(Profile("x", TECHNICIAN, "nl"), key="s").file)
        required, current = drawn.iter(f"{SVG}polygon")
        assert (required.get("stroke-dasharray"), required.get("fill")) == ("6 4", "none")
        assert (current.get("stroke-dasharray"), current.get("fill")) == (None, None)

    def test_where_nothing_applies_nothing_is_drawn(self) -> None:
        with pytest.raises(ValueError, match="at least one"):
            Profile("x", {"EV": Levels(0, 0, 0)}, "nl")


class TestOnesOwnWord:
    """What somebody says of themselves never looks like what was assessed: another mark, another sign, other words."""

    ASSESSED, SAID = Levels(3, 4, 1), Levels(3, 4, 1, own_word=True)

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_in_a_spider_and_in_its_table(self, language: Language) -> None:
        drawn = {
            own: parsed(draw_spider(Profile("x", {"EV": levels}, language), key="s").file)
            for own, levels in (("assessed", self.ASSESSED), ("said", self.SAID))
        }
        marks = {
            own: [one.get("class") for one in root.iter(f"{SVG}circle") if one.get("r") in {"3.5", "4.5"}]
            for own, root in drawn.items()
        }
        assert marks["assessed"] == ["filled-accent", "filled-accent"]
        assert marks["said"] == ["paper accent", "filled-accent", "paper accent"]
        assert "EV~3 → 4" in texts(drawn["said"])
        assert "EV3 → 4" in texts(drawn["assessed"])
        word = {"nl": "3 (eigen inschatting)", "en": "3 (own word)"}[language]
        assert spider.table_of(Profile("x", {"EV": self.SAID}, language)).rows[0][1] == word
        assert spider.table_of(Profile("x", {"EV": self.ASSESSED}, language)).rows[0][1] == "3"

    def test_in_a_heatmap(self) -> None:
        cells = {("EV", "Sophie"): self.SAID, ("EV", "Michael"): self.ASSESSED}
        grid = Grid("x", ("EV",), ("Sophie", "Michael"), cells, "nl")
        said, assessed = parsed(draw_heatmap(grid, key="h").file).iter(f"{SVG}g")
        assert (texts(said), texts(assessed)) == (["1", "~3 → 4"], ["1", "3 → 4"])
        assert heatmap.table_of(grid).rows[0][1:] == (
            "nu 3 (eigen inschatting), nodig 4, tekort 1",
            "nu 3, nodig 4, tekort 1",
        )


class TestAGroup:
    AVERAGES = Levels(Decimal("1.6"), 3, Decimal("1.4"))
    TOO_FEW = Levels(None, 3, None)

    def test_averages_are_written_as_the_language_writes_them(self) -> None:
        cells = {("EV", "Werkplaats"): self.AVERAGES, ("ADAS", "Werkplaats"): self.TOO_FEW}
        dutch = heatmap.table_of(Grid("x", ("EV", "ADAS"), ("Werkplaats",), cells, "nl"))
        assert [row[1] for row in dutch.rows] == [
            "nu 1,6, nodig 3, tekort 1,4",
            "nodig 3; te weinig mensen om te tonen",
        ]
        english = spider.table_of(Profile("x", {"EV": self.AVERAGES, "ADAS": self.TOO_FEW}, "en"))
        assert english.rows == (
            ("EV", "1.6", "3", "1.4"),
            ("ADAS", "too few people to show", "3", "too few people to show"),
        )

    def test_of_too_few_people_no_level_is_drawn(self) -> None:
        drawn = draw_spider(Profile("x", {"EV": self.TOO_FEW}, "nl"), key="s").file()
        assert drawn.count("<polygon") == 1
        assert "* → 3" in drawn
        cells = draw_heatmap(Grid("x", ("EV",), ("Werkplaats",), {("EV", "Werkplaats"): self.TOO_FEW}, "nl"), key="h")
        assert ">*<" in cells.file()


@given(
    rows=st.lists(names, min_size=1, max_size=4, unique=True),
    columns=st.lists(names, min_size=1, max_size=4, unique=True),
    current=st.integers(0, 5),
    required=st.integers(1, 5),
)
def test_whatever_things_are_called_the_drawing_is_whole_and_always_the_same(
    rows: list[str], columns: list[str], current: int, required: int
) -> None:
    levels = Levels(current, required, max(0, required - current))
    cells = {(row, column): levels for row in rows for column in columns}
    grid = Grid("Skills", tuple(rows), tuple(columns), cells, "nl")
    drawn = draw_heatmap(grid, key="h").file()
    assert len(parsed(lambda: drawn).findall(f"{SVG}g")) == len(cells)
    assert drawn == draw_heatmap(grid, key="h").file()
    web = draw_spider(Profile("Skills", dict.fromkeys(rows, levels), "nl"), key="s").file()
    assert {one.tag for one in parsed(lambda: web).iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "style", "title", "desc", "circle", "line", "polygon", "rect", "text", "tspan")
    }
