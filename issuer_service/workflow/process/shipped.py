"""Reading a definition that travels with the code: a folder of JSON files, of which the lists are laid end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from issuer_service.workflow.process.definition import Definition

__all__ = ["read_definition"]


def read_definition(folder: Path) -> Definition:
    """The definition in a folder. Raises ValidationError, of pydantic, for one that is none."""
    merged: dict[str, Any] = {}
    for path in sorted(folder.glob("*.json")):
        for key, value in json.loads(path.read_bytes()).items():
            merged[key] = merged.get(key, []) + value if isinstance(value, list) and key in merged else value
    return Definition.model_validate(merged)
