"""The figures as an SVG: horizontal bars on a logarithmic scale, each with its number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

__all__ = ["write_chart"]

LEFT, WIDTH, BAR, GAP = 330, 520, 18, 6
OURS, FLOOR, OTHERS = "#1b6e53", "#8a8a8a", "#b4632b"


def write_chart(medians: Mapping[str, float], path: Path) -> None:
    """Write the chart of what signing and verifying takes."""
    groups = [
        sorted((seconds, name) for name, seconds in medians.items() if name.startswith(f"{act}:"))
        for act in ("sign", "verify")
    ]
    smallest, largest = (f(seconds for group in groups for seconds, _ in group) for f in (min, max))
    scale = WIDTH / math.log(largest / smallest * 1.6)
    body, y = [], 44
    for group in groups:
        for seconds, name in group:
            color = FLOOR if "floor" in name else OURS if "openbadges_kit" in name else OTHERS
            length = max(2.0, math.log(seconds / smallest * 1.6) * scale)
            body += [
                f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
                f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{color}"/>',
                f'<text x="{LEFT + length + 6:.1f}" y="{y + 13}">{seconds * 1e3:.2f} ms</text>',
            ]
            y += BAR + GAP
        y += 2 * GAP
    title = "CPU time per credential, logarithmic scale; less is better"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 90} {y}" '
        f'font-family="sans-serif" font-size="12" role="img" aria-label="{title}">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n<text x="12" y="24" font-size="15">{title}</text>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )
