"""A page as a screen reader has it: what has a name, what has a role, in which order, and what is lacking.

Read from the HTML itself, without a browser, so that it holds wherever the tests run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

__all__ = ["Part", "findings", "read"]

_VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_FIELDS: Final = frozenset({"input", "select", "textarea"})
_NEEDS_NO_LABEL: Final = frozenset({"hidden", "submit", "button", "reset", "image"})
_RUNS_ON: Final = frozenset({"a", "abbr", "b", "em", "i", "span", "strong", "tspan"})
_LANDMARKS: Final = ("header", "nav", "main", "footer")


@dataclass
class Part:
    """An element, its attributes and what is in it, in order."""

    name: str
    attributes: dict[str, str]
    above: Part | None = None
    content: list[Part | str] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[Part]:
        """Every element below this one with one of these names; with none of them, every element."""
        for one in self.content:
            if isinstance(one, Part):
                if not names or one.name in names:
                    yield one
                yield from one.all(*names)

    def text(self) -> str:
        """What is read of it, without what is hidden."""
        if self.attributes.get("aria-hidden") == "true":
            return ""
        if self.name == "img":
            return self.attributes.get("alt", "")
        return " ".join("".join(one if isinstance(one, str) else one.spaced() for one in self.content).split())

    def spaced(self) -> str:
        """The same within another: what runs on does so, and the rest stands by itself."""
        return self.text() if self.name in _RUNS_ON else f" {self.text()} "

    def within(self, name: str) -> Part | None:
        """The nearest element around it with this name."""
        above = self.above
        while above is not None and above.name != name:
            above = above.above
        return above


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Part("", {})
        self.broken: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        part = Part(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.content.append(part)
        if tag not in _VOID:
            self.here = part

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.content.append(Part(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        if self.here.name != tag or self.here.above is None:
            self.broken.append(f"</{tag}> ends <{self.here.name}>")
        else:
            self.here = self.here.above

    def handle_data(self, data: str) -> None:
        self.here.content.append(data)


def read(html: str) -> Part:
    """The page, every element of which is ended. Raises ValueError where one is not."""
    reader = _Reader()
    reader.feed(html)
    if reader.broken or reader.here is not reader.root:
        raise ValueError(f"not well-formed: {reader.broken or reader.here.name}")
    return reader.root


def findings(html: str) -> list[str]:
    """What somebody who does not see the page would miss, a sentence each; none for a page that is as it should be."""
    page = read(html)
    ids = [part.attributes["id"] for part in page.all() if "id" in part.attributes]
    return [
        *(f"the id {one} is there twice" for one in sorted({one for one in ids if ids.count(one) > 1})),
        *_of_the_whole(page),
        *_of_headings(page),
        *_of_references(page, frozenset(ids)),
        *(finding for part in page.all() for finding in _of_one(part, page)),
    ]


def _of_the_whole(page: Part) -> Iterator[str]:
    html = next(page.all("html"), None)
    if html is None or html.attributes.get("lang") not in {"nl", "en"}:
        yield "the page does not say its language"
    title = next(page.all("title"), None)
    if title is None or not title.text():
        yield "the page has no title"
    for name in _LANDMARKS:
        if sum(1 for part in page.all(name) if part.within("main") is None) != 1:
            yield f"the page does not have one <{name}>"
    skip = next(page.all("a"), None)
    main = next(page.all("main"), None)
    if skip is None or main is None or skip.attributes.get("href") != f"#{main.attributes.get('id')}":
        yield "the first link does not lead past the menu"


def _of_headings(page: Part) -> Iterator[str]:
    levels = [(int(part.name[1]), part) for part in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    if [level for level, _ in levels].count(1) != 1 or levels[0][0] != 1:
        yield "the page does not begin with its one <h1>"
    before = 1
    for level, part in levels:
        if not part.text():
            yield "a heading is empty"
        if level > before + 1:
            yield f"after <h{before}> comes <h{level}>: {part.text()}"
        before = level


def _of_references(page: Part, ids: frozenset[str]) -> Iterator[str]:
    for part in page.all():
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            for one in part.attributes.get(attribute, "").split():
                if one not in ids:
                    yield f"{attribute} of <{part.name}> names {one}, which is not there"


def _of_one(part: Part, page: Part) -> Iterator[str]:
    if "style" in part.attributes or part.name == "script" or any(name.startswith("on") for name in part.attributes):
        yield f"<{part.name}> has a style or a script, which our own policy refuses"
    if part.name == "img" and "alt" not in part.attributes:
        yield "an image has no alternative text"
    if (
        part.name == "svg"
        and not _is_part_of_an_image(part)
        and not (part.attributes.get("role") and _name(part, page))
    ):
        yield "a drawing has no role or no name"
    if part.name in {"a", "button", "summary"} and not _name(part, page):
        yield f"a <{part.name}> has no name"
    if part.name in {"a", "button"} and (part.within("a") or part.within("button")):
        yield f"a <{part.name}> stands in another"
    if part.attributes.get("role") == "region" and not _name(part, page):
        yield "a region has no name"
    yield from _of_a_group(part, page)


def _of_a_group(part: Part, page: Part) -> Iterator[str]:
    if part.name in _FIELDS and part.attributes.get("type") not in _NEEDS_NO_LABEL and not _label(part, page):
        yield f"the field {part.attributes.get('name')} has no label"
    if part.name == "fieldset" and not any(child.name == "legend" for child in part.all()):
        yield "a group of fields has no legend"
    if part.name == "table":
        yield from _of_a_table(part)
    if part.name in {"ul", "ol"} and any(isinstance(one, Part) and one.name != "li" for one in part.content):
        yield "a list has something in it that is no item"


def _of_a_table(table: Part) -> Iterator[str]:
    heads = list(table.all("th"))
    if not heads:
        yield "a table has no heads"
    for head in heads:
        if head.attributes.get("scope") not in {"col", "row"}:
            yield f"a head of a table does not say of what: {head.text()}"
        if not head.text():
            yield "a head of a table is empty"


def _is_part_of_an_image(part: Part) -> bool:
    above = part.above
    while above is not None:
        if above.attributes.get("role") == "img" or above.attributes.get("aria-hidden") == "true":
            return True
        above = above.above
    return False


def _name(part: Part, page: Part) -> str:
    labelled = part.attributes.get("aria-labelledby", "").split()
    if labelled:
        return " ".join(one.text() for one in page.all() if one.attributes.get("id") in labelled)
    return part.attributes.get("aria-label", "") or ("" if part.name == "svg" else part.text())


def _label(part: Part, page: Part) -> str:
    own = part.attributes.get("id")
    labels = [one.text() for one in page.all("label") if own and one.attributes.get("for") == own]
    around = part.within("label")
    return _name(part, page) or " ".join(labels) or (around.text() if around else "")
