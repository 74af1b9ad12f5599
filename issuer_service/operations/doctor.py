"""`issuer-service doctor`: is this installation set up well? Each finding says what was found and what mends it.

It opens the keys as a worker does, and so runs where a worker runs, with its settings.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_network
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from issuer_service.audit.tables import AuditEntry
from issuer_service.errors import ServiceError
from issuer_service.installation import Installation
from issuer_service.notices.mail_server import ServerFailed, mail_server
from issuer_service.notices.tables import Notice, NoticeState
from issuer_service.operations.state import waiting, workers
from issuer_service.outbound import Outbound
from issuer_service.people.roles import OrganisationKind
from issuer_service.people.tables import Organisation
from issuer_service.persistence.migration import versions
from issuer_service.signing_keys.probe import probe_key
from issuer_service.signing_keys.ring import KeyRing
from issuer_service.signing_keys.service import did_document
from issuer_service.signing_keys.stores import key_ring
from issuer_service.signing_keys.tables import SigningKeyRow

__all__ = ["Finding", "Level", "add_doctor_command", "examine", "run_doctor"]

WELL, UNWELL = 0, 1
_TOLERATED: Final = timedelta(seconds=5)
_LOCAL: Final = {"localhost", "127.0.0.1", "::1"}
_ANYWHERE: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_OK: Final = 200
_UNSENT: Final = (str(NoticeState.WAITING), str(NoticeState.GIVEN_UP))


class Level(StrEnum):
    """How bad it is."""

    WELL = "well"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing, and what mends it."""

    level: Level
    about: str
    found: str
    mend: str = ""

    def __str__(self) -> str:
        """As a line for a terminal."""
        return f"{self.level:8} {self.about}: {self.found}{f' -> {self.mend}' if self.mend else ''}"


