"""Verifying again, every night, everything that is stored: what changed on the disk is found before its holder does.

A round goes on where it was, whoever was killed in the meantime.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from issuer_service.errors import ServiceError
from issuer_service.installation import Installation
from issuer_service.issuance.standing import standing_of
from issuer_service.issuance.tables import Award, Credential, Reverification, ReverificationFinding
from issuer_service.jobs.port import REVERIFY
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_or_ignore
from issuer_service.status_lists.service import Standing
from issuer_service.verifying.service import own_verifier
from openbadges_kit.documents import parse_json_object
from openbadges_kit.errors import OpenBadgesError
from openbadges_kit.problems import Problem
from openbadges_kit.verification.report import Check, Report

__all__ = ["latest_round", "reverify"]

_CHUNK: Final = 250


def reverify(about: str, *, here: Installation) -> None:
    """Do the next part of a round; without a round's id, begin one or go on with the one that was not finished."""
    if not about:
        with here.transaction() as session:
            current = session.scalar(select(Reverification).where(Reverification.finished_at.is_(None)))
            if current is None:
                current = Reverification(id=random_uuid(here.randomness), started_at=here.now())
                session.add(current)
                session.flush()
            about = current.id
    with here.reading() as session:
        begun = session.get_one(Reverification, about)
        stored = session.execute(
            select(Credential, Award.document)
            .join(Award, Award.id == Credential.award_id)
            .where(Credential.id > begun.after, Credential.erased_at.is_(None))
            .order_by(Credential.id)
            .limit(_CHUNK)
        ).all()
        verify = own_verifier(session, base_url=here.base_url, now=here.now())
        findings = {
            row.Credential.id: reasons
            for row in stored
            if (reasons := _reasons(row.Credential, row.document, [verify(form) for form in _forms(row.Credential)]))
        }
    with here.transaction() as session:
        _record(session, begun, [row.Credential.id for row in stored], findings, now=here.now())
        if stored:
            last = stored[-1].Credential.id
            here.jobs.enqueue(session, REVERIFY, about, key=f"{REVERIFY}:{about}:{last}")
    if findings:
        structlog.get_logger().error("stored badges do not verify", badges=sorted(findings))


def latest_round(session: Session) -> tuple[Reverification, Sequence[ReverificationFinding]] | None:
    """The round that was begun last, and what it found; None before the first."""
    latest = session.scalar(select(Reverification).order_by(Reverification.started_at.desc()).limit(1))
    if latest is None:
        return None
    found = select(ReverificationFinding).where(ReverificationFinding.reverification_id == latest.id)
    return latest, session.scalars(found.order_by(ReverificationFinding.credential_id)).all()


def _forms(credential: Credential) -> tuple[bytes, str]:
    return credential.document, credential.jwt


def _reasons(credential: Credential, accepted: bytes, reports: Sequence[Report | str]) -> list[str]:
    reasons: list[str] = []
    standing = standing_of(credential)
    for report in reports:
        if isinstance(report, str):
            reasons.append(report)
            continue
        # A revoked badge is to fail its status, and a suspended one; whoever is neither is not.
        expected = {Check.STATUS} if standing is not Standing.VALID else set()
        blocking = [result for result in report.blocking if result.check not in expected]
        found = [(result.check, finding.code) for result in blocking for finding in result.findings]
        # Of a compromised key, and dealt with: otherwise it would be reported every night for ever.
        dealt_with = {Problem.KEY_COMPROMISED} if standing is Standing.REVOKED else set()
        reasons += [f"{check}: {code}" for check, code in found if code not in dealt_with]
    try:
        signed = parse_json_object(credential.document)
        signed.pop("proof", None)
        if signed != parse_json_object(accepted):
            reasons.append("what is stored is not what was accepted")
    except (OpenBadgesError, ServiceError) as error:
        reasons.append(str(error))
    return reasons


def _record(
    session: Session, begun: Reverification, checked: Sequence[str], findings: dict[str, list[str]], *, now: datetime
) -> None:
    # With the place in the condition: a part that is done twice is counted once.
    here = (Reverification.id == begun.id, Reverification.after == begun.after)
    if not checked:
        session.execute(update(Reverification).where(*here).values(finished_at=now))
        return
    rows = [
        {"reverification_id": begun.id, "credential_id": one, "reasons": "; ".join(reasons)[:2000]}
        for one, reasons in findings.items()
    ]
    insert_or_ignore(session, ReverificationFinding, rows)
    session.execute(
        update(Reverification)
        .where(*here)
        .values(
            after=checked[-1],
            checked=Reverification.checked + len(checked),
            failed=Reverification.failed + len(findings),
        )
    )
