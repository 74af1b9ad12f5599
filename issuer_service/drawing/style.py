"""How drawings look: one stylesheet for all of them, in light, in dark, in print and in the colours of the system.

A drawing names classes, never colours. Nothing is told by colour alone: beside it stands a number, a dash or a shape.
Text has a contrast of 4.5 to 1 at least and a line of 3 to 1; a test computes both from what stands here.
"""

from __future__ import annotations

from typing import Final

__all__ = ["LINES", "STEPS", "STYLESHEET"]

STEPS: Final = 6
"""Of `step-0` to `step-5`: the fill of a level or an amount, whose darkness rises evenly; `on-step-…` is text on it."""

LINES: Final = 6
"""Of `line-1` to `line-6`: the strokes of what is told apart by its line. A dash or a letter goes with each."""

STYLESHEET: Final = """\
.drawing {
  --drawing-ink: #17212b; --drawing-paper: #ffffff; --drawing-soft: #eef2f5; --drawing-rule: #75838f;
  --drawing-accent: #0b4f6c; --drawing-second: #8a3b00;
  --drawing-good: #14532d; --drawing-partly: #6b4700; --drawing-missing: #8b1a1a;
  --drawing-step-0: #f4f7f9; --drawing-on-step-0: #17212b; --drawing-step-1: #d6e7f0; --drawing-on-step-1: #17212b;
  --drawing-step-2: #a9cde0; --drawing-on-step-2: #17212b; --drawing-step-3: #74abc7; --drawing-on-step-3: #10181f;
  --drawing-step-4: #246a8b; --drawing-on-step-4: #ffffff; --drawing-step-5: #0a3b51; --drawing-on-step-5: #ffffff;
  --drawing-line-1: #0b4f6c; --drawing-line-2: #a33c00; --drawing-line-3: #14632f;
  --drawing-line-4: #7a2a8c; --drawing-line-5: #8a5a00; --drawing-line-6: #4a5560;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
@media screen and (prefers-color-scheme: dark) {
  .drawing {
    --drawing-ink: #e8eef3; --drawing-paper: #12181e; --drawing-soft: #1c252d; --drawing-rule: #7d8b97;
    --drawing-accent: #8fd0ee; --drawing-second: #ffb27a;
    --drawing-good: #9fe0b3; --drawing-partly: #f5d08a; --drawing-missing: #ffb3b3;
    --drawing-step-0: #161e25; --drawing-on-step-0: #e8eef3; --drawing-step-1: #1d3442; --drawing-on-step-1: #e8eef3;
    --drawing-step-2: #24506a; --drawing-on-step-2: #f3f8fb; --drawing-step-3: #5f9dbd; --drawing-on-step-3: #0b1116;
    --drawing-step-4: #8fcbe8; --drawing-on-step-4: #0b1116; --drawing-step-5: #d5effb; --drawing-on-step-5: #0b1116;
    --drawing-line-1: #8fd0ee; --drawing-line-2: #ffa869; --drawing-line-3: #86d79f;
    --drawing-line-4: #dba5ea; --drawing-line-5: #f0c766; --drawing-line-6: #b3bec8;
  }
}
@media print {
  .drawing {
    --drawing-ink: #000000; --drawing-paper: #ffffff; --drawing-soft: #f0f0f0; --drawing-rule: #767676;
    --drawing-accent: #333333; --drawing-second: #000000;
    --drawing-good: #000000; --drawing-partly: #000000; --drawing-missing: #000000;
    --drawing-step-0: #ffffff; --drawing-on-step-0: #000000; --drawing-step-1: #e3e3e3; --drawing-on-step-1: #000000;
    --drawing-step-2: #c6c6c6; --drawing-on-step-2: #000000; --drawing-step-3: #a0a0a0; --drawing-on-step-3: #000000;
    --drawing-step-4: #5c5c5c; --drawing-on-step-4: #ffffff; --drawing-step-5: #2b2b2b; --drawing-on-step-5: #ffffff;
    --drawing-line-1: #000000; --drawing-line-2: #444444; --drawing-line-3: #666666;
    --drawing-line-4: #000000; --drawing-line-5: #444444; --drawing-line-6: #666666;
  }
}
@media (forced-colors: active) {
  .drawing {
    --drawing-ink: CanvasText; --drawing-paper: Canvas; --drawing-soft: Canvas; --drawing-rule: CanvasText;
    --drawing-accent: Highlight; --drawing-second: CanvasText;
    --drawing-good: CanvasText; --drawing-partly: CanvasText; --drawing-missing: CanvasText;
    --drawing-step-0: Canvas; --drawing-step-1: Canvas; --drawing-step-2: Canvas;
    --drawing-step-3: Canvas; --drawing-step-4: Canvas; --drawing-step-5: Canvas;
    --drawing-on-step-0: CanvasText; --drawing-on-step-1: CanvasText; --drawing-on-step-2: CanvasText;
    --drawing-on-step-3: CanvasText; --drawing-on-step-4: CanvasText; --drawing-on-step-5: CanvasText;
    --drawing-line-1: CanvasText; --drawing-line-2: CanvasText; --drawing-line-3: CanvasText;
    --drawing-line-4: CanvasText; --drawing-line-5: CanvasText; --drawing-line-6: CanvasText;
  }
}
.drawing text { fill: var(--drawing-ink); }
.drawing .paper { fill: var(--drawing-paper); }
.drawing .soft { fill: var(--drawing-soft); }
.drawing .rule { fill: none; stroke: var(--drawing-rule); }
.drawing .ink { fill: none; stroke: var(--drawing-ink); }
.drawing .accent { stroke: var(--drawing-accent); }
.drawing .second { stroke: var(--drawing-second); }
.drawing .filled-accent { fill: var(--drawing-accent); }
.drawing .filled-second { fill: var(--drawing-second); }
.drawing .good { fill: var(--drawing-good); }
.drawing .partly { fill: var(--drawing-partly); }
.drawing .missing { fill: var(--drawing-missing); }
.drawing .step-0 { fill: var(--drawing-step-0); } .drawing .on-step-0 { fill: var(--drawing-on-step-0); }
.drawing .step-1 { fill: var(--drawing-step-1); } .drawing .on-step-1 { fill: var(--drawing-on-step-1); }
.drawing .step-2 { fill: var(--drawing-step-2); } .drawing .on-step-2 { fill: var(--drawing-on-step-2); }
.drawing .step-3 { fill: var(--drawing-step-3); } .drawing .on-step-3 { fill: var(--drawing-on-step-3); }
.drawing .step-4 { fill: var(--drawing-step-4); } .drawing .on-step-4 { fill: var(--drawing-on-step-4); }
.drawing .step-5 { fill: var(--drawing-step-5); } .drawing .on-step-5 { fill: var(--drawing-on-step-5); }
.drawing .line-1 { stroke: var(--drawing-line-1); } .drawing .line-2 { stroke: var(--drawing-line-2); }
.drawing .line-3 { stroke: var(--drawing-line-3); } .drawing .line-4 { stroke: var(--drawing-line-4); }
.drawing .line-5 { stroke: var(--drawing-line-5); } .drawing .line-6 { stroke: var(--drawing-line-6); }
.drawing .stripe { fill: none; stroke: var(--drawing-paper); }
.drawing .edge { stroke: var(--drawing-ink); } .drawing .faint-edge { stroke: var(--drawing-rule); }
.drawing .halo { stroke: var(--drawing-paper); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
.drawing .strong { font-weight: 700; }
.drawing .middle { text-anchor: middle; }
.drawing .end { text-anchor: end; }
.drawing a:focus-visible, .drawing g:focus-visible { outline: 3px solid var(--drawing-accent); outline-offset: 2px; }
"""
