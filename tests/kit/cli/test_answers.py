"""What a program reads: with `--json` every command answers with one JSON object, failures too, and the same status."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from openbadges_kit.cli import build_parser, main
from openbadges_kit.cli.key_file import key_file
from openbadges_kit.documents import dump_json
from tests.kit.samples import ISSUER, ISSUER_KEY, LIST_URL, signed, signed_unchecked, status_entry, unsigned

AT_NOW = "2026-11-20T09:00:00Z"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a key, an unsigned badge and a signed one."""
    monkeypatch.chdir(tmp_path)
    Path("key.json").write_bytes(key_file(ISSUER_KEY, passphrase=None))
    Path("unsigned.json").write_bytes(dump_json(unsigned()))
    Path("badge.json").write_bytes(dump_json(signed()))
    return tmp_path


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command by its name."""
    actions = build_parser()._actions
    return next(dict(action.choices) for action in actions if isinstance(action, argparse._SubParsersAction))


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = main([*arguments, "--json"])
    captured = capsys.readouterr()
    assert not captured.err
    return status, json.loads(captured.out)


def test_every_command_has_it() -> None:
    assert commands()
    for name, parser in commands().items():
        assert "--json" in parser.format_help(), name


def test_a_whole_life_of_a_badge_for_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    status, made = answer(capsys, "keygen", "-o", "new.json")
    assert (status, made["output"], made["encrypted"], made["algorithm"]) == (0, "new.json", False, "Ed25519")
    assert made["verificationMethod"].startswith(made["issuer"] + "#")
    assert len(made["thumbprint"]) == 43

    issue = ["issue", "unsigned.json", "--key", "key.json", "--now", AT_NOW]
    assert answer(capsys, *issue) == (0, {"credential": signed()})
    assert answer(capsys, *issue, "-o", "out.json") == (0, {"output": "out.json"})
    assert json.loads(Path("out.json").read_bytes()) == signed()

    assert answer(capsys, "draw", "Een lekke band plakken", "-o", "image.png") == (0, {"output": "image.png"})
    assert answer(capsys, "bake", "image.png", "badge.json", "-o", "baked.png") == (0, {"output": "baked.png"})
    assert answer(capsys, "unbake", "baked.png") == (0, {"credential": signed()})
    assert answer(capsys, "unbake", "baked.png", "-o", "again.json") == (0, {"output": "again.json"})
    assert Path("again.json").read_bytes() == Path("badge.json").read_bytes()
    assert answer(capsys, "inspect", "baked.png") == (0, signed())
    status, report = answer(capsys, "verify", "baked.png", "--now", AT_NOW)
    assert (status, report["verdict"]) == (0, "valid")


def test_what_is_refused_is_told_with_its_findings(capsys: pytest.CaptureFixture[str]) -> None:
    Path("unsigned.json").write_bytes(dump_json(unsigned(naam="x")))
    status, told = answer(capsys, "issue", "unsigned.json", "--key", "key.json")
    assert status == 2
    assert told["error"]["message"] == "not fit to be signed"
    assert [(one["code"], one["path"]) for one in told["error"]["findings"]] == [("unmapped-term", "$.naam")]
    assert told["error"]["type"] == "https://w3id.org/security#PROOF_GENERATION_ERROR"


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "no-such-file"],
        ["inspect", "no-such-file"],
        ["unbake", "badge.json"],
        ["bake", "badge.json", "badge.json", "-o", "out"],
        ["derive", "badge.json"],
        ["status-list", LIST_URL, "--key", "key.json", "--set", "-1"],
        ["keygen", "-o", "key.json"],
        ["draw", "x", "-o", "no/such/folder"],
        ["present", "badge.json", "--key", "badge.json", "--challenge", "c", "--domain", "d"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_what_cannot_be_done_is_an_object_too(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, told = answer(capsys, *arguments)
    assert status == 2
    assert set(told) == {"error"}
    assert told["error"]["message"]


class TestStatusLists:
    """A list that was made here says of a badge what its issuer said."""

    @pytest.mark.parametrize(
        ("options", "purpose", "status"),
        [
            ([], "revocation", 0),
            (["--set", "8", "--set", "6"], "revocation", 0),
            (["--set", "6", "--set", "7"], "revocation", 1),
            (["--set", "7", "--purpose", "suspension"], "suspension", 1),
            (["--set", "7", "--purpose", "suspension"], "revocation", 3),
        ],
        ids=["none", "others", "this-one", "suspended", "another-purpose"],
    )
    def test_verify_reads_it(self, options: list[str], purpose: str, status: int) -> None:
        Path("badge.json").write_bytes(dump_json(signed(credentialStatus=status_entry(purpose=purpose))))
        Path("pages").mkdir()
        page = f"pages/{quote(LIST_URL, safe='')}.json"
        made = ["status-list", LIST_URL, "--key", "key.json", "--now", AT_NOW, "-o", page, *options]
        assert main(made) == 0
        assert main(["verify", "badge.json", "--now", AT_NOW, "--documents", "pages"]) == status

    def test_it_says_how_long_it_may_be_kept(self, capsys: pytest.CaptureFixture[str]) -> None:
        _, made = answer(capsys, "status-list", LIST_URL, "--key", "key.json", "--ttl", "300")
        assert made["credential"]["credentialSubject"]["ttl"] == 300_000
        assert made["credential"]["issuer"] == ISSUER


def test_what_a_stranger_wrote_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    issuer = {"id": f"{ISSUER}?\u001b[31m", "type": ["Profile"], "name": "x"}
    Path("badge.json").write_bytes(dump_json(signed_unchecked(unsigned()) | {"issuer": issuer, "\u001b[2J": 1}))
    assert main(["verify", "badge.json", "--now", AT_NOW, "--trusted-issuer", "did:web:a.example"]) == 1
    assert "\u001b" not in capsys.readouterr().out
    Path("\u001b[31m").write_text("{")
    assert main(["verify", "\u001b[31m"]) == 2
    assert "\u001b" not in capsys.readouterr().err
