"""Blank nodes named by the place where their object stands in the document.

Selective disclosure must know which statements of a part are which statements of the whole. An object without
an id is a blank node, and JSON-LD gives it another label each time; its place in the JSON is the same in both.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.processor import expand_with, quads_of
from openbadges_kit.jsonld.quads import Quad

if TYPE_CHECKING:
    from pyld.jsonld import JsonLdProcessor

__all__ = ["PlacedObject", "place_objects", "to_placed_quads"]

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Stands for a blank node while PyLD works, since PyLD would rename a blank node. See `to_placed_quads`.
_PLACE: Final = "urn:openbadges-kit:place:"


class PlacedObject(dict[str, Any]):
    """A JSON object that knows the place it had in the whole document, wherever it is copied to."""

    __slots__ = ("place",)

    place: str


def place_objects(value: Any, place: str = "") -> Any:  # JSON
    """A copy of a JSON value whose objects know their places."""
    if isinstance(value, dict):
        # Escaped as in a JSON Pointer: no two places share a name.
        steps = {name: f"{place}/{name.replace('~', '~0').replace('/', '~1')}" for name in value}
        placed = PlacedObject((name, place_objects(inner, steps[name])) for name, inner in value.items())
        placed.place = place
        return placed
    if isinstance(value, list):
        return [place_objects(inner, f"{place}/{position}") for position, inner in enumerate(value)]
    return value


def to_placed_quads(document: JsonObject, contexts: ContextStore) -> list[Quad]:
    """The statements of a document made by `place_objects`, or of a part of one.

    Blank nodes are labelled by place, so that parts of one document can be compared statement by statement.
    Members that JSON-LD drops are dropped here too: whoever signs has the document audited by `to_quads`, and
    compares. Raises ContextNotBundled and ProofTransformationError.
    """
    # Keyed by the identity of the expanded object, which is kept beside its place so that it stays alive.
    places: dict[int, tuple[Any, str]] = {}
    expanded = expand_with(lambda: _placing_processor(places), document, contexts)
    # By number, since naming adds the cells of lists to the end; they are named already.
    _Naming(places, expanded).name_all(expanded, "")
    prefix = "<" + _PLACE

    def labelled(term: str) -> str:
        return f"_:{term[len(prefix) : -1]}" if term.startswith(prefix) else term

    return [
        Quad(labelled(quad.subject), quad.predicate, labelled(quad.object), labelled(quad.graph))
        for quad in quads_of(expanded, contexts)
    ]


def _placing_processor(places: dict[int, tuple[Any, str]]) -> JsonLdProcessor:
    from pyld.jsonld import JsonLdProcessor  # noqa: PLC0415

    class PlacingProcessor(JsonLdProcessor):  # type: ignore[misc]  # pyld has no types
        """Notes, for each object that PyLD expands, where it stood."""

        def _expand(self, active_ctx: Any, active_property: Any, element: Any, options: Any, **more: Any) -> Any:
            expanded = super()._expand(active_ctx, active_property, element, options, **more)
            if isinstance(element, PlacedObject) and isinstance(expanded, dict):
                places[id(expanded)] = (expanded, element.place)
            return expanded

    return PlacingProcessor()


@dataclass(frozen=True, slots=True)
class _Naming:
    """Names the nodes of an expanded document. `nodes` takes the cells of written-out lists, beside the others."""

    places: dict[int, tuple[Any, str]]
    nodes: list[Any]

    def name_all(self, items: list[Any], otherwise: str) -> None:
        """Name the nodes in a list of values; an object that has no place of its own gets one below `otherwise`."""
        for position, item in enumerate(items):
            here = f"{otherwise}\n{position}"
            if isinstance(item, dict) and "@list" in item:
                items[position] = self.write_out(item["@list"], here)
            elif isinstance(item, dict) and "@value" not in item:
                self.name(item, here)

    def name(self, node: JsonObject, otherwise: str) -> None:
        _, place = self.places.get(id(node), (node, otherwise))
        if "@id" not in node:
            node["@id"] = _name_of(place)
        for name, values in node.items():
            below = f"{place}\n{name}"
            if name == "@graph":
                # The cells of a list belong into the graph that the list is in.
                _Naming(self.places, values).name_all(values, below)
            elif name == "@reverse":
                for reverse, nodes in values.items():
                    self.name_all(nodes, f"{below}\n{reverse}")
            elif name == "@included" or not name.startswith("@"):
                self.name_all(values, below)

    def write_out(self, items: list[Any], place: str) -> JsonObject:
        """https://www.w3.org/TR/json-ld11-api/#list-to-rdf-conversion: the head, its cells as nodes of their own."""
        names = [_name_of(f"{place}\n@list\n{position}") for position in range(len(items))]
        head, *rests = [*names, _RDF + "nil"]
        for position, (item, rest) in enumerate(zip(items, rests, strict=True)):
            first = [item]
            self.name_all(first, f"{place}\n@list\n{position}")
            self.nodes.append({"@id": names[position], _RDF + "first": first, _RDF + "rest": [{"@id": rest}]})
        return {"@id": head}


def _name_of(place: str) -> str:
    return _PLACE + hashlib.sha256(place.encode()).hexdigest()
