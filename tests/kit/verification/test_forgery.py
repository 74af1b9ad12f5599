"""What somebody without the issuer's key might do, and must not get away with."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import JsonObject, dump_json, walk
from openbadges_kit.errors import IssuanceRefused
from openbadges_kit.issuance import issue, prepare
from openbadges_kit.problems import Problem
from openbadges_kit.status.bitstring import MINIMUM_ENTRIES, build_status_list_credential
from openbadges_kit.verification.report import Check, Outcome, Verdict
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3
from tests.kit.samples import (
    ISSUER,
    ISSUER_KEY,
    LIST_URL,
    NOW,
    OTHER_KEY,
    signed,
    signed_unchecked,
    status_entry,
    unsigned,
)

CREDENTIALS = "https://www.w3.org/2018/credentials#"
DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"


def test_a_proof_of_an_unknown_kind_lends_nobody_the_issuers_name() -> None:
    forged = signed_unchecked(unsigned(), OTHER_KEY)
    forged["proof"].append({"type": "UnheardOf", "verificationMethod": verification_method_of(ISSUER_KEY.public_key)})
    report = verify(forged, now=NOW)
    assert report.verdict is Verdict.NOT_VALID
    binding = next(result for result in report.results if result.check is Check.ISSUER_BINDING)
    assert binding.outcome is Outcome.FAILED


def _full_iri(badge: JsonObject, name: str, value: Any) -> None:
    node = {"@type": DATE_TIME, "@value": value} if isinstance(value, str) else value
    badge[CREDENTIALS + name] = node


def _alias_of_an_inline_context(badge: JsonObject, name: str, value: Any) -> None:
    type_ = DATE_TIME if isinstance(value, str) else "@id"
    badge["@context"].append({"other": {"@id": CREDENTIALS + name, "@type": type_}})
    badge["other"] = value


def _prefix_of_an_inline_context(badge: JsonObject, name: str, value: Any) -> None:
    badge["@context"].append({"p": CREDENTIALS})
    badge[f"p:{name}"] = {"@type": DATE_TIME, "@value": value} if isinstance(value, str) else value


def _vocab_of_an_inline_context(badge: JsonObject, name: str, value: Any) -> None:
    badge["@context"].append({"@vocab": CREDENTIALS + name[:1]})
    badge[name[1:]] = {"@type": DATE_TIME, "@value": value} if isinstance(value, str) else value


def _included(badge: JsonObject, name: str, value: Any) -> None:
    badge["@included"] = [{"id": badge["id"], "type": "VerifiableCredential", name: value}]


def _nested(badge: JsonObject, name: str, value: Any) -> None:
    badge["@nest"] = {name: value}


def _nest_alias(badge: JsonObject, name: str, value: Any) -> None:
    badge["@context"].append({"more": "@nest"})
    badge["more"] = {name: value}


@pytest.mark.parametrize(
    "hide",
    [
        _full_iri,
        _alias_of_an_inline_context,
        _prefix_of_an_inline_context,
        _vocab_of_an_inline_context,
        _included,
        _nested,
        _nest_alias,
    ],
)
@pytest.mark.parametrize("name", ["validUntil", "credentialStatus"])
def test_what_the_signature_covers_cannot_be_hidden_from_the_checks(
    name: str, hide: Callable[[JsonObject, str, Any], None]
) -> None:
    """The statements stay the same, so the signature holds: only the reader would be misled."""
    value = "2026-11-20T09:30:00Z" if name == "validUntil" else status_entry()
    badge = signed_unchecked(unsigned(**{name: value}))
    hide(badge, name, badge.pop(name))
    report = verify(badge, now=NOW.replace(hour=12))
    assert report.verdict is Verdict.NOT_VALID
    assert Problem.HIDDEN_MEMBER in {finding.code for finding in report.findings}


def test_an_expired_proof_cannot_hide_its_expiry() -> None:
    badge = signed_unchecked(unsigned(), expires="2026-11-20T09:30:00Z")
    assert verify(badge, now=NOW).verified
    proof = badge["proof"][0]
    proof["https://w3id.org/security#expiration"] = {"@type": DATE_TIME, "@value": proof.pop("expires")}
    assert verify(badge, now=NOW.replace(hour=12)).verdict is Verdict.NOT_VALID


def test_a_place_that_restates_the_credential_is_refused() -> None:
    """In RDF a node's statements may stand anywhere that its id does; a status list there would go unread."""
    badge = unsigned()
    evidence = {"id": badge["id"], "type": ["Evidence", "VerifiableCredential"], "credentialStatus": status_entry()}
    badge["evidence"] = [evidence]
    with pytest.raises(IssuanceRefused) as refused:
        prepare(badge, verification_method=verification_method_of(ISSUER_KEY.public_key), created=NOW)
    assert (Problem.HIDDEN_MEMBER, "$.id") in {(f.code, f.path) for f in refused.value.findings}


