"""What the VC-API issues is accepted by the library that the W3C's suites are written with, until it is revoked."""

from __future__ import annotations

from pathlib import Path

from openbadges_kit.documents import JsonObject
from tests.interop.packages import run_node
from tests.service.vc_api import Api, a_credential, migrated, vc_api

LISTS = "bitstring-status-list"


def with_its_lists(api: Api, credential: JsonObject) -> JsonObject:
    entries = credential["credentialStatus"]
    documents = {one["statusListCredential"]: api.http.get(one["statusListCredential"]).json() for one in entries}
    return {"credential": credential, "documents": documents}


def test_others_accept_what_is_issued_and_neither_what_was_changed_nor_what_was_revoked(tmp_path: Path) -> None:
    with vc_api(migrated(tmp_path)) as api:
        credential = api.issue(a_credential(id="urn:uuid:3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"), LISTS)
        sound = with_its_lists(api, credential)
        changed = {**sound, "credential": {**credential, "credentialSubject": {"id": "did:example:another"}}}
        body = {"credentialId": credential["id"], "credentialStatus": {"statusPurpose": "suspension"}}
        assert api.post(LISTS, "credentials/status", body)[0] == 200
        suspended = with_its_lists(api, credential)
    accepted, altered, stopped = (one["digitalbazaar"] for one in run_node("verify.mjs", [sound, changed, suspended]))
    assert (accepted["verified"], accepted["revoked"]) == (True, False)
    assert not altered["verified"]
    assert stopped["revoked"]
