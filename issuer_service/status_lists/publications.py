"""What was last published, kept in a folder outside the database, so that a restored backup takes nothing back.

It is written before the database commits: nothing is ever public that is not in the folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from issuer_service.errors import Unavailable

__all__ = ["KEYS", "LISTS", "MARKS", "Publications"]

LISTS: Final = "lists"
KEYS: Final = "keys"
MARKS: Final = "marks"


@dataclass(frozen=True, slots=True)
class Publications:
    """The folder; without one, nothing is kept. Every process that publishes may have its own."""

    folder: Path | None

    def keep(self, kind: str, name: str, content: dict[str, Any]) -> None:
        """Keep the newest of a thing, whole or not at all. Raises Unavailable, and then nothing is to be published."""
        if self.folder is None:
            return
        path = self.folder / kind / f"{name}.json"
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(exist_ok=True)
            with unfinished.open("w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError as error:
            raise Unavailable(f"what is published could not be kept in {self.folder}: {error.strerror}") from error

    def kept(self, kind: str) -> Iterator[dict[str, Any]]:
        """The newest of each thing of a kind."""
        if self.folder is not None:
            for path in sorted((self.folder / kind).glob("*.json")):
                yield json.loads(path.read_bytes())
