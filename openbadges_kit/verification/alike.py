"""Badges like one that verified: another one of the same achievement, by the same issuer, in the same form.

Such badges are the same bytes but for a few texts. What those texts cannot change was found out for the first of them;
what can be another answer, the proof and everything that depends on the moment among it, is asked of each. A badge that
is not recognised, for whatever reason, is verified as if it were the first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from openbadges_kit.documents import MAX_DOCUMENT_BYTES, JsonObject, UnverifiedDocument, as_list, parse_json_object
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import MalformedDocument, ProofVerificationError
from openbadges_kit.jsonld.compiled_shape import CompiledShape
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.jsonld.shape import leaf_places, shape_of
from openbadges_kit.patterns import Pattern, Place, pattern_of
from openbadges_kit.proof.data_integrity import cryptosuite_of, unsecured
from openbadges_kit.proof.jws import MAX_TOKEN_CHARACTERS
from openbadges_kit.proof.vc_jwt import REGISTERED_CLAIMS, VcJwt
from openbadges_kit.verification.questions import Questions, usual_places
from openbadges_kit.verification.received import Received
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report
from openbadges_kit.verification.verifier import Recognised, check_schema, check_schema_takes_any_text, check_structure

__all__ = ["Likenesses"]

# A badge is tried against each of them, which takes a microsecond; the ones used longest ago make room.
MAX_LIKENESSES: Final = 32
MAX_CHARACTERS: Final = 4_000_000
_ABOUT_CONTENT: Final = (Check.STRUCTURE, Check.CONTEXTS, Check.SCHEMA)
# Not applicable to any badge without such members.
_ABOUT_MEMBERS: Final = (Check.REFRESH, Check.RELATED_RESOURCES, Check.ENDORSEMENTS)
_LEANS_ON_OTHERS: Final = frozenset({"refreshService", "relatedResource"})


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Of badges secured alike: by a token, or by one proof.

    `count` of the texts are the badge's own; those of its proof come behind them.
    """

    pattern: Pattern
    is_token: bool
    questions: Questions
    count: int
    bound: CompiledShape | None
    answers: Mapping[Check, CheckResult]


class Likenesses:
    """A bounded store of what badges that verified have in common. For one thread and one policy."""

    def __init__(self, contexts: ContextStore = BUNDLED_CONTEXTS) -> None:
        self._contexts = contexts
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
        made = _likeness(report, self._contexts, is_token=isinstance(received, str))
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
            if likeness.is_token or (read := likeness.pattern.read(data)) is None:
                continue
            texts, rest = read
            if rest != b"}":
                return None
            document = likeness.pattern.filled(texts)
            return self._as_known(number, likeness, texts, Received(UnverifiedDocument(document)))
        return None

    def _secured_by_token(self, compact: str) -> Recognised | None:
        parts = compact.split(".", 3)
        if len(parts) != 3 or len(compact) > MAX_TOKEN_CHARACTERS:  # noqa: PLR2004  # header, payload, signature
            return None
        data = base64url.decode(parts[1])
        for number, likeness in self._known.items():
            if not likeness.is_token or (read := likeness.pattern.read(data)) is None:
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
        bound = likeness.bound
        shown = texts[: likeness.count]
        nquads = bound.canonical_nquads(shown) if bound is not None and bound.fits(shown) else None
        return Recognised(received, nquads, likeness.answers)


def _likeness(report: Report, contexts: ContextStore, *, is_token: bool) -> _Likeness | None:
    """What badges like this one have in common; None where something of it must be asked of each."""
    document = report.document
    results = {result.check: result for result in report.results}
    answers = {check: results[check] for check in _ABOUT_CONTENT}
    if {answer.outcome for answer in answers.values()} != {Outcome.PASSED}:
        return None
    # A schema that it names itself may ask about any text.
    if answers[Check.STRUCTURE].findings or answers[Check.SCHEMA].findings or "credentialSchema" in document:
        return None
    answers |= {check: results[check] for check in _ABOUT_MEMBERS}
    if results[Check.ENDORSEMENTS].outcome is not Outcome.NOT_APPLICABLE or not _LEANS_ON_OTHERS.isdisjoint(document):
        return None
    # Of a policy that asks nothing.
    unasked = (results[check] for check in (Check.RECIPIENT, Check.TRUST))
    answers |= {result.check: result for result in unasked if result.outcome is Outcome.NOT_APPLICABLE}
    if is_token and ("proof" in document or not REGISTERED_CLAIMS.isdisjoint(document)):
        return None
    in_proof: tuple[Place, ...] = () if is_token else _places_in_proof(document)
    if not is_token and not in_proof:
        return None
    # A token has no canonical form.
    places, bound = (usual_places(document), None) if is_token else _bound(unsecured(document), contexts)
    pattern = pattern_of(document, (*places, *in_proof))
    if pattern is None or not places:
        return None
    # Whoever verifies asks nothing about citizen service numbers: who issues does.
    questions = Questions(document, places, guarded=False)
    return _Likeness(pattern, is_token, questions, len(places), bound, answers)


def _places_in_proof(document: JsonObject) -> tuple[Place, ...]:
    """What differs between the proofs of one key, in a badge with one proof; nothing where that is not all."""
    proof = document.get("proof")
    way: Place = ("proof", 0) if isinstance(proof, list) else ("proof",)
    (only,) = as_list(proof) if len(as_list(proof)) == 1 else (None,)
    try:
        if not isinstance(only, dict) or cryptosuite_of(only).selective:
            return ()
    except ProofVerificationError:
        return ()
    places = [(*way, name) for name in ("proofValue", "created") if isinstance(only.get(name), str)]
    return tuple(place for place in places if check_schema_takes_any_text(document, place))


def _bound(bare: JsonObject, contexts: ContextStore) -> tuple[tuple[Place, ...], CompiledShape | None]:
    """The places that do not steer JSON-LD, and the compiled shape of badges that differ in them, if it is known."""
    places, shape = usual_places(bare), shape_of(bare)
    if shape is None or contexts.shapes is None or (found := contexts.shapes.find(shape.key, shape.leaves)) is None:
        return places, None
    steering = {leaf for leaf, _ in found.constants}
    leaf_of = {place: leaf for leaf, place in enumerate(leaf_places(bare)) if leaf not in steering}
    free = tuple(place for place in places if place in leaf_of)
    return free, contexts.shapes.bound(found.shape, shape.leaves, [leaf_of[place] for place in free])


def _members(rest: bytes) -> JsonObject:
    """The members behind those of a pattern. Raises MalformedDocument when they are none."""
    if rest == b"}":
        return {}
    if not rest.startswith(b","):
        raise MalformedDocument("neither the end of an object nor another member")
    return parse_json_object(b"{" + rest[1:])
