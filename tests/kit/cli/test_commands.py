"""`openbadges`: what each command does, says and exits with."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from openbadges_kit.cli import main
from openbadges_kit.documents import dump_json
from openbadges_kit.issuance import issue, prepare
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.rendering.badge_image import draw_badge
from tests.kit.samples import ISSUER, ISSUER_KEY, LIST_URL, NOW, signed, status_entry, status_list, unsigned

AT_NOW = "2026-11-20T09:00:00Z"


@pytest.fixture
def badge(tmp_path: Path) -> Path:
    path = tmp_path / "badge.json"
    path.write_bytes(dump_json(signed()))
    return path


def test_a_valid_badge_exits_with_0_and_the_verdict_comes_first(
    badge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(badge), "--now", AT_NOW]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "This badge is valid."
    assert any("Signature" in line and "passed" in line for line in lines)


def test_a_changed_badge_exits_with_1_and_says_why(badge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    badge.write_text(badge.read_text().replace("Fietsschool", "Fietsschoot"))
    assert main(["verify", str(badge), "--now", AT_NOW, "--language", "nl"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("Deze badge is niet geldig.")
    assert "De handtekening klopt niet" in out


def test_a_status_list_that_is_not_had_exits_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "badge.json"
    path.write_bytes(dump_json(signed(credentialStatus=status_entry())))
    assert main(["verify", str(path), "--now", AT_NOW, "--json"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"], report["verified"]) == ("unsettled", False)


def test_a_folder_of_documents_stands_in_for_the_network(tmp_path: Path) -> None:
    path, folder = tmp_path / "badge.json", tmp_path / "documents"
    path.write_bytes(dump_json(signed(credentialStatus=status_entry())))
    folder.mkdir()
    for revoked, status in (((), 0), ((7,), 1)):
        (folder / f"{quote(LIST_URL, safe='')}.json").write_bytes(dump_json(status_list(revoked)))
        assert main(["verify", str(path), "--now", AT_NOW, "--documents", str(folder)]) == status


def test_a_folder_of_did_documents_settles_a_did_web(tmp_path: Path) -> None:
    did = "did:web:school.example"
    method = f"{did}#key-1"
    path, folder = tmp_path / "badge.json", tmp_path / "dids"
    prepared = prepare(
        unsigned(issuer={"id": did, "type": ["Profile"], "name": "School"}), verification_method=method, created=NOW
    )
    path.write_bytes(dump_json(issue(prepared, signing_key=ISSUER_KEY)))
    assert main(["verify", str(path), "--now", AT_NOW]) == 3
    folder.mkdir()
    document = {
        "id": did,
        "verificationMethod": [VerificationMethod(method, did, ISSUER_KEY.public_key).to_json()],
        "assertionMethod": [method],
    }
    (folder / f"{quote(did, safe='')}.json").write_bytes(dump_json(document))
    assert main(["verify", str(path), "--now", AT_NOW, "--did-documents", str(folder)]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify"],
        ["verify", "no-such-file"],
        ["verify", "{folder}"],
        ["verify", "{nonsense}"],
        ["verify", "{badge}", "--now", "yesterday"],
        ["verify", "{badge}", "--documents", "no-such-folder"],
        ["verify", "{badge}", "--language", "fr"],
        ["inspect", "{nonsense}"],
        ["bake", "{badge}", "{badge}", "-o", "{out}"],
        ["unbake", "{badge}"],
        ["issue", "{badge}", "--key", "{nonsense}"],
        ["issue", "{badge}", "--key", "{badge}"],
        ["dance"],
        [],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2_and_says_so_on_stderr(
    arguments: list[str], badge: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nonsense = tmp_path / "nonsense"
    nonsense.write_text("{ not json")
    names = {"badge": badge, "nonsense": nonsense, "folder": tmp_path, "out": tmp_path / "out"}
    assert _exit_status([argument.format(**names) for argument in arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err
    assert not captured.out


def test_a_key_file_is_private_and_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "key.json"
    assert main(["keygen", "-o", str(path)]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    out = capsys.readouterr().out
    assert json.loads(content)["id"] in out
    assert json.loads(content)["secretKeyMultibase"] not in out
    assert main(["keygen", "-o", str(path)]) == 2
    assert path.read_bytes() == content


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "P-384"])
def test_what_keygen_makes_issue_signs_with_and_verify_accepts(algorithm: str, tmp_path: Path) -> None:
    key, credential, token = tmp_path / "key.json", tmp_path / "unsigned.json", tmp_path / "badge.jwt"
    assert main(["keygen", "-o", str(key), "--algorithm", algorithm]) == 0
    issuer = json.loads(key.read_bytes())["controller"]
    credential.write_bytes(dump_json(unsigned(issuer={"id": issuer, "type": ["Profile"], "name": "Ik"})))
    assert main(["issue", str(credential), "--key", str(key), "--now", AT_NOW, "--jwt", "-o", str(token)]) == 0
    assert main(["verify", str(token), "--now", AT_NOW]) == 0


def test_an_encrypted_key_file_opens_with_its_passphrase_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key, credential, out = tmp_path / "key.json", tmp_path / "unsigned.json", tmp_path / "badge.json"
    monkeypatch.setenv("OPENBADGES_PASSPHRASE", "correct horse")
    assert main(["keygen", "-o", str(key), "--encrypt"]) == 0
    content = json.loads(key.read_bytes())
    assert "secretKeyMultibase" not in content
    issuer = {"id": content["controller"], "type": ["Profile"], "name": "Ik"}
    credential.write_bytes(dump_json(unsigned(issuer=issuer)))
    issue_it = ["issue", str(credential), "--key", str(key), "--now", AT_NOW, "-o", str(out)]
    assert main(issue_it) == 0
    assert main(["verify", str(out), "--now", AT_NOW]) == 0
    monkeypatch.setenv("OPENBADGES_PASSPHRASE", "wrong horse")
    assert main(issue_it) == 2
    assert "passphrase" in capsys.readouterr().err
    monkeypatch.delenv("OPENBADGES_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(issue_it) == 2


def test_a_term_without_meaning_is_refused_with_its_path_and_its_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, credential = tmp_path / "key.json", tmp_path / "unsigned.json"
    assert main(["keygen", "-o", str(key)]) == 0
    issuer = {"id": json.loads(key.read_bytes())["controller"], "type": ["Profile"], "name": "Ik"}
    credential.write_bytes(dump_json(unsigned(issuer=issuer, naam="x", validFrom="2026-11-20")))
    assert main(["issue", str(credential), "--key", str(key)]) == 2
    err = capsys.readouterr().err
    assert "$.naam: no context gives this term a meaning" in err
    assert "$.validFrom is not a date and time with a zone" in err


def test_baked_and_unbaked_it_is_the_same_bytes(badge: Path, tmp_path: Path) -> None:
    image, baked, out = tmp_path / "image.png", tmp_path / "baked.png", tmp_path / "out.json"
    image.write_bytes(draw_badge("Een lekke band plakken"))
    assert main(["bake", str(image), str(badge), "-o", str(baked)]) == 0
    assert main(["verify", str(baked), "--now", AT_NOW]) == 0
    assert main(["unbake", str(baked), "-o", str(out)]) == 0
    assert out.read_bytes() == badge.read_bytes()


def test_inspect_shows_what_it_says_and_that_nothing_was_verified(
    badge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    badge.write_text(badge.read_text().replace("Fietsschool", "Fiets\\u001b[31mschool"))
    assert main(["inspect", str(badge)]) == 0
    out = capsys.readouterr().out
    assert f"<{ISSUER}>" in out
    assert "\x1b" not in out, "a badge must not steer the terminal"
    assert "Nothing was verified" in out
    assert main(["inspect", str(badge), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "Een lekke band plakken"


def test_standard_input_and_the_module_do_what_the_script_does(badge: Path) -> None:
    command = [sys.executable, "-m", "openbadges_kit", "verify", "-", "--now", AT_NOW]
    result = subprocess.run(command, input=badge.read_bytes(), capture_output=True, check=False)
    assert (result.returncode, result.stdout.splitlines()[0]) == (0, b"This badge is valid.")


def _exit_status(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as error:
        return int(str(error.code))
