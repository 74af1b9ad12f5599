"""The statements of a document as ecdsa-sd-2023 signs them: named blank nodes, an order, and what is mandatory.

https://www.w3.org/TR/vc-di-ecdsa/#selective-disclosure-functions. Not here: signatures (`ecdsa_sd_2023`).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from openbadges_kit.documents import JsonObject, check_depth
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import ProofVerificationError
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.places import place_objects, to_placed_quads
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.jsonld.quads import Quad
from openbadges_kit.jsonld.rdfc10 import canonicalize
from openbadges_kit.proof.selective.pointers import select
from openbadges_kit.proof.selective.proof_value import DerivedProofValue

__all__ = ["Statements", "selected_quads", "shown_statements", "statements_of"]


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of a document, in their order, and the positions of the mandatory ones.

    `labels` leads from each blank node of the quads to the label that it is signed under.
    """

    lines: tuple[str, ...]
    labels: Mapping[str, str]
    mandatory: frozenset[int] = frozenset()

    @property
    def mandatory_lines(self) -> list[str]:
        """Those under the base signature, all together."""
        return [line for position, line in enumerate(self.lines) if position in self.mandatory]

    @property
    def optional(self) -> list[int]:
        """The positions of those with a signature each."""
        return [position for position in range(len(self.lines)) if position not in self.mandatory]

    @property
    def optional_lines(self) -> list[str]:
        """Those with a signature each."""
        return [self.lines[position] for position in self.optional]

    def positions_of(self, quads: Iterable[Quad]) -> frozenset[int]:
        """Where the statements of a part of the document stand among these.

        Raises ProofVerificationError for one that is not among them.
        """
        position_of = {line: position for position, line in enumerate(self.lines)}
        try:
            return frozenset(position_of[line] for line in _lines(quads, self.labels))
        except KeyError as error:
            # Part of a list is another list, and a text without its language another text.
            raise ProofVerificationError("a pointer selects something that says more than the whole does") from error


def statements_of(
    document: JsonObject, *, hmac_key: bytes, mandatory_pointers: Iterable[str], contexts: ContextStore
) -> Statements:
    """https://www.w3.org/TR/vc-di-ecdsa/#base-proof-transformation-ecdsa-sd-2023

    Blank nodes are named by an HMAC of their canonical label, so that the names tell nothing of what is left out.
    Raises MalformedDocument for a pointer to nothing, ProofVerificationError for one to part of a list, and
    whatever canonicalising raises.
    """
    check_depth(document)
    # First, since it bounds and audits the document.
    quads = to_quads(document, contexts)
    placed = to_placed_quads(place_objects(document), contexts)
    canonical = canonicalize(placed)
    # They differ where the document imitates the names that stand for places.
    if canonical.nquads != canonicalize(quads).nquads:
        raise ProofVerificationError("the statements of this document cannot be told apart by place")
    labels = {node: _hmac_label(hmac_key, label) for node, label in canonical.labels.items()}
    statements = Statements(_in_order(placed, labels), labels)
    mandatory = selected_quads(document, mandatory_pointers, contexts)
    return replace(statements, mandatory=statements.positions_of(mandatory))


def selected_quads(document: JsonObject, pointers: Iterable[str], contexts: ContextStore) -> list[Quad]:
    """The quads of what the pointers select, their blank nodes named as in those of the whole document.

    Raises MalformedDocument for a pointer to nothing, and whatever expanding raises.
    """
    selected = select(place_objects(document), pointers)
    return [] if selected is None else to_placed_quads(selected, contexts)


def shown_statements(document: JsonObject, value: DerivedProofValue, contexts: ContextStore) -> Statements:
    """https://www.w3.org/TR/vc-di-ecdsa/#createverifydata: what a derived document says, as it was signed.

    Raises ProofVerificationError when the proof's labels or indexes do not fit the document, and whatever
    canonicalising raises.
    """
    quads = to_quads(document, contexts)
    canonical = canonicalize(quads).labels
    # No label more and none less, and no two nodes under one: what a proof says beyond need, nobody signed.
    named = {label.removeprefix("_:") for label in canonical.values()}
    if value.labels.keys() != named or len(set(value.labels.values())) != len(named):
        raise ProofVerificationError("the proof names other blank nodes than the document has")
    labels = {node: value.labels[label.removeprefix("_:")] for node, label in canonical.items()}
    lines = _in_order(quads, labels)
    mandatory = frozenset(value.mandatory_indexes)
    if list(value.mandatory_indexes) != sorted(mandatory) or not mandatory <= set(range(len(lines))):
        raise ProofVerificationError("the proof counts statements as mandatory that are not there")
    return Statements(lines, labels, mandatory)


def _hmac_label(key: bytes, canonical_label: str) -> str:
    """https://www.w3.org/TR/vc-di-ecdsa/#createhmacidlabelmapfunction"""
    return multibase.encode_base64url(hmac.digest(key, canonical_label.removeprefix("_:").encode(), "sha256"))


def _in_order(quads: Iterable[Quad], labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(set(_lines(quads, labels))))


def _lines(quads: Iterable[Quad], labels: Mapping[str, str]) -> list[str]:
    """The quads as lines, their blank nodes under other labels. Raises KeyError for one without."""

    def relabelled(term: str) -> str:
        return f"_:{labels[term]}" if term.startswith("_:") else term

    return [Quad(relabelled(q.subject), q.predicate, relabelled(q.object), relabelled(q.graph)).line() for q in quads]
