"""`issuer-service audit verify` and `audit export`: the trail, for whoever has the machine itself."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TextIO

from sqlalchemy import select

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry
from issuer_service.audit.trail import record
from issuer_service.audit.verification import exported, line_of, verify_trail
from issuer_service.installation import Installation
from issuer_service.issuance.telling import not_as_signed
from issuer_service.people.service import organisation_by_slug
from issuer_service.people.tables import Organisation

__all__ = ["add_audit_command", "run_audit_command"]

HOLDS, DOES_NOT_HOLD = 0, 1
_AT_ONCE = 1000


def add_audit_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Tell the command line of it."""
    audit = commands.add_parser("audit", help="verify or export the audit trail")
    actions = audit.add_subparsers(dest="action", required=True)
    verifying = actions.add_parser("verify", help="exit status 1 when an entry was changed, removed or added")
    verifying.add_argument("--against", type=Path, metavar="FILE", help="an earlier export, which must still be there")
    verifying.add_argument("--badges", action="store_true", help="also that every stored badge is what was signed")
    exporting = actions.add_parser("export", help="print the entries as JSON Lines")
    exporting.add_argument("--organisation", help="its name in addresses (default: all)")


def run_audit_command(chosen: argparse.Namespace, installation: Installation, *, out: TextIO = sys.stdout) -> int:
    """Do it. 0 the trail holds, 1 it does not. Raises NotFound and Refused, and OSError for a file."""
    if chosen.action == "export":
        _export(chosen.organisation, installation, out)
        return HOLDS
    known = exported(chosen.against.read_text(encoding="utf-8").splitlines()) if chosen.against else None
    with installation.reading() as session:
        names = {row.id: row.slug for row in session.execute(select(Organisation.id, Organisation.slug))}
        chains = verify_trail(session, installation.trail, known=known)
    for chain in chains:
        name = names.get(chain.organisation_id, chain.organisation_id)
        if chain.holds:
            print(f"{name}: {chain.entries} entries, the last {chain.sha256}", file=out)
        else:
            where = "" if chain.wrong_at is None else f"entry {chain.wrong_at}: "
            print(f"{name}: DOES NOT HOLD: {where}{chain.reason}", file=out)
    holds = all(chain.holds for chain in chains)
    if chosen.badges:
        with installation.reading() as session:
            for badge in not_as_signed(session):
                print(f"badge {badge} is not what was signed", file=out)
                holds = False
    return HOLDS if holds else DOES_NOT_HOLD


def _export(slug: str | None, installation: Installation, out: TextIO) -> None:
    query = select(AuditEntry).order_by(AuditEntry.organisation_id, AuditEntry.number)
    told: dict[str, int] = {}
    with installation.reading() as session:
        if slug is not None:
            query = query.where(AuditEntry.organisation_id == organisation_by_slug(session, slug).id)
        for entry in session.scalars(query.execution_options(yield_per=_AT_ONCE)):
            print(json.dumps(line_of(entry), ensure_ascii=False), file=out)
            told[entry.organisation_id] = entry.number
    with installation.transaction() as session:
        for organisation_id, number in told.items():
            details = {"entries": number}
            record(session, AuditEvent.TRAIL_EXPORTED, organisation_id=organisation_id, details=details)
