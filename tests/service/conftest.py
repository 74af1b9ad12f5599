"""An installation of the service on each database, with the demonstration's provider, ULO and people in it."""

from __future__ import annotations

import os
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from pydantic import SecretStr

from issuer_service.bootstrap import handlers
from issuer_service.clock import os_randomness
from issuer_service.demo.setting import Setting, set_up
from issuer_service.installation import Installation
from issuer_service.jobs.port import Handlers
from issuer_service.settings import Settings, VcApi
from issuer_service.signing_keys import vault
from issuer_service.web.rate_limits import RateLimits
from tests.service.databases import (
    KeptDatabase,
    folder_in_memory,
    kept_postgresql,
    kept_sqlite,
    new_postgresql,
    postgresql_is_reachable,
    sqlite_url,
)
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.serving import Client

LEVELS = {"RO001": "zelfstandig", "VO001": "voorbeeldig", "VO002": "zelfstandig", "VO003": "zelfstandig"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave a test that would run on both databases to one of them, unless it is about databases.

    Which one follows from its name, so that half of them run on each. `make test-both` leaves nothing out.
    """
    # Without a server those on PostgreSQL skip, and then nothing may be left to it.
    if os.environ.get("DATABASES") == "both" or not postgresql_is_reachable():
        return
    pairs = defaultdict(list)
    for item in items:
        kind = getattr(item, "callspec", None) and item.callspec.params.get("database")  # type: ignore[attr-defined]
        if kind and item.get_closest_marker("both_databases") is None:
            pairs[item.nodeid.replace(kind, "")].append(item)
    left_out = [pair[zlib.crc32(name.encode()) % 2] for name, pair in pairs.items() if len(pair) == 2]
    config.hook.pytest_deselected(items=left_out)
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]


@dataclass
class World:
    """One installation, its people, and the means to act in it."""

    installation: Installation
    setting: Setting
    jobs: JobsByHand
    clock: SettableClock
    handlers: Handlers
    http: Client
    database: KeptDatabase | None = None

    def call(self, method: str, path: str, body: Any = None, *, expect: int) -> Any:  # JSON
        """Call the API as the teacher."""
        answer = self.http.request(
            method, path, json=body, headers={"Authorization": f"Bearer {self.setting.teacher_token}"}
        )
        assert answer.status_code == expect, answer.text
        return answer.json()

    def record_result(self, enrolment: int = 0, levels: dict[str, str] | None = None) -> Any:  # JSON
        """The teacher records a result."""
        body = {
            "enrolment_id": self.setting.enrolments[enrolment],
            "module_id": self.setting.module_id,
            "levels": levels or LEVELS,
        }
        return self.call("POST", "/v1/module-results", body, expect=201)

    def pass_module(self, enrolment: int = 0, levels: dict[str, str] | None = None) -> Any:  # JSON
        """The teacher records a result; the jobs that follow are done."""
        result = self.record_result(enrolment, levels)
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

    def first_badge(self) -> str:
        """A badge, where nothing happened yet: issued once, and put back for every other test. Gives its id."""
        assert self.database is not None
        assert not self.jobs.taken, "this would take away what happened already"
        credential_id = self.database.holding("first badge", self.issue_badge, on="installed")
        self.jobs.forget()
        return credential_id


SECRET = "a secret of some length"
VC_API_SECRET = "another secret, of thirty-two characters or more"


@pytest.fixture
def cheap_key_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing the tests' secret need not be expensive."""
    monkeypatch.setattr(vault, "_SCRYPT_N", 2**4)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody calls too often, however many calls a test makes."""
    for name in ("count_call", "must_not_be_guessing", "count_guess"):
        monkeypatch.setattr(RateLimits, name, lambda _self, _request: None)


# Not within the fixture: there is one of those for each module that imports it, and the databases are dear.
_OPEN = ExitStack()


@cache
def _kept(kind: str) -> KeptDatabase:
    makers = {"sqlite": kept_sqlite, "postgresql": kept_postgresql}
    return _OPEN.enter_context(makers[kind]())


@pytest.fixture(scope="session")
def kept() -> Iterator[Callable[[str], KeptDatabase]]:
    """The databases that this worker keeps, each made when it is first asked for."""
    yield _kept
    _OPEN.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, kept: Callable[[str], KeptDatabase]) -> KeptDatabase:
    """One of the two, as an earlier test left it."""
    return kept(request.param)


@pytest.fixture
def database_url(database: KeptDatabase) -> str:
    """A migrated database without rows. A test that changes tables asks for `new_database_url`."""
    database.empty()
    return database.url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without anything, of the test's own."""
    if request.param == "sqlite":
        with folder_in_memory() as folder:
            yield sqlite_url(folder)
    else:
        with new_postgresql() as (url, _):
            yield url


# For tests of what does not depend on how a database works: tokens, cookies, forms.
ON_ONE_DATABASE = pytest.mark.parametrize(
    "database", ["sqlite", "postgresql"] if os.environ.get("DATABASES") == "both" else ["sqlite"], indirect=True
)


def settings_for(database_url: str, **more: Any) -> Settings:
    """The settings of a test's installation, with everything switched on that can be."""
    given: dict[str, Any] = {"vc_api": VcApi.WITH_KEY, "vc_api_secret": SecretStr(VC_API_SECRET), **more}
    return Settings(
        database_url=database_url,
        base_url="https://badges.example",
        secret=SecretStr(SECRET),
        **given,
    )


@pytest.fixture
def installed(database: KeptDatabase, cheap_key_derivation: None) -> tuple[str, Setting]:
    """The URL of an installation with the demonstration's people, and who they are."""

    def settle() -> Setting:
        here = Installation(settings_for(database.url), database.engine, JobsByHand(), SettableClock(), os_randomness)
        with here.transaction() as session:
            return set_up(session, here)

    return database.url, database.holding("installed", settle)


@pytest.fixture
def world(installed: tuple[str, Setting], database: KeptDatabase) -> Iterator[World]:
    clock, jobs = SettableClock(), JobsByHand()
    url, setting = installed
    installation = Installation(settings_for(url), database.engine, jobs, clock, os_randomness)
    with Client(installation) as http:
        yield World(installation, setting, jobs, clock, handlers(installation), http, database)
