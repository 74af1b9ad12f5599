"""What happened is told to who asked for it: signed, once per thing, again until it is heard, and only where it may."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from typing import Any, ClassVar

import pytest
from sqlalchemy import select

from issuer_service.bootstrap import handlers
from issuer_service.clock import os_randomness
from issuer_service.errors import Refused
from issuer_service.installation import Installation
from issuer_service.outbound import Outbound, check_url
from issuer_service.people.tables import Organisation
from issuer_service.webhooks.service import PAUSES, Secrets, WebhookEvent, add_webhook, tell
from issuer_service.webhooks.tables import Webhook, WebhookDelivery
from tests.service.conftest import World, settings_for

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Receiver(BaseHTTPRequestHandler):
    """Notes what it is told, and answers as the test says."""

    heard: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    answers: ClassVar[list[int]] = []

    def do_POST(self) -> None:  # the library's name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((dict(self.headers), body))
        self.send_response(self.answers.pop(0) if self.answers else 204)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    Receiver.heard, Receiver.answers = [], []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()
    thread.join()


def listening(world: World, url: str, *events: WebhookEvent) -> str:
    """A webhook of the provider's, on an installation that may call loopback."""
    here = world.installation
    settings = settings_for(here.settings.database_url, outbound_allowed_networks=LOOPBACK)
    world.installation = Installation(settings, here.engine, here.jobs, here.now, here.randomness)
    world.handlers = handlers(world.installation)
    with world.installation.transaction() as session:
        provider = session.scalars(select(Organisation)).one()
        webhook = add_webhook(
            session,
            organisation_id=provider.id,
            url=url,
            events=events or list(WebhookEvent),
            now=here.now(),
            randomness=os_randomness,
        )
        return webhook.id


def deliveries(world: World) -> list[WebhookDelivery]:
    with world.installation.reading() as session:
        return list(session.scalars(select(WebhookDelivery)))


def test_issuing_and_revoking_are_told_with_ids_and_nobodys_name(world: World, receiver: str) -> None:
    listening(world, receiver)
    credential_id = world.issue_badge()
    world.call("POST", f"/v1/credentials/{credential_id}/revocation", {"reason": "vergissing"}, expect=200)
    world.jobs.do_all(world.handlers)
    told = [json.loads(body) for _, body in Receiver.heard]
    assert [one["event"] for one in told] == ["credential.issued", "credential.revoked"]
    assert {one["data"]["credential_id"] for one in told} == {credential_id}
    assert b"ichael" not in b"".join(body for _, body in Receiver.heard)


def test_the_receiver_can_check_who_told_it_and_when(world: World, receiver: str) -> None:
    webhook_id = listening(world, receiver)
    world.issue_badge()
    headers, body = Receiver.heard[0]
    secret = Secrets(world.installation.settings.secret.get_secret_value()).of(webhook_id)
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    assert headers["Webhook-Signature"] == "v1=" + hmac.digest(secret.encode(), signed, hashlib.sha256).hex()
    assert int(headers["Webhook-Timestamp"]) == int(world.clock.moment.timestamp())


def test_a_job_done_again_tells_nothing_twice(world: World, receiver: str) -> None:
    listening(world, receiver)
    world.issue_badge()
    world.jobs.repeat_everything(world.handlers)
    assert len(Receiver.heard) == 1


def test_what_is_not_heard_is_told_again_with_longer_pauses_and_then_given_up(world: World, receiver: str) -> None:
    listening(world, receiver, WebhookEvent.CREDENTIAL_ISSUED)
    Receiver.answers = [500] * (len(PAUSES) + 5)
    world.issue_badge()
    (delivery,) = deliveries(world)
    outbound = Outbound(allowed=LOOPBACK)
    for _ in range(len(PAUSES) + 5):
        tell(delivery.id, here=world.installation, outbound=outbound)
    (delivery,) = deliveries(world)
    assert len(Receiver.heard) == len(PAUSES) + 1 == delivery.attempts
    assert delivery.given_up_at is not None
    assert delivery.last_outcome == "answered 500"
    assert list(world.jobs.later.values()) == list(PAUSES) == sorted(PAUSES)


def test_heard_the_second_time_it_is_told_no_third(world: World, receiver: str) -> None:
    listening(world, receiver, WebhookEvent.CREDENTIAL_ISSUED)
    Receiver.answers = [503, 200]
    world.issue_badge()
    (delivery,) = deliveries(world)
    for _ in range(3):
        tell(delivery.id, here=world.installation, outbound=Outbound(allowed=LOOPBACK))
    assert len(Receiver.heard) == 2
    assert deliveries(world)[0].delivered_at is not None


def test_a_redirect_is_not_followed(world: World, receiver: str) -> None:
    listening(world, receiver, WebhookEvent.CREDENTIAL_ISSUED)
    Receiver.answers = [302]
    world.issue_badge()
    assert deliveries(world)[0].last_outcome == "answered 302"


def test_only_what_was_asked_for_is_told(world: World, receiver: str) -> None:
    listening(world, receiver, WebhookEvent.CREDENTIAL_REVOKED)
    world.issue_badge()
    assert deliveries(world) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "https://127.0.0.1:9/",
        "https://[::1]:9/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "http://192.0.2.1/",
    ],
)
def test_a_private_address_is_not_called(url: str) -> None:
    with pytest.raises(Refused, match="not a public address"):
        Outbound().call("POST", url, body=b"{}")


@pytest.mark.parametrize("url", ["ftp://a.example/", "https://u:p@a.example/", "file:///etc/passwd", "https://", "a b"])
def test_what_is_no_web_address_is_refused_when_it_is_given(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url)


def test_an_ended_webhook_is_told_nothing_more(world: World, receiver: str) -> None:
    webhook_id = listening(world, receiver)
    world.jobs.do_all(world.handlers)
    with world.installation.transaction() as session:
        session.get_one(Webhook, webhook_id).ended_at = world.clock.moment
    world.issue_badge()
    assert Receiver.heard == []
