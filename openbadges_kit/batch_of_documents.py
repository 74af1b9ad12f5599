"""Documents that were made elsewhere, issued as batches: those like one that passed are rows of it.

Not here: what a batch is and does (`batch_issuance`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial, reduce
from typing import Any, Final, TypeVar

from openbadges_kit.batch_issuance import Batch, Issued, Refused, Row, Template, issue_many, usual_template
from openbadges_kit.documents import JsonObject, dump_json, parse_json_object
from openbadges_kit.errors import IssuanceRefused, MalformedDocument
from openbadges_kit.findings import Finding, child
from openbadges_kit.issuance import PreparedCredential, issue, prepare
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.jsonld.shape import Shape, leaf_places, shape_of
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import EDDSA_RDFC_2022, Cryptosuite

__all__ = ["check_documents", "issue_documents"]

# Of which a row of every batch has one.
_ID: Final = "$.id"
# Documents of many kinds in one batch: after so many, those that are left go by their shapes.
MAX_KINDS: Final = 32
_Made = TypeVar("_Made", Issued, bytes)
_Prepare = Callable[[JsonObject], PreparedCredential]


def issue_documents(
    documents: Sequence[JsonObject | bytes],
    *,
    verification_method: str,
    created: datetime,
    signing_key: SigningKey,
    cryptosuite: Cryptosuite = EDDSA_RDFC_2022,
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> list[Issued | Refused]:
    """What prepare() and issue() give for each of the documents, byte for byte, in their order.

    The arguments are those of prepare(); documents may also be given as bytes, as `PreparedCredential` has them. One
    that must not be signed does not stop the others. Give those of one achievement together: what is like one before
    it, but for the texts that differ between people, is not looked at anew.
    Raises ProofGenerationError when the key is not one for the cryptosuite; what a signing key raises ends it all.
    """
    prepare_one = partial(
        prepare, verification_method=verification_method, created=created, cryptosuite=cryptosuite, contexts=contexts
    )

    def finish(number: int, prepared: PreparedCredential) -> Issued:
        secured = dump_json(issue(prepared, signing_key=signing_key, contexts=contexts))
        return Issued(number, secured, prepared, parse_json_object(prepared.document), created)

    def alike(template: Template, number: int, texts: Sequence[str]) -> Issued | None:
        return template.issue(number, texts, signing_key)

    outcomes, left = _by_likeness(
        documents, prepare_one, finish, alike, algorithm=signing_key.public_key.algorithm, contexts=contexts
    )
    # Those that are like none in the usual places may still be of one shape, and differ elsewhere.
    shapes = {number: shape_of(document) for number, document in left.items()}
    for group in _of_one_shape(shapes):
        while group:
            first = group.pop(0)
            try:
                prepared = prepare_one(left[first])
            except IssuanceRefused as error:
                outcomes[first] = Refused(first, error.findings)
                continue
            outcomes[first] = finish(first, prepared)
            rows = _rows(left[first], [shape.leaves for number in (first, *group) if (shape := shapes[number])])
            for outcome in issue_many(prepared, rows, signing_key=signing_key, contexts=contexts):
                number = group[outcome.position]
                outcomes[number] = replace(outcome, position=number)
            break
    return [outcomes[number] for number in range(len(documents))]


def check_documents(
    documents: Sequence[JsonObject | bytes],
    *,
    verification_method: str,
    created: datetime,
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> list[bytes | Refused]:
    """Of each of the documents what prepare() would make of it to be signed with eddsa-rdfc-2022, as bytes.

    For who records today what is signed tomorrow, by issue_documents(). The arguments are those of prepare(), and
    one that must not be signed does not stop the others.
    """
    prepare_one = partial(prepare, verification_method=verification_method, created=created, contexts=contexts)

    def finish(_: int, prepared: PreparedCredential) -> bytes:
        return prepared.document

    def alike(template: Template, _: int, texts: Sequence[str]) -> bytes | None:
        return template.check(texts)

    outcomes, left = _by_likeness(
        documents, prepare_one, finish, alike, algorithm=KeyAlgorithm.ED25519, contexts=contexts
    )
    for number, document in left.items():
        try:
            outcomes[number] = prepare_one(document).document
        except IssuanceRefused as error:
            outcomes[number] = Refused(number, error.findings)
    return [outcomes[number] for number in range(len(documents))]


def _by_likeness(
    documents: Sequence[JsonObject | bytes],
    prepare_one: _Prepare,
    finish: Callable[[int, PreparedCredential], _Made],
    alike: Callable[[Template, int, Sequence[str]], _Made | None],
    *,
    algorithm: KeyAlgorithm,
    contexts: ContextStore,
) -> tuple[dict[int, _Made | Refused], dict[int, JsonObject]]:
    """What came of those that were prepared the long way or were like one of them, and the others."""
    outcomes: dict[int, _Made | Refused] = {}
    waiting = list(range(len(documents)))
    for _ in range(MAX_KINDS):
        if not waiting:
            break
        first, others = waiting[0], waiting[1:]
        try:
            prepared = prepare_one(_read(documents[first]))
        except IssuanceRefused as error:
            outcomes[first] = Refused(first, error.findings)
            waiting = others
            continue
        outcomes[first] = finish(first, prepared)
        # Also for a key that does not fit, before anything else is done.
        batch = Batch(prepared, algorithm, contexts)
        template = usual_template(batch) if others else None
        waiting = []
        for number in others:
            texts = _texts(template, documents[number], documents[first]) if template is not None else None
            made = alike(template, number, texts) if template is not None and texts is not None else None
            if made is None:
                waiting.append(number)
            else:
                outcomes[number] = made
        if len(waiting) == len(others):
            break
    left: dict[int, JsonObject] = {}
    for number in waiting:
        try:
            left[number] = _read(documents[number])
        except IssuanceRefused as error:
            outcomes[number] = Refused(number, error.findings)
    return outcomes, left


def _texts(template: Template, document: JsonObject | bytes, first: JsonObject | bytes) -> Sequence[str] | None:
    """The texts of a document that is one of the template's, which was made of the first."""
    if isinstance(document, dict) and isinstance(first, dict):
        shared = template.pattern.texts_of(document, first)
        if shared is not None:
            return shared
    read = template.pattern.read(document if isinstance(document, bytes) else _written(document))
    return read[0] if read is not None and read[1] == b"}" else None


