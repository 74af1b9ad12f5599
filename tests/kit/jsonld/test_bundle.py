"""The bundled contexts are the ones that were published, byte for byte, and nothing else is bundled."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from openbadges_kit.errors import ContextNotBundled
from openbadges_kit.jsonld import bundle
from openbadges_kit.jsonld.bundle import bundled_context, bundled_schema, bundled_urls, contexts_folder
from openbadges_kit.vocabulary import ULO_V1

MANIFEST: dict[str, list[dict[str, str]]] = json.loads((contexts_folder() / "manifest.json").read_bytes())
ENTRIES = [entry for entries in MANIFEST.values() for entry in entries]

# The documents as their publishers have them, told by their JSON (sorted keys, no white space): a registry's copy may
# have other bytes. The URL of Open Badges 3.0.3 was published in two states.
PUBLISHED = {
    "w3c/credentials-v2.json": "b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf",
    "w3c/credentials-v1.json": "b01e671e873981f19a9102a9a57f666dbcaeb31b99e3e124378d143e71549247",
    "w3c/data-integrity-v2.json": "7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305",
    "w3c/data-integrity-v1.json": "9505bf85338a4c2121ad03992ac90061bc85d43bcfa34d9d47b779381cf08b5f",
    "w3c/multikey-v1.json": "be20c3ee6af6e9c4102e66a85c26617831218e32216bdf050f870e389e737cdc",
    "w3c/status-v1.json": "b2fcebfbaf4e6beae2be370fda8a5f9f99c28540c798a75a8cdccc0fb1a12492",
    "1edtech/ob-3.0.3.json": "04b1136ddc4eda9a8966bc7ef182789f233a26739473140ef75d6968c29a2966",
    "1edtech/ob-3.0.3-2024.json": "c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99",
}
OURS = {"own/ulo-v1.json"}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_a_file_has_the_bytes_of_the_manifest(entry: dict[str, str]) -> None:
    data = (contexts_folder() / entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]


@pytest.mark.parametrize(("file", "digest"), PUBLISHED.items())
def test_a_file_is_what_its_publisher_published(file: str, digest: str) -> None:
    document = json.loads((contexts_folder() / file).read_bytes())
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(plain.encode()).hexdigest() == digest


def test_every_file_is_in_the_manifest_and_no_address_twice() -> None:
    files = {str(path.relative_to(contexts_folder())) for path in contexts_folder().rglob("*.json")}
    listed = {entry["file"] for entry in ENTRIES} | {"manifest.json"}
    # A schema of our own terms lies beside their context, and is for others to use.
    assert {file for file in files - listed if not file.startswith("own/")} == set()
    assert listed <= files
    for entries in MANIFEST.values():
        assert len({entry["url"] for entry in entries}) == len(entries)
    assert bundled_urls() == {entry["url"] for entry in MANIFEST["contexts"]}
    assert ULO_V1 in bundled_urls()
    assert listed >= OURS


def test_what_is_not_bundled_is_refused() -> None:
    for url in ("https://evil.example/context", "", "file:///etc/passwd", "../manifest.json"):
        with pytest.raises(ContextNotBundled):
            bundled_context(url)
        with pytest.raises(ContextNotBundled):
            bundled_schema(url)


def test_a_changed_byte_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest: Any = {
        "contexts": {entry["url"]: entry | {"sha256": "0" * 64} for entry in MANIFEST["contexts"]},
        "schemas": {},
    }
    monkeypatch.setattr(bundle, "_manifest", lambda: manifest)
    bundle._read.cache_clear()
    with pytest.raises(ContextNotBundled):
        bundled_context(ULO_V1)
    bundle._read.cache_clear()
