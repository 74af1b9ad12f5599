"""Badges like one that verified: another one of the same achievement, by the same issuer, in the same form.

Such badges are the same bytes but for a few texts. What those texts cannot change was found out for the first of them;
what can be another answer, the proof and everything that depends on the moment among it, is asked of each. A badge that
is not recognised, for whatever reason, is verified as if it were the first.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from openbadges_kit.documents import MAX_DOCUMENT_BYTES, JsonObject, UnverifiedDocument, as_list, parse_json_object
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import MalformedDocument, ProofVerificationError
from openbadges_kit.patterns import Pattern, pattern_of
from openbadges_kit.proof.data_integrity import cryptosuite_of, unsecured
from openbadges_kit.proof.jws import MAX_TOKEN_CHARACTERS
from openbadges_kit.proof.vc_jwt import REGISTERED_CLAIMS, VcJwt
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.verification.questions import Questions, usual_places
from openbadges_kit.verification.received import Received
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report
from openbadges_kit.verification.verifier import Recognised, check_schema, check_schema_takes_any_text, check_structure

__all__ = ["Likenesses"]

# A badge is tried against each of them, which takes a microsecond; the ones used longest ago make room.
MAX_LIKENESSES: Final = 32
MAX_CHARACTERS: Final = 4_000_000
# What differs between proofs of one key; the others are the same, or it is another kind of badge.
_FREE_IN_PROOF: Final = ("proofValue", "created")


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Of badges secured alike: by one `proof`, without its free members, or by a token where there is none."""

    pattern: Pattern
    proof: JsonObject | None
    free: tuple[str, ...]
    questions: Questions
    content: tuple[CheckResult, CheckResult, CheckResult, CheckResult]


