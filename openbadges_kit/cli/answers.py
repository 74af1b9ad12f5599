"""What a command prints: sentences for people, or with `--json` one JSON object for programs.

With `--json` a failure too is an object on standard output, `{"error": …}`; the exit status is the same either way.
"""

from __future__ import annotations

import argparse
import json

from openbadges_kit.cli.files import STANDARD_STREAM, write
from openbadges_kit.documents import JsonObject, dump_json

__all__ = ["add_json", "add_output", "hand_over", "printable", "say"]


def add_json(parser: argparse.ArgumentParser, meaning: str = "print the answer as one JSON object") -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help=meaning)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add `-o`, for a command whose answer is a credential, and `--json`, which puts it into an object."""
    parser.add_argument("-o", "--output", metavar="OUT", default=STANDARD_STREAM, help="default: standard output")
    add_json(parser, "print one JSON object, with the credential in it unless -o names a file")


def say(arguments: argparse.Namespace, facts: JsonObject, text: str = "") -> None:
    """Print the facts as JSON where that is asked for, the text otherwise."""
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    elif text:
        print(text)


def hand_over(arguments: argparse.Namespace, secured: JsonObject | str) -> None:
    """Write a credential where `-o` says; with `--json` say that it was, or give it in the answer."""
    to_file = arguments.output != STANDARD_STREAM
    if to_file or not arguments.json:
        write(arguments.output, (secured.encode() if isinstance(secured, str) else dump_json(secured)) + b"\n")
    if arguments.json:
        say(arguments, {"output": arguments.output} if to_file else {"credential": secured})


def printable(text: str) -> str:
    """The text without what a terminal would obey; what a stranger wrote may hold that."""
    return "".join(
        character if character.isprintable() or character == "\n" else "\N{REPLACEMENT CHARACTER}" for character in text
    )
