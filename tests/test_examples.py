"""Every example runs, as it stands, and says what it is there to show."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
SHOWN = {
    "award_through_the_api": [
        "Sent twice, awarded once: True",
        "give one of nog-niet",
        "'accepted': 2, 'refused': 1}",
    ],
    "bake_a_badge": ["The same token comes out: True", "Deze badge is geldig."],
    "endorse_a_badge": ["Deze badge is geldig.", "deze aanbeveling gaat over iets anders"],
    "import_a_catalogue": ["row 5, Code: ULO 1.2 has 2 responsibilities", "Nothing is lost on the way: True"],
    "issue_a_badge": ["This badge is valid.", "changed after it was signed"],
    "issue_to_a_group": ["bytes: This badge is valid. True", "3 refused: not-an-iri at $.id"],
    "issuer_with_a_domain": ["The token: This badge is valid.", "Without the network: Whether", "could not be had"],
    "present_to_a_verifier": ["The holder: Welcome.", "copy: This badge is somebody else's.", "answer: What is shown"],
    "revoke_a_badge": ["Deze badge is geldig.", "De uitgever heeft deze badge ingetrokken.", "could not be settled"],
    "rotate_a_key": ["retired a year later: This badge is valid.", "stolen a month before: This badge is not valid."],
    "show_part_of_a_badge": ["Verified: True - about whom: not shown", "was made for somebody else"],
    "verify_a_folder": [
        "3-token.jwt: registered",
        "4-stranger.json: This badge is valid, but",
        "6-rubbish.json: unread",
    ],
}

# The shortest, as a newcomer runs it; and the one with an engine in it, which keeps the output it first saw.
RUN_APART = {"issue_a_badge", "award_through_the_api"}


def test_there_are_as_many_as_are_looked_at() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(SHOWN)


@pytest.mark.parametrize("name", sorted(set(SHOWN) - RUN_APART))
def test_an_example_shows_what_it_is_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    _shows(name, capsys.readouterr().out)


@pytest.mark.parametrize("name", sorted(RUN_APART))
def test_an_example_runs_in_a_python_of_its_own(name: str, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    command = [sys.executable, str(EXAMPLES / f"{name}.py")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert (result.returncode, result.stderr) == (0, "")
    _shows(name, result.stdout)


def _shows(name: str, out: str) -> None:
    assert [sentence for sentence in SHOWN[name] if sentence not in out] == []
