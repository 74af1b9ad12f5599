"""The table that says what a drawing shows: made from the same data, for whoever does not see the drawing."""

from __future__ import annotations

from dataclasses import dataclass

from issuer_service.drawing.drawing import scrolling
from issuer_service.drawing.markup import element

__all__ = ["Table"]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. The first column names its row.

    Raises:
        ValueError: a row that is longer or shorter than the columns.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    language: str

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row of a table has a cell in every column")

    def __html__(self) -> str:
        """As it stands in a page."""
        head = element("tr", *(element("th", column, scope="col") for column in self.columns))
        body = (
            element("tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:]))
            for row in self.rows
        )
        table = element(
            "table",
            element("caption", self.caption),
            element("thead", head),
            element("tbody", *body),
            class_="twin",
            lang=self.language,
        )
        return scrolling(self.caption, table).__html__()
