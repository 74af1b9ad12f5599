"""Documents made to break a verifier: a report or one of the kit's errors, and never much work."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.errors import MalformedDocument, OpenBadgesError
from openbadges_kit.problems import Problem
from openbadges_kit.verification.report import Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import NOW, signed, signed_unchecked, status_entry, unsigned

GOOD = signed(validUntil="2030-01-01T00:00:00Z")


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for step, inner in steps for place in _places(inner, (*path, step)))]


ANYTHING: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**400, 2**64, "", "x", "\u0000", "_:b", "did:key:z", "\U0001f600", [], [[]], [None], {},
     {"@value": 1}, {"@id": "x"}, {"@list": []}, {"type": 5}, {"id": []}, ["VerifiableCredential"], [{"type": {}}]]
)  # fmt: skip


class TestOneThingReplaced:
    """Whatever stands in whatever place, a signed badge is not valid any more, and nothing foreign is raised."""

    @given(st.sampled_from(_places(GOOD)[1:]), ANYTHING)
    def test_the_verifier_answers(self, place: tuple[str | int, ...], value: Any) -> None:
        changed = copy.deepcopy(GOOD)
        target: Any = changed
        for step in place[:-1]:
            target = target[step]
        if target[place[-1]] == value:
            return
        target[place[-1]] = value
        try:
            report = verify(changed, now=NOW)
        except OpenBadgesError:
            return
        assert not report.verified
        for language in ("nl", "en"):
            assert all(report.reasons(language))
            assert report.to_json(language)["verified"] is False

    @given(
        st.sampled_from(_places(unsigned(credentialStatus=status_entry(), evidence=[{"type": ["Evidence"]}]))), ANYTHING
    )
    def test_signed_as_it_is_it_is_answered_too(self, place: tuple[str | int, ...], value: Any) -> None:
        document = unsigned(credentialStatus=status_entry(), evidence=[{"type": ["Evidence"]}])
        target: Any = document
        for step in place[:-1]:
            target = target[step]
        if place:
            target[place[-1]] = value
        try:
            report = verify(signed_unchecked(document), now=NOW)
        except OpenBadgesError:
            return
        assert report.verdict in set(Verdict)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"eyJ"',
        b"eyJ",
        b"eyJ.eyJ.eyJ",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfe{\x00}\x00",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\ud800"}',
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b'{"a":' * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda data: f"{len(data)} bytes, {data[:20]!r}",
)
def test_what_is_no_document_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedDocument):
        verify(data, now=NOW)


class TestAnyBytes:
    """Whatever bytes come in, only the kit's errors come out."""

    @given(st.binary(max_size=200) | st.text(max_size=200))
    def test_verify(self, data: bytes | str) -> None:
        try:
            report = verify(data, now=NOW)
        except OpenBadgesError:
            return
        assert not report.verified

    @given(st.integers(0, len(dump_json(GOOD)) - 1), st.integers(0, 255))
    def test_one_changed_byte(self, position: int, byte: int) -> None:
        data = bytearray(dump_json(GOOD))
        if data[position] == byte:
            return
        data[position] = byte
        try:
            report = verify(bytes(data), now=NOW)
        except OpenBadgesError:
            return
        # White space outside of a text is not part of what is said.
        assert not report.verified or report.document == GOOD


def _with(**changes: Any) -> JsonObject:
    return GOOD | changes


def test_too_much_of_everything_is_refused_with_few_findings() -> None:
    subject = copy.deepcopy(GOOD["credentialSubject"])
    for document in (
        _with(**{f"x{number}": 1 for number in range(5000)}),
        _with(evidence=[{"id": f"rel{number}", "type": ["Evidence"]} for number in range(900)]),
        _with(credentialSubject=subject | {"x": [None] * 5000}),
        _with(credentialSubject=subject | {"result": [{"type": ["Result"]}] * 5000}),
        _with(proof=GOOD["proof"] * 5000),
    ):
        report = verify(document, now=NOW)
        assert report.verdict is Verdict.NOT_VALID
        proof_findings = [finding for finding in report.findings if finding.code is not Problem.SCHEMA_VIOLATION]
        assert len(proof_findings) <= 40
