"""The published test vectors and schemas, read where they lie: beside the project, never inside it.

CI has them and must use them; a stranger's clone may not, and its tests then skip and say so.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def published(relative: str) -> Path:
    """The path of a published file or folder; skips the test, or fails it in CI, when it is not there."""
    path = SHARED / relative
    if not path.exists():
        message = f"published test data are not beside this checkout: shared/{relative}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


def published_json(relative: str) -> Any:  # JSON
    """A published JSON file."""
    return json.loads(published(relative).read_bytes())
