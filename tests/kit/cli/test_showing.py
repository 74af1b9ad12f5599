"""A holder shows a part of a badge, to one verifier, once: `derive`, `present`, `verify --challenge`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from openbadges_kit.cli import main
from openbadges_kit.cli.key_file import key_file
from openbadges_kit.did.did_key import did_of
from openbadges_kit.documents import dump_json
from tests.kit.samples import OTHER_KEY, P256_KEY, unsigned

AT_NOW = "2026-11-20T09:00:00Z"
CHALLENGE = ["--challenge", "3f9a", "--domain", "https://employer.example.org"]
ID = "/credentialSubject/id"
CRITERIA = "/credentialSubject/achievement/criteria"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with an issuer's key, a holder's key and an unsigned badge."""
    monkeypatch.chdir(tmp_path)
    issuer = {"id": did_of(P256_KEY.public_key), "type": ["Profile"], "name": "Fietsschool"}
    Path("issuer.json").write_bytes(key_file(P256_KEY, passphrase=None))
    Path("holder.json").write_bytes(key_file(OTHER_KEY, passphrase=None))
    Path("unsigned.json").write_bytes(dump_json(unsigned(issuer=issuer, awardedDate="2026-11-19T09:00:00Z")))
    return tmp_path


def run(*arguments: str, now: bool = True) -> int:
    return main([*arguments, *(["--now", AT_NOW] if now else [])])


def issued(*options: str) -> None:
    assert run("issue", "unsigned.json", "--key", "issuer.json", "-o", "issued", *options) == 0


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    run("verify", *arguments, "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_of_a_base_proof_exactly_what_is_named_is_shown() -> None:
    issued("--suite", "ecdsa-sd-2023", "--mandatory", "/name")
    assert run("verify", "issued") == 1, "a base proof is for its holder alone"
    for reveal, shown in (([], False), (["--reveal", "/awardedDate"], True)):
        assert run("derive", "issued", *reveal, "-o", "shown", now=False) == 0
        document = json.loads(Path("shown").read_bytes())
        assert (document["name"], "awardedDate" in document) == ("Een lekke band plakken", shown)
        assert run("verify", "shown") == 0


def test_of_an_sd_jwt_exactly_what_is_named_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    issued("--sd-jwt", "--disclosable", ID, "--disclosable", CRITERIA)
    assert main(["inspect", "issued"]) == 0
    listed = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("May be left out"))
    assert {ID, CRITERIA} == set(listed.removeprefix("May be left out").strip().split(", "))
    assert run("derive", "issued", "--reveal", CRITERIA, "-o", "shown", now=False) == 0
    assert run("verify", "shown") == 0
    capsys.readouterr()
    assert main(["inspect", "shown", "--json"]) == 0
    subject = json.loads(capsys.readouterr().out)["credentialSubject"]
    assert "id" not in subject
    assert subject["achievement"]["criteria"] == {"narrative": "Laat het zien."}


@pytest.mark.parametrize(
    ("issue", "derive", "reason"),
    [
        ([], [], "ecdsa-sd-2023"),
        (["--jwt"], [], "whole or not at all"),
        (["--sd-jwt", "--disclosable", ID], ["--reveal", "/name"], "not disclosable: /name"),
        (["--suite", "ecdsa-sd-2023"], ["--reveal", "/nothing"], "/nothing"),
    ],
    ids=["no-base-proof", "jwt", "not-disclosable", "points-to-nothing"],
)
def test_what_cannot_be_derived_is_told(
    issue: list[str], derive: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    issued(*issue)
    assert run("derive", "issued", *derive, now=False) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--mandatory", "/name"], "--mandatory goes with --suite ecdsa-sd-2023 only"),
        (["--jwt", "--holder", "did:key:z6Mk"], "--holder goes with --sd-jwt only"),
        (["--sd-jwt", "--holder", "did:web:example.org"], "--holder is a did:key or a did:jwk"),
        (["--sd-jwt", "--disclosable", "/issuer/id"], "always disclosed: /issuer/id"),
        (["--suite", "eddsa-rdfc-2022"], "eddsa-rdfc-2022 does not sign with a key of P-256"),
        (["--suite", "ecdsa-sd-2023", "--mandatory", "/nothing"], "/nothing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options_that_do_not_go_together_are_told(
    options: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("issue", "unsigned.json", "--key", "issuer.json", *options) == 2
    captured = capsys.readouterr()
    assert reason in captured.err
    assert not captured.out


class TestPresentations:
    """What the holder signed for one verifier and one challenge is good for those, and for nobody else."""

    @pytest.mark.parametrize(
        ("issue", "present"),
        [
            ([], []),
            ([], ["--jwt"]),
            (["--jwt"], []),
            (["--sd-jwt", "--disclosable", ID, "--holder", did_of(OTHER_KEY.public_key)], []),
            (["--sd-jwt", "--disclosable", ID], []),
        ],
        ids=["json", "vp-jwt", "jwt-in-an-envelope", "key-binding", "sd-jwt-in-an-envelope"],
    )
    def test_in_every_form(self, issue: list[str], present: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        issued(*issue)
        assert run("present", "issued", "--key", "holder.json", *CHALLENGE, *present, "-o", "shown") == 0
        answer = report(capsys, "shown", *CHALLENGE)
        assert (answer["verified"], answer["verdict"]) == (True, "valid"), answer
        assert [credential["verdict"] for credential in answer["credentials"]] == ["valid"]
        assert run("verify", "shown", *CHALLENGE) == 0
        assert capsys.readouterr().out.startswith("What is shown here is valid.\nHolder: did:")
        for another in (["--challenge", "3f9b", *CHALLENGE[2:]], [*CHALLENGE[:2], "--domain", "https://x.example"]):
            assert run("verify", "shown", *another) == 1

    def test_an_sd_jwt_that_was_bound_is_not_derived_from(self) -> None:
        issued("--sd-jwt", "--disclosable", ID, "--holder", did_of(OTHER_KEY.public_key))
        assert run("present", "issued", "--key", "holder.json", *CHALLENGE, "-o", "shown") == 0
        assert run("derive", "shown", now=False) == 2

    def test_the_policy_holds_for_the_holder_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        issued()
        assert run("present", "issued", "--key", "holder.json", *CHALLENGE, "-o", "shown") == 0
        allowed = ["--accept-suite", "ecdsa-rdfc-2019"]
        answer = report(capsys, "shown", *CHALLENGE, *allowed)
        assert [credential["verdict"] for credential in answer["credentials"]] == ["valid"]
        assert answer["verdict"] == "not-valid"
        assert run("verify", "shown", *CHALLENGE, *allowed, "--accept-suite", "eddsa-rdfc-2022") == 0

    def test_a_badge_is_no_presentation_and_a_challenge_alone_is_wrong_usage(self) -> None:
        issued()
        assert run("verify", "issued", *CHALLENGE) == 1
        assert run("verify", "issued", *CHALLENGE[:2]) == 2
        assert run("verify", "issued", *CHALLENGE[2:]) == 2
