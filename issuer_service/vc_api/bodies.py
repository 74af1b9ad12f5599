"""What is sent to the VC-API, read as strictly as a signature needs it. What is amiss is a 400: suites expect that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openbadges_kit.documents import JsonObject, parse_json_object
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import child

__all__ = ["Body", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """The `options` of a request; those that nobody asks for are passed over."""

    values: JsonObject

    def text(self, name: str) -> str | None:
        """A text, or None when it is left out or null."""
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        raise MalformedDocument(f"{name} is a text", path=_path(name))

    def texts(self, name: str, *, or_one: bool = False) -> list[str]:
        """A list of texts, empty when it is left out; one text for a list of one where that is allowed."""
        value = self.values.get(name)
        if value is None:
            return []
        if or_one and isinstance(value, str):
            return [value]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise MalformedDocument(f"{name} is a list of texts", path=_path(name))
        return value

    def must_be(self, name: str, expected: str) -> None:
        """Raise MalformedDocument when something else is asked for than is done here."""
        if self.values.get(name) not in {None, expected}:
            raise MalformedDocument(f"here {name} is {expected}", path=_path(name))


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request. Reading what is missing, or of another kind, raises MalformedDocument."""

    values: JsonObject

    @classmethod
    def parse(cls, content: bytes) -> Body:
        """Read it: one JSON object, each name once."""
        return cls(parse_json_object(content))

    @property
    def options(self) -> Options:
        """The options; none when they are left out."""
        found = self.values.get("options")
        if found is None:
            return Options({})
        if not isinstance(found, dict):
            raise MalformedDocument("options is an object", path="$.options")
        return Options(found)

    def document(self, name: str) -> JsonObject:
        """A JSON object."""
        found: Any = self.values.get(name)
        if not isinstance(found, dict):
            raise MalformedDocument(f"{name} is an object", path=child("$", name))
        return found

    def document_or_token(self, name: str) -> JsonObject | str:
        """A JSON object, or a token as text."""
        found: Any = self.values.get(name)
        if not isinstance(found, dict | str):
            raise MalformedDocument(f"{name} is an object, or the text of a token", path=child("$", name))
        return found

    def text(self, name: str) -> str:
        """A text."""
        found: Any = self.values.get(name)
        if not isinstance(found, str) or "\0" in found:
            raise MalformedDocument(f"{name} is a text", path=child("$", name))
        return found


def _path(name: str) -> str:
    return child("$.options", name)
