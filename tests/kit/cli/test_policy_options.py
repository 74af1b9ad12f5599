"""Each option of `openbadges verify` that says how strict to be changes the verdict that it is there to change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openbadges_kit.cli import main
from openbadges_kit.documents import dump_json
from tests.kit.samples import ISSUER, ISSUER_KEY, OTHER_KEY, signed, unsigned
from tests.kit.status.asking import as_token

SUBJECT = "urn:uuid:4f0c6c1a-55f2-4c7f-8ddf-2f5a7d0f0b11"


@pytest.mark.parametrize(
    ("options", "verdict", "status"),
    [
        ([], "valid", 0),
        (["--trusted-issuer", ISSUER], "valid", 0),
        (["--trusted-issuer", "did:web:a.example", "--trusted-issuer", ISSUER], "valid", 0),
        (["--trusted-issuer", "did:web:a.example"], "valid-issuer-unknown", 0),
        (["--trusted-issuer", "did:web:a.example", "--require", "trust"], "not-valid", 1),
        (["--pinned-key", ISSUER, ISSUER_KEY.public_key.thumbprint], "valid", 0),
        (["--pinned-key", ISSUER, OTHER_KEY.public_key.thumbprint], "valid-issuer-unknown", 0),
        (["--accept-suite", "eddsa-rdfc-2022"], "valid", 0),
        (["--accept-suite", "ecdsa-rdfc-2019"], "not-valid", 1),
        (["--require", "proof"], "valid", 0),
        (["--require", "status"], "not-valid", 1),
        (["--recipient", SUBJECT], "valid", 0),
        (["--recipient", "urn:uuid:somebody-else"], "not-valid", 1),
        (["--recipient-email", "me@example.org"], "unsettled", 3),
    ],
    ids=lambda value: " ".join(value)[:150] if isinstance(value, list) else "",
)
def test_an_option_decides(
    options: list[str], verdict: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "badge.json"
    path.write_bytes(dump_json(signed()))
    assert main(["verify", str(path), "--now", "2026-11-20T09:00:00Z", "--json", *options]) == status
    assert json.loads(capsys.readouterr().out)["verdict"] == verdict


@pytest.mark.parametrize(("algorithm", "status"), [("EdDSA", 0), ("ES256", 1)])
def test_of_tokens_the_algorithm_decides(algorithm: str, status: int, tmp_path: Path) -> None:
    path = tmp_path / "badge.jwt"
    path.write_text(as_token(unsigned()))
    arguments = ["verify", str(path), "--now", "2026-11-20T09:00:00Z", "--accept-algorithm", algorithm]
    assert main(arguments) == status


@pytest.mark.parametrize(("skew", "status"), [("0", 1), ("59", 1), ("60", 0)])
def test_a_clock_may_be_behind_by_so_many_seconds(skew: str, status: int, tmp_path: Path) -> None:
    path = tmp_path / "badge.json"
    path.write_bytes(dump_json(signed()))
    assert main(["verify", str(path), "--now", "2026-11-20T08:59:00Z", "--clock-skew", skew]) == status


@pytest.mark.parametrize(
    "options",
    [["--accept-suite", "rot13"], ["--accept-algorithm", "none"], ["--require", "luck"], ["--clock-skew", "-1"]],
    ids=" ".join,
)
def test_a_name_that_is_not_known_is_wrong_usage(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "badge.json"
    path.write_bytes(dump_json(signed()))
    try:
        status = main(["verify", str(path), *options])
    except SystemExit as error:
        status = int(str(error.code))
    assert status == 2
    assert capsys.readouterr().err
