"""The verifier: its checks in their order, each one run and reported whatever the others say.

The numbers are those of `docs/reference/verification.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from openbadges_kit.did.resolver import Fetch, Resolver, offline, remember
from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument, StatusListError
from openbadges_kit.findings import Finding
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import ECDSA_SD_2023
from openbadges_kit.proof.sd_jwt import SdJwt
from openbadges_kit.status.bitstring import OpenedList, time_to_live
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.checks import (
    badge_members,
    endorsements,
    issuer_binding,
    proof,
    recipient,
    refresh,
    related_resources,
    results,
    schema,
    status,
    structure,
    trust,
    validity_period,
)
from openbadges_kit.verification.checks import (
    contexts as contexts_check,
)
from openbadges_kit.verification.kept_lists import KeptLists
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.received import Received, parse_received
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report

__all__ = ["Recognised", "verify", "verify_with_lists"]

# An endorsement may carry endorsements, and a list a status: an attacker could nest without end.
MAX_NESTING: Final = 3
# And to that depth each could carry so many that they take all day.
MAX_OTHER_DOCUMENTS: Final = 64
_STRICT: Final = Policy()
_NOTHING_KNOWN: Final[Mapping[Check, CheckResult]] = {}


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
    gives status lists, schemas and the like.
    Raises MalformedDocument when the input is no document at all; everything else is in the report.
    """
    return verify_with_lists(
        received, KeptLists(), now=now, resolver=resolver, fetch=fetch, contexts=contexts, policy=policy
    )


