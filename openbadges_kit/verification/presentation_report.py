"""What verifying a presentation found: the holder's part, and a report for each badge."""

from __future__ import annotations

from dataclasses import dataclass

from openbadges_kit.documents import JsonObject, UnverifiedDocument
from openbadges_kit.verification import sentences
from openbadges_kit.verification.report import Check, CheckResult, Language, Outcome, Report, Verdict

__all__ = ["PresentationReport"]


@dataclass(frozen=True, slots=True)
class PresentationReport:
    """What was found out about a presentation: the holder's part, and a report for each badge.

    `holder` is the controller of the key that signed, and the empty text when none was found.
    """

    document: UnverifiedDocument
    holder: str
    results: tuple[CheckResult, ...]
    credentials: tuple[Report, ...]

    @property
    def verified(self) -> bool:
        """Did the holder sign for this verifier, and is every badge verified? There may be none, to log in with."""
        signed = any(one.check is Check.PROOF and one.outcome is Outcome.PASSED for one in self.results)
        sound = all(one.outcome is Outcome.PASSED for one in self.results)
        return signed and sound and all(report.verified for report in self.credentials)

    @property
    def verdict(self) -> Verdict:
        """The worst of the holder's part and of each badge: what does not hold outweighs what could not be checked."""
        verdicts = {report.verdict for report in self.credentials}
        if Verdict.NOT_VALID in verdicts or any(one.outcome is Outcome.FAILED for one in self.results):
            return Verdict.NOT_VALID
        if not self.verified:
            return Verdict.UNSETTLED
        return Verdict.VALID_ISSUER_UNKNOWN if Verdict.VALID_ISSUER_UNKNOWN in verdicts else Verdict.VALID

    def summary(self, language: Language) -> str:
        """The verdict as a sentence."""
        return sentences.of_presentation(self.verdict, language)

    def reasons(self, language: Language) -> tuple[str, ...]:
        """Why it is not verified, a sentence each; the badges' own reasons come last."""
        own = tuple(
            sentences.of_finding(finding, language)
            for result in self.results
            if result.outcome is not Outcome.PASSED
            for finding in result.findings
        )
        return own + tuple(reason for report in self.credentials for reason in report.reasons(language))

    def to_json(self, language: Language = "en") -> JsonObject:
        """The report for machines; terms are only ever added to it."""
        return {
            "verified": self.verified,
            "verdict": str(self.verdict),
            "summary": self.summary(language),
            "holder": self.holder,
            "results": [result.to_json(language) for result in self.results],
            "credentials": [report.to_json(language) for report in self.credentials],
        }
