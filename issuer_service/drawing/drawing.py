"""A drawing as a whole: what a screen reader says of it, how it stands in a page, and as a file of its own."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Final, Literal

from issuer_service.drawing.markup import Element, element
from issuer_service.drawing.style import STYLESHEET

__all__ = ["FILE_POLICY", "Drawing", "scrolling"]

_HASH: Final = b64encode(hashlib.sha256(STYLESHEET.encode()).digest()).decode()
FILE_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'"
"""The Content-Security-Policy under which a drawing is served as a file: its own style is all that it may have."""

# Units that fit beside each other on a phone; a wider drawing is scrolled, since nobody reads letters of five pixels.
_PHONE: Final = 400
_KEY: Final = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG with a name and a description.

    `key` begins its ids, and is unique in its page. A drawing is one picture to a screen reader (`img`), unless it has
    links or parts that are to be walked through; then it is a `group`, and its parts say what they are.

    Raises:
        ValueError: a key that is no id, or a drawing without a name.
    """

    key: str
    title: str
    description: str
    language: str
    width: float
    height: float
    content: tuple[Element, ...]
    role: Literal["img", "group"] = "img"

    def __post_init__(self) -> None:
        if _KEY.fullmatch(self.key) is None or not self.title.strip():
            raise ValueError("a drawing has a key of a-z, 0-9 and -, and a title")

    def __html__(self) -> str:
        """As it stands in a page, which has `/static/drawing.css`."""
        if self.width <= _PHONE:
            return self._svg("drawing fits").__html__()
        return scrolling(self.title, self._svg("drawing")).__html__()

    def file(self) -> str:
        """As an SVG of its own, with its style in it: light, dark or printed as whoever looks at it has it."""
        # Of a page the paper is the page's own. A file may lie on any, and light ink on white is nothing.
        paper = element("rect", class_="paper", width=self.width, height=self.height)
        style = element("style", STYLESHEET)
        return self._svg("drawing", style, paper=paper, xmlns="http://www.w3.org/2000/svg").__html__()

    def _svg(self, classes: str, *first: Element, paper: Element | None = None, xmlns: str | None = None) -> Element:
        return element(
            "svg",
            *first,
            element("title", self.title, id=f"{self.key}-title"),
            element("desc", self.description, id=f"{self.key}-description"),
            *([paper] if paper is not None else []),
            *self.content,
            xmlns=xmlns,
            class_=classes,
            lang=self.language,
            role=self.role,
            aria_labelledby=f"{self.key}-title",
            aria_describedby=f"{self.key}-description",
            viewBox=f"0 0 {self.width:g} {self.height:g}",
            width=self.width,
            height=self.height,
            font_size=13,
        )


def scrolling(name: str, wide: Element) -> Element:
    """Something wide that is scrolled by itself, with a keyboard as well, so that the page around it never is."""
    return element("div", wide, class_="scrolls", role="region", aria_label=name, tabindex=0)
