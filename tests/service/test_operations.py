"""Whoever runs the service sees whether it is well, what it does, and nothing about anybody."""

from __future__ import annotations

import json
import logging
import pickle
import re
import socket
import sys
import traceback
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from issuer_service.api import create_app
from issuer_service.clock import os_randomness, system_clock
from issuer_service.errors import Refused
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award
from issuer_service.jobs.dbos_engine import JobFailed, do_job
from issuer_service.jobs.port import PROBE_KEYS, SIGN
from issuer_service.main import serve
from issuer_service.operations import health
from issuer_service.operations.doctor import Level, examine, run_doctor
from issuer_service.operations.logs import Lines
from issuer_service.operations.telemetry import observed, telemetry_of
from issuer_service.outbound import Answer, Outbound
from issuer_service.people.tables import Person
from issuer_service.persistence.database import create_database_engine
from issuer_service.signing_keys.tables import SigningKeyRow
from tests.service.conftest import ON_ONE_DATABASE, World, settings_for
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.serving import Client, Serving


def ready(world: World, query: str = "") -> tuple[int, list[str]]:
    """The status, and what is well or, when it is not ready, what is not."""
    answer = world.http.get(f"/readyz{query}")
    if answer.status_code == 503:
        return 503, [finding["detail"].partition(":")[0] for finding in answer.json()["findings"]]
    return answer.status_code, [check["name"] for check in answer.json()["checks"] if check["passed"]]


def approved(world: World) -> str:
    world.pass_module()
    award: str = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
    world.call("POST", f"/v1/awards/{award}/approval", expect=200)
    return award


class TestReadiness:
    def test_an_installation_that_signs_is_ready(self, world: World) -> None:
        world.handlers[PROBE_KEYS]("")
        world.issue_badge()
        assert ready(world) == (200, ["database", "migrations", "signing", "pending"])
        assert world.http.get("/healthz").json() == {"status": "alive"}

    def test_an_award_that_waits_too_long_is_an_alarm_and_this_process_serves_on(self, world: World) -> None:
        approved(world)
        world.clock.advance(timedelta(seconds=health.PATIENCE_SECONDS + 1))
        world.handlers[PROBE_KEYS]("")
        assert ready(world) == (503, ["pending"])
        assert ready(world, "?for=serving") == (200, ["database", "migrations"])

    def test_a_key_that_does_not_sign_is_an_alarm(self, world: World) -> None:
        with world.installation.transaction() as session:
            session.execute(update(SigningKeyRow).values(encrypted_secret=b"\x01" + bytes(60)))
        world.handlers[PROBE_KEYS]("")
        assert ready(world) == (503, ["signing"])

    def test_so_is_one_that_nobody_saw_sign_for_a_quarter_of_an_hour(self, world: World) -> None:
        world.handlers[PROBE_KEYS]("")
        world.clock.advance(timedelta(minutes=16))
        assert ready(world) == (503, ["signing"])

    def test_an_older_schema_is_told_with_what_to_do(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "versions", lambda _: ("0001", "0002"))
        answer = world.http.get("/readyz?for=serving")
        assert answer.status_code == 503
        assert "run issuer-service install" in answer.text

    def test_without_its_database_a_process_is_alive_and_not_ready(self, tmp_path: Path) -> None:
        with nowhere(tmp_path) as here, Client(here) as http:
            assert http.get("/healthz").status_code == 200
            answer = http.get("/readyz")
        assert answer.status_code == 503
        assert len(answer.json()["findings"]) == 4
        assert str(tmp_path) not in answer.text


@contextmanager
def nowhere(folder: Path) -> Iterator[Installation]:
    """An installation whose database is not there."""
    settings = settings_for(f"sqlite:///{folder}/missing/service.sqlite")
    engine = create_database_engine(settings.database_url)
    yield Installation(settings, engine, JobsByHand(), SettableClock(), os_randomness)
    engine.dispose()


def a_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def scraped(address: str) -> str:
    with urllib.request.urlopen(f"http://{address}/metrics") as answer:  # of this machine
        text: str = answer.read().decode()
        return text


