"""A compiled shape: the quads of every document of one shape, with slots for its free strings.

It writes the canonical N-Quads of such a document without running JSON-LD. Why that is what the general path
writes, and when the answer is None instead, stands in `docs/explanation/compiled-shapes.md`.
Not here: how a shape comes to be compiled (`compiler`).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openbadges_kit.jsonld.quads import escaped, iri, literal

__all__ = ["IRI_SCHEMES", "CompiledShape", "IriSlot", "LiteralSlot", "NodeSlot", "QuadTemplate", "Term", "is_free_iri"]

# An absolute IRI that JSON-LD leaves as it is where no context has a term with the name of its scheme (the
# compiler sees to that). Schemes are listed, since any other may be a prefix; characters are ASCII, since
# PyLD drops an IRI with some of the others.
IRI_SCHEMES: Final = frozenset({"https", "http", "urn", "did", "mailto", "tel", "data"})
_FREE_IRI: Final = r"(?:https?|urn|did|mailto|tel|data):[!#-;=?-\[\]_a-z~]*+"
_ONE_FREE_IRI: Final = re.compile(_FREE_IRI)
_FREE_IRIS: Final = re.compile(rf"(?:{_FREE_IRI}\n)*+")
# Of so many labels a blank node's lines are kept; a badge has a dozen blank nodes.
MAX_LABELS: Final = 64
_HASHES: Final = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}


@dataclass(frozen=True, slots=True)
class IriSlot:
    """A slot for a leaf as an IRI."""

    leaf: int


@dataclass(frozen=True, slots=True)
class LiteralSlot:
    """A slot for a leaf as the text of a literal; `suffix` is its datatype or language, as in N-Quads."""

    leaf: int
    suffix: str


@dataclass(frozen=True, slots=True)
class NodeSlot:
    """A slot for a blank node's label."""

    node: int


Term = str | IriSlot | LiteralSlot | NodeSlot
"""A term as it stands in N-Quads, or a slot."""

_LEAF_SLOTS: Final = frozenset({IriSlot, LiteralSlot})

QuadTemplate = tuple[Term, ...]
"""Subject, predicate, object and, outside the default graph, the graph."""


def is_free_iri(value: str) -> bool:
    """May the value fill an IRI slot?"""
    return _ONE_FREE_IRI.fullmatch(value) is not None


class _Lines:
    """Lines of N-Quads, without their line ends, that are written in one go."""

    __slots__ = ("_template", "_values", "varies")

    def __init__(self, quads: Sequence[QuadTemplate], nodes_from: int, names: Mapping[int, str] | None = None) -> None:
        """`nodes_from` is the index of the first node's label; `names` replaces the labels by fixed ones."""
        lines: list[str] = []
        values: list[int] = []
        for quad in quads:
            texts = []
            for term in quad:
                match term:
                    case IriSlot(leaf):
                        texts.append("<%s>")
                        values.append(leaf)
                    case LiteralSlot(leaf, suffix):
                        texts.append('"%s"' + suffix.replace("%", "%%"))
                        values.append(leaf)
                    case NodeSlot(node) if names is not None:
                        texts.append(names[node])
                    case NodeSlot(node):
                        texts.append("%s")
                        values.append(nodes_from + node)
                    case text:
                        texts.append(text.replace("%", "%%"))
            lines.append(" ".join(texts) + " .")
        self._template = "\n".join(lines)
        self._values = tuple(values)
        self.varies = bool(values)

    def write(self, values: Sequence[str]) -> list[str]:
        # No literal holds a line end, for it is escaped, and no IRI does, for it was checked.
        text = self._text(values)
        return text.split("\n") if text else []

    def write_encoded(self, values: Sequence[str]) -> list[bytes]:
        text = self._text(values)
        return text.encode().split(b"\n") if text else []

    def _text(self, values: Sequence[str]) -> str:
        return self._template % tuple([values[index] for index in self._values])


def _digest_input(lines: list[str]) -> bytes:
    lines.sort()
    lines.append("")
    return "\n".join(lines).encode()


def _merged(layout: Sequence[bytes], lines: list[bytes]) -> bytes | None:
    """The lines of a layout, which is sorted, and others, as one sorted text; None when two are equal."""
    lines.sort()
    merged: list[bytes] = []
    done, number = 0, 0
    while number < len(lines):
        line = lines[number]
        place = bisect_left(layout, line, done)
        merged += layout[done:place]
        following = layout[place] if place < len(layout) else None
        if line == following:
            return None
        # Lines that differ between documents mostly have one subject, and stand together.
        while following is None or line < following:
            merged.append(line)
            number += 1
            if number == len(lines):
                break
            if lines[number] == line:
                return None
            line = lines[number]
        done = place
    merged += layout[done:]
    merged.append(b"")
    return b"\n".join(merged)


