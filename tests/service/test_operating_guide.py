"""The commands in the guides are commands that there are, and the guide to operating names every metric."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from issuer_service.cli import build_parser

GUIDES = Path(__file__).resolve().parent.parent.parent / "docs" / "how-to"
_COMMAND = re.compile(r"^\$ (?:[A-Z_]+=\S+ )?issuer-service (.*)$", re.MULTILINE)
_UNIT = re.compile(r"^ExecStart=\S*/issuer-service (.*)$", re.MULTILINE)


def commands() -> list[str]:
    pages = [page.read_text() for page in sorted(GUIDES.glob("*.md"))]
    return [command for page in pages for command in (*_COMMAND.findall(page), *_UNIT.findall(page))]


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_a_command_of_a_guide_is_one_that_there_is(command: str) -> None:
    build_parser().parse_args(shlex.split(re.sub(r"\s*(\||>|&&).*$", "", command), comments=True))


def test_there_are_commands_in_the_guides() -> None:
    assert len(set(commands())) > 12
