"""What is drawn is well-formed whatever it says, the same each time, and named for who does not see it."""

from __future__ import annotations

import math
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from issuer_service.drawing.drawing import FILE_POLICY, Drawing
from issuer_service.drawing.lettering import shortened, width_of, wrapped
from issuer_service.drawing.markup import element, number
from issuer_service.drawing.style import STYLESHEET
from issuer_service.drawing.table import Table

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>",
    "\" onload=\"alert(1)' x='",
    "]]></style><img src=x>",
    "&lt;b&gt; &amp;",
    "\0\x1b[31m\ud800\ufffe",
    "\u202egnp.egdab",
    "氢能技师" * 40,
)


def a_drawing(name: str, width: float = 300) -> Drawing:
    return Drawing("d", name, f"about {name}", "nl", width, 100, (element("text", name, x=0, y=10),))


@given(name=st.text(min_size=1).filter(str.strip))
@example(HOSTILE[0])
@example(HOSTILE[1])
@example(HOSTILE[2])
@example(HOSTILE[3])
@example(HOSTILE[4])
def test_no_name_becomes_markup(name: str) -> None:
    drawn = a_drawing(name).file()
    root = ET.fromstring(drawn)  # noqa: S314  # our own drawing; that it parses is the test
    assert [one.tag.removeprefix(SVG) for one in root.iter()] == ["svg", "style", "title", "desc", "rect", "text"]
    assert {key for one in root.iter() for key in one.attrib} <= {
        *("class", "lang", "role", "aria-labelledby", "aria-describedby", "viewBox", "width", "height"),
        *("font-size", "id", "x", "y"),
    }
    drawn.encode("utf-8")


def test_a_name_is_drawn_as_it_is_written() -> None:
    for name in (HOSTILE[0], HOSTILE[1], HOSTILE[3], HOSTILE[5], HOSTILE[6]):
        root = ET.fromstring(a_drawing(name).file())  # noqa: S314
        assert root.findtext(f"{SVG}title") == name
        assert root.findtext(f"{SVG}text") == name


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", ""])
def test_a_link_leads_to_a_page(link: str) -> None:
    with pytest.raises(ValueError, match="not a link"):
        element("a", href=link)


def test_links_of_ours_are_links() -> None:
    for link in ("/ulo/1", "https://badges.example/ulo/1", "#part"):
        assert element("a", "x", href=link).__html__() == f'<a href="{link}">x</a>'


def test_numbers_are_short_and_the_same_everywhere() -> None:
    assert [number(one) for one in (1, 1.0, -0.001, 0.1 + 0.2, Decimal("2.50"), 100)] == [
        *("1", "1", "0", "0.3", "2.5", "100")
    ]
    for none in (math.nan, math.inf):
        with pytest.raises(ValueError, match="finite"):
            number(none)


def test_a_drawing_in_a_page_has_a_name_and_a_description() -> None:
    root = ET.fromstring(a_drawing("Vaardigheden").__html__())  # noqa: S314
    assert root.get("role") == "img"
    ids = {one.get("id"): one.text for one in root.iter()}
    assert ids[root.get("aria-labelledby")] == "Vaardigheden"
    assert ids[root.get("aria-describedby")] == "about Vaardigheden"


def test_what_is_wider_than_a_phone_scrolls_by_keyboard_too() -> None:
    region = ET.fromstring(a_drawing("Breed", width=900).__html__())  # noqa: S314
    assert (region.get("role"), region.get("tabindex"), region.get("aria-label")) == ("region", "0", "Breed")


@pytest.mark.parametrize(("key", "title"), [("", "x"), ("1", "x"), ('a"b', "x"), ("a", " ")])
def test_a_drawing_without_a_name_is_none(key: str, title: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Drawing(key, title, "", "nl", 1, 1, ())


def test_a_file_has_its_style_and_may_have_no_other() -> None:
    assert "sha256-" in FILE_POLICY
    root = ET.fromstring(a_drawing("x").file())  # noqa: S314
    assert root.findtext(f"{SVG}style") == STYLESHEET


def test_a_file_lies_on_paper_of_its_own_since_it_may_be_light_on_dark() -> None:
    drawing = a_drawing("x")
    paper = ET.fromstring(drawing.file()).find(f"{SVG}rect")  # noqa: S314
    assert paper is not None
    assert paper.attrib == {"class": "paper", "width": "300", "height": "100"}
    assert "rect" not in drawing.__html__()


def test_a_table_has_heads_for_rows_and_columns() -> None:
    table = Table("Niveaus", ("Specialisme", "Nu"), (("EV & <b>", "1"),), "nl")
    region = ET.fromstring(table.__html__())  # noqa: S314
    assert [(one.get("scope"), one.text) for one in region.iter("th")] == [
        *(("col", "Specialisme"), ("col", "Nu"), ("row", "EV & <b>"))
    ]
    with pytest.raises(ValueError, match="every column"):
        Table("Niveaus", ("a", "b"), (("only one",),), "nl")


@given(text=st.text(max_size=60), width=st.floats(20, 300))
def test_words_fit_where_they_are_put(text: str, width: float) -> None:
    rows = wrapped(text, width, lines=2)
    assert 1 <= len(rows) <= 2
    assert all(width_of(row) <= width for row in rows)


def test_nothing_is_shortened_that_fits() -> None:
    assert shortened("EV", 100) == "EV"
    assert wrapped("Digitaal werkproces", 90) == ("Digitaal", "werkproces")
    assert wrapped("Aansprakelijkheidsverzekering regelen", 140) == ("Aansprakelijkheids-", "verzekering regelen")
    assert wrapped("Elektrolyse-installaties", 120) == ("Elektrolyse-", "installaties")
    assert wrapped("Waterstoftankstations", 110) == ("Waterstoftank-", "stations")
    assert wrapped("een twee drie vier vijf zes", 60) == ("een twee", "drie vi…")