class _Block:
    """The lines about one blank node, sorted. Where only its own label is in them, they are kept by that."""

    __slots__ = ("_kept", "_lines", "_own", "_rests")

    def __init__(self, quads: Sequence[QuadTemplate], nodes_from: int) -> None:
        self._lines = _Lines(quads, nodes_from)
        rests = [quad[1:] for quad in quads]
        # In the order that they have behind any label.
        self._rests = sorted(" ".join(map(str, rest)) + " .\n" for rest in rests)
        self._own = all(isinstance(term, str) for rest in rests for term in rest) and len(set(rests)) == len(rests)
        self._kept: dict[str, bytes] = {}

    def write(self, label: str, values: Sequence[str]) -> bytes | None:
        """The lines as one text; None when two are equal."""
        if not self._own:
            lines = self._lines.write_encoded(values)
            if len(set(lines)) != len(lines):
                return None
            lines.sort()
            return b"\n".join([*lines, b""])
        kept = self._kept.get(label)
        if kept is None:
            kept = "".join(f"{label} {rest}" for rest in self._rests).encode()
            if len(self._kept) < MAX_LABELS:
                self._kept[label] = kept
        return kept


@dataclass(frozen=True, slots=True)
class _HashedNode:
    """What the first-degree hash of one blank node is over; `fixed` when no leaf is in it."""

    lines: _Lines
    fixed: Mapping[str, str]