def add_doctor_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Tell the command line of this command."""
    commands.add_parser("doctor", help="say whether this installation is set up well; 0 when there is no problem")


def run_doctor(here: Installation) -> tuple[str, int]:
    """What was found, a line each, and the exit status: 1 when there is a problem."""
    findings = list(examine(here))
    unwell = any(finding.level is Level.PROBLEM for finding in findings)
    return "\n".join(str(finding) for finding in findings), UNWELL if unwell else WELL


def examine(here: Installation, *, outbound: Outbound | None = None) -> Iterator[Finding]:
    """Every finding. `outbound` reaches the public address; left out, by any network, since it is our own."""
    yield from _settings(here)
    try:
        found = list(_database(here))
    except SQLAlchemyError as error:
        yield Finding(
            Level.PROBLEM,
            "database",
            f"it does not answer ({type(error).__name__})",
            "see that it runs and that ISSUER_SERVICE_DATABASE_URL is right",
        )
        return
    yield from found
    if any(finding.level is Level.PROBLEM for finding in found):
        return
    yield from _clock(here)
    ring = key_ring(here.settings, here.randomness)
    yield from _keys(here, ring)
    yield from _work(here)
    yield from _mail(here)
    yield from _public(here, outbound or Outbound(allowed=_ANYWHERE, max_seconds=5))


def _settings(here: Installation) -> Iterator[Finding]:
    settings = here.settings
    parts = urlsplit(settings.base_url)
    if parts.scheme == "https":
        yield Finding(Level.WELL, "base URL", settings.base_url)
    elif parts.hostname in _LOCAL:
        mend = "badges made now name it for ever; set ISSUER_SERVICE_BASE_URL before the first real one"
        yield Finding(Level.WARNING, "base URL", f"{settings.base_url} is this machine's own", mend)
    else:
        mend = "serve it by https: nobody can resolve did:web otherwise"
        yield Finding(Level.PROBLEM, "base URL", f"{settings.base_url} is not https", mend)
    wide = [str(one) for one in settings.outbound_allowed_networks if one.prefixlen == 0 or one.is_loopback]
    if wide:
        mend = "name only the networks that webhooks are meant to reach"
        yield Finding(Level.PROBLEM, "outbound", f"tenants may have {', '.join(wide)} called", mend)
    else:
        allowed = ", ".join(str(one) for one in settings.outbound_allowed_networks) or "public addresses only"
        yield Finding(Level.WELL, "outbound", allowed)
    if settings.previous_key_secret is not None:
        mend = "run issuer-service keys rewrap, then take ISSUER_SERVICE_PREVIOUS_KEY_SECRET away"
        yield Finding(Level.WARNING, "key secret", "a previous one is still there", mend)
    folder = settings.publication_folder
    if folder is None:
        mend = "set ISSUER_SERVICE_PUBLICATION_FOLDER, outside the database and its backup"
        yield Finding(Level.WARNING, "publications", "a restored backup could take revocations back", mend)
    elif not folder.is_dir():
        yield Finding(Level.PROBLEM, "publications", f"{folder} is no folder", f"mkdir {folder}")
    else:
        yield Finding(Level.WELL, "publications", str(folder))


def _database(here: Installation) -> Iterator[Finding]:
    present, newest = versions(here.engine)
    kind = here.engine.dialect.name
    if present != newest:
        found = f"{kind} at version {present or 'none'}, the code at {newest}"
        yield Finding(Level.PROBLEM, "database", found, "run issuer-service install")
    else:
        yield Finding(Level.WELL, "database", f"{kind} at version {newest}")
    if kind == "postgresql":
        with here.reading() as session:
            if session.scalar(select(func.current_setting("autovacuum"))) == "off":
                mend = "set autovacuum = on: without statistics PostgreSQL plans as if every table were empty"
                yield Finding(Level.WARNING, "autovacuum", "it is off", mend)


def _clock(here: Installation) -> Iterator[Finding]:
    now = here.now()
    with here.reading() as session:
        newest = session.scalar(select(func.max(AuditEntry.at)))
        server: datetime | None = None
        if here.engine.dialect.name == "postgresql":
            server = session.scalar(select(func.now()))
    mend = "set the clock, and have it kept by NTP"
    if server is not None and abs(server - now) > _TOLERATED:
        off = (now - server).total_seconds()
        yield Finding(Level.PROBLEM, "clock", f"{off:+.0f} seconds beside the database's", mend)
    elif newest is not None and newest - now > _TOLERATED:
        yield Finding(Level.PROBLEM, "clock", f"the audit trail has an entry of {newest}, which is to come", mend)
    else:
        yield Finding(Level.WELL, "clock", now.isoformat())


def _keys(here: Installation, ring: KeyRing) -> Iterator[Finding]:
    with here.reading() as session:
        rows = session.scalars(select(SigningKeyRow).where(SigningKeyRow.retired_at.is_(None))).all()
        providers = select(Organisation.slug, Organisation.id).where(Organisation.kind == OrganisationKind.PROVIDER)
        without = {
            slug for slug, owner in session.execute(providers) if owner not in {row.organisation_id for row in rows}
        }
    for slug in sorted(without):
        mend = f"issuer-service keys rotate --organisation {slug} --purpose data-integrity --reason first"
        yield Finding(Level.WARNING, "keys", f"{slug} has no key in use", mend)
    for row in rows:
        problem = probe_key(row, here=here, ring=ring)
        if problem is None:
            yield Finding(Level.WELL, f"key {row.label}", f"in {row.store}, signs")
        else:
            mend = "see that its store is reached with the right secret; what waits is signed when it is"
            yield Finding(Level.PROBLEM, f"key {row.label}", problem, mend)


def _work(here: Installation) -> Iterator[Finding]:
    with here.reading() as session:
        found, alive = waiting(session, now=here.now()), workers(session)
    if alive:
        yield Finding(Level.WELL, "workers", f"{alive} on the list")
    else:
        yield Finding(Level.WARNING, "workers", "none is running", "start issuer-service worker, or serve")
    if found.with_problem:
        mend = "award.problem in the database says why; they are tried again when a worker starts"
        yield Finding(Level.WARNING, "awards", f"{found.with_problem} could not be signed", mend)


def _mail(here: Installation) -> Iterator[Finding]:
    with here.reading() as session:
        states = select(Notice.state, func.count()).where(Notice.state.in_(_UNSENT)).group_by(Notice.state)
        unsent = {state: number for state, number in session.execute(states)}  # noqa: C416  # rows are no pairs to mypy
    server = mail_server(here.settings)
    if server is None:
        found = f"no mail server is set; {unsent.get(NoticeState.WAITING, 0)} notices stay in the outbox"
        yield Finding(Level.WARNING, "mail", found, "set ISSUER_SERVICE_SMTP_HOST and ISSUER_SERVICE_MAIL_FROM")
        return
    name = f"{here.settings.smtp_host}:{here.settings.smtp_port}"
    try:
        greeting = server.check()
    except ServerFailed as error:
        mend = "see that it runs and that ISSUER_SERVICE_SMTP_… are right; what waits is sent when it is reached"
        yield Finding(Level.PROBLEM, "mail", f"{name}: {error}", mend)
        return
    secured = "in the clear" if here.settings.smtp_security == "none" else f"by {here.settings.smtp_security}"
    yield Finding(Level.WELL, "mail", f"{name} ({greeting}) takes mail from us, {secured}")
    if given_up := unsent.get(NoticeState.GIVEN_UP, 0):
        mend = "GET /v1/notices?state=given-up says why, and POST …/sending tries one anew"
        yield Finding(Level.WARNING, "notices", f"{given_up} were given up", mend)


def _public(here: Installation, outbound: Outbound) -> Iterator[Finding]:
    with here.reading() as session:
        provider = session.scalar(
            select(Organisation)
            .where(Organisation.kind == OrganisationKind.PROVIDER)
            .order_by(Organisation.id)
            .limit(1)
        )
        if provider is None:
            yield Finding(Level.WARNING, "did.json", "there is no provider yet", "POST /v1/organisations opens one")
            return
        expected = did_document(session, provider, base_url=here.base_url)
    url = f"{here.base_url}/issuers/{provider.slug}/did.json"
    mend = "verifiers fetch this: see that the name, the proxy and a process that serves are there"
    try:
        answer = outbound.call("GET", url)
        document = json.loads(answer.body) if answer.status == _OK else None
    except (ServiceError, ValueError) as error:
        yield Finding(Level.PROBLEM, "did.json", f"{url}: {error}", mend)
        return
    if document != expected:
        found = f"{url} answers {answer.status}" if document is None else f"{url} has other keys than this database"
        yield Finding(Level.PROBLEM, "did.json", found, mend)
    else:
        yield Finding(Level.WELL, "did.json", f"{url} is what it should be")
