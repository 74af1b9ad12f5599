"""`openbadges bake` and `openbadges unbake`: a credential into a picture, and out of it."""

from __future__ import annotations

import argparse
from typing import Any

from openbadges_kit.baking.picture import bake, unbake
from openbadges_kit.cli.answers import add_json, add_output, say
from openbadges_kit.cli.files import STANDARD_STREAM, blamed_on, read, write
from openbadges_kit.verification.received import parse_received, recognize

__all__ = ["add_parsers"]


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `bake` and `unbake` to the command line."""
    baking = commands.add_parser(
        "bake",
        help="put a credential into a picture",
        description="Put a credential into a PNG or SVG. One that is in it already is replaced; it is not verified.",
    )
    baking.add_argument("image", metavar="IMAGE", help="a PNG or SVG")
    baking.add_argument(
        "credential", metavar="CREDENTIAL", help="a signed credential, JSON or JWT; - for standard input"
    )
    baking.add_argument("-o", "--output", metavar="OUT", required=True, help="the baked picture")
    add_json(baking)
    baking.set_defaults(run=_bake)
    unbaking = commands.add_parser(
        "unbake",
        help="take the credential out of a baked picture",
        description="Take the credential out of a baked PNG or SVG, as it was put in. It is not verified.",
    )
    unbaking.add_argument("image", metavar="IMAGE", help="a baked PNG or SVG, or - for standard input")
    add_output(unbaking)
    unbaking.set_defaults(run=_unbake)


def _bake(arguments: argparse.Namespace) -> int:
    credential = read(arguments.credential)
    with blamed_on(arguments.credential):
        parse_received(credential)  # what is no credential is told now, not to whoever opens the picture
    with blamed_on(arguments.image):
        baked = bake(read(arguments.image), credential)
    write(arguments.output, baked)
    say(arguments, {"output": arguments.output})
    return 0


def _unbake(arguments: argparse.Namespace) -> int:
    with blamed_on(arguments.image):
        credential = unbake(read(arguments.image))
    if arguments.json and arguments.output == STANDARD_STREAM:
        with blamed_on(arguments.image):
            say(arguments, {"credential": recognize(credential)})
        return 0
    write(arguments.output, credential)  # byte for byte as it was put in
    if arguments.json:
        say(arguments, {"output": arguments.output})
    return 0
