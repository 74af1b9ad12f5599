"""The same badge for many people: what differs is filled in, checked, canonicalised and signed, row by row.

Each row gives what prepare() and issue() give for the document with that row's texts, byte for byte; a row that
does not pass is refused with prepare()'s findings, and the others go on. Nothing of a row is kept after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from openbadges_kit.documents import MAX_DOCUMENT_BYTES, JsonObject, dump_json, parse_json_object
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import IssuanceRefused, ProofGenerationError
from openbadges_kit.findings import Finding, child
from openbadges_kit.issuance import PreparedCredential, issue, prepare, prepared_alike
from openbadges_kit.jsonld.compiled_shape import CompiledShape
from openbadges_kit.jsonld.compiler import compile_shape
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.jsonld.shape import Shape, leaf_places, shape_of
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.patterns import Pattern, Place, filled, pattern_of, tree_of
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import Cryptosuite, rdfc10
from openbadges_kit.proof.data_integrity import cryptosuite_of, proof_config
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.skills import guards
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.verification.case import issuer_id
from openbadges_kit.verification.questions import Questions, usual_places
from openbadges_kit.verification.report import Outcome
from openbadges_kit.verification.verifier import check_schema, check_structure

__all__ = ["Batch", "Issued", "Refused", "Row", "Template", "issue_many", "usual_template"]

Row = Mapping[str, str]
# Rows of one batch differ in the same places, and a few leave something out.
MAX_TEMPLATES: Final = 8
# A longer text goes the long way round, which looks at the size of the whole.
MAX_TEXT: Final = 100_000
_TEXT: Final = frozenset({str})
# The key must be the issuer's: who differs in it is asked about that as a whole.
_OF_THE_ISSUER: Final = frozenset({("issuer",), ("issuer", "id")})


@dataclass(frozen=True, slots=True)
class Issued:
    """A badge: the row it is for, counted from 0, and the secured document as bytes, to be stored as they are.

    `prepared` is what passed the checks and was signed, from which other forms of the same badge can be made.
    """

    position: int
    document: bytes
    prepared: PreparedCredential
    # As JSON, of which others share parts; it saves reading the bytes again.
    credential: JsonObject = field(repr=False, compare=False)
    created: datetime

    def as_vc_jwt(self, *, verification_method: str, signing_key: SigningKey, claims: JsonObject | None = None) -> str:
        """What issue_vc_jwt() makes of `prepared`; the arguments and errors are those."""
        if verification_method.partition("#")[0] != issuer_id(self.credential):
            raise ProofGenerationError(f"{verification_method} is not a key of {issuer_id(self.credential)}")
        return encode_vc_jwt(
            self.credential,
            verification_method=verification_method,
            signing_key=signing_key,
            issued_at=self.created,
            claims=claims,
            written=self.prepared.document,
        )


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
    batch = Batch(prepared, signing_key.public_key.algorithm, contexts)
    return (batch.issue(position, row, signing_key) for position, row in enumerate(rows))


class Batch:
    """One prepared badge, and the templates of those like it."""

    def __init__(self, prepared: PreparedCredential, algorithm: KeyAlgorithm, contexts: ContextStore) -> None:
        """`algorithm` is that of the key. Raises ProofGenerationError when it is none of the suite's."""
        self.document = parse_json_object(prepared.document)
        self.options = prepared.proof_options
        self.created = parse_timestamp(self.options["created"])
        self.algorithm = algorithm
        self.contexts = contexts
        self.prepared = prepared
        self.places = {path: steps for path, steps, _ in _texts(self.document, "$", ())}
        self.cryptosuite = cryptosuite_of(self.options)
        if algorithm not in self.cryptosuite.hash_of:
            raise ProofGenerationError(f"{self.cryptosuite.name} does not sign with a {algorithm} key")
        self.templates: dict[tuple[str, ...], Template | None] = {}

    def issue(self, position: int, row: Row, signing_key: SigningKey) -> Issued | Refused:
        paths = tuple(row) if type(row) is dict and set(map(type, row.values())) == _TEXT else None
        if paths not in self.templates:
            # Paths that came before are places of the badge; these may be none.
            if findings := self.problems_of(row):
                return Refused(position, tuple(findings))
            paths = tuple(row)
        template = self.template_for(paths)
        issued = template.issue(position, tuple(row.values()), signing_key) if template is not None else None
        return issued if issued is not None else self.issue_one(position, row, signing_key)

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

    def issue_one(self, position: int, row: Row, signing_key: SigningKey) -> Issued | Refused:
        """The long way, whose answer counts."""
        document = filled(self.document, tree_of([self.places[path] for path in row]), tuple(row.values()))
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
        secured = dump_json(issue(prepared, signing_key=signing_key, contexts=self.contexts))
        return Issued(position, secured, prepared, parse_json_object(prepared.document), self.created)

    def template_for(self, paths: tuple[str, ...]) -> Template | None:
        if paths not in self.templates:
            if len(self.templates) >= MAX_TEMPLATES:
                return None
            self.templates[paths] = _template_of(self, [self.places[path] for path in paths])
        return self.templates[paths]


@dataclass(frozen=True, slots=True)
class Template:
    """Badges that differ in the same texts, given in the order of the pattern's places.

    Answers None whenever it is not certain, and the long way answers.
    """

    pattern: Pattern
    created: datetime
    questions: Questions
    shape: CompiledShape
    config_digest: bytes
    cryptosuite: Cryptosuite
    algorithm: KeyAlgorithm
    prepared: PreparedCredential
    before_value: bytes
    after_value: bytes

    def check(self, texts: Sequence[str]) -> bytes | None:
        """The document that prepare() would prepare."""
        if max(map(len, texts), default=0) > MAX_TEXT or not self.shape.fits(texts) or not self._passes(texts):
            return None
        try:
            unsecured = self.pattern.written(texts)
        except UnicodeEncodeError:
            return None
        return unsecured if len(unsecured) <= MAX_DOCUMENT_BYTES else None

    def issue(self, position: int, texts: Sequence[str], signing_key: SigningKey) -> Issued | None:
        """What prepare() and issue() give."""
        unsecured = self.check(texts)
        if unsecured is None:
            return None
        nquads = self.shape.canonical_nquads(texts, self.cryptosuite.hash_of[self.algorithm])
        # In the prepared badge they are those with SHA-256, whatever the key.
        usual = nquads if self.cryptosuite.hash_of[self.algorithm] == "sha256" else self.shape.canonical_nquads(texts)
        if nquads is None or usual is None:
            return None
        hash_data = self.config_digest + self.cryptosuite.digest(nquads, self.algorithm)
        value = multibase.encode_base58(signing_key.sign(hash_data)).encode()
        secured = b"%b%b%b%b" % (unsecured[:-1], self.before_value, value, self.after_value)
        prepared = prepared_alike(self.prepared, document=unsecured, canonical_nquads=usual)
        return Issued(position, secured, prepared, self.pattern.filled(texts), self.created)

    def _passes(self, texts: Sequence[str]) -> bool:
        """Would a badge with these texts pass the checks of prepare() that look at texts?"""
        if self.questions.passed_together(texts):
            return self.questions.pass_alone(texts)
        document = self.pattern.filled(texts)
        if check_structure(document).outcome is Outcome.FAILED or check_schema(document).outcome is Outcome.FAILED:
            return False
        if guards.find_problems(document, now=self.created):
            return False
        self.questions.keep_sound(texts)
        return True


def usual_template(batch: Batch) -> Template | None:
    """Badges like the batch's, in which what usually differs between people does; see `usual_places`."""
    template = _template_of(batch, usual_places(batch.document), leave_out_fixed=True)
    if template is not None and (read := template.pattern.read(batch.prepared.document)) is not None:
        # The badge itself passed.
        template.questions.keep_sound(read[0])
    return template


def _template_of(batch: Batch, places: Sequence[Place], *, leave_out_fixed: bool = False) -> Template | None:
    """Badges like the batch's, with texts of their own at the places; None where each must go the long way.

    A place may be one that steers JSON-LD, as a type does: then there is none, or it is left out of the places.
    """
    shape = shape_of(batch.document)
    if shape is None or batch.cryptosuite.canonicalize is not rdfc10:
        return None
    if batch.cryptosuite.selective or "previousProof" in batch.options or not _OF_THE_ISSUER.isdisjoint(places):
        return None
    compiled = _compiled(batch, shape)
    if compiled is None:
        return None
    if leave_out_fixed:
        fixed = {leaf for leaf, _ in compiled.constants}
        free = {place for leaf, place in enumerate(leaf_places(batch.document)) if leaf not in fixed}
        places = [place for place in places if place in free]
    leaves = _leaves_of(batch, places)
    shapes = batch.contexts.shapes
    bound = shapes.bound(compiled, shape.leaves, leaves) if leaves is not None and shapes is not None else None
    pattern = pattern_of(batch.document, places)
    if bound is None or pattern is None:
        return None
    config = proof_config(batch.document, batch.options, batch.cryptosuite)
    # The document without its last brace, a comma, and the proof without its first one.
    proof = dump_json({"proof": [{**batch.options, "proofValue": "|"}]}).removeprefix(b"{").rpartition(b"|")
    canonical_config = batch.cryptosuite.canonicalize(
        config, batch.cryptosuite.hash_of[batch.algorithm], batch.contexts
    )
    return Template(
        pattern,
        batch.created,
        Questions(batch.document, places),
        bound,
        batch.cryptosuite.digest(canonical_config, batch.algorithm),
        batch.cryptosuite,
        batch.algorithm,
        batch.prepared,
        b"," + proof[0],
        proof[2],
    )


def _compiled(batch: Batch, shape: Shape) -> CompiledShape | None:
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


def _leaves_of(batch: Batch, places: Sequence[Place]) -> list[int] | None:
    """Which of the shape's leaves the places are; None when one of them is fixed, as a type is."""
    number_of = {place: number for number, place in enumerate(leaf_places(batch.document))}
    leaves = [number_of.get(place) for place in places]
    return [leaf for leaf in leaves if leaf is not None] if None not in leaves else None


def _texts(value: Any, path: str, steps: Place) -> Iterator[tuple[str, Place, str]]:
    if isinstance(value, str):
        yield path, steps, value
    elif isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, child(path, step), (*steps, step))
