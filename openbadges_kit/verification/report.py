"""What verification found: one result per check, a verdict, and sentences for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from openbadges_kit.documents import JsonObject, UnverifiedDocument, VerifiedDocument
from openbadges_kit.errors import NotVerified
from openbadges_kit.findings import Finding
from openbadges_kit.problems import problem_type
from openbadges_kit.verification import sentences

__all__ = ["Check", "CheckResult", "Language", "Outcome", "Report", "Verdict", "finding_to_json"]

Language = Literal["nl", "en"]


class Check(StrEnum):
    """The checks, in their order."""

    STRUCTURE = "structure"
    CONTEXTS = "contexts"
    SCHEMA = "schema"
    PROOF = "proof"
    ISSUER_BINDING = "issuer-binding"
    VALIDITY_PERIOD = "validity-period"
    STATUS = "status"
    REFRESH = "refresh"
    RELATED_RESOURCES = "related-resources"
    ENDORSEMENTS = "endorsements"
    RECIPIENT = "recipient"
    TRUST = "trust"


class Outcome(StrEnum):
    """The four answers of a check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"
    COULD_NOT_CHECK = "could-not-check"  # a status list that is down is not a revoked badge, nor a good one


class Verdict(StrEnum):
    """What it comes down to, for people."""

    VALID = "valid"
    VALID_ISSUER_UNKNOWN = "valid-issuer-unknown"
    NOT_VALID = "not-valid"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The answer of one check. The findings of a check that passed are warnings."""

    check: Check
    outcome: Outcome
    findings: tuple[Finding, ...] = ()

    def to_json(self, language: Language = "en") -> JsonObject:
        """The answer for machines."""
        return {
            "check": str(self.check),
            "outcome": str(self.outcome),
            "findings": [finding_to_json(finding, language) for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What was found out about one document. Is an issuer that is not known `trust_required` to be?"""

    document: UnverifiedDocument
    results: tuple[CheckResult, ...]
    trust_required: bool = False

    @property
    def verified(self) -> bool:
        """Did something pass, the proof among it, and did nothing fail or stay unchecked?

        Whether the issuer is one that you trust is part of it only when the policy requires that: see `verdict`.
        """
        return self._outcome_of(Check.PROOF) is Outcome.PASSED and not self.blocking

    @property
    def blocking(self) -> tuple[CheckResult, ...]:
        """The checks that stand in the way of `verified`."""
        return tuple(
            result
            for result in self.results
            if (result.check is not Check.TRUST or self.trust_required)
            and result.outcome in {Outcome.FAILED, Outcome.COULD_NOT_CHECK}
        )

    @property
    def verdict(self) -> Verdict:
        """A failed check outweighs one that could not be made."""
        if any(result.outcome is Outcome.FAILED for result in self.blocking):
            return Verdict.NOT_VALID
        if not self.verified:
            return Verdict.UNSETTLED
        return Verdict.VALID_ISSUER_UNKNOWN if self._outcome_of(Check.TRUST) is Outcome.FAILED else Verdict.VALID

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, warnings included, in the order of the checks."""
        return tuple(finding for result in self.results for finding in result.findings)

    def verified_document(self) -> VerifiedDocument:
        """The document, now that it may be relied on. Raises NotVerified when it may not."""
        if not self.verified:
            raise NotVerified("; ".join(self.reasons("en")) or "nothing was verified")
        return VerifiedDocument(self.document)

    def reasons(self, language: Language) -> tuple[str, ...]:
        """Why it is not verified, a sentence each."""
        return tuple(sentences.of_finding(finding, language) for result in self.blocking for finding in result.findings)

    def summary(self, language: Language) -> str:
        """The verdict as a sentence."""
        return sentences.of_verdict(self.verdict, language)

    def to_json(self, language: Language = "en") -> JsonObject:
        """The report for machines; terms are only ever added to it."""
        return {
            "verified": self.verified,
            "verdict": str(self.verdict),
            "summary": self.summary(language),
            "results": [result.to_json(language) for result in self.results],
        }

    def _outcome_of(self, check: Check) -> Outcome:
        return next((result.outcome for result in self.results if result.check is check), Outcome.NOT_APPLICABLE)


def finding_to_json(finding: Finding, language: Language = "en") -> JsonObject:
    """A finding for machines, with its sentence for people."""
    return {
        "code": str(finding.code),
        "type": str(problem_type(finding.code)),
        "path": finding.path,
        "details": dict(finding.details),
        "sentence": sentences.of_finding(finding, language),
    }
