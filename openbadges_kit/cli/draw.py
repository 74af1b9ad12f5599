"""`openbadges draw`: a picture for an achievement, to bake badges into."""

from __future__ import annotations

import argparse
from typing import Any

from openbadges_kit.cli.answers import add_json, say
from openbadges_kit.cli.files import UsageError, write

__all__ = ["add_parsers"]


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `draw` to the command line."""
    parser = commands.add_parser(
        "draw",
        help="draw a picture for an achievement",
        description="Draw a PNG or an SVG for an achievement. The same words give the same picture.",
    )
    parser.add_argument("name", metavar="NAME", help="of the achievement")
    parser.add_argument("--code", metavar="TEXT", default="", help="a short text above the name, such as a number")
    parser.add_argument("--level", metavar="TEXT", default="", help="a short text below it")
    parser.add_argument("--issuer", metavar="TEXT", default="", help="a short text below that")
    parser.add_argument("--colour", metavar="#RRGGBB", help="of the badge (default: one that follows from the name)")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the picture: an SVG if it ends in .svg")
    add_json(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    # Pillow takes a while to import, and the other commands do without it.
    from openbadges_kit.rendering.badge_image import draw_badge, draw_badge_svg  # noqa: PLC0415

    words = {name: getattr(arguments, name) for name in ("code", "level", "issuer", "colour")}
    try:
        if arguments.output.lower().endswith(".svg"):
            picture = draw_badge_svg(arguments.name, **words).encode()
        else:
            picture = draw_badge(arguments.name, **words)
    except ValueError as error:
        raise UsageError(str(error)) from error
    write(arguments.output, picture)
    say(arguments, {"output": arguments.output})
    return 0
