"""Is what the badge refers to still what its issuer signed?

https://www.w3.org/TR/vc-data-model-2.0/#integrity-of-related-resources. A digest is compared where the resource can
be had. Where it cannot, that is a warning: addresses die, and a badge does not stop being true with a picture.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import MalformedDocument, ResolutionError
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.report import Check, CheckResult, Outcome

__all__ = ["check"]

# Each costs a fetch.
MAX_RESOURCES: Final = 16
_PATH: Final = "$.relatedResource"
_SRI_HASHES: Final = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
# https://www.w3.org/TR/controller-document/#multihash: the code of the hash, and how long its digest is.
_MULTIHASHES: Final = {b"\x12\x20": hashlib.sha256, b"\x20\x30": hashlib.sha384, b"\x13\x40": hashlib.sha512}


def check(case: Case) -> CheckResult:
    """Passed when what could be had has the digest that was signed; not applicable when nothing could be had."""
    resources = as_list(case.document.get("relatedResource"))
    if not resources:
        return CheckResult(Check.RELATED_RESOURCES, Outcome.NOT_APPLICABLE)
    if len(resources) > MAX_RESOURCES:
        finding = Finding(Problem.RESOURCE_NOT_HAD, _PATH, {"value": f"{len(resources)} addresses"})
        return CheckResult(Check.RELATED_RESOURCES, Outcome.COULD_NOT_CHECK, (finding,))
    several = isinstance(case.document["relatedResource"], list)
    answers: list[tuple[Outcome, Finding | None]] = []
    seen: set[str] = set()
    for position, resource in enumerate(resources):
        path = child(_PATH, position) if several else _PATH
        url = resource.get("id") if isinstance(resource, dict) else None
        if isinstance(url, str) and url in seen:
            answers.append((Outcome.FAILED, Finding(Problem.DUPLICATE_ID, child(path, "id"), {"value": url})))
            continue
        if isinstance(url, str):
            seen.add(url)
        answers.append(_ask(case, resource, path))
    outcomes = {outcome for outcome, _ in answers}
    worst = next((one for one in (Outcome.FAILED, Outcome.PASSED) if one in outcomes), Outcome.NOT_APPLICABLE)
    return CheckResult(Check.RELATED_RESOURCES, worst, tuple(found for _, found in answers if found is not None))


def _ask(case: Case, resource: Any, path: str) -> tuple[Outcome, Finding | None]:  # JSON
    if not isinstance(resource, dict):
        return Outcome.FAILED, Finding(Problem.WRONG_TYPE, path, {"expected": "object"})
    url = resource.get("id")
    if not isinstance(url, str):
        return Outcome.FAILED, Finding(Problem.MISSING, child(path, "id"))
    named = [name for name in ("digestSRI", "digestMultibase") if name in resource]
    if not named:
        return Outcome.FAILED, Finding(Problem.MISSING, child(path, "digestSRI"))
    try:
        expected = [digest for name in named for digest in _digests(resource, name)]
    except MalformedDocument as error:
        return Outcome.FAILED, Finding(Problem.DIGEST_UNKNOWN, child(path, str(error)))
    try:
        data = case.fetch(url)
    except ResolutionError:
        return Outcome.NOT_APPLICABLE, Finding(Problem.RESOURCE_NOT_HAD, path, {"value": url})
    if all(new_hash(data).digest() == digest for new_hash, digest in expected):
        return Outcome.PASSED, None
    return Outcome.FAILED, Finding(Problem.DIGEST_MISMATCH, path, {"value": url})


def _digests(resource: JsonObject, name: str) -> list[tuple[Any, bytes]]:
    """(hash, digest) of each that is stated. Raises MalformedDocument, with the member's name, when one is none."""
    digests = []
    for value in as_list(resource[name]):
        try:
            if name == "digestSRI":
                algorithm, _, encoded = value.partition("-")
                new_hash, digest = _SRI_HASHES[algorithm], base64.b64decode(encoded, validate=True)
            else:
                decoded = multibase.decode(value)
                new_hash, digest = _MULTIHASHES[decoded[:2]], decoded[2:]
        except (KeyError, AttributeError, binascii.Error, ValueError, MalformedDocument) as error:
            raise MalformedDocument(name) from error
        if len(digest) != new_hash().digest_size:
            raise MalformedDocument(name)
        digests.append((new_hash, digest))
    if not digests:
        raise MalformedDocument(name)
    return digests
