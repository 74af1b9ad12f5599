"""A badge goes to a registry when its provider asks for it and its holder agrees, and not otherwise."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import HTTPServer
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from issuer_service.bootstrap import handlers
from issuer_service.delivery.registries import deliver
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Credential
from issuer_service.outbound import PAUSES, Outbound
from issuer_service.people.keys import make_key
from issuer_service.people.roles import OrganisationKind, Role
from issuer_service.people.service import add_organisation, add_person
from issuer_service.people.tables import Organisation
from issuer_service.programme.tables import Enrolment
from tests.service.conftest import World, settings_for
from tests.service.test_webhooks import LOOPBACK, Receiver

NAME = "register.example"


class Provider:
    """A provider's administrator, one registry on this machine, and one badge."""

    def __init__(self, world: World, url: str) -> None:
        self.world, self.serial = world, count()
        self.credential_id = world.first_badge()
        here = world.installation
        settings = settings_for(here.settings.database_url, outbound_allowed_networks=LOOPBACK)
        world.installation = Installation(settings, here.engine, here.jobs, here.now, here.randomness)
        world.handlers = handlers(world.installation)
        with here.reading() as session:
            organisation_id = session.scalars(select(Organisation.id)).one()
            self.holder_id = session.get_one(Enrolment, world.setting.enrolments[0]).person_id
        self.key = self.administrator(organisation_id)
        self.registry_id: str = self.call("POST", "/v1/registries", {"recipient": NAME, "url": url}, expect=201)["id"]
        self.deliveries = f"/v1/credentials/{self.credential_id}/registry-deliveries"

    def administrator(self, organisation_id: str) -> str:
        here = self.world.installation
        with here.transaction() as session:
            member = add_person(
                session,
                name="Anke Beheer",
                email=f"anke@{organisation_id}.example",
                organisation_id=organisation_id,
                role=Role.ADMINISTRATOR,
                randomness=here.randomness,
            )
            return make_key(session, member, now=here.now(), randomness=here.randomness).secret

    def call(self, method: str, path: str, body: Any = None, *, expect: int = 200, key: str = "") -> Any:  # JSON
        headers = {"Authorization": f"Bearer {key or self.key}", "Idempotency-Key": f"registries-{next(self.serial)}"}
        answer = self.world.http.request(method, path, json=body, headers=headers)
        assert answer.status_code == expect, answer.text
        return answer.json()

    def agree(self, recipient: str = NAME) -> str:
        body = {"purpose": "registry", "recipient": recipient, "wording": "w-1"}
        consent_id: str = self.call("POST", f"/v1/people/{self.holder_id}/consents", body, expect=201)["id"]
        return consent_id

    def ask(self, *, expect: int = 202) -> Any:  # JSON
        return self.call("POST", self.deliveries, {"registry_id": self.registry_id}, expect=expect)

    def work(self) -> Any:  # JSON
        """The jobs are done; what stands of the only delivery then."""
        self.world.jobs.do_all(self.world.handlers)
        (one,) = self.call("GET", self.deliveries)["items"]
        return one


@pytest.fixture
def provider(world: World) -> Iterator[Provider]:
    Receiver.heard, Receiver.answers = [], []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield Provider(world, f"http://127.0.0.1:{server.server_port}/in")
    server.shutdown()
    server.server_close()
    thread.join()


def test_r16_nothing_goes_to_a_registry_without_its_holders_consent_to_that_registry(provider: Provider) -> None:
    provider.agree("another.example")
    refused = provider.ask(expect=422)["findings"][0]
    assert refused["field"] == "registry_id"
    assert f"have them agree to the purpose `registry` with the recipient {NAME}" in refused["detail"]
    assert provider.call("GET", provider.deliveries)["items"] == []
    provider.world.jobs.do_all(provider.world.handlers)
    assert Receiver.heard == []


