"""An issuer with a name of its own, from a shell: the keys of its document count as the document says."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from openbadges_kit.cli import main
from openbadges_kit.cli.key_file import key_file
from openbadges_kit.documents import dump_json
from tests.kit.samples import ISSUER_KEY, OTHER_KEY, unsigned

DID = "did:web:school.example:badges"
URL = f"{DID}#{ISSUER_KEY.public_key.multikey}"
SIGNED_AT = "2026-11-20T09:00:00Z"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two keys, a badge signed with one of them, and a folder for documents."""
    monkeypatch.chdir(tmp_path)
    Path("old.json").write_bytes(key_file(ISSUER_KEY, passphrase=None))
    Path("new.json").write_bytes(key_file(OTHER_KEY, passphrase=None))
    Path("unsigned.json").write_bytes(dump_json(unsigned(issuer={"id": DID, "type": ["Profile"], "name": "School"})))
    Path("documents").mkdir()
    issue = ["issue", "unsigned.json", "--key", "old.json", "--verification-method", URL, "--now", SIGNED_AT]
    assert main([*issue, "-o", "badge.json"]) == 0
    return tmp_path


@pytest.mark.parametrize(
    ("keys", "status"),
    [
        (["old.json"], 0),
        (["old.json", "new.json"], 0),
        (["new.json"], 1),
        (["new.json", "--retired", "old.json", "2026-11-21T00:00:00Z"], 0),
        (["new.json", "--retired", "old.json", "2026-11-19T00:00:00Z"], 1),
        (["new.json", "--compromised", "old.json", "2026-11-21T00:00:00Z"], 0),
        (["new.json", "--compromised", "old.json", "2026-11-20T00:00:00Z"], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_key_counts_as_the_document_says(keys: list[str], status: int) -> None:
    page = f"documents/{quote(DID, safe='')}.json"
    assert main(["did-document", DID, *keys, "-o", page]) == 0
    verify = ["verify", "badge.json", "--now", "2027-01-01T00:00:00Z", "--did-documents", "documents"]
    assert main(verify) == status


def test_it_says_where_to_serve_it_and_has_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["did-document", DID, "old.json", "--json"]) == 0
    out = capsys.readouterr().out
    answer = json.loads(out)
    assert answer["url"] == "https://school.example/badges/did.json"
    assert answer["verificationMethods"] == [URL]
    assert json.loads(Path("old.json").read_bytes())["secretKeyMultibase"] not in out
    assert main(["did-document", DID, "old.json"]) == 0
    assert json.loads(capsys.readouterr().out) == answer["document"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["did:key:z6Mk", "old.json"], "a did:key needs no document"),
        (["did:web:..%2F", "old.json"], "is not a did:web"),
        ([DID, "unsigned.json"], "unsigned.json"),
        ([DID, "old.json", "--retired", "old.json", SIGNED_AT], "a key is named twice"),
        ([DID, "new.json", "--retired", "old.json", "yesterday"], "yesterday"),
    ],
    ids=["did-key", "no-host", "no-key", "twice", "no-moment"],
)
def test_what_makes_no_document_is_told(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["did-document", *arguments]) == 2
    assert reason in capsys.readouterr().err