def test_a_term_of_ones_own_in_an_inline_context_is_not_taken_for_hiding() -> None:
    context = [CREDENTIALS_V2, OPEN_BADGES_3_0_3, {"ext": "https://ext.example/", "colour": "https://ext.example/c"}]
    badge = unsigned(**{"@context": context, "colour": "blue", "ext:size": "large"})
    method = verification_method_of(ISSUER_KEY.public_key)
    badge = issue(prepare(badge, verification_method=method, created=NOW), signing_key=ISSUER_KEY)
    assert verify(badge, now=NOW).verified
    badge["colour"] = "red"
    assert not verify(badge, now=NOW).verified


def _leaves(document: JsonObject) -> list[tuple[list[str | int], Any]]:
    found: list[tuple[list[str | int], Any]] = []

    def visit(value: Any, path: list[str | int]) -> None:
        steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
        if steps is None:
            found.append((path, value))
        else:
            for step, inner in steps:
                visit(inner, [*path, step])

    visit(document, [])
    return found


COMPLETE = signed(credentialStatus=None, validUntil="2030-01-01T00:00:00Z", description="Twee keer geplakt.")


@pytest.mark.parametrize("path", [path for path, _ in _leaves(COMPLETE)], ids=lambda p: ".".join(map(str, p)))
def test_no_leaf_can_be_changed(path: list[str | int]) -> None:
    changed = copy.deepcopy(COMPLETE)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    value = place[path[-1]]
    place[path[-1]] = value[:-1] + ("0" if value[-1] != "0" else "1")
    assert not verify(changed, now=NOW).verified


@pytest.mark.parametrize("place", [path for path, _, value in walk(COMPLETE) if isinstance(value, dict)])
def test_nothing_can_be_added_anywhere(place: str) -> None:
    for addition in (
        {"description": "Erbij."},
        {"https://schema.org/description": "Erbij."},
        {"onbekend": "Erbij."},
        {"onbekend": None},
        {"x@context": None},
        {"@context": {"onbekend": None}, "onbekend": 1},
    ):
        changed = copy.deepcopy(COMPLETE)
        target = next(value for path, _, value in walk(changed) if path == place)
        target.update(addition)
        assert not verify(changed, now=NOW).verified, addition


def test_contexts_of_a_proofs_own_are_refused() -> None:
    badge = signed()
    badge["proof"][0]["@context"] = [CREDENTIALS_V2]
    assert verify(badge, now=NOW).verdict is Verdict.NOT_VALID


def test_a_status_entry_of_another_size_is_not_read_as_a_single_bit() -> None:
    entry = status_entry() | {"statusSize": 2, "statusMessage": [{"status": "0x0", "message": "fine"}]}
    document = build_status_list_credential(
        url=LIST_URL, issuer=ISSUER, valid_from=NOW, values={7: 2}, size=2, entries=MINIMUM_ENTRIES
    )
    listed = dump_json(signed_unchecked(document))
    report = verify(signed_unchecked(unsigned(credentialStatus=entry)), now=NOW, fetch=lambda _: listed)
    assert {finding.code for finding in report.findings} == {Problem.REVOKED}


def test_the_document_does_not_choose_how_much_work_it_is() -> None:
    fetched = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return b""

    many_entries = signed_unchecked(unsigned(credentialStatus=[status_entry(i) for i in range(9)]))
    assert not verify(many_entries, now=NOW, fetch=fetch).verified
    many_proofs = signed()
    many_proofs["proof"] *= 17
    assert verify(many_proofs, now=NOW).verdict is Verdict.NOT_VALID
    endorsement = unsigned(id="urn:uuid:90a3a0ac-3a0e-4b9b-8d3c-0f3b5d5f7a01", credentialStatus=status_entry())
    endorsed = signed_unchecked(unsigned(endorsement=[endorsement] * 33))
    assert not verify(endorsed, now=NOW, fetch=fetch).verified
    assert len(fetched) == 0
