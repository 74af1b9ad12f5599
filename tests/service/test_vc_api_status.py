"""What the VC-API issues can be revoked and suspended, and the VC-API is there only for whom it was switched on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import select

from issuer_service.administration.commandline import operator_key
from issuer_service.settings import Settings, VcApi
from issuer_service.vc_api import status
from issuer_service.vc_api.suites import SUITES, signer_of
from issuer_service.vc_api.tables import VcApiStatus
from openbadges_kit.status.bitstring import StatusEntry, read_status
from tests.service.conftest import SECRET, VC_API_SECRET, settings_for
from tests.service.vc_api import EVERY_SUITE, Api, Json, a_credential, migrated, vc_api

LISTS = "bitstring-status-list"


@pytest.fixture
def api(database_url: str) -> Iterator[Api]:
    with vc_api(database_url) as made:
        yield made


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """For what no database has a say in."""
    return migrated(tmp_path_factory.mktemp("access"))


def set_status(api: Api, credential: Json, purpose: str, value: Any = ...) -> tuple[int, Any]:
    body = {"credentialId": credential["id"], "credentialStatus": {"statusPurpose": purpose}}
    return api.post(LISTS, "credentials/status", body if value is ... else {**body, "status": value})


def bit(api: Api, credential: Json, purpose: str) -> int:
    entry = next(one for one in credential["credentialStatus"] if one["statusPurpose"] == purpose)
    answer = api.http.get(entry["statusListCredential"], headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/vc"
    return read_status(StatusEntry.parse(entry), answer.json())


def test_what_is_issued_has_its_places_and_verifies_until_it_is_revoked(api: Api) -> None:
    revoked, other = api.issue(suite=LISTS), api.issue(a_credential(id="urn:example:mine"), LISTS)
    assert other["id"] == "urn:example:mine"
    assert [one["statusPurpose"] for one in revoked["credentialStatus"]] == ["revocation", "suspension"]
    assert api.verify(revoked, LISTS)[0] == 200
    assert set_status(api, revoked, "revocation")[0] == 200
    for options in ({}, {"checks": ["proof", "credentialStatus"]}):
        status_code, problem = api.verify(revoked, LISTS, **options)
        assert status_code == 400
        assert problem["type"].endswith("#STATUS_VERIFICATION_ERROR")
        assert api.verify(other, LISTS, **options)[0] == 200
    assert api.verify(revoked, LISTS, checks=["proof"])[0] == 200
    assert [bit(api, one, "revocation") for one in (revoked, other)] == [1, 0]
    assert set_status(api, revoked, "revocation", value=False)[0] == 400


def test_a_suspension_can_be_lifted(api: Api) -> None:
    secured = api.issue(suite=LISTS)
    assert set_status(api, secured, "suspension")[0] == 200
    assert api.verify(secured, LISTS)[0] == 400
    assert set_status(api, secured, "suspension", value=False)[0] == 200
    assert api.verify(secured, LISTS)[0] == 200
    assert bit(api, secured, "suspension") == 0


def test_no_place_is_given_twice(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "MINIMUM_ENTRIES", 6)
    ids = [api.issue(suite=LISTS)["credentialStatus"][0]["statusListIndex"] for _ in range(6)]
    assert sorted(ids) == [str(one) for one in range(6)]


def test_full_lists_take_nothing_more(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "MOST_PLACES", 1)
    api.issue(suite=LISTS)
    assert api.try_issuing(a_credential(), LISTS)[0] == 409
    with api.installation.reading() as session:
        assert len(session.scalars(select(VcApiStatus)).all()) == 1


@pytest.fixture(scope="module")
def quick(url: str) -> Iterator[Api]:
    with vc_api(url) as made:
        yield made


def test_a_lists_issuer_is_a_text_and_it_verifies_itself(quick: Api) -> None:
    entry = quick.issue(suite=LISTS)["credentialStatus"][0]
    listed = quick.http.get(entry["statusListCredential"]).json()
    assert listed["issuer"] == quick.issuer_of(LISTS)
    assert isinstance(listed["type"], list)
    assert quick.verify(listed, LISTS)[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"credentialId": 5, "credentialStatus": {"statusPurpose": "revocation"}},
        {"credentialId": "urn:x:1"},
        {"credentialId": "urn:x:1", "credentialStatus": {"statusPurpose": "message"}},
        {"credentialId": "urn:x:1", "credentialStatus": {"statusPurpose": ["revocation"]}},
        {"credentialId": "urn:x:1", "credentialStatus": {"statusPurpose": "revocation"}, "status": "yes"},
    ],
)
def test_a_status_that_says_too_little_is_a_400(quick: Api, body: Json) -> None:
    assert quick.post(LISTS, "credentials/status", body)[0] == 400


def test_what_is_not_there_is_a_404(quick: Api) -> None:
    assert set_status(quick, {"id": "urn:x:nobody"}, "revocation")[0] == 404
    assert quick.post("eddsa-rdfc-2022", "credentials/status", {})[0] == 404
    assert quick.post("no-such-suite", "credentials/issue", {"credential": a_credential()})[0] == 404
    for path in ("eddsa-rdfc-2022/status-lists/revocation", f"{LISTS}/status-lists/message", "x/status-lists/y"):
        assert quick.http.get(f"/vc-api/{path}").status_code == 404


def test_a_status_of_ones_own_and_an_id_too_long_to_keep_are_refused(quick: Api) -> None:
    own = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    assert quick.try_issuing(a_credential(credentialStatus=own), LISTS)[0] == 400
    assert quick.try_issuing(a_credential(id="urn:x:" + "a" * 500), LISTS)[0] == 400


def test_a_list_that_cannot_be_had_is_neither_revoked_nor_sound(quick: Api) -> None:
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": "https://127.0.0.1:9/list",
    }
    secured = quick.issue(a_credential(credentialStatus=entry))
    status_code, problem = quick.verify(secured, checks=["proof", "credentialStatus"])
    assert status_code == 400
    assert problem["type"].endswith("#STATUS_RETRIEVAL_ERROR")
    unknown = quick.issue(a_credential(credentialStatus={"type": "https://a.example/UnknownStatus"}))
    assert quick.verify(unknown, checks=["proof", "credentialStatus"])[0] == 400


def test_a_verification_calls_few_others(quick: Api) -> None:
    resources = [{"id": f"https://127.0.0.1:9/{n}", "digestSRI": "sha256-" + "A" * 43 + "="} for n in range(8)]
    _, answer = quick.verify(quick.issue(a_credential(relatedResource=resources)))
    told = " ".join(one["detail"] for one in answer["warnings"])
    assert answer["verified"]
    assert told.count("127.0.0.1") == 8


def test_it_is_off_unless_it_is_switched_on(url: str) -> None:
    with vc_api(url, VcApi.OFF) as off:
        assert off.http.get("/vc-api").status_code == 404
        assert off.http.get(f"/vc-api/{LISTS}/status-lists/revocation").status_code == 404
        for suite in EVERY_SUITE:
            for what in ("credentials/issue", "credentials/verify", "credentials/derive", "presentations/verify"):
                assert off.post(suite, what, {})[0] == 404
        assert not [path for path in off.http.get("/openapi.json").json()["paths"] if "vc-api" in path]


def test_with_a_key_it_is_for_whom_the_operator_gives_one_and_its_lists_for_everybody(url: str) -> None:
    with vc_api(url, VcApi.WITH_KEY) as guarded:
        with guarded.installation.transaction() as session:
            key = operator_key(session, guarded.installation, slug="o", name="Olga", email="olga@host.example")
        assert guarded.post("eddsa-rdfc-2022", "credentials/issue", {"credential": a_credential()})[0] == 401
        guarded.http.headers["Authorization"] = f"Bearer {key}"
        secured = guarded.issue(suite=LISTS)
        del guarded.http.headers["Authorization"]
        assert bit(guarded, secured, "revocation") == 0


def test_its_keys_need_a_secret_of_their_own() -> None:
    with pytest.raises(ValidationError, match="a secret of its own"):
        settings_for("sqlite://", vc_api=VcApi.OPEN, vc_api_secret=None)
    long = "a secret that is long enough for either of them"
    with pytest.raises(ValidationError, match="another secret"):
        Settings(secret=SecretStr(long), vc_api_secret=SecretStr(long), vc_api=VcApi.OPEN)
    with pytest.raises(ValidationError):
        settings_for("sqlite://", vc_api_secret=SecretStr("short"))


def test_its_keys_follow_from_that_secret_alone() -> None:
    issuers = {signer_of(suite, secret=VC_API_SECRET).issuer for suite in SUITES.values()}
    assert issuers == {signer_of(suite, secret=VC_API_SECRET).issuer for suite in SUITES.values()}
    assert issuers.isdisjoint(signer_of(suite, secret=SECRET * 2).issuer for suite in SUITES.values())
