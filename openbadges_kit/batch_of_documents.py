"""Documents that were made elsewhere, issued as batches: those of one shape are rows of one badge.

Not here: what a batch is and does (`batch_issuance`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, reduce
from typing import Any, Final

from openbadges_kit.batch_issuance import Issued, Refused, Row, issue_many
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.errors import IssuanceRefused
from openbadges_kit.findings import child
from openbadges_kit.issuance import PreparedCredential, issue, prepare
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.jsonld.shape import Shape, leaf_places, shape_of
from openbadges_kit.keys.signing_key import InMemoryKey, SigningKey, ed25519_key
from openbadges_kit.proof.cryptosuite import EDDSA_RDFC_2022, Cryptosuite

__all__ = ["issue_documents", "prepare_documents"]

# Of which a row of every batch has one.
_ID: Final = "$.id"


def issue_documents(
    documents: Sequence[JsonObject],
    *,
    verification_method: str,
    created: datetime,
    signing_key: SigningKey,
    cryptosuite: Cryptosuite = EDDSA_RDFC_2022,
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> list[Issued | Refused]:
    """What prepare() and issue() give for each of the documents, byte for byte, in their order.

    The arguments are those of prepare(). One that must not be signed does not stop the others. Give those of one
    achievement together: the fewer texts differ between documents of one shape, the faster it goes.
    Raises ProofGenerationError when the key is not one for the cryptosuite; what a signing key raises ends it all.
    """
    outcomes: dict[int, Issued | Refused] = {}
    shapes = [shape_of(document) for document in documents]
    for group in _alike(shapes):
        # The first that may be signed is the badge that the others are rows of.
        while group:
            first = group.pop(0)
            try:
                prepared = prepare(
                    documents[first],
                    verification_method=verification_method,
                    created=created,
                    cryptosuite=cryptosuite,
                    contexts=contexts,
                )
            except IssuanceRefused as error:
                outcomes[first] = Refused(first, error.findings)
                continue
            secured = dump_json(issue(prepared, signing_key=signing_key, contexts=contexts))
            outcomes[first] = Issued(first, secured, prepared)
            if not group:
                break
            rows = _rows(documents[first], [shape.leaves for number in (first, *group) if (shape := shapes[number])])
            for outcome in issue_many(prepared, rows, signing_key=signing_key, contexts=contexts):
                number = group[outcome.position]
                outcomes[number] = replace(outcome, position=number)
            break
    return [outcomes[number] for number in range(len(documents))]


def prepare_documents(
    documents: Sequence[JsonObject],
    *,
    verification_method: str,
    created: datetime,
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> list[PreparedCredential | Refused]:
    """What prepare() gives for each of the documents, in their order, to be signed with eddsa-rdfc-2022.

    The arguments are those of prepare(), and one that must not be signed does not stop the others, as with
    issue_documents(). Nothing is signed but for the look of it, with a key that is nobody's, and that is thrown away.
    """
    if len(documents) == 1:
        try:
            return [prepare(documents[0], verification_method=verification_method, created=created, contexts=contexts)]
        except IssuanceRefused as error:
            return [Refused(0, error.findings)]
    issued = issue_documents(
        documents,
        verification_method=verification_method,
        created=created,
        signing_key=_nobodys_key(),
        contexts=contexts,
    )
    return [one if isinstance(one, Refused) else one.prepared for one in issued]


@cache
def _nobodys_key() -> InMemoryKey:
    return ed25519_key(bytes(32))


def _alike(shapes: Sequence[Shape | None]) -> list[list[int]]:
    """The numbers of those of each shape; what has none is like no other."""
    groups: dict[Any, list[int]] = {}
    for number, shape in enumerate(shapes):
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
