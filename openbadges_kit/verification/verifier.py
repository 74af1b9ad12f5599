"""The verifier: its checks in their order, each one run and reported whatever the others say.

The numbers are those of `docs/reference/verification.md`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from openbadges_kit.did.resolver import Fetch, Resolver, offline, remember
from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import Finding
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.schema.open_badges import find_schema_violations
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.checks import (
    contexts as contexts_check,
)
from openbadges_kit.verification.checks import (
    endorsements,
    issuer_binding,
    proof,
    refresh,
    results,
    status,
    structure,
    trust,
    validity_period,
)
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.received import parse_received
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report
from openbadges_kit.vocabulary import CredentialType

__all__ = ["verify"]

# An endorsement may carry endorsements, and a list a status: an attacker could nest without end.
MAX_NESTING: Final = 3
_STRICT: Final = Policy()


def verify(
    received: bytes | str | JsonObject,
    *,
    now: datetime,
    resolver: Resolver | None = None,
    fetch: Fetch = offline,
    contexts: ContextStore = BUNDLED_CONTEXTS,
    policy: Policy = _STRICT,
) -> Report:
    """Verify a badge: JSON, a JWT, an SD-JWT, a baked PNG or SVG, or bytes of any of them.

    `resolver` gives controller documents (did:key and did:jwk only, when it and `fetch` are left out); `fetch`
    gives status lists.
    Raises MalformedDocument when the input is no document at all; everything else is in the report.
    """
    fetch_once = remember(fetch)
    return _verify(
        received,
        now=now,
        resolver=Resolver(fetch=fetch_once) if resolver is None else resolver.for_one_verification(),
        fetch=fetch_once,
        contexts=contexts,
        policy=policy,
        nesting_left=MAX_NESTING,
    )


def _verify(
    received: bytes | str | JsonObject,
    *,
    now: datetime,
    resolver: Resolver,
    fetch: Fetch,
    contexts: ContextStore,
    policy: Policy,
    nesting_left: int,
) -> Report:
    def verify_other(other: bytes | str | JsonObject) -> Report:
        if nesting_left == 0:
            raise MalformedDocument(f"documents within documents, more than {MAX_NESTING} deep")
        return _verify(
            other,
            now=now,
            resolver=resolver,
            fetch=fetch,
            contexts=contexts,
            policy=policy,
            nesting_left=nesting_left - 1,
        )

    parsed = parse_received(received)
    case = Case(
        parsed.document, parsed.token, now, resolver, fetch, contexts, policy, verify_other, nesting_left == MAX_NESTING
    )
    return Report(
        parsed.document,
        (
            # 1. Structure: a credential, with the members that make it one.
            check_structure(parsed.document),
            # 2. Contexts: the right ones in the right places.
            check_contexts(parsed.document),
            # 3. Schema: the official JSON Schema, where there is one for the type.
            check_schema(parsed.document),
            # 4. Proof: a signature holds over this very document.
            proof.check(case),
            # 5. Issuer binding: the key that signed is the issuer's.
            issuer_binding.check(case),
            # 6. Validity period: now is inside it.
            validity_period.check(case),
            # 7. Status: neither revoked nor suspended.
            status.check(case),
            # 8. Refresh: the newest version, where it says that there is one, is valid too.
            refresh.check(case),
            # 9. Endorsements: each verifies like a credential of its own.
            endorsements.check(case),
            # 10. Trust: the issuer is on the verifier's list, where it keeps one.
            trust.check(case),
        ),
    )


def check_structure(document: JsonObject) -> CheckResult:
    """Check 1, and the part of it that only an achievement's results have."""
    findings = (*structure.find_problems(document), *results.find_problems(document))
    return CheckResult(Check.STRUCTURE, Outcome.FAILED if findings else Outcome.PASSED, findings)


def check_contexts(document: JsonObject) -> CheckResult:
    """Check 2; an older Open Badges context is a warning."""
    wrong, old = contexts_check.find_problems(document)
    return CheckResult(Check.CONTEXTS, Outcome.FAILED if wrong else Outcome.PASSED, (*wrong, *old))


def check_schema(document: JsonObject) -> CheckResult:
    """Check 3; not applicable to what is no achievement credential."""
    if not {CredentialType.OPEN_BADGE, CredentialType.ACHIEVEMENT} & set(map(str, as_list(document.get("type")))):
        return CheckResult(Check.SCHEMA, Outcome.NOT_APPLICABLE)
    findings: tuple[Finding, ...] = find_schema_violations(document)
    return CheckResult(Check.SCHEMA, Outcome.FAILED if findings else Outcome.PASSED, findings)
