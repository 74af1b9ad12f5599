"""Does it fit 1EdTech's JSON Schema, and those that it names itself?

https://www.imsglobal.org/spec/ob/v3p0/#org.1edtech.ob.v3p0.credentialschema.class. 1EdTech's own are bundled; any
other is fetched. What cannot be had or used means "could not check".
"""

from __future__ import annotations

from typing import Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument, ResolutionError, WorkLimitExceeded
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.schema.open_badges import (
    ACHIEVEMENT_CREDENTIAL_SCHEMA,
    ENDORSEMENT_CREDENTIAL_SCHEMA,
    SCHEMAS,
    find_schema_violations,
    schema_takes_any_text,
)
from openbadges_kit.schema.stated import find_stated_violations
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.report import Check, CheckResult, Outcome
from openbadges_kit.vocabulary import JSON_SCHEMA, ONE_EDTECH_SCHEMA_VALIDATOR, CredentialType

__all__ = ["check", "check_official", "official_takes_any_text"]

# Each may cost a fetch.
MAX_SCHEMAS: Final = 8
_KINDS: Final = frozenset({ONE_EDTECH_SCHEMA_VALIDATOR, JSON_SCHEMA})
_SCHEMA_OF: Final = (
    (CredentialType.OPEN_BADGE, ACHIEVEMENT_CREDENTIAL_SCHEMA),
    (CredentialType.ACHIEVEMENT, ACHIEVEMENT_CREDENTIAL_SCHEMA),
    (CredentialType.ENDORSEMENT, ENDORSEMENT_CREDENTIAL_SCHEMA),
)
_Answer = tuple[Outcome, tuple[Finding, ...]]


def check(case: Case) -> CheckResult:
    """Passed when it fits the schema of its type and each that it names; not applicable where there is none.

    A schema of a kind that is not known here is a warning: nothing says that it must be used.
    """
    own = check_official(case.document)
    stated = as_list(case.document.get("credentialSchema"))
    if len(stated) > MAX_SCHEMAS:
        reason = {"reason": f"more than {MAX_SCHEMAS} of them"}
        finding = Finding(Problem.SCHEMA_NOT_HAD, "$.credentialSchema", reason)
        return CheckResult(Check.SCHEMA, Outcome.COULD_NOT_CHECK, (*own.findings, finding))
    several = isinstance(case.document.get("credentialSchema"), list)
    answers = [(own.outcome, own.findings)] + [
        _ask(case, child("$.credentialSchema", position) if several else "$.credentialSchema", entry)
        for position, entry in enumerate(stated)
    ]
    outcomes = {outcome for outcome, _ in answers}
    worst = next(
        (one for one in (Outcome.FAILED, Outcome.COULD_NOT_CHECK, Outcome.PASSED) if one in outcomes),
        Outcome.NOT_APPLICABLE,
    )
    findings: list[Finding] = []
    for _, some in answers:
        # The schema of its type may be named as well; what is wrong is not said twice.
        findings += [finding for finding in some if finding not in findings]
    return CheckResult(Check.SCHEMA, worst, tuple(findings))


def check_official(document: JsonObject) -> CheckResult:
    """Does it fit the official schema of its type? Not applicable to a type that has none here."""
    types = as_list(document.get("type"))
    for type_, schema in _SCHEMA_OF:
        if type_ in types:
            findings = find_schema_violations(document, schema)
            return CheckResult(Check.SCHEMA, Outcome.FAILED if findings else Outcome.PASSED, findings)
    return CheckResult(Check.SCHEMA, Outcome.NOT_APPLICABLE)


def official_takes_any_text(document: JsonObject, place: tuple[str | int, ...]) -> bool:
    """Does `check_official` give the same answer, whatever text stands at this place of the document?"""
    types = as_list(document.get("type"))
    return all(schema_takes_any_text(document, place, schema) for type_, schema in _SCHEMA_OF if type_ in types)


def _ask(case: Case, path: str, entry: object) -> _Answer:
    types = as_list(entry.get("type")) if isinstance(entry, dict) else []
    if not isinstance(entry, dict) or not any(kind in types for kind in _KINDS):
        return Outcome.NOT_APPLICABLE, (Finding(Problem.SCHEMA_UNKNOWN, path, {"value": str(types)[:200]}),)
    url = entry.get("id")
    try:
        if not isinstance(url, str):
            raise ResolutionError("it does not say where")
        if url in SCHEMAS:
            findings = find_schema_violations(case.document, url)
        else:
            findings = find_stated_violations(case.document, case.fetch(url), url=url, path=path)
    except (ResolutionError, MalformedDocument, WorkLimitExceeded) as error:
        return Outcome.COULD_NOT_CHECK, (Finding(Problem.SCHEMA_NOT_HAD, path, {"reason": str(error)}),)
    return (Outcome.FAILED if findings else Outcome.PASSED), findings
