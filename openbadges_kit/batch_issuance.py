"""The same badge for many people: what differs is filled in, checked, canonicalised and signed, row by row.

Each row gives what prepare() and issue() give for the document with that row's texts, byte for byte; a row that
does not pass is refused with prepare()'s findings, and the others go on. Nothing of a row is kept after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any, Final

from openbadges_kit.batch_questions import Question, order_of_period, question_of
from openbadges_kit.documents import MAX_DOCUMENT_BYTES, JsonObject, dump_json, parse_json_object
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import IssuanceRefused, ProofGenerationError
from openbadges_kit.findings import Finding, child
from openbadges_kit.issuance import PreparedCredential, issue, prepare, prepared_alike
from openbadges_kit.jsonld.compiled_shape import CompiledShape
from openbadges_kit.jsonld.compiler import compile_shape
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.jsonld.shape import Place, Shape, leaf_places, shape_of
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import Cryptosuite, rdfc10
from openbadges_kit.proof.data_integrity import cryptosuite_of, proof_config
from openbadges_kit.skills import guards
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.verification.report import Outcome
from openbadges_kit.verification.verifier import check_schema, check_structure

__all__ = ["Issued", "Refused", "Row", "issue_many"]

Row = Mapping[str, str]
# Rows of one batch differ in the same places, and a few leave something out.
MAX_TEMPLATES: Final = 8
# A longer text goes the long way round, which looks at the size of the whole.
MAX_TEXT: Final = 100_000
# Combinations of texts that passed together, such as the levels of a rubric; longer ones do not come twice.
MAX_SOUND: Final = 256
MAX_SOUND_TEXT: Final = 4_000
_TEXT: Final = frozenset({str})


@dataclass(frozen=True, slots=True)
class Issued:
    """A badge: the row it is for, counted from 0, and the secured document as bytes, to be stored as they are.

    `prepared` is what passed the checks and was signed, from which other forms of the same badge can be made.
    """

    position: int
    document: bytes
    prepared: PreparedCredential


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that must not be signed, and why."""

    position: int
    findings: tuple[Finding, ...]


