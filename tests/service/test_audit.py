"""The audit trail: nothing that matters goes untold, nothing told is changed, and a change is found."""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from inspect import signature
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from issuer_service.administration.audit_commandline import add_audit_command, run_audit_command
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry, AuditHead
from issuer_service.audit.trail import hash_of_entry, record
from issuer_service.audit.verification import Chain, Known, exported, line_of, verify_trail
from issuer_service.issuance.tables import Credential
from issuer_service.jobs.port import AUDIT
from issuer_service.people.tables import Organisation
from issuer_service.persistence.database import transaction
from tests.service.conftest import World

pytestmark = pytest.mark.both_databases

TRIGGERS = ("audit_entry_keeps", "audit_entry_stays", "audit_entry_once", "audit_head_advances", "audit_head_stays")


def our_id(world: World) -> str:
    with world.installation.reading() as session:
        return session.scalars(select(Organisation.id)).one()


def tell(world: World, *things: str) -> None:
    """One transaction per thing."""
    for thing in things:
        with world.installation.transaction() as session:
            record(session, AuditEvent.KEY_ROTATED, organisation_id=our_id(world), about=thing, details={"n": 1})


def chain_of(world: World) -> Chain:
    with world.installation.reading() as session:
        (chain,) = verify_trail(session, world.installation.trail)
    return chain


def length(world: World) -> int:
    with world.installation.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@contextmanager
def tampering(world: World, *, for_good: bool = False) -> Iterator[Session]:
    """A session of somebody who has the database itself and needs no triggers; what they did is undone afterwards."""
    with Session(world.installation.engine) as session:
        if world.installation.engine.dialect.name == "sqlite":
            session.execute(text("BEGIN IMMEDIATE"))
            for name in TRIGGERS:
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        yield session
        if for_good:
            session.commit()


def found(session: Session, world: World, known: Known | None = None) -> tuple[int | None, str]:
    """What verifying says is wrong first, with our chain."""
    session.expire_all()
    (chain,) = verify_trail(session, world.installation.trail, known=known)
    return chain.wrong_at, chain.reason


class TestRecording:
    def test_an_entry_is_there_when_what_it_tells_of_is_and_says_who_did_it(self, world: World) -> None:
        class Somebody:
            organisation_id, person_id = our_id(world), "somebody"

        def told_and_undone() -> None:
            with world.installation.transaction_for(Somebody()) as session:
                record(session, AuditEvent.KEY_MADE, about="never")
                raise RuntimeError("and nothing came of it")

        with pytest.raises(RuntimeError):
            told_and_undone()
        with world.installation.transaction_for(Somebody()) as session:
            record(session, AuditEvent.KEY_MADE, about="k")
        with world.installation.reading() as session:
            assert session.scalars(select(AuditEntry).where(AuditEntry.about == "never")).all() == []
            entry = session.scalars(select(AuditEntry).where(AuditEntry.about == "k")).one()
        assert (entry.organisation_id, entry.actor_id) == (Somebody.organisation_id, "somebody")

    def test_each_entry_follows_from_the_one_before_and_it_is_said_whose_trail_it_is_in(self, world: World) -> None:
        tell(world, "a", "b", "c")
        with world.installation.reading() as session:
            entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        assert [entry.previous_sha256 for entry in entries] == ["0" * 64, *(e.sha256 for e in entries[:-1])]
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
        with pytest.raises(LookupError), world.installation.transaction() as session:
            record(session, AuditEvent.KEY_MADE)
        with pytest.raises(LookupError), transaction(world.installation.engine) as session:
            record(session, AuditEvent.KEY_MADE, organisation_id=our_id(world))


def test_any_number_of_writers_leave_one_unbroken_chain(world: World) -> None:
    before, ours = length(world), our_id(world)

    def write(writer: int) -> None:
        for n in range(5):
            with world.installation.transaction() as session:
                record(session, AuditEvent.KEY_ROTATED, organisation_id=ours, about=f"{writer}:{n}")

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, range(4)))
    chain = chain_of(world)
    assert (chain.reason, chain.entries) == ("", before + 20)


def test_the_database_itself_refuses_to_change_or_remove_what_was_told(world: World) -> None:
    tell(world, "a")
    with world.installation.engine.begin() as connection:
        row = dict(connection.execute(select(AuditEntry.__table__).limit(1)).mappings().one())
    for statement in (
        update(AuditEntry).values(about="b"),
        delete(AuditEntry),
        update(AuditHead).values(number=0),
        delete(AuditHead),
        # On SQLite this takes a row's place without a DELETE.
        insert(AuditEntry).values({**row, "about": "b"}).prefix_with("OR REPLACE", dialect="sqlite"),
    ):
        with pytest.raises(DatabaseError), world.installation.engine.begin() as connection:
            connection.execute(statement)
    assert chain_of(world).holds


