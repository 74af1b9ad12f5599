"""xsd:dateTimeStamp, the only form of time in a credential: a date, a time and always a zone.

No clock is read here: `now` is an argument wherever it matters.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from openbadges_kit.errors import MalformedDocument

__all__ = ["format_timestamp", "parse_numeric_date", "parse_timestamp"]

# https://www.w3.org/TR/xmlschema11-2/#dateTimeStamp; [0-9], because \d takes any script's digits.
_TIMESTAMP: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))"
)


def format_timestamp(moment: datetime) -> str:
    """The moment in UTC, to the second: `2026-11-20T09:00:00Z`.

    Raises ValueError for a moment without a zone, which could be any of 24 moments.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    # Not strftime, whose %Y has three digits in the year 999.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def parse_timestamp(text: object, *, path: str = "$") -> datetime:
    """The moment that `text` names, in UTC. `24:00:00` is midnight at the end of that day.

    Raises MalformedDocument, naming `path`, for anything but an xsd:dateTimeStamp.
    """
    if isinstance(text, str):
        try:
            return _moment(text)
        except MalformedDocument as error:
            raise MalformedDocument(str(error), path=path) from error
    raise MalformedDocument(f"{text!r} is not a date and time with a zone (2026-11-20T09:00:00Z)", path=path)


# The badges of one batch, and each badge in its own checks, name the same few moments.
@lru_cache(maxsize=256)
def _moment(text: str) -> datetime:
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise MalformedDocument(f"{text!r} is not a date and time with a zone (2026-11-20T09:00:00Z)")
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    microsecond = int((match[7] or "0").ljust(6, "0")[:6])
    try:
        end_of_day = hour == 24 and minute == second == microsecond == 0  # noqa: PLR2004  # XSD's own notation
        moment = datetime(year, month, day, 0 if end_of_day else hour, minute, second, microsecond, tzinfo=UTC)
        if end_of_day:
            moment += timedelta(days=1)
        if match[8] is None:
            offset = timedelta(hours=int(match[10]), minutes=int(match[11]))
            if offset > timedelta(hours=14) or int(match[11]) > 59:  # noqa: PLR2004  # XSD's own bound
                raise MalformedDocument(f"{text!r} has a zone beyond 14:00")
            moment += offset if match[9] == "-" else -offset
    except (ValueError, OverflowError) as error:
        raise MalformedDocument(f"{text!r} is not a moment in the calendar") from error
    return moment


def parse_numeric_date(value: object, *, path: str = "$") -> datetime:
    """The moment that a token's claim of time names, in UTC: https://www.rfc-editor.org/rfc/rfc7519#section-2.

    Raises MalformedDocument, naming `path`, for what is no number of seconds, or is beyond the calendar.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, tz=UTC)
        except (ValueError, OverflowError, OSError):
            pass
    raise MalformedDocument(f"{str(value)[:40]!r} is not a number of seconds since 1970", path=path)
