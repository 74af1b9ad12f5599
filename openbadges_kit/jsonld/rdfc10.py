"""RDF Dataset Canonicalization 1.0, with a bound on its work: https://www.w3.org/TR/rdf-canon/.

The algorithm's names are those of the specification's sections. A dataset made to be hard ("poison")
takes exponential time in any implementation; this one counts and refuses.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final

from openbadges_kit.errors import WorkLimitExceeded
from openbadges_kit.jsonld.quads import Quad

__all__ = ["CanonicalDataset", "canonicalize"]

# Of all eval tests of the specification the hardest takes 2,664 steps; a credential usually none.
# A step takes some 5 microseconds, so that a refusal comes within a tenth of a second.
MAX_STEPS: Final = 20_000
_CANONICAL_PREFIX: Final = "_:c14n"


@dataclass(frozen=True, slots=True)
class CanonicalDataset:
    """The canonical N-Quads document, and the canonical label of every blank node of the input."""

    nquads: str
    labels: dict[str, str]

    @property
    def lines(self) -> list[str]:
        """The document line by line, each with its line end."""
        return self.nquads.splitlines(keepends=True) if "\r" not in self.nquads else _lines(self.nquads)


def _lines(text: str) -> list[str]:
    return [line + "\n" for line in text.split("\n")[:-1]]


def canonicalize(
    quads: Iterable[Quad], *, hash_algorithm: str = "sha256", max_steps: int = MAX_STEPS
) -> CanonicalDataset:
    """The canonical form of a dataset, the same for any order of quads and any blank node labels.

    `hash_algorithm` is "sha256" or "sha384". Raises WorkLimitExceeded after `max_steps` steps of
    telling alike blank nodes apart.
    """
    return _Canonicalization(quads, hash_algorithm, max_steps).run()


@dataclass(slots=True)
class _IdentifierIssuer:
    """https://www.w3.org/TR/rdf-canon/#issue-identifier"""

    prefix: str
    issued: dict[str, str] = field(default_factory=dict)

    def issue(self, node: str) -> str:
        if node not in self.issued:
            self.issued[node] = f"{self.prefix}{len(self.issued)}"
        return self.issued[node]

    def copy(self) -> _IdentifierIssuer:
        return _IdentifierIssuer(self.prefix, dict(self.issued))


class _Canonicalization:
    def __init__(self, quads: Iterable[Quad], hash_algorithm: str, max_steps: int) -> None:
        self.quads = list(dict.fromkeys(quads))
        self.hash: Callable[[str], str] = lambda text: hashlib.new(hash_algorithm, text.encode()).hexdigest()
        self.steps_left = max_steps
        self.canonical = _IdentifierIssuer(_CANONICAL_PREFIX)
        self.quads_of: dict[str, list[Quad]] = defaultdict(list)
        self.first_degree: dict[str, str] = {}

    def run(self) -> CanonicalDataset:
        """https://www.w3.org/TR/rdf-canon/#canon-algo-algo"""
        # 2. The quads that mention each blank node.
        for quad in self.quads:
            for node in {term for term in (quad.subject, quad.object, quad.graph) if term.startswith("_:")}:
                self.quads_of[node].append(quad)
        # 3. The first-degree hash of each.
        by_hash: dict[str, list[str]] = defaultdict(list)
        for node in self.quads_of:
            self.first_degree[node] = self.hash_first_degree_quads(node)
            by_hash[self.first_degree[node]].append(node)
        # 4. Whoever is alone with its hash is named, in the order of the hashes.
        for _, nodes in sorted(by_hash.items()):
            if len(nodes) == 1:
                self.canonical.issue(nodes[0])
        # 5. The others are told apart by their neighbours.
        for _, nodes in sorted(by_hash.items()):
            if len(nodes) > 1:
                self.label_alike(nodes)
        # 6. Every quad under the canonical labels, in code point order.
        labels = self.canonical.issued
        lines = sorted(
            Quad(
                labels.get(quad.subject, quad.subject),
                quad.predicate,
                labels.get(quad.object, quad.object),
                labels.get(quad.graph, quad.graph),
            ).line()
            for quad in self.quads
        )
        return CanonicalDataset("".join(lines), dict(labels))

    def label_alike(self, nodes: list[str]) -> None:
        """Step 5 for blank nodes that share a first-degree hash."""
        results: list[tuple[str, _IdentifierIssuer]] = []
        for node in nodes:
            if node not in self.canonical.issued:
                issuer = _IdentifierIssuer("_:b")
                issuer.issue(node)
                results.append(self.hash_n_degree_quads(node, issuer))
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for node in issuer.issued:
                self.canonical.issue(node)

    def hash_first_degree_quads(self, reference: str) -> str:
        """https://www.w3.org/TR/rdf-canon/#hash-1d-quads"""

        def relabel(term: str) -> str:
            if not term.startswith("_:"):
                return term
            return "_:a" if term == reference else "_:z"

        return self.hash(
            "".join(
                sorted(
                    Quad(relabel(q.subject), q.predicate, relabel(q.object), relabel(q.graph)).line()
                    for q in self.quads_of[reference]
                )
            )
        )

    def hash_related_blank_node(self, related: str, quad: Quad, issuer: _IdentifierIssuer, position: str) -> str:
        """https://www.w3.org/TR/rdf-canon/#hash-related-blank-node"""
        label = self.canonical.issued.get(related) or issuer.issued.get(related) or self.first_degree[related]
        return self.hash(position + (quad.predicate if position != "g" else "") + label)

    def hash_n_degree_quads(self, node: str, issuer: _IdentifierIssuer) -> tuple[str, _IdentifierIssuer]:
        """https://www.w3.org/TR/rdf-canon/#hash-nd-quads"""
        related_by_hash: dict[str, list[str]] = defaultdict(list)
        for quad in self.quads_of[node]:
            for related, position in ((quad.subject, "s"), (quad.object, "o"), (quad.graph, "g")):
                if related.startswith("_:") and related != node:
                    digest = self.hash_related_blank_node(related, quad, issuer, position)
                    related_by_hash[digest].append(related)
        data = ""
        for digest, related_nodes in sorted(related_by_hash.items()):
            chosen_path, chosen_issuer = "", issuer
            for permutation in permutations(related_nodes):
                tried = self.path_of(permutation, issuer.copy(), chosen_path)
                if tried is not None and (not chosen_path or tried[0] < chosen_path):
                    chosen_path, chosen_issuer = tried
            data += digest + chosen_path
            issuer = chosen_issuer
        return self.hash(data), issuer

    def path_of(
        self, permutation: tuple[str, ...], issuer: _IdentifierIssuer, chosen_path: str
    ) -> tuple[str, _IdentifierIssuer] | None:
        """Steps 5.4.1 to 5.4.5 of hash-nd-quads: the path of one order, or None once it is the worse one."""
        self.spend_step()
        path, recursion = "", []
        for related in permutation:
            if related in self.canonical.issued:
                path += self.canonical.issued[related]
            else:
                if related not in issuer.issued:
                    recursion.append(related)
                path += issuer.issue(related)
            if _is_worse(path, chosen_path):
                return None
        for related in recursion:
            digest, after = self.hash_n_degree_quads(related, issuer)
            path += issuer.issue(related) + f"<{digest}>"
            issuer = after
            if _is_worse(path, chosen_path):
                return None
        return path, issuer

    def spend_step(self) -> None:
        self.steps_left -= 1
        if self.steps_left < 0:
            raise WorkLimitExceeded("this dataset has too many blank nodes that look alike to be canonicalised")


def _is_worse(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen
