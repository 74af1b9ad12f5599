"""Badges with a status, and all the network there is to ask about it."""

from __future__ import annotations

from collections.abc import Mapping

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.errors import ResolutionError
from openbadges_kit.problems import Problem
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.verification.report import Check, CheckResult, Report
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import (
    ISSUER_KEY,
    NOW,
)


def verified(badge: bytes | str | JsonObject, pages: Mapping[str, bytes | JsonObject]) -> Report:
    """The report, with these pages as all the network there is."""

    def fetch(url: str) -> bytes:
        if url not in pages:
            raise ResolutionError(f"{url} is down")
        page = pages[url]
        return page if isinstance(page, bytes) else dump_json(page)

    return verify(badge, now=NOW, fetch=fetch)


def as_token(badge: JsonObject) -> str:
    """The badge as a JWT, whatever JSON-LD would say of it."""
    return encode_vc_jwt(
        badge, verification_method=verification_method_of(ISSUER_KEY.public_key), signing_key=ISSUER_KEY
    )


def result(report: Report, check: Check = Check.STATUS) -> CheckResult:
    return next(one for one in report.results if one.check is check)


def codes(report: Report, check: Check = Check.STATUS) -> list[Problem]:
    return [finding.code for finding in result(report, check).findings]
