"""Every failure of the kit, in one tree. No HTTP status, no exit code and no printing in here.

OpenBadgesError
├── MalformedDocument          not the JSON, JWT, PNG or SVG that it should be
├── ContextNotBundled          its @context names a document outside contexts/
├── UnmappedTerms              JSON-LD would drop something: it could not be signed or was not signed
├── WorkLimitExceeded          canonicalising it would take more work than allowed
├── KeyMaterialError           a key that cannot be read, or not be used for this
├── ResolutionError            a DID, key or document could not be had: "could not check"
├── ProofError
│   ├── ProofGenerationError   https://w3id.org/security#PROOF_GENERATION_ERROR
│   ├── ProofTransformationError  https://w3id.org/security#PROOF_TRANSFORMATION_ERROR
│   └── ProofVerificationError https://w3id.org/security#PROOF_VERIFICATION_ERROR
├── StatusListError            https://www.w3.org/TR/vc-bitstring-status-list/#processing-errors
├── IssuanceRefused            prepare() found something that must not be signed
└── NotVerified                a document was asked of a report that does not vouch for it
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from openbadges_kit.vocabulary import ProblemType

if TYPE_CHECKING:
    from openbadges_kit.findings import Finding

__all__ = [
    "ContextNotBundled",
    "IssuanceRefused",
    "KeyMaterialError",
    "MalformedDocument",
    "NotVerified",
    "OpenBadgesError",
    "ProofError",
    "ProofGenerationError",
    "ProofTransformationError",
    "ProofVerificationError",
    "ResolutionError",
    "StatusListError",
    "UnmappedTerms",
    "WorkLimitExceeded",
]


class OpenBadgesError(Exception):
    """The root: catch this to catch whatever the kit raises.

    `problem_type` is the URL by which the standards name the condition, where they do.
    """

    problem_type: ProblemType = ProblemType.MALFORMED_VALUE


class MalformedDocument(OpenBadgesError):
    """The input is not the kind of document it should be. `path` says where, as a JSON path."""

    def __init__(self, message: str, *, path: str = "$") -> None:
        super().__init__(message)
        self.path = path


class ContextNotBundled(OpenBadgesError):
    """A context outside `contexts/` is asked for. It is never fetched."""

    def __init__(self, url: str) -> None:
        super().__init__(f"the context {url} is not one of the bundled ones, and contexts are never fetched")
        self.url = url


class _WithFindings(OpenBadgesError):
    """Carries what was found, one finding per place."""

    _summary: ClassVar[str]

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(f"{self._summary}: " + "; ".join(str(finding) for finding in findings))
        self.findings = findings


class UnmappedTerms(_WithFindings):
    """Part of the document has no meaning in its contexts, so a proof would not cover it."""

    problem_type = ProblemType.PROOF_TRANSFORMATION
    _summary = "not covered by JSON-LD"


class WorkLimitExceeded(OpenBadgesError):
    """The dataset is built so that canonicalisation takes exponential time, and is refused."""

    problem_type = ProblemType.PROOF_TRANSFORMATION


class KeyMaterialError(OpenBadgesError):
    """A key is not in a known form, or does not fit what it is to be used for."""

    problem_type = ProblemType.CRYPTOGRAPHIC_SECURITY


class ResolutionError(OpenBadgesError):
    """Something that verification needs could not be had. This is not a "no": it is "could not check"."""


class ProofError(OpenBadgesError):
    """Something about a proof."""

    problem_type = ProblemType.PROOF_VERIFICATION


class ProofGenerationError(ProofError):
    """A proof could not be made."""

    problem_type = ProblemType.PROOF_GENERATION


class ProofTransformationError(ProofError):
    """The document could not be brought into the form that is signed."""

    problem_type = ProblemType.PROOF_TRANSFORMATION


class ProofVerificationError(ProofError):
    """A proof was checked and does not hold."""


class StatusListError(OpenBadgesError):
    """A status list was had, and is not a usable one."""

    problem_type = ProblemType.STATUS_VERIFICATION

    def __init__(self, message: str, *, problem_type: ProblemType = ProblemType.STATUS_VERIFICATION) -> None:
        super().__init__(message)
        self.problem_type = problem_type


class IssuanceRefused(_WithFindings):
    """`prepare()` found something that must not be signed. `findings` names each place and its mend."""

    problem_type = ProblemType.PROOF_GENERATION
    _summary = "not fit to be signed"


class NotVerified(OpenBadgesError):
    """The report does not vouch for the document."""

    problem_type = ProblemType.PROOF_VERIFICATION
