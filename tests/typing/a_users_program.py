"""A user's program, as type checkers see it: `make types` and `make pyright` check it, nothing runs it.

`assert_type` holds each name of the public face to the type that its users are promised.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_type

import openbadges_kit
from openbadges_kit import (
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Check,
    CheckResult,
    Component,
    Criteria,
    Fetch,
    Finding,
    IssuanceRefused,
    Issued,
    JsonObject,
    NotVerified,
    OpenBadgesError,
    Outcome,
    Policy,
    PreparedCredential,
    PresentationReport,
    Problem,
    Profile,
    Recipient,
    Refused,
    Report,
    Resolver,
    SigningKey,
    Ulo,
    Unreadable,
    Verdict,
    VerifiedDocument,
    achievement_from_ulo,
    bake,
    ecdsa_key,
    ed25519_key,
    issue,
    issue_many,
    issue_selectively_disclosable,
    issue_vc_jwt,
    prepare,
    unbake,
    verify,
    verify_many,
    verify_presentation,
)


def build(ulo: Ulo, issuer: str, subject: str) -> JsonObject:
    """A badge from a unit of learning outcomes, and one by hand."""
    assert_type(ulo.components, tuple[Component, ...])
    achievement = achievement_from_ulo(ulo)
    assert_type(achievement, Achievement)
    by_hand = Achievement(id="https://a.example/1", name="A", description="B", criteria=Criteria(narrative="C"))
    badge = AchievementCredential(
        id="urn:uuid:1",
        name=ulo.title,
        issuer=Profile(id=issuer, name="An issuer"),
        valid_from="2026-11-20T09:00:00Z",
        credential_subject=AchievementSubject(id=subject, achievement=by_hand),
    )
    return badge.to_json()


class AKeyOfTheirOwn:
    """A key in somebody's vault fits the protocol without knowing of it."""

    def __init__(self, inner: SigningKey) -> None:
        self.inner = inner
        self.public_key = inner.public_key

    def sign(self, data: bytes) -> bytes:
        """Sign."""
        return self.inner.sign(data)


def sign(badge: JsonObject, now: datetime, key: SigningKey) -> str:
    """Every way to sign."""
    prepared = prepare(badge, verification_method="https://issuer.example#key", created=now)
    assert_type(prepared, PreparedCredential)
    assert_type(issue(prepared, signing_key=AKeyOfTheirOwn(key)), JsonObject)
    for outcome in issue_many(prepared, [{"$.id": "urn:uuid:2"}], signing_key=ed25519_key(bytes(32))):
        if isinstance(outcome, Issued):
            assert_type(outcome.document, bytes)
        else:
            assert_type(outcome, Refused)
    method = "https://issuer.example#jwt"
    token = issue_vc_jwt(prepared, verification_method=method, signing_key=ecdsa_key(bytes(32)))
    assert_type(token, str)
    return issue_selectively_disclosable(
        prepared,
        disclosable=["/credentialSubject/id"],
        salt=lambda: bytes(16),
        verification_method=method,
        signing_key=key,
    )


def ask(badge: bytes, picture: bytes, now: datetime, fetch: Fetch) -> VerifiedDocument | None:
    """Every way to verify, and what becomes of the answer."""
    policy = Policy(
        trusted_issuers=frozenset({"did:web:issuer.example"}),
        clock_skew=timedelta(minutes=1),
        recipient=Recipient(identity="me@example.org"),
        required=frozenset({Check.STATUS}),
    )
    report = verify(unbake(bake(picture, badge)), now=now, resolver=Resolver(fetch=fetch), fetch=fetch, policy=policy)
    assert_type(report, Report)
    assert_type(report.verdict, Verdict)
    assert_type(report.results, tuple[CheckResult, ...])
    assert_type(report.findings, tuple[Finding, ...])
    assert_type([result.outcome for result in report.results], list[Outcome])
    assert_type([finding.code for finding in report.findings], list[Problem])
    assert_type(report.reasons("nl"), tuple[str, ...])
    assert_type(verify_many([badge, "a token", {}], now=now), Iterator[Report | Unreadable])
    shown = verify_presentation(badge, now=now, expected_challenge="once", expected_domain="https://me.example")
    assert_type(shown, PresentationReport)
    try:
        return report.verified_document()
    except NotVerified:
        return None
    except IssuanceRefused as error:
        assert_type(error.findings, tuple[Finding, ...])
    except OpenBadgesError as error:
        assert_type((openbadges_kit.__version__, str(error)), tuple[str, str])
    return None