def verify_with_lists(
    received: bytes | str | JsonObject,
    lists: KeptLists,
    *,
    now: datetime,
    resolver: Resolver | None,
    fetch: Fetch,
    contexts: ContextStore,
    policy: Policy,
    recognised: Recognised | None = None,
) -> Report:
    """As verify(), of one of a batch: the status lists that verified are kept in `lists` for the others.

    `recognised` is what the same received badge was recognised as; see `alike`.
    """
    fetch_once = remember(lists.through(fetch, now=now)) if policy.online else offline
    known = Resolver(fetch=fetch_once) if resolver is None else resolver.for_one_verification(online=policy.online)
    means = _Means(now, known, fetch_once, contexts, policy, lists, [MAX_OTHER_DOCUMENTS])
    return _verify(received, means, MAX_NESTING, recognised)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What came in, when it is like a badge that verified: what its texts cannot change is known from that one.

    `canonical_nquads` are those of the document without its proof, with SHA-256, where a compiled shape gave them.
    `answers` are those to the checks that its texts cannot change.
    """

    received: Received
    canonical_nquads: bytes | None
    answers: Mapping[Check, CheckResult]


@dataclass(slots=True)
class _Means:
    """What a document and those that it leans on are verified with; `others_left` is used up by all of them."""

    now: datetime
    resolver: Resolver
    fetch: Fetch
    contexts: ContextStore
    policy: Policy
    lists: KeptLists
    others_left: list[int]


def _verify(
    received: bytes | str | JsonObject, means: _Means, nesting_left: int, recognised: Recognised | None = None
) -> Report:
    def count_other() -> None:
        if nesting_left == 0:
            raise MalformedDocument(f"documents within documents, more than {MAX_NESTING} deep")
        if means.others_left[0] == 0:
            raise MalformedDocument(f"more than {MAX_OTHER_DOCUMENTS} other documents to verify")
        means.others_left[0] -= 1

    def verify_other(other: bytes | str | JsonObject) -> Report:
        count_other()
        return _verify(other, means, nesting_left - 1)

    def verified_list(url: str) -> OpenedList:
        data = means.fetch(url)
        count_other()
        kept: OpenedList | None = means.lists.find(url, data, about=None, now=means.now)
        return kept if kept is not None else _verified_list(url, data, means, nesting_left - 1)

    parsed = parse_received(received) if recognised is None else recognised.received
    known = recognised.answers if recognised is not None else _NOTHING_KNOWN
    is_first = nesting_left == MAX_NESTING
    case = Case(
        parsed.document,
        parsed.token,
        means.now,
        means.resolver,
        means.fetch,
        means.contexts,
        # Whom it should be about, whom you trust and what you require is asked of the badge, not of its list.
        means.policy if is_first else _policy_for_others(means.policy),
        verify_other,
        verified_list,
        means.lists,
        is_first,
        recognised.canonical_nquads if recognised is not None else None,
    )
    return Report(
        parsed.document,
        _required(
            case.policy,
            (
                # 1. Structure: a credential, with the members that make it one.
                known.get(Check.STRUCTURE) or check_structure(parsed.document, whole=not is_shown_in_part(parsed)),
                # 2. Contexts: the right ones in the right places.
                known.get(Check.CONTEXTS) or check_contexts(parsed.document),
                # 3. Schema: the official JSON Schema of its type, and those that it names.
                known.get(Check.SCHEMA) or schema.check(case),
                # 4. Proof: a signature holds over this very document.
                proof.check(case),
                # 5. Issuer binding: the key that signed is the issuer's.
                issuer_binding.check(case),
                # 6. Validity period: now is inside it.
                validity_period.check(case),
                # 7. Status: neither revoked nor suspended.
                status.check(case),
                # 8. Refresh: the newest version, where it says that there is one, is valid too.
                known.get(Check.REFRESH) or refresh.check(case),
                # 9. Related resources: what it refers to is still what was signed, where it can be had.
                known.get(Check.RELATED_RESOURCES) or related_resources.check(case),
                # 10. Endorsements: each verifies like a credential of its own, and is about this.
                known.get(Check.ENDORSEMENTS) or endorsements.check(case),
                # 11. Recipient: it is about the one whom the verifier expects, where it expects somebody.
                known.get(Check.RECIPIENT) or recipient.check(case),
                # 12. Trust: the issuer is on the verifier's list, where it keeps one.
                known.get(Check.TRUST) or trust.check(case),
            ),
        ),
        trust_required=Check.TRUST in case.policy.required,
    )


def _verified_list(url: str, data: bytes, means: _Means, nesting_left: int) -> OpenedList:
    left = means.others_left[0]
    report = _verify(data, means, nesting_left)
    if not report.verified:
        raise StatusListError("it does not verify: " + " ".join(report.reasons("en")))
    opened = OpenedList(report.verified_document())
    # One that leans on others might not verify where fewer of them are left; nobody makes such lists.
    if means.others_left[0] == left:
        ends = opened.credential.get("validUntil")
        means.lists.keep(
            url,
            data,
            opened,
            about=None,
            now=means.now,
            time_to_live=_time_to_live(opened.credential),
            ends=parse_timestamp(ends) if ends is not None else None,
        )
    return opened


def _time_to_live(status_list: JsonObject) -> timedelta | None:
    try:
        return time_to_live(status_list)
    except StatusListError:
        return timedelta(0)


def _policy_for_others(policy: Policy) -> Policy:
    return replace(policy, trusted_issuers=None, pinned_keys={}, recipient=None, required=frozenset())


def is_shown_in_part(received: Received) -> bool:
    """May its holder have left some of it out?"""
    return isinstance(received.token, SdJwt) or any(
        isinstance(proof, dict) and proof.get("cryptosuite") == ECDSA_SD_2023.name
        for proof in as_list(received.document.get("proof"))
    )


def _required(policy: Policy, results: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    """The results, those failed that had nothing to check where the policy requires something."""
    if not policy.required:
        return results
    return tuple(
        CheckResult(result.check, Outcome.FAILED, (*result.findings, Finding(Problem.REQUIRED_CHECK)))
        if result.check in policy.required and result.outcome is Outcome.NOT_APPLICABLE
        else result
        for result in results
    )


def check_structure(document: JsonObject, *, whole: bool = True) -> CheckResult:
    """Check 1: of any credential, of a badge (`whole`, or shown in part), and of an achievement's results."""
    found = structure.find_problems(document)
    # A member that is missing may be asked for twice.
    found += [finding for finding in badge_members.find_problems(document, whole=whole) if finding not in found]
    findings = (*found, *results.find_problems(document))
    return CheckResult(Check.STRUCTURE, Outcome.FAILED if findings else Outcome.PASSED, findings)


def check_contexts(document: JsonObject) -> CheckResult:
    """Check 2; an older Open Badges context is a warning."""
    wrong, old = contexts_check.find_problems(document)
    return CheckResult(Check.CONTEXTS, Outcome.FAILED if wrong else Outcome.PASSED, (*wrong, *old))


def check_schema(document: JsonObject) -> CheckResult:
    """Check 3, of the official schemas only: what an issuer can know before it signs."""
    return schema.check_official(document)


def check_schema_takes_any_text(document: JsonObject, place: tuple[str | int, ...]) -> bool:
    """Does `check_schema` give the same answer, whatever text stands at this place of the document?"""
    return schema.official_takes_any_text(document, place)
