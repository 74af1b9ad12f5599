"""A story of keys: one follows another, and one is stolen. Read from top to bottom.

Everything is asked of what is public: the badge, the issuer's `did.json` and its status list.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from issuer_service.status_lists.tables import StatusList
from issuer_service.verifying.again import latest_round, reverify
from tests.service.conftest import World
from tests.service.test_keys import Keys, verdict_of

pytestmark = pytest.mark.both_databases

DAY = timedelta(days=1)
DID_JSON = "/issuers/voorbeeld-opleider/did.json"


def methods(world: World) -> list[Any]:  # JSON
    """The keys for proofs, as every verifier finds them, the oldest first."""
    document = world.http.get(DID_JSON).json()
    assert document["assertionMethod"] == [one["id"] for one in document["verificationMethod"]]
    return [one for one in document["verificationMethod"] if one["type"] == "Multikey"]


def reasons(world: World, credential_id: str) -> str:
    return world.http.get(f"/badges/{credential_id}?lang=en").text


def test_keys_follow_each_other_and_one_is_stolen(world: World) -> None:
    keys = Keys(world)

    # Monday. A badge is issued, with the provider's first key.
    first = keys.in_use()
    of_monday = world.issue_badge(0)
    assert verdict_of(world, of_monday) == ("valid", "valid")

    # Tuesday. Another key is made, as every year. The first stays public, with the moment of its end.
    world.clock.advance(DAY)
    second = keys.rotate()
    old, new = methods(world)
    assert old["publicKeyMultibase"] == first["public_multikey"]
    assert new["publicKeyMultibase"] == second["public_multikey"]
    assert "expires" in old
    assert "expires" not in new

    # The badge of Monday still verifies, and so does its list, which the new key has signed by now.
    assert verdict_of(world, of_monday) == ("valid", "valid")
    status_list = keys_list(world)
    assert status_list["proof"][0]["verificationMethod"] == new["id"]

    # Wednesday. A badge is issued with the second key.
    world.clock.advance(DAY)
    of_wednesday = world.issue_badge(1)
    assert verdict_of(world, of_wednesday) == ("valid", "valid")

    # Friday. It turns out that the second key was stolen, on Wednesday before that badge was issued.
    stolen_since = world.clock()
    world.clock.advance(2 * DAY)
    body = {"since": stolen_since.isoformat(), "reason": "laptop met sleutel gestolen"}
    keys.call("POST", f"/signing-keys/{second['id']}/compromise", body, expect=200)

    # From that moment on, before any worker has done anything, what was signed since then fails, and says why.
    assert methods(world)[1]["revoked"] == "2026-11-22T09:00:00Z"
    assert verdict_of(world, of_wednesday) == ("not-valid", "valid")
    assert "The key may have been in other hands since 2026-11-22" in reasons(world, of_wednesday)

    # The nightly round finds it too, for whoever did not look.
    assert reported_by_the_nightly_round(world) == [of_wednesday]

    # A third key is made and signs the list anew. What the first key signed was never in doubt.
    world.jobs.do_all(world.handlers)
    third = keys.in_use()
    assert third["number"] == 3
    assert verdict_of(world, of_monday) == ("valid", "valid")

    # The provider sees which badges fail, and issues them anew; the old ones are revoked.
    path = f"/signing-keys/{second['id']}/credentials"
    failing = keys.call("GET", path + "?since=2026-11-22T09:00:00Z", expect=200)["items"]
    assert [one["credential_id"] for one in failing] == [of_wednesday]
    rows = [{"credential_id": one["credential_id"]} for one in failing]
    run = keys.call(
        "POST",
        "/bulk-runs?kind=reissue&approve=true&reason=sleutel+gestolen",
        rows,
        expect=202,
        **{"Idempotency-Key": "after-the-theft", "Authorization": f"Bearer {world.setting.teacher_token}"},
    )
    world.jobs.do_all(world.handlers)
    assert keys.call("GET", f"/bulk-runs/{run['id']}", expect=200)["signed"] == 1
    (anew,) = keys.call("GET", f"/signing-keys/{third['id']}/credentials", expect=200)["items"]
    assert verdict_of(world, anew["credential_id"]) == ("valid", "valid")
    assert "revoked this badge" in reasons(world, of_wednesday)
    assert reported_by_the_nightly_round(world) == []


def reported_by_the_nightly_round(world: World) -> list[str]:
    world.clock.advance(timedelta(seconds=1))
    reverify("", here=world.installation)
    with world.installation.reading() as session:
        latest = latest_round(session)
    assert latest is not None
    while latest[0].finished_at is None:
        reverify(latest[0].id, here=world.installation)
        with world.installation.reading() as session:
            latest = latest_round(session)
        assert latest is not None
    return [finding.credential_id for finding in latest[1]]


def keys_list(world: World) -> Any:  # JSON
    """The provider's status list."""
    with world.installation.reading() as session:
        list_id = session.scalars(select(StatusList.id)).one()
    return world.http.get(f"/status/{list_id}").json()
