"""What is amiss with what came in, in words that say how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic_core import ErrorDetails

__all__ = ["PATTERNS", "what_is_amiss"]

PATTERNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "should be an e-mail address, such as name@example.org",
        r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": "should be an id of this service: a UUID in small letters",
        r"^[0-9a-f]{64}$": "should be a SHA-256: 64 hexadecimal digits, in small letters",
        r"^(nl|en)$": "should be nl or en",
        r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "should be the tag of a language, such as nl or en-GB",
        r"^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$": "should be an absolute address, such as https://example.org/",
        r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$": "should be an absolute address, such as https://example.org/",
        r"^[\x21-\x7e]+$": "should be letters, digits and signs of ASCII, without spaces",
        r"^[\x21-\x7e]*$": "should be letters, digits and signs of ASCII, without spaces",
        r"^[a-z0-9]+(-[a-z0-9]+)*$": "should be small letters and digits, with hyphens between them",
        r"^[a-z][a-z0-9-]*$": "should be small letters, digits and hyphens, and begin with a letter",
        r"^[a-z][a-z0-9_]*$": "should be small letters, digits and underscores, and begin with a letter",
        r"^[A-Za-z0-9.-]+$": "should be letters, digits, dots and hyphens",
        r"^[A-Za-z0-9.-]{1,20}$": "should be up to twenty letters, digits, dots and hyphens",
        r"^[A-Za-z0-9._-]+$": "should be letters, digits, dots, hyphens and underscores",
        r"^[0-9a-z:-]*$": "should be small letters, digits, colons and hyphens",
        r"^[A-Z]{2}[0-9]{1,6}$": "should be two capitals and up to six digits, such as RO001",
        r"^[^\x00]*$": "should have no NUL character",
        r"^[^\x00-\x1f]*$": "should be one line, without control characters",
    }
)
"""What each pattern of the API asks for, in words."""


def what_is_amiss(found: ErrorDetails) -> str:
    """What pydantic found amiss with a field and how to mend it; what was written there is not repeated."""
    pattern = found.get("ctx", {}).get("pattern", "") if found["type"] == "string_pattern_mismatch" else ""
    return PATTERNS.get(pattern, found["msg"])