class TestVerifying:
    """Whatever is done to the rows by somebody who has the database itself; each is undone, and the next is tried."""

    def test_an_entry_that_was_changed_or_removed_is_found(self, world: World) -> None:
        tell(world, "a", "b", "c")
        last = length(world)
        assert (chain_of(world).holds, chain_of(world).entries) == (True, last)
        one = AuditEntry.number == last - 1
        changes = {"event": "x", "actor_id": "x", "about": "x", "details": "{}", "at": world.clock.moment.replace(2001)}
        for column, value in changes.items():
            with tampering(world) as session:
                session.execute(update(AuditEntry).where(one).values({column: value}))
                assert found(session, world) == (last - 1, "it is not what was written"), column
        with tampering(world) as session:
            session.execute(delete(AuditEntry).where(one))
            assert found(session, world)[0] == last - 1
        assert chain_of(world).holds

    def test_a_chain_that_was_cut_off_is_found(self, world: World) -> None:
        tell(world, "a", "b")
        last = chain_of(world).entries
        with tampering(world) as session:
            session.execute(delete(AuditEntry).where(AuditEntry.number == last))
            assert found(session, world) == (last, "the last 1 entries are missing")
            # Its end moved along: the seal needs the installation's secret, which is not in the database.
            sha256 = session.scalar(select(AuditEntry.sha256).where(AuditEntry.number == last - 1))
            session.execute(update(AuditHead).values(number=last - 1, sha256=sha256))
            assert found(session, world) == (None, "its end was not sealed by this installation")
            session.execute(delete(AuditHead))
            assert found(session, world) == (None, "its end was removed")
        with tampering(world) as session:
            session.execute(delete(AuditEntry))
            assert found(session, world) == (1, "the chain is gone")

    def test_a_chain_set_back_with_its_old_end_is_found_by_an_export_kept_apart(self, world: World) -> None:
        tell(world, "a")
        with world.installation.reading() as session:
            old = dict(session.execute(select(AuditHead.__table__)).mappings().one())
        tell(world, "b")
        with world.installation.reading() as session:
            known = exported(json.dumps(line_of(one)) for one in session.scalars(select(AuditEntry)))
        last = chain_of(world).entries
        with tampering(world) as session:
            session.execute(delete(AuditEntry).where(AuditEntry.number == last))
            session.execute(update(AuditHead).values(old))
            # This is what is not promised without one: to the database alone it looks like an earlier moment.
            assert found(session, world) == (None, "")
            assert found(session, world, known) == (last, "it was exported, and is not there")


def test_a_row_tampered_with_in_the_database_is_found_by_the_command_and_by_the_night(
    world: World, tmp_path: Path
) -> None:
    """A trail is exported and kept elsewhere; then somebody has the database for a moment."""
    credential_id = world.first_badge()
    body = {"reason": "Bij de verkeerde persoon vastgelegd"}
    world.call("POST", f"/v1/credentials/{credential_id}/revocation", body, expect=200)
    world.jobs.do_all(world.handlers)
    status, said = audit(world, "export")
    lines = [json.loads(line) for line in said.splitlines()]
    assert status == 0
    happened = [AuditEvent(line["event"]) for line in lines]
    for event in ("awards.accepted", "awards.approved", "badges.signed", "status-list.signed", "badges.revoked"):
        assert happened.count(AuditEvent(event)) == {"status-list.signed": 2}.get(event, 1), event
    signed = json.loads(lines[happened.index(AuditEvent.BADGES_SIGNED)]["details"])
    assert (signed["badges"][0][0], sorted(signed["signatures"].values())) == (credential_id, [1, 1])
    copy = tmp_path / "trail.jsonl"
    copy.write_text(said)
    assert audit(world, "verify", "--against", str(copy))[0] == 0

    # A badge is exchanged for another, which would verify as well.
    assert audit(world, "verify", "--badges")[0] == 0
    other = world.issue_badge(1)
    with transaction(world.installation.engine) as session:
        document = session.get_one(Credential, other).document
        session.get_one(Credential, credential_id).document = document
    status, said = audit(world, "verify", "--badges")
    assert (status, said.splitlines()[-1]) == (1, f"badge {credential_id} is not what was signed")

    # The approval is given to somebody else, with the entry's own hash made to fit.
    number = happened.index(AuditEvent.AWARDS_APPROVED) + 1
    with tampering(world, for_good=True) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.number == number)).one()
        row = {key: getattr(entry, key) for key in signature(hash_of_entry).parameters}
        another = {**row, "actor_id": "00000000-0000-4000-8000-000000000000"}
        change = update(AuditEntry).where(AuditEntry.number == number)
        session.execute(change.values(actor_id=another["actor_id"], sha256=hash_of_entry(**another)))
    said_of = "voorbeeld-opleider: DOES NOT HOLD: entry"
    status, said = audit(world, "verify")
    assert (status, said) == (1, f"{said_of} {number + 1}: it does not follow the one before\n")
    # The export says which entry it is.
    status, said = audit(world, "verify", "--against", str(copy))
    assert (status, said) == (1, f"{said_of} {number}: it is not what was exported\n")
    with capture_logs() as logs:
        world.handlers[AUDIT]("")
    assert [(one["log_level"], one["entry"]) for one in logs] == [("error", number + 1)]


def audit(world: World, *arguments: str) -> tuple[int, str]:
    """The exit status of `issuer-service audit …`, and what it printed."""
    parser = argparse.ArgumentParser()
    add_audit_command(parser.add_subparsers(dest="command"))
    out = io.StringIO()
    status = run_audit_command(parser.parse_args(["audit", *arguments]), world.installation, out=out)
    return status, out.getvalue()