class TestMetrics:
    def test_what_waits_what_was_signed_and_how_long_it_took_is_shown(self, world: World) -> None:
        address = f"127.0.0.1:{a_free_port()}"
        here = world.installation
        here = replace(here, settings=settings_for(here.settings.database_url, metrics_address=address))
        world.issue_badge(0)
        world.pass_module(1)
        with world.installation.transaction() as session:
            unapproved = session.scalars(select(Award).where(Award.approved_at.is_(None))).one()
            unapproved.approved_at = world.clock() - timedelta(seconds=7)
        with telemetry_of(here) as telemetry, TestClient(create_app(here, telemetry)) as http:
            http.get("/issuers/voorbeeld-opleider/did.json")
            http.get("/claim/a-secret-link")
            http.get("/no/such/path")
            handlers = observed({SIGN: lambda _: None}, telemetry)
            handlers[SIGN]("x")
            text = scraped(address)
        lines: dict[str, str] = {}
        for line in text.splitlines():
            if not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                lines[name] = value
        assert lines["issuer_service_database_up"] == "1.0"
        assert lines["issuer_service_awards_waiting"] == "1.0"
        assert lines["issuer_service_oldest_waiting_seconds"] == "7.0"
        assert lines['issuer_service_signatures_total{what="badges"}'] == "4.0"
        assert lines['issuer_service_job_seconds_count{job="sign",outcome="done"}'] == "1.0"
        route = 'issuer_service_request_seconds_count{method="GET",route="/issuers/{slug}/did.json",status="200"}'
        assert lines[route] == "1.0"
        guide = (Path(__file__).parents[2] / "docs/how-to/operate.md").read_text()
        names = {re.split(r"_(?:total|bucket|count|sum|created)\b", name.partition("{")[0])[0] for name in lines}
        assert [name for name in names if name.removeprefix("issuer_service_") not in guide] == []
        assert not any(word in text for word in ("a-secret-link", "no/such/path", "voorbeeld-opleider"))

    def test_while_the_database_is_away_that_is_what_they_say(self, tmp_path: Path) -> None:
        address = f"127.0.0.1:{a_free_port()}"
        with nowhere(tmp_path) as here:
            settings = settings_for(here.settings.database_url, metrics_address=address)
            with telemetry_of(replace(here, settings=settings)):
                assert "issuer_service_database_up 0.0" in scraped(address)


def fails(_: str) -> None:
    raise ZeroDivisionError


class Tracer:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    @contextmanager
    def start_as_current_span(self, name: str, **options: bool) -> Iterator[Tracer]:
        self.told.append((name, options))
        yield self

    def set_attribute(self, name: str, value: Any) -> None:
        self.told.append((name, value))


