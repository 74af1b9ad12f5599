"""What a row says: read from CSV or JSON, each by itself, so that one that is amiss does not spoil the others."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from issuer_service.amiss import what_is_amiss
from issuer_service.errors import Refused
from issuer_service.web.texts import EmailText, Identifier, Named

__all__ = ["MAX_ROWS", "AwardRow", "BadgeRow", "findings_of", "read_csv", "read_json"]

MAX_ROWS: Final = 100_000
_LEVEL: Final = "level."


def _whole_seconds(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


Reference = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]


class AwardRow(BaseModel):
    """One award: to whom, for what, shown by what."""

    model_config = ConfigDict(extra="forbid")

    reference: Reference = Field(
        description="Your own number for the recipient. No citizen service number.", examples=["s-20481"]
    )
    name: Named
    email: EmailText
    language: Annotated[str, StringConstraints(pattern="^(nl|en)$")] = "nl"
    achievement: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[\x21-\x7e]+$")] = Field(
        description="The address or the id of a version of a ULO."
    )
    evidence: Reference = Field(
        description="Your own number for what shows it: the same recipient, achievement and evidence is the same award."
    )
    awarded_at: Annotated[AwareDatetime, AfterValidator(_whole_seconds)] | None = None
    levels: dict[Annotated[str, StringConstraints(max_length=40)], Annotated[str, StringConstraints(max_length=80)]] = (
        Field(default_factory=dict, max_length=100, description="The level reached, by component.")
    )
    suspendable: bool = Field(default=False, description="Whether the badge can be suspended as well as revoked.")


class BadgeRow(BaseModel):
    """A badge that there is."""

    model_config = ConfigDict(extra="forbid")

    credential_id: Identifier


def findings_of(error: ValidationError) -> list[str]:
    """What is amiss with a row, a sentence per field; what was written there is not repeated."""
    return [f"{'.'.join(str(step) for step in item['loc'])}: {what_is_amiss(item)}" for item in error.errors()]


def read_csv(text: str) -> list[dict[str, Any]]:
    """The rows of a CSV file with a header; `level.RO001` is the level of a component.

    Raises Refused for a file that is none, and for more than 100,000 rows.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[dict[str, Any]] = []
    try:
        for row in reader:
            # A row that is too long has its rest under None, and one that is too short has None for it.
            cells = {name: value for name, value in row.items() if name is not None and value not in {None, ""}}
            content: dict[str, Any] = {name: value for name, value in cells.items() if not name.startswith(_LEVEL)}
            levels = {name.removeprefix(_LEVEL): value for name, value in cells.items() if name.startswith(_LEVEL)}
            if levels:
                content["levels"] = levels
            if None in row:
                content["columns"] = "more cells than the header has"
            rows.append(content)
            _not_too_many(len(rows))
    except csv.Error as error:
        raise Refused(f"line {reader.line_num}: {error}", field="body") from error
    return rows


def read_json(text: str | bytes) -> list[dict[str, Any]]:
    """The rows of a JSON array of objects. Raises Refused for anything else, and for more than 100,000."""
    try:
        rows: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("this is not JSON", field="body") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused("give a JSON array of objects", field="body")
    _not_too_many(len(rows))
    found: list[dict[str, Any]] = rows
    return found


def _not_too_many(count: int) -> None:
    if count > MAX_ROWS:
        raise Refused(f"no more than {MAX_ROWS} rows at once", field="body")
