"""The command line `openbadges`, a module for each command; `docs/reference/cli.md` has them all.

Exit status: 0 valid or done, 1 not valid or not fit, 2 wrong usage or unusable input, 3 could not be settled.
This is the kit's border: only here are the clock, chance, files and the network.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from openbadges_kit.cli import (
    bake,
    check,
    derive,
    did_document,
    draw,
    inspect,
    issue,
    keygen,
    present,
    status_list,
    verify,
)
from openbadges_kit.cli.answers import printable
from openbadges_kit.cli.files import UsageError
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import IssuanceRefused, OpenBadgesError, UnmappedTerms
from openbadges_kit.findings import Finding
from openbadges_kit.verification import sentences
from openbadges_kit.verification.report import finding_to_json

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["build_parser", "main"]

_COMMANDS: Final = (verify, inspect, keygen, did_document, check, issue, derive, present, status_list, draw, bake)
_WRONG_USAGE: Final = 2
_EPILOG: Final = (
    "Exit status: 0 valid or done, 1 not valid or not fit, 2 wrong usage or unusable input, 3 could not be settled. "
    "FILE may be - for standard input."
)


def build_parser() -> argparse.ArgumentParser:
    """The command line as a parser; each command sets `run`."""
    parser = argparse.ArgumentParser(prog="openbadges", description="Open Badges 3.0 from a shell.", epilog=_EPILOG)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_parsers(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; argparse itself exits with 2, which is ours for wrong usage too."""
    arguments = build_parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except (IssuanceRefused, UnmappedTerms) as error:
        return _fail(arguments, "not fit to be signed", error.findings, error)
    except (UsageError, OpenBadgesError) as error:
        return _fail(arguments, str(error), (), error)
    except BrokenPipeError:
        # The reader of our output had enough (`openbadges inspect … | head`). Python would complain once more at exit.
        sys.stderr.close()
        return 0


def _located(finding: Finding) -> str:
    sentence = sentences.of_finding(finding, "en")
    return sentence if finding.path in sentence else f"{finding.path}: {sentence}"


def _fail(
    arguments: argparse.Namespace, message: str, findings: tuple[Finding, ...], error: UsageError | OpenBadgesError
) -> int:
    if arguments.json:
        answer: JsonObject = {"message": message, "findings": [finding_to_json(finding) for finding in findings]}
        if isinstance(error, OpenBadgesError):
            answer["type"] = str(error.problem_type)
        print(json.dumps({"error": answer}, ensure_ascii=False, indent=2))
    else:
        lines = [f"openbadges: {message}", *map(_located, findings)]
        print(*(printable(line) for line in lines), sep="\n  ", file=sys.stderr)
    return _WRONG_USAGE