def test_exactly_what_was_signed_arrives_and_once_however_often_it_is_asked_for(provider: Provider) -> None:
    provider.agree()
    first, second = provider.ask(), provider.ask()
    assert first["id"] == second["id"]
    done = provider.work()
    assert (done["state"], done["attempts"], done["last_outcome"]) == ("delivered", 1, "answered 204")
    assert done["delivered_at"] is not None
    assert provider.ask()["state"] == "delivered"
    provider.world.jobs.repeat_everything(provider.world.handlers)
    ((headers, body),) = Receiver.heard
    with provider.world.installation.reading() as session:
        assert body == session.get_one(Credential, provider.credential_id).document
    assert headers["Content-Type"] == "application/vc+ld+json"
    assert headers["Idempotency-Key"] == done["id"]


def test_consent_that_is_taken_back_between_asking_and_sending_stops_it(provider: Provider) -> None:
    consent_id = provider.agree()
    provider.ask()
    provider.call("POST", f"/v1/people/{provider.holder_id}/consents/{consent_id}/withdrawal")
    assert provider.work()["state"] == "withdrawn"
    assert Receiver.heard == []
    # Who agrees again may have it delivered after all.
    provider.agree()
    provider.world.clock.moment += PAUSES[0]
    provider.ask()
    assert provider.work()["state"] == "delivered"


@pytest.mark.parametrize("what", ["revoked", "erased", "ended"])
def test_a_badge_that_was_revoked_or_erased_goes_nowhere_nor_any_to_a_registry_that_was_ended(
    provider: Provider, what: str
) -> None:
    provider.agree()
    provider.ask()
    if what == "revoked":
        provider.call("POST", f"/v1/credentials/{provider.credential_id}/revocation", {"reason": "vergissing"})
    elif what == "erased":
        provider.call("POST", f"/v1/people/{provider.holder_id}/erasure")
    else:
        provider.call("POST", f"/v1/registries/{provider.registry_id}/end")
    assert provider.work()["state"] == "stopped"
    assert Receiver.heard == []
    refused = provider.ask(expect=422)["findings"][0]
    assert refused["field"] == ("registry_id" if what == "ended" else "credential_id")


def test_what_a_registry_does_not_take_is_tried_again_with_longer_pauses_and_then_given_up(provider: Provider) -> None:
    provider.agree()
    Receiver.answers = [503] * len(PAUSES) + [500]
    delivery_id = provider.ask()["id"]
    waiting = provider.work()
    assert (waiting["state"], waiting["attempts"], waiting["last_outcome"]) == ("waiting", 1, "answered 503")
    for _ in range(len(PAUSES) + 3):
        deliver(delivery_id, here=provider.world.installation, outbound=Outbound(allowed=LOOPBACK))
    (given_up,) = provider.call("GET", provider.deliveries)["items"]
    assert (given_up["state"], given_up["last_outcome"]) == ("given-up", "answered 500")
    assert len(Receiver.heard) == len(PAUSES) + 1 == given_up["attempts"]
    assert list(provider.world.jobs.later.values()) == list(PAUSES)


def test_another_provider_finds_neither_the_registry_nor_the_badge(provider: Provider) -> None:
    here = provider.world.installation
    with here.transaction() as session:
        kind, slug = OrganisationKind.PROVIDER, "andere-opleider"
        other = add_organisation(session, kind=kind, slug=slug, name="Andere", randomness=here.randomness)
    key, body = provider.administrator(other.id), {"registry_id": provider.registry_id}
    provider.agree()
    assert provider.call("GET", "/v1/registries", key=key)["items"] == []
    provider.call("POST", f"/v1/registries/{provider.registry_id}/end", key=key, expect=404)
    provider.call("GET", provider.deliveries, key=key, expect=404)
    provider.call("POST", provider.deliveries, body, key=key, expect=404)


def test_a_registry_has_an_address_that_can_be_called_and_one_at_a_time(provider: Provider) -> None:
    wrong = {"recipient": "r.example", "url": "ftp://r.example/"}
    assert provider.call("POST", "/v1/registries", wrong, expect=422)["findings"][0]["field"] == "url"
    again = {"recipient": NAME, "url": "https://register.example/in"}
    assert provider.call("POST", "/v1/registries", again, expect=409)["findings"][0]["field"] == "recipient"
    provider.call("POST", f"/v1/registries/{provider.registry_id}/end")
    provider.call("POST", "/v1/registries", again, expect=201)
