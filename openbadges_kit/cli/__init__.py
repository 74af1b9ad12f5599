"""The command line: `openbadges verify|inspect|bake|unbake|keygen|issue`.

Exit status: 0 valid or done, 1 not valid, 2 wrong usage or input that cannot be used, 3 could not be settled.
This is the kit's border: only here are the clock, chance, files and the network.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from openbadges_kit.cli import bake, inspect, issue, keygen, verify
from openbadges_kit.cli.files import UsageError
from openbadges_kit.errors import IssuanceRefused, OpenBadgesError
from openbadges_kit.findings import Finding
from openbadges_kit.verification import sentences

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["main"]

_COMMANDS: Final = (verify, inspect, bake, keygen, issue)
_WRONG_USAGE: Final = 2
_EPILOG: Final = (
    "Exit status: 0 valid or done, 1 not valid, 2 wrong usage or unusable input, 3 could not be settled. "
    "FILE may be - for standard input."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; argparse itself exits with 2, which is ours for wrong usage too."""
    parser = argparse.ArgumentParser(prog="openbadges", description="Open Badges 3.0 from a shell.", epilog=_EPILOG)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_parsers(commands)
    arguments = parser.parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except UsageError as error:
        return _fail(str(error))
    except IssuanceRefused as error:
        return _fail("not fit to be signed", *(_located(finding) for finding in error.findings))
    except OpenBadgesError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader of our output had enough (`openbadges inspect … | head`). Python would complain once more at exit.
        sys.stderr.close()
        return 0


def _located(finding: Finding) -> str:
    sentence = sentences.of_finding(finding, "en")
    return sentence if finding.path in sentence else f"{finding.path}: {sentence}"


def _fail(message: str, *more: str) -> int:
    print(f"openbadges: {message}", *more, sep="\n  ", file=sys.stderr)
    return _WRONG_USAGE