@ON_ONE_DATABASE
class TestTracing:
    def test_a_request_and_a_job_are_told_without_who_or_what(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tracer = Tracer()
        monkeypatch.setattr("opentelemetry.trace.get_tracer", lambda _name: tracer)
        here = replace(
            world.installation, settings=settings_for(world.installation.settings.database_url, tracing=True)
        )
        with telemetry_of(here) as telemetry, TestClient(create_app(here, telemetry)) as http:
            http.get("/claim/a-secret-link")
            with pytest.raises(ZeroDivisionError):
                observed({SIGN: fails}, telemetry)[SIGN]("of somebody")
        quiet = {"record_exception": False, "set_status_on_exception": False}
        assert ("job sign", quiet) in tracer.told
        assert ("http.route", "/claim/{token}") in tracer.told
        assert "a-secret-link" not in str(tracer.told)
        assert "of somebody" not in str(tracer.told)

    def test_off_it_is_not_even_imported(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "opentelemetry", None)
        handlers = {SIGN: lambda _: None}
        with telemetry_of(world.installation) as telemetry:
            assert not telemetry.measures
            assert observed(handlers, telemetry) is handlers


class TestLogs:
    def test_an_unexpected_error_says_where_and_not_about_whom(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The database's own message repeats what stood in the statement."""

        def added_twice(*_: Any) -> None:
            for _turn in range(2):
                with world.installation.transaction() as session:
                    session.add(Person(id="1", name="Sam Geheim", email="sam@geheim.example"))

        monkeypatch.setattr("issuer_service.pages.public.organisation_by_slug", added_twice)
        with capture_logs() as logs, TestClient(Serving(world.installation), raise_server_exceptions=False) as http:
            assert http.get("/issuers/x/did.json").status_code == 500
        (told,) = [entry for entry in logs if entry["event"] == "unexpected error"]
        assert "IntegrityError" in told["errors"]
        assert told["route"] == "/issuers/{slug}/did.json"
        assert any("public.py" in place for place in told["trace"])
        assert not any(word in json.dumps(logs) for word in ("Geheim", "geheim.example"))

    def test_nor_does_the_error_of_a_job_which_the_engine_logs_and_keeps(self, world: World) -> None:
        def added_twice(_: str) -> None:
            for _turn in range(2):
                with world.installation.transaction() as session:
                    session.add(Person(id="1", name="Sam Geheim", email="sam@geheim.example"))

        with capture_logs() as logs, pytest.raises(JobFailed) as failed:
            do_job({SIGN: added_twice}, SIGN, "x")
        kept = "".join(traceback.format_exception(failed.value)) + str(pickle.dumps(failed.value))
        assert "sign: IntegrityError" in kept
        assert not any(word in kept + json.dumps(logs) for word in ("Geheim", "geheim.example"))

    def test_nor_does_what_the_web_server_logs_of_it(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        try:
            raise ValueError("Key (email)=(sam@geheim.example) already exists")
        except ValueError:
            line = Lines().format(
                logging.makeLogRecord({"name": "uvicorn.error", "msg": "oh", "exc_info": sys.exc_info()})
            )
        assert json.loads(line)["errors"] == ["ValueError"]
        assert "geheim" not in line
        asked: dict[str, Any] = {}
        monkeypatch.setattr("uvicorn.run", lambda _app, **options: asked.update(options))
        serve(world.installation, with_jobs=False)
        assert asked["log_config"] is None

    def test_a_refusal_of_ours_keeps_its_words(self) -> None:
        def refused(_: str) -> None:
            raise Refused("against a rule")

        with pytest.raises(Refused, match="against a rule"):
            do_job({SIGN: refused}, SIGN, "x")


class Web(Outbound):
    """The web as the doctor sees it: the application of the test, or an answer of its own."""

    def __init__(self, http: Client | None) -> None:
        super().__init__()
        object.__setattr__(self, "http", http)

    def call(self, method: str, url: str, **_: Any) -> Answer:
        http: Client | None = self.http  # type: ignore[attr-defined]  # set above
        if http is None:
            return Answer(200, b'{"id": "did:web:another"}')
        answer = http.request(method, url)
        return Answer(answer.status_code, answer.content)


def of_level(found: dict[str, tuple[Level, str, str]], level: Level) -> set[str]:
    return {about for about, one in found.items() if one[0] is level}


class TestDoctor:
    def findings(self, here: Installation, http: Client | None) -> dict[str, tuple[Level, str, str]]:
        found = list(examine(here, outbound=Web(http)))
        assert all(one.mend for one in found if one.level is not Level.WELL)
        return {one.about: (one.level, one.found, one.mend) for one in found}

    def test_what_is_well_is_said_and_what_could_go_wrong_as_well(self, world: World) -> None:
        # Compared with the clock of the database.
        world.clock.moment = system_clock()
        found = self.findings(world.installation, world.http)
        bad, warned = (of_level(found, level) for level in (Level.PROBLEM, Level.WARNING))
        # A server for tests may have it off.
        assert (bad, warned - {"autovacuum"}) == (set(), {"mail", "publications", "workers"})
        if world.installation.engine.dialect.name == "postgresql":
            with world.installation.reading() as session:
                off = session.scalar(select(func.current_setting("autovacuum"))) == "off"
            assert ("autovacuum" in warned) == off
        assert sum(about.startswith("key ") for about in found) == 2
        assert "is what it should be" in found["did.json"][1]

    def test_each_thing_that_is_wrong_is_found_with_what_mends_it(self, world: World) -> None:
        with world.installation.transaction() as session:
            session.execute(update(SigningKeyRow).where(SigningKeyRow.purpose == "jwt").values(encrypted_secret=None))
        world.clock.advance(-timedelta(hours=1))
        settings = settings_for(
            world.installation.settings.database_url,
            outbound_allowed_networks=["0.0.0.0/0"],
            publication_folder="/nowhere/at/all",
        )
        found = self.findings(replace(world.installation, settings=settings), None)
        bad = of_level(found, Level.PROBLEM)
        jwt = "key voorbeeld-opleider--jwt--1"
        assert bad == {"outbound", "publications", "clock", jwt, "did.json"}

    def test_it_ends_with_one_when_there_is_a_problem(self, tmp_path: Path) -> None:
        with nowhere(tmp_path) as here:
            told, status = run_doctor(here)
        assert status == 1
        assert "database: it does not answer" in told
        assert "ISSUER_SERVICE_DATABASE_URL" in told
