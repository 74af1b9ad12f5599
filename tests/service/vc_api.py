"""An installation with the VC-API switched on, and what is sent to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.persistence.database import create_database_engine
from issuer_service.persistence.migration import migrate
from issuer_service.settings import VcApi
from openbadges_kit.vocabulary import CREDENTIALS_V2
from tests.service.conftest import settings_for
from tests.service.databases import sqlite_url
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.serving import Client

Json = dict[str, Any]
DATA_INTEGRITY = ("eddsa-rdfc-2022", "ecdsa-rdfc-2019-p256", "ecdsa-rdfc-2019-p384", "ecdsa-sd-2023")
EVERY_SUITE = (*DATA_INTEGRITY, "vc-jose-cose", "bitstring-status-list")
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"


@dataclass(frozen=True)
class Api:
    """Sends to the VC-API."""

    installation: Installation
    clock: SettableClock
    http: Client

    def post(self, suite: str, what: str, body: Any) -> tuple[int, Any]:
        """(status, JSON)."""
        answer = self.http.post(f"/vc-api/{suite}/{what}", json=body)
        return answer.status_code, answer.json()

    def try_issuing(self, credential: Any, suite: str = "eddsa-rdfc-2022", **options: Any) -> tuple[int, Any]:
        return self.post(suite, "credentials/issue", {"credential": credential, "options": options})

    def issue(self, credential: Json | None = None, suite: str = "eddsa-rdfc-2022", **options: Any) -> Json:
        status, secured = self.try_issuing(credential or a_credential(), suite, **options)
        assert status == 201, secured
        made: Json = secured
        return made

    def derive(self, credential: Json, *pointers: str) -> tuple[int, Any]:
        body = {"verifiableCredential": credential, "options": {"selectivePointers": list(pointers)}}
        return self.post("ecdsa-sd-2023", "credentials/derive", body)

    def shown(self, suite: str) -> Json:
        """What a verifier of the suite gets to see: the credential, or what is derived of it."""
        options = {"mandatoryPointers": ["/issuer"]} if suite == "ecdsa-sd-2023" else {}
        secured = self.issue(a_credential(), suite, **options)
        if suite != "ecdsa-sd-2023":
            return secured
        status, derived = self.derive(secured, "/type", "/credentialSubject")
        assert status == 201, derived
        made: Json = derived
        return made

    def verify(self, credential: Any, suite: str = "eddsa-rdfc-2022", **options: Any) -> tuple[int, Any]:
        return self.post(suite, "credentials/verify", {"verifiableCredential": credential, "options": options})

    def issuer_of(self, suite: str) -> str:
        suites = self.http.get("/vc-api").json()["suites"]
        issuer: str = next(one["issuer"] for one in suites if one["suite"] == suite)
        return issuer


def migrated(folder: Path) -> str:
    """The URL of an installation without anything in it, for a module whose tests leave nothing to each other."""
    engine = create_database_engine(sqlite_url(folder))
    migrate(engine)
    engine.dispose()
    return sqlite_url(folder)


@contextmanager
def vc_api(database_url: str, switch: VcApi = VcApi.OPEN, **more: Any) -> Iterator[Api]:
    """The VC-API of an installation that is there."""
    clock = SettableClock()
    engine = create_database_engine(database_url)
    settings = settings_for(database_url, vc_api=switch, rate_limit_per_address="100000/minute", **more)
    installation = Installation(settings, engine, JobsByHand(), clock, os_randomness)
    with Client(installation) as http:
        yield Api(installation, clock, http)
    engine.dispose()


def a_credential(**more: Any) -> Json:
    """A credential of the smallest kind, with some members more or others; None takes one away."""
    whole = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": "https://issuer.example/",
        "credentialSubject": {"id": "did:example:subject", "name": "Sanne"},
        **more,
    }
    return {name: value for name, value in whole.items() if value is not LEFT_OUT}


LEFT_OUT: Any = object()
