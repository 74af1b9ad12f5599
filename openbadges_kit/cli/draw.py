"""`openbadges draw`: a picture for an achievement, to bake badges into."""

from __future__ import annotations

import argparse
from typing import Any

from openbadges_kit.cli.answers import add_json, say
from openbadges_kit.cli.files import write

__all__ = ["add_parsers"]


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `draw` to the command line."""
    parser = commands.add_parser(
        "draw",
        help="draw a picture for an achievement",
        description="Draw a PNG for an achievement. The same name gives the same picture.",
    )
    parser.add_argument("name", metavar="NAME", help="of the achievement")
    parser.add_argument("--code", metavar="TEXT", default="", help="a short text above the name, such as a number")
    parser.add_argument("--issuer", metavar="TEXT", default="", help="a short text below it")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the picture")
    add_json(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    # Pillow takes a while to import, and the other commands do without it.
    from openbadges_kit.rendering.badge_image import draw_badge  # noqa: PLC0415

    write(arguments.output, draw_badge(arguments.name, code=arguments.code, issuer=arguments.issuer))
    say(arguments, {"output": arguments.output})
    return 0
