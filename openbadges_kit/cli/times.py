"""The clock of the command line: now, unless --now says otherwise."""

from __future__ import annotations

import argparse
from datetime import datetime

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.timestamps import parse_timestamp

__all__ = ["add_now", "moment"]


def add_now(parser: argparse.ArgumentParser, meaning: str) -> None:
    """Add `--now TIME`; it is None when it is not given."""
    parser.add_argument(
        "--now", metavar="TIME", type=moment, help=f"{meaning}, such as 2026-11-20T09:00:00Z (default: now)"
    )


def moment(text: str) -> datetime:
    """A moment on the command line. Raises ArgumentTypeError, by which argparse says what is wrong."""
    try:
        return parse_timestamp(text)
    except MalformedDocument as error:
        raise argparse.ArgumentTypeError(str(error)) from error
