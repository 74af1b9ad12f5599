"""The colours of a stylesheet, in each way that it can be seen, so that their contrast can be computed."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["WAYS", "colours"]

WAYS: Final = {
    "light": "",
    "dark": r"@media screen and \(prefers-color-scheme: dark\)",
    "print": r"@media print",
}
_TOKEN: Final = re.compile(r"(--[a-z0-9-]+):\s*(#[0-9a-fA-F]{6})\b")


def colours(css: str, way: str) -> dict[str, str]:
    """The custom properties that hold in this way: what it says itself, and otherwise what light says.

    Raises ValueError where the stylesheet says nothing of a way that is not light: then nothing would be tested.
    """
    at_rules = re.compile(r"@media[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
    plain = at_rules.sub("", css)
    found = dict(_TOKEN.findall(plain))
    if not WAYS[way]:
        return found
    own = [pair for rule in at_rules.findall(css) if re.match(WAYS[way], rule) for pair in _TOKEN.findall(rule)]
    if not own:
        raise ValueError(f"no colours for {way}")
    return found | dict(own)
