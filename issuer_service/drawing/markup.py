"""Elements of SVG and HTML, written so that no text of anybody's can become markup. Pure, and always the same bytes.

Not here: what a drawing looks like. There is no way to put a string in unescaped, and none is needed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final

__all__ = ["Element", "Value", "element", "number"]

Value = str | int | float | Decimal | None
# What XML 1.0 has no place for, https://www.w3.org/TR/xml/#charsets: a parser would refuse the whole drawing.
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A link leads to a page. `javascript:` and `data:` are programs, and `//` is somebody else's page that looks like ours.
_LINK: Final = re.compile(r"(?:https?://|/(?!/)|#)[^\s\\]*")


@dataclass(frozen=True, slots=True)
class Element:
    """An element with its attributes and what is in it. `{{ element }}` in a template writes it as it is."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    content: tuple[Element | str, ...]

    def __html__(self) -> str:
        """The markup, right both as HTML and as XML: no element is left open or closed by itself."""
        attributes = "".join(f' {name}="{_clean(value)}"' for name, value in self.attributes)
        inside = "".join(one.__html__() if isinstance(one, Element) else _clean(one) for one in self.content)
        return f"<{self.name}{attributes}>{inside}</{self.name}>"


def element(name: str, *content: Element | str, **attributes: Value) -> Element:
    """An element. `class_` is class, `stroke_width` is stroke-width, and what is None is left out.

    Raises:
        ValueError: a number that is none, or a link that leads to no page.
    """
    written = tuple(
        (key.rstrip("_").replace("_", "-"), value if isinstance(value, str) else number(value))
        for key, value in attributes.items()
        if value is not None
    )
    for key, value in written:
        if key == "href" and _LINK.fullmatch(value) is None:
            raise ValueError(f"not a link to a page: {value[:80]}")
    return Element(name, written, content)


def number(value: float | Decimal) -> str:
    """A number in at most two decimals: more is nothing that an eye can see, and differs between machines.

    Raises:
        ValueError: infinite, or not a number.
    """
    if not math.isfinite(value):
        raise ValueError("a drawing has finite numbers only")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _clean(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text))
