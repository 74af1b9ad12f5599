"""Open Badges 3.0 for units of learning outcomes: build, sign, verify and bake.

    from openbadges_kit import prepare, issue, verify

The shortest complete use stands in `examples/issue_a_badge.py`, every name below in `docs/reference/library.md`. The
kit has no clock, no network and no database: time, keys and documents are arguments. Importing it does nothing, and
each name below loads its module when it is first used: a program that only verifies never loads the data model.

What is more special (status lists, frameworks, controller documents) stands in the modules, each with an `__all__` of
its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openbadges_kit.baking.picture import bake, unbake
    from openbadges_kit.batch_issuance import Issued, Refused, issue_many
    from openbadges_kit.did.resolver import Fetch, Resolver
    from openbadges_kit.documents import JsonObject, UnverifiedDocument, VerifiedDocument
    from openbadges_kit.errors import (
        IssuanceRefused,
        KeyMaterialError,
        MalformedDocument,
        NotVerified,
        OpenBadgesError,
        ProofGenerationError,
        ResolutionError,
    )
    from openbadges_kit.findings import Finding
    from openbadges_kit.issuance import (
        PreparedCredential,
        issue,
        issue_selectively_disclosable,
        issue_vc_jwt,
        issue_with_base_proof,
        prepare,
    )
    from openbadges_kit.keys.signing_key import SigningKey, ecdsa_key, ed25519_key
    from openbadges_kit.keys.verification_method import VerificationMethod
    from openbadges_kit.model.achievement import Achievement, Criteria
    from openbadges_kit.model.credential import AchievementCredential, AchievementSubject
    from openbadges_kit.model.profile import Profile
    from openbadges_kit.problems import Problem
    from openbadges_kit.skills.achievement import achievement_from_ulo
    from openbadges_kit.skills.ulo import Component, Ulo
    from openbadges_kit.verification.batch import Unreadable, verify_many
    from openbadges_kit.verification.policy import Policy, Recipient
    from openbadges_kit.verification.presentation import verify_presentation
    from openbadges_kit.verification.presentation_report import PresentationReport
    from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report, Verdict
    from openbadges_kit.verification.verifier import verify

__all__ = [
    "Achievement",
    "AchievementCredential",
    "AchievementSubject",
    "Check",
    "CheckResult",
    "Component",
    "Criteria",
    "Fetch",
    "Finding",
    "IssuanceRefused",
    "Issued",
    "JsonObject",
    "KeyMaterialError",
    "MalformedDocument",
    "NotVerified",
    "OpenBadgesError",
    "Outcome",
    "Policy",
    "PreparedCredential",
    "PresentationReport",
    "Problem",
    "Profile",
    "ProofGenerationError",
    "Recipient",
    "Refused",
    "Report",
    "ResolutionError",
    "Resolver",
    "SigningKey",
    "Ulo",
    "Unreadable",
    "UnverifiedDocument",
    "Verdict",
    "VerificationMethod",
    "VerifiedDocument",
    "__version__",
    "achievement_from_ulo",
    "bake",
    "ecdsa_key",
    "ed25519_key",
    "issue",
    "issue_many",
    "issue_selectively_disclosable",
    "issue_vc_jwt",
    "issue_with_base_proof",
    "prepare",
    "unbake",
    "verify",
    "verify_many",
    "verify_presentation",
]

__version__ = "0.1.0"

_MODULES: Final = {
    "baking.picture": "bake unbake",
    "batch_issuance": "Issued Refused issue_many",
    "did.resolver": "Fetch Resolver",
    "documents": "JsonObject UnverifiedDocument VerifiedDocument",
    "errors": "IssuanceRefused KeyMaterialError MalformedDocument NotVerified OpenBadgesError ProofGenerationError "
    "ResolutionError",
    "findings": "Finding",
    "issuance": "PreparedCredential issue issue_selectively_disclosable issue_vc_jwt issue_with_base_proof prepare",
    "keys.signing_key": "SigningKey ecdsa_key ed25519_key",
    "keys.verification_method": "VerificationMethod",
    "model.achievement": "Achievement Criteria",
    "model.credential": "AchievementCredential AchievementSubject",
    "model.profile": "Profile",
    "problems": "Problem",
    "skills.achievement": "achievement_from_ulo",
    "skills.ulo": "Component Ulo",
    "verification.batch": "Unreadable verify_many",
    "verification.policy": "Policy Recipient",
    "verification.presentation": "verify_presentation",
    "verification.presentation_report": "PresentationReport",
    "verification.report": "Check CheckResult Outcome Report Verdict",
    "verification.verifier": "verify",
}

# Hidden from type checkers, to whom any name at all would otherwise be one of ours.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """https://peps.python.org/pep-0562/"""
        from importlib import import_module  # noqa: PLC0415  # importing the kit does nothing

        for module, names in _MODULES.items():
            if name in names.split():
                value = getattr(import_module(f"{__name__}.{module}"), name)
                globals()[name] = value  # asked once
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