class Likenesses:
    """A bounded store of what badges that verified have in common. For one thread, and one policy."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, _Likeness] = OrderedDict()
        self._last_header: tuple[str, JsonObject] = ("", {})

    def recognise(self, received: bytes | str | JsonObject) -> Recognised | None:
        """What the received badge is like; None when it is like none that is known."""
        if not self._known or isinstance(received, dict) or len(received) > MAX_DOCUMENT_BYTES:
            return None
        try:
            if isinstance(received, bytes) and received.startswith(b"{"):
                return self._secured_by_proof(received)
            if isinstance(received, str) and received.startswith("ey"):
                return self._secured_by_token(received)
        except MalformedDocument:
            # The long way says what is wrong with it.
            return None
        return None

    def learn(self, received: bytes | str | JsonObject, report: Report) -> None:
        """Know badges like this one, which was not recognised and whose report this is."""
        if not report.verified or isinstance(received, dict):
            return
        made = _likeness(report, is_token=isinstance(received, str))
        # What it was learned from must be one of its own kind: everything about how it is written is then known.
        if made is None or sum(map(len, made.pattern.between)) * MAX_LIKENESSES > MAX_CHARACTERS:
            return
        self._known[id(made)] = made
        self._known.move_to_end(id(made), last=False)
        found = self.recognise(received)
        if found is None or found.received.document != report.document:
            del self._known[id(made)]
        elif len(self._known) > MAX_LIKENESSES:
            self._known.popitem()

    def _secured_by_proof(self, data: bytes) -> Recognised | None:
        for number, likeness in self._known.items():
            if likeness.proof is None or (read := likeness.pattern.read(data)) is None:
                continue
            texts, rest = read
            added = _members(rest)
            proof = added.get("proof")
            if added.keys() != {"proof"} or type(proof) is not list or len(proof) != 1 or type(proof[0]) is not dict:
                return None
            document = {**likeness.pattern.filled(texts), "proof": proof}
            if _without(proof[0], likeness.free) == likeness.proof and _may_differ(proof[0], likeness.free):
                return self._as_known(number, likeness, texts, Received(UnverifiedDocument(document)))
        return None

    def _secured_by_token(self, compact: str) -> Recognised | None:
        parts = compact.split(".", 3)
        if len(parts) != 3 or len(compact) > MAX_TOKEN_CHARACTERS:  # noqa: PLR2004  # header, payload, signature
            return None
        data = base64url.decode(parts[1])
        for number, likeness in self._known.items():
            if likeness.proof is not None or (read := likeness.pattern.read(data)) is None:
                continue
            texts, rest = read
            claims = _members(rest)
            if not claims.keys() <= REGISTERED_CLAIMS:
                return None
            document = likeness.pattern.filled(texts)
            token = VcJwt(compact, self._header(parts[0]), {**document, **claims}, base64url.decode(parts[2]))
            return self._as_known(number, likeness, texts, Received(UnverifiedDocument(document), token))
        return None

    def _header(self, text: str) -> JsonObject:
        # Tokens of one key have one header, and nobody changes what was read.
        if text != self._last_header[0]:
            self._last_header = text, parse_json_object(base64url.decode(text))
        return self._last_header[1]

    def _as_known(
        self, number: int, likeness: _Likeness, texts: tuple[str, ...], received: Received
    ) -> Recognised | None:
        if not likeness.questions.pass_alone(texts):
            return None
        if not likeness.questions.passed_together(texts):
            asked = check_structure(received.document), check_schema(received.document)
            if any(result.outcome is not Outcome.PASSED or result.findings for result in asked):
                return None
            likeness.questions.keep_sound(texts)
        self._known.move_to_end(number, last=False)
        return Recognised(received, likeness.content)


def _likeness(report: Report, *, is_token: bool) -> _Likeness | None:
    """What badges like this one have in common; None where something of it must be asked of each."""
    document = report.document
    results = {result.check: result for result in report.results}
    structure, contexts, schema = (results[check] for check in (Check.STRUCTURE, Check.CONTEXTS, Check.SCHEMA))
    endorsements = results[Check.ENDORSEMENTS]
    if {structure.outcome, contexts.outcome, schema.outcome} != {Outcome.PASSED} or structure.findings:
        return None
    # A schema that it names itself may ask about any text.
    if schema.findings or "credentialSchema" in document or endorsements.outcome is not Outcome.NOT_APPLICABLE:
        return None
    bare, proof = unsecured(document), None
    free: tuple[str, ...] = ()
    if is_token and ("proof" in document or not REGISTERED_CLAIMS.isdisjoint(document)):
        return None
    if not is_token:
        proofs = as_list(document.get("proof"))
        if len(proofs) != 1 or not isinstance(proofs[0], dict) or not _is_of_the_whole(proofs[0]):
            return None
        free = tuple(name for name in _FREE_IN_PROOF if check_schema_takes_any_text(document, ("proof", 0, name)))
        proof = _without(proofs[0], free)
    places = usual_places(bare)
    pattern = pattern_of(bare, places)
    if pattern is None:
        return None
    questions = Questions(document, places)
    return _Likeness(pattern, proof, free, questions, (structure, contexts, schema, endorsements))


def _is_of_the_whole(proof: JsonObject) -> bool:
    try:
        return not cryptosuite_of(proof).selective
    except ProofVerificationError:
        return False


def _without(proof: JsonObject, free: tuple[str, ...]) -> JsonObject:
    return {name: None if name in free else value for name, value in proof.items()}


def _may_differ(proof: JsonObject, free: tuple[str, ...]) -> bool:
    if not all(type(proof[name]) is str for name in free if name in proof):
        return False
    if "created" in proof:
        parse_timestamp(proof["created"])
    return True


def _members(rest: bytes) -> JsonObject:
    """The members behind those of a pattern. Raises MalformedDocument when they are none."""
    if rest == b"}":
        return {}
    if not rest.startswith(b","):
        raise MalformedDocument("neither the end of an object nor another member")
    return parse_json_object(b"{" + rest[1:])
