"""Reading a definition that travels with the code: folders of JSON files, of which the lists are laid end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from issuer_service.workflow.process.definition import Definition

__all__ = ["read_definition"]


def read_definition(*folders: Path) -> Definition:
    """The definition in these folders: a later version has in its own those files that are another in it.

    Raises ValidationError, of pydantic, for one that is none.
    """
    files = {path.name: path for folder in folders for path in folder.glob("*.json")}
    merged: dict[str, Any] = {}
    for _, path in sorted(files.items()):
        for key, value in json.loads(path.read_bytes()).items():
            merged[key] = merged.get(key, []) + value if isinstance(value, list) and key in merged else value
    return Definition.model_validate(merged)
