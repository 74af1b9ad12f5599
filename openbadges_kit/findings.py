"""One thing that is wrong, said so that a machine can act on it and a person can mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from openbadges_kit.problems import Problem

__all__ = ["Finding", "child"]

# https://www.rfc-editor.org/rfc/rfc9535#name-child-segment: any other name stands in brackets.
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong (`code`), where (`path`, a JSON path) and the particulars.

    `code` is stable and keys the sentences of `verification/sentences.py`; `details` fills them in.
    """

    code: Problem
    path: str = "$"
    details: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        particulars = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.code} at {self.path}" + (f" ({particulars})" if particulars else "")


def child(path: str, step: str | int) -> str:
    """The JSON path of a member or element below `path`."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    if _NAME.fullmatch(step):
        return f"{path}.{step}"
    escaped = step.replace("\\", "\\\\").replace("'", "\\'")
    return f"{path}['{escaped}']"
