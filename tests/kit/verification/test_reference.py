"""The page about verification says what the verifier does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from openbadges_kit.verification import sentences, verifier
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.report import Check, Outcome
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import NOW, signed

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "verification.md").read_text()


def test_the_page_has_the_checks_in_the_order_in_which_a_report_has_them() -> None:
    on_the_page = re.findall(r"^\| ([0-9]+) \| ([a-z-]+) \|", PAGE, re.MULTILINE)
    reported = [str(result.check) for result in verify(signed(), now=NOW).results]
    assert on_the_page == [(str(number), name) for number, name in enumerate(reported, 1)]
    assert reported == [str(check) for check in Check]


def test_the_verifier_numbers_its_steps_like_the_page() -> None:
    source = Path(verifier.__file__).read_text()
    numbers = [int(number) for number in re.findall(r"^ +# ([0-9]+)\. ", source, re.MULTILINE)]
    assert numbers == list(range(1, len(Check) + 1))


def test_every_check_and_outcome_has_a_name_for_people() -> None:
    assert set(sentences.CHECKS) == set(Check)
    assert set(sentences.OUTCOMES) == set(Outcome)


def test_the_page_has_every_field_of_the_policy() -> None:
    table = PAGE.partition("## The verifier's own policy")[2]
    named = re.findall(
        r"`([a-z_]+)`", "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    )
    assert sorted(named) == sorted(field.name for field in fields(Policy))
