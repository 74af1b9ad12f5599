"""An installation of the service on each database, with the demonstration's provider, ULO and people in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from issuer_service.api import create_app
from issuer_service.bootstrap import handlers
from issuer_service.clock import os_randomness
from issuer_service.demo.setting import Setting, set_up
from issuer_service.installation import Installation
from issuer_service.jobs.dbos_engine import prepare_tables
from issuer_service.jobs.port import Handlers
from issuer_service.persistence.database import create_database_engine
from issuer_service.persistence.migration import migrate
from issuer_service.settings import Settings
from issuer_service.signing_keys import vault
from tests.service.databases import Template, postgresql_url, sqlite_url
from tests.service.fakes import JobsByHand, SettableClock

LEVELS = {"RO001": "zelfstandig", "VO001": "voorbeeldig", "VO002": "zelfstandig", "VO003": "zelfstandig"}


@dataclass
class World:
    """One installation, its people, and the means to act in it."""

    installation: Installation
    setting: Setting
    jobs: JobsByHand
    clock: SettableClock
    handlers: Handlers
    http: TestClient

    def call(self, method: str, path: str, body: Any = None, *, expect: int) -> Any:  # JSON
        """Call the API as the teacher."""
        answer = self.http.request(
            method, path, json=body, headers={"Authorization": f"Bearer {self.setting.teacher_token}"}
        )
        assert answer.status_code == expect, answer.text
        return answer.json()

    def pass_module(self, enrolment: int = 0, levels: dict[str, str] | None = None) -> Any:  # JSON
        """The teacher records a result; the jobs that follow are done."""
        body = {
            "enrolment_id": self.setting.enrolments[enrolment],
            "module_id": self.setting.module_id,
            "levels": levels or LEVELS,
        }
        result = self.call("POST", "/v1/module-results", body, expect=201)
        self.jobs.do_all(self.handlers)
        return result

    def issue_badge(self, enrolment: int = 0) -> str:
        """A badge, all the way to its offer. Gives its id."""
        self.pass_module(enrolment)
        award = self.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        self.call("POST", f"/v1/awards/{award}/approval", expect=200)
        self.jobs.do_all(self.handlers)
        credential_id: str = self.call("GET", f"/v1/awards/{award}", expect=200)["credential_id"]
        return credential_id


SECRET = "a secret of some length"


@pytest.fixture
def cheap_key_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing the tests' secret need not be expensive."""
    monkeypatch.setattr(vault, "_SCRYPT_N", 2**4)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
    else:
        with postgresql_url() as url:
            yield url


def settings_for(database_url: str, **more: Any) -> Settings:
    """The settings of a test's installation."""
    return Settings(
        database_url=database_url,
        base_url="https://badges.example",
        secret=SecretStr(SECRET),
        **more,
    )


def _made(url: str) -> Setting:
    """The tables of the service and of its jobs, and the demonstration's people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "_SCRYPT_N", 2**4)
        engine = create_database_engine(url)
        migrate(engine)
        prepare_tables(engine)
        installation = Installation(settings_for(url), engine, JobsByHand(), SettableClock(), os_randomness)
        with installation.transaction() as session:
            setting = set_up(session, installation)
        engine.dispose()
    return setting


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template[Setting]]:
    """An installation with its people, made once."""
    template = Template(_made, tmp_path_factory.mktemp("template"))
    yield template
    template.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(
    request: pytest.FixtureRequest, tmp_path: Path, template: Template[Setting], cheap_key_derivation: None
) -> Iterator[tuple[str, Setting]]:
    """The URL of an installation with its people, on each database, and who they are."""
    with template.copy(request.param, tmp_path) as (url, setting):
        yield url, setting


@pytest.fixture
def world(installed: tuple[str, Setting]) -> Iterator[World]:
    clock, jobs = SettableClock(), JobsByHand()
    url, setting = installed
    engine = create_database_engine(url)
    installation = Installation(settings_for(url), engine, jobs, clock, os_randomness)
    with TestClient(create_app(installation), base_url="https://badges.example") as http:
        yield World(installation, setting, jobs, clock, handlers(installation), http)
    engine.dispose()
