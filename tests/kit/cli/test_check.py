"""`openbadges check` says before signing what `openbadges issue` would refuse, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openbadges_kit.cli import main
from openbadges_kit.documents import dump_json
from tests.kit.samples import unsigned


def checked(document: dict[str, Any], tmp_path: Path, *options: str) -> int:
    path = tmp_path / "unsigned.json"
    path.write_bytes(dump_json(document))
    return main(["check", str(path), "--now", "2026-11-20T09:00:00Z", *options])


def test_a_good_badge_of_any_issuer_is_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(unsigned(), tmp_path) == 0
    assert capsys.readouterr().out == "This badge is fit to be signed.\n"
    school = {"id": "did:web:school.example", "type": ["Profile"], "name": "School"}
    assert checked(unsigned(issuer=school), tmp_path, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"fit": True, "findings": []}


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"naam": "x"}, "unmapped-term", "$.naam"),
        ({"validFrom": "2026-11-20"}, "not-a-timestamp", "$.validFrom"),
        ({"issuer": None}, "missing", "$.issuer"),
        ({"name": "BSN 111222333"}, "citizen-service-number", "$.name"),
        ({"proof": [{"type": "x"}]}, "wrong-type", "$.proof"),
    ],
    ids=["term", "moment", "issuer", "citizen-service-number", "signed-already"],
)
def test_what_is_amiss_is_told_with_its_place(
    changes: dict[str, Any], code: str, path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(unsigned(**changes), tmp_path, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (code, path) in {(one["code"], one["path"]) for one in told["findings"]}
    assert checked(unsigned(**changes), tmp_path, "--language", "nl") == 1
    assert path in capsys.readouterr().out


def test_the_elements_of_a_micro_credential_are_asked_where_that_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(unsigned(), tmp_path) == 0
    capsys.readouterr()
    assert checked(unsigned(), tmp_path, "--micro-credential", "--json") == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    numbers = [one["details"]["number"] for one in findings if one["code"] == "micro-credential-incomplete"]
    assert len(set(numbers)) == len(numbers) > 3


def test_what_is_no_json_is_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "nonsense"
    path.write_text("{ not json")
    assert main(["check", str(path)]) == 2