class CompiledShape:
    """Writes the canonical N-Quads of documents of one shape."""

    __slots__ = (
        "_blank", "_blocks", "_fixed", "_fixed_layout", "_fixed_lines", "_iris", "_literals", "_names", "_nodes",
        "_outside", "_plain", "_root", "constants", "quads", "size",
    )  # fmt: skip

    def __init__(self, quads: Sequence[QuadTemplate], leaves: int, constants: Mapping[int, str], root: Term) -> None:
        """`leaves` is how many leaves a document of the shape has, `constants` those that are no slots.

        `root` is the identifier of the document's first node, a slot or an IRI, or empty when it has none.
        """
        self._root = root
        self.quads = tuple(quads)
        self.constants = tuple(constants.items())
        terms = [term for quad in quads for term in quad]
        self._iris = sorted({term.leaf for term in terms if isinstance(term, IriSlot)})
        # The IRIs among the texts, to which the identifier of the root may not be equal.
        self._names = frozenset(term[1:-1] for term in (*terms, root) if isinstance(term, str) and term[:1] == "<")
        self._literals = sorted({term.leaf for term in terms if isinstance(term, LiteralSlot)})
        fixed: set[str] = set()
        plain: list[QuadTemplate] = []
        with_nodes: list[QuadTemplate] = []
        outside: list[QuadTemplate] = []
        of_node: dict[int, list[QuadTemplate]] = defaultdict(list)
        for quad in quads:
            kinds = set(map(type, quad))
            has_node, has_leaf = NodeSlot in kinds, not _LEAF_SLOTS.isdisjoint(kinds)
            if has_node:
                with_nodes.append(quad)
            if has_leaf and not has_node:
                plain.append(quad)
            if not has_node and not has_leaf:
                fixed.add(" ".join(map(str, quad)) + " .")
            if isinstance(quad[0], NodeSlot):
                of_node[quad[0].node].append(quad)
            elif has_node or has_leaf:
                outside.append(quad)
        self._fixed = frozenset(fixed)
        self._fixed_lines = sorted(fixed)
        self._fixed_layout = [line.encode() for line in self._fixed_lines]
        self._plain = _Lines(plain, leaves)
        self._blank = _Lines(with_nodes, leaves)
        self._outside = _Lines(outside, leaves)
        nodes = sorted({term.node for term in terms if isinstance(term, NodeSlot)})
        self._nodes = [_hashed_node(node, nodes, with_nodes) for node in nodes]
        self._blocks = [_Block(of_node[node], leaves) for node in nodes]
        self.size = sum(len(str(term)) for term in terms)

    def bind(self, leaves: Sequence[str], varying: Sequence[int]) -> CompiledShape | None:
        """The shape of the documents that have these leaves, but for the varying ones, which become its leaves.

        The leaves must fit. None when a varying leaf is none of the slots.
        """
        if not {leaf for leaf, _ in self.constants}.isdisjoint(varying):
            return None
        place = {leaf: position for position, leaf in enumerate(varying)}

        def bound(term: Term) -> Term:
            match term:
                case IriSlot(leaf):
                    return IriSlot(place[leaf]) if leaf in place else iri(leaves[leaf])
                case LiteralSlot(leaf, suffix):
                    return LiteralSlot(place[leaf], suffix) if leaf in place else literal(leaves[leaf]) + suffix
                case _:
                    return term

        quads = dict.fromkeys(tuple(map(bound, quad)) for quad in self.quads)
        return CompiledShape(tuple(quads), len(varying), {}, bound(self._root))

    def sorted_as(self, leaves: Sequence[str]) -> CompiledShape:
        """The same shape with its quads in the order in which they come out for these leaves."""

        def written(quad: QuadTemplate) -> tuple[str, ...]:
            texts = []
            for term in quad:
                match term:
                    case IriSlot(leaf):
                        texts.append(iri(leaves[leaf]))
                    case LiteralSlot(leaf, suffix):
                        texts.append(literal(leaves[leaf]) + suffix)
                    case NodeSlot(_):
                        texts.append("_:")
                    case text:
                        texts.append(text)
            return tuple(texts)

        return CompiledShape(sorted(self.quads, key=written), len(leaves), dict(self.constants), self._root)

    def fits(self, leaves: Sequence[str]) -> bool:
        """Are the leaves those of a document that this shape was compiled for?"""
        for leaf, text in self.constants:
            if leaves[leaf] != text:
                return False
        iris = [leaves[leaf] for leaf in self._iris]
        # What is stated elsewhere of the credential itself hides from readers of the JSON; safe mode looks into
        # it, and a shape, in which the two places are two nodes, cannot.
        if isinstance(self._root, IriSlot):
            name = leaves[self._root.leaf]
            if name in self._names or iris.count(name) > 1:
                return False
        elif isinstance(self._root, str) and self._root[1:-1] in iris:
            return False
        joined = "\n".join(iris) + "\n" if iris else ""
        # The count, because a line end inside one IRI would make it look like two.
        return joined.count("\n") == len(iris) and _FREE_IRIS.fullmatch(joined) is not None

    def canonical_nquads(self, leaves: Sequence[str], hash_algorithm: str = "sha256") -> bytes | None:
        """The canonical N-Quads of the document with these leaves, for which it must `fit`.

        None when only the general path can tell its blank nodes apart, or when a text cannot be encoded.
        """
        values = list(leaves)
        for leaf in self._literals:
            values[leaf] = escaped(values[leaf])
        try:
            labels = self._labels(values, hash_algorithm)
            if labels is None:
                return None
            values += labels
            # All lines with one subject stand together, and all that begin with an IRI before the blank nodes.
            text = _merged(self._fixed_layout, self._outside.write_encoded(values))
            blocks = [(label, block.write(label, values)) for label, block in zip(labels, self._blocks, strict=True)]
            blocks.sort()
            if text is None or any(block is None for _, block in blocks):
                return self._sorted(values)
            return b"".join([text, *[block for _, block in blocks if block]])
        except UnicodeEncodeError:
            return None

    def _sorted(self, values: Sequence[str]) -> bytes | None:
        blank = self._blank.write(values)
        # Two quads of a blank node fell into one: its hash counted both, and RDFC-1.0 counts one.
        if len(set(blank)) != len(blank):
            return None
        # In three runs that are sorted already, nearly: what sorting them takes is then next to nothing.
        plain = dict.fromkeys(self._plain.write(values))
        return _digest_input([*self._fixed_lines, *[line for line in plain if line not in self._fixed], *blank])

    def _labels(self, values: Sequence[str], hash_algorithm: str) -> list[str] | None:
        """The canonical label of every blank node, https://www.w3.org/TR/rdf-canon/#canon-algo-algo; None when two
        have one first-degree hash."""
        new_hash = _HASHES[hash_algorithm]
        hashes = [
            node.fixed[hash_algorithm] if node.fixed else new_hash(_digest_input(node.lines.write(values))).hexdigest()
            for node in self._nodes
        ]
        order = sorted(hashes)
        labels = {digest: f"_:c14n{position}" for position, digest in enumerate(order)}
        return [labels[digest] for digest in hashes] if len(labels) == len(hashes) else None


def _hashed_node(node: int, nodes: Sequence[int], quads: Sequence[QuadTemplate]) -> _HashedNode:
    """https://www.w3.org/TR/rdf-canon/#hash-1d-quads: itself is _:a, any other blank node _:z."""
    own = [quad for quad in quads if NodeSlot(node) in quad]
    names = {other: "_:a" if other == node else "_:z" for other in nodes}
    lines = _Lines(own, 0, names)
    if lines.varies:
        return _HashedNode(lines, {})
    data = _digest_input(lines.write([]))
    return _HashedNode(lines, {name: new_hash(data).hexdigest() for name, new_hash in _HASHES.items()})