def _written(document: JsonObject) -> bytes:
    """As it would be stored; what cannot be is like nothing."""
    try:
        return dump_json(document)
    except (TypeError, ValueError):
        return b""


def _read(document: JsonObject | bytes) -> JsonObject:
    try:
        return parse_json_object(document) if isinstance(document, bytes) else document
    except MalformedDocument as error:
        raise IssuanceRefused((Finding(Problem.MALFORMED, "$", {"reason": str(error)}),)) from error


def _of_one_shape(shapes: dict[int, Shape | None]) -> list[list[int]]:
    """The numbers of those of each shape; what has none is like no other."""
    groups: dict[Any, list[int]] = {}
    for number, shape in shapes.items():
        groups.setdefault(number if shape is None else shape.key, []).append(number)
    return list(groups.values())


def _rows(document: JsonObject, leaves: Sequence[Sequence[str]]) -> Iterator[Row]:
    """The rows of all but the first, which the document has: every text that differs anywhere, in each of them."""
    if len(leaves) <= 1:
        return iter(())
    paths = [reduce(child, place, "$") for place in leaf_places(document)]
    differing = [
        (path, column)
        for path, column in zip(paths, zip(*leaves, strict=True), strict=True)
        if path == _ID or len(set(column)) > 1
    ]
    names = [path for path, _ in differing]
    return (dict(zip(names, texts, strict=True)) for texts in list(zip(*[c for _, c in differing], strict=True))[1:])