def issue_many(
    prepared: PreparedCredential,
    rows: Iterable[Row],
    *,
    signing_key: SigningKey,
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> Iterator[Issued | Refused]:
    """A badge for each row, in their order, made as they are asked for.

    `prepared` is one badge of them. A row maps the JSON paths of texts in it to other texts: `$.id`, which every
    row must have if the badge has one, `$.credentialSubject.id`, `$.validFrom` … Raises ProofGenerationError
    when the key is not one for the prepared cryptosuite; what a signing key raises ends the batch.
    """
    batch = _Batch(prepared, signing_key, contexts)
    return (batch.issue(position, row) for position, row in enumerate(rows))


class _Batch:
    def __init__(self, prepared: PreparedCredential, signing_key: SigningKey, contexts: ContextStore) -> None:
        self.document = parse_json_object(prepared.document)
        self.options = prepared.proof_options
        self.created = parse_timestamp(self.options["created"])
        self.signing_key = signing_key
        self.contexts = contexts
        self.prepared = prepared
        self.places = {path: steps for path, steps, _ in _texts(self.document, "$", ())}
        self.cryptosuite = cryptosuite_of(self.options)
        if signing_key.public_key.algorithm not in self.cryptosuite.hash_of:
            raise ProofGenerationError(
                f"{self.cryptosuite.name} does not sign with a {signing_key.public_key.algorithm} key"
            )
        self.templates: dict[tuple[str, ...], _Template | None] = {}

    def issue(self, position: int, row: Row) -> Issued | Refused:
        paths = tuple(row) if type(row) is dict and set(map(type, row.values())) == _TEXT else None
        if paths not in self.templates:
            # Paths that came before are places of the badge; these may be none.
            if findings := self.problems_of(row):
                return Refused(position, tuple(findings))
            paths = tuple(row)
        template = self.template_for(paths)
        issued = template.issue(position, tuple(row.values())) if template is not None else None
        return issued if issued is not None else self.issue_one(position, row)

    def problems_of(self, row: Any) -> list[Finding]:  # what a caller read from a file
        if not isinstance(row, Mapping):
            return [Finding(Problem.WRONG_TYPE, "$", {"expected": "mapping of JSON paths to texts"})]
        findings = [Finding(Problem.MISSING, str(path)) for path in row if path not in self.places]
        findings += [
            Finding(Problem.WRONG_TYPE, path, {"expected": "text"}) for path in row if type(row[path]) is not str
        ]
        # Two badges under one id are one badge to whoever stores them.
        if "$.id" in self.places and "$.id" not in row:
            findings.append(Finding(Problem.MISSING, "$.id"))
        return findings

    def issue_one(self, position: int, row: Row) -> Issued | Refused:
        """The long way, whose answer counts."""
        document = _filled(self.document, _tree([self.places[path] for path in row]), tuple(row.values()))
        try:
            prepared = prepare(
                document,
                verification_method=self.options["verificationMethod"],
                created=self.created,
                cryptosuite=self.cryptosuite,
                contexts=self.contexts,
            )
        except IssuanceRefused as error:
            return Refused(position, error.findings)
        secured = dump_json(issue(prepared, signing_key=self.signing_key, contexts=self.contexts))
        return Issued(position, secured, prepared)

    def template_for(self, paths: tuple[str, ...]) -> _Template | None:
        if paths not in self.templates:
            if len(self.templates) >= MAX_TEMPLATES:
                return None
            self.templates[paths] = _template(self, paths)
        return self.templates[paths]


@dataclass(frozen=True, slots=True)
class _Template:
    """Badges that differ in the same texts. Answers None whenever it is not certain, and the long way answers.

    Of a text that the checks ask about by itself, `questions` has the question. Texts `asked_together` are those
    with which the checks were asked of a whole badge; `sound` has those that passed.
    """

    batch_document: JsonObject
    tree: dict[Any, Any]
    created: datetime
    questions: tuple[tuple[int, Question], ...]
    order_of_period: Callable[[Sequence[str]], bool] | None
    asked_together: tuple[int, ...]
    sound: set[tuple[str, ...]]
    shape: CompiledShape
    config_digest: bytes
    cryptosuite: Cryptosuite
    signing_key: SigningKey
    prepared: PreparedCredential
    # The document as JSON around its places, and which text stands behind each piece but the last.
    before_text: tuple[bytes, ...]
    places: tuple[int, ...]
    before_value: bytes
    after_value: bytes

    def issue(self, position: int, texts: tuple[str, ...]) -> Issued | None:
        if max(map(len, texts), default=0) > MAX_TEXT or not self.shape.fits(texts) or not self.passes(texts):
            return None
        algorithm = self.signing_key.public_key.algorithm
        nquads = self.shape.canonical_nquads(texts, self.cryptosuite.hash_of[algorithm])
        # In the prepared badge they are those with SHA-256, whatever the key.
        usual = nquads if self.cryptosuite.hash_of[algorithm] == "sha256" else self.shape.canonical_nquads(texts)
        if nquads is None or usual is None:
            return None
        pieces = [self.before_text[0]]
        for place, piece in zip(self.places, self.before_text[1:], strict=True):
            pieces += (encode_basestring(texts[place]).encode(), piece)
        unsecured = b"".join(pieces)
        if len(unsecured) > MAX_DOCUMENT_BYTES:
            return None
        hash_data = self.config_digest + self.cryptosuite.digest(nquads, algorithm)
        value = multibase.encode_base58(self.signing_key.sign(hash_data)).encode()
        secured = b"%b%b%b%b" % (unsecured[:-1], self.before_value, value, self.after_value)
        return Issued(position, secured, prepared_alike(self.prepared, document=unsecured, canonical_nquads=usual))

    def passes(self, texts: tuple[str, ...]) -> bool:
        """Would a badge with these texts pass the checks of prepare() that look at texts?"""
        together = tuple([texts[number] for number in self.asked_together])
        if together in self.sound:
            for number, question in self.questions:
                if not question(texts[number]):
                    return False
            return self.order_of_period is None or self.order_of_period(texts)
        document = _filled(self.batch_document, self.tree, texts)
        if check_structure(document).outcome is Outcome.FAILED or check_schema(document).outcome is Outcome.FAILED:
            return False
        if guards.find_problems(document, now=self.created):
            return False
        if len(self.sound) < MAX_SOUND and sum(map(len, together)) <= MAX_SOUND_TEXT:
            self.sound.add(together)
        return True


def _template(batch: _Batch, paths: tuple[str, ...]) -> _Template | None:
    shape = shape_of(batch.document)
    config = proof_config(batch.document, batch.options, batch.cryptosuite)
    if shape is None or batch.cryptosuite.canonicalize is not rdfc10:
        return None
    if batch.cryptosuite.selective or "previousProof" in batch.options or "$.issuer.id" in paths or "$.issuer" in paths:
        return None
    compiled = _compiled(batch, shape)
    leaves = _leaves_of(batch, paths)
    bound = compiled.bind(shape.leaves, leaves) if compiled is not None and leaves is not None else None
    if bound is None:
        return None
    places = [batch.places[path] for path in paths]
    questions = {number: question_of(batch.document, place) for number, place in enumerate(places)}
    pieces, order = _pieces(batch.document, _tree(places), len(paths))
    # The document without its last brace, a comma, and the proof without its first one.
    proof = dump_json({"proof": [{**batch.options, "proofValue": "|"}]}).removeprefix(b"{").rpartition(b"|")
    algorithm = batch.signing_key.public_key.algorithm
    canonical_config = batch.cryptosuite.canonicalize(config, batch.cryptosuite.hash_of[algorithm], batch.contexts)
    return _Template(
        batch.document,
        _tree(places),
        batch.created,
        tuple((number, question) for number, question in questions.items() if question is not None),
        order_of_period(batch.document, places),
        tuple(number for number, question in questions.items() if question is None),
        set(),
        bound,
        batch.cryptosuite.digest(canonical_config, algorithm),
        batch.cryptosuite,
        batch.signing_key,
        batch.prepared,
        tuple(piece.encode() for piece in pieces),
        order,
        b"," + proof[0],
        proof[2],
    )


def _compiled(batch: _Batch, shape: Shape) -> CompiledShape | None:
    if batch.contexts.shapes is None:
        return None
    known = batch.contexts.shapes.find(shape.key, shape.leaves)
    if known is not None:
        return known.shape
    compiled = compile_shape(
        batch.document,
        shape,
        batch.contexts,
        hash_algorithm="sha256",
        canonical_nquads=batch.prepared.canonical_nquads,
    )
    if compiled is not None:
        # Its badges are to be signed; the next batch of the achievement, and whoever verifies them, has it at once.
        batch.contexts.shapes.keep(shape.key, compiled)
    return compiled


def _leaves_of(batch: _Batch, paths: tuple[str, ...]) -> list[int] | None:
    """Which of the shape's leaves the paths are; None when one of them is fixed, as a type is."""
    number_of = {place: number for number, place in enumerate(leaf_places(batch.document))}
    leaves = [number_of.get(batch.places[path]) for path in paths]
    return [leaf for leaf in leaves if leaf is not None] if None not in leaves else None


def _texts(value: Any, path: str, steps: Place) -> Iterator[tuple[str, Place, str]]:
    if isinstance(value, str):
        yield path, steps, value
    elif isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, child(path, step), (*steps, step))


def _tree(places: Sequence[Place]) -> dict[Any, Any]:
    """The places as a tree of steps, with the position of each at its end."""
    tree: dict[Any, Any] = {}
    for position, steps in enumerate(places):
        branch = tree
        for step in steps[:-1]:
            branch = branch.setdefault(step, {})
        branch[steps[-1]] = position
    return tree


def _filled(value: Any, tree: dict[Any, Any], texts: Sequence[str]) -> Any:  # JSON
    """The value with the texts in their places; what has none of them is shared."""
    copied = value.copy()
    for step, branch in tree.items():
        copied[step] = texts[branch] if type(branch) is int else _filled(value[step], branch, texts)
    return copied


def _pieces(document: JsonObject, tree: dict[Any, Any], count: int) -> tuple[list[str], tuple[int, ...]]:
    """The document as JSON around its places, and which text comes after each piece."""
    text, number = dump_json(document).decode(), 0
    while f"<{number}|" in text:
        number += 1
    marked = dump_json(_filled(document, tree, [f"<{number}|{place}>" for place in range(count)])).decode()
    parts = re.split(rf'"<{number}\|([0-9]+)>"', marked)
    return parts[::2], tuple(map(int, parts[1::2]))
