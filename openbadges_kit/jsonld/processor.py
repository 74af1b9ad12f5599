"""From a JSON-LD document to quads, refusing whatever JSON-LD would drop on the way ("safe mode").

A member that no context defines, a relative identifier or a null lands in no quad. A proof would not
cover it, so that anybody could change it unseen. PyLD does the JSON-LD; this module bounds and audits it.
Not here: the canonical form (`rdfc10`).
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from openbadges_kit.documents import JsonObject, as_list, members, walk
from openbadges_kit.errors import ContextNotBundled, ProofTransformationError, UnmappedTerms, WorkLimitExceeded
from openbadges_kit.findings import Finding, child
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, NO_BASE, ContextStore
from openbadges_kit.jsonld.plain_form import find_hidden_members
from openbadges_kit.jsonld.quads import Quad, iri, literal
from openbadges_kit.problems import Problem

if TYPE_CHECKING:
    from pyld.jsonld import JsonLdProcessor

# PyLD's caches are not made for threads. The work holds the interpreter's own lock anyway, so this costs nothing.
_PYLD: Final = threading.Lock()

__all__ = ["check_contexts", "expand_in_safe_mode", "expand_with", "find_unmapped_terms", "quads_of", "to_quads"]

# What N-Quads allows between < and >, with a scheme in front: https://www.w3.org/TR/n-quads/#grammar-production-IRIREF
_ABSOLUTE_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\u2028\u2029\ud800-\udfff]*")
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
# A finding names each of these places; beyond it the document is hopeless, and looking on costs an expansion each.
MAX_PLACES_TOLD_APART: Final = 16
# PyLD takes some 60 microseconds for a value, and for the members of one list the square of their number. A badge has
# a hundred values; a transcript of a hundred badges fits.
MAX_VALUES: Final = 20_000
MAX_SIBLINGS: Final = 1_000


def to_quads(document: JsonObject, contexts: ContextStore = BUNDLED_CONTEXTS) -> list[Quad]:
    """The document's statements, with every leaf of it in one of them.

    Raises ContextNotBundled for a context that is not bundled, UnmappedTerms with a finding for each
    place that JSON-LD would drop, and ProofTransformationError when it is not JSON-LD.
    """
    return quads_of(expand_in_safe_mode(document, contexts), contexts)


def expand_in_safe_mode(document: JsonObject, contexts: ContextStore = BUNDLED_CONTEXTS) -> list[Any]:
    """The document in expanded form, https://www.w3.org/TR/json-ld11-api/#expansion. Raises like `to_quads`.

    An answer that depends on the text of a leaf, and not on the document's shape alone, needs its like in
    `CompiledShape.fits`: a compiled shape is asked nothing else.
    """
    expanded, findings = _expand_audited(document, contexts)
    if findings:
        raise UnmappedTerms(findings)
    return expanded


def find_unmapped_terms(document: JsonObject, contexts: ContextStore = BUNDLED_CONTEXTS) -> tuple[Finding, ...]:
    """A finding for each place that JSON-LD would drop. Raises like `to_quads` otherwise."""
    return _expand_audited(document, contexts)[1]


def check_contexts(document: JsonObject, contexts: ContextStore = BUNDLED_CONTEXTS) -> None:
    """Raise ContextNotBundled for the first `@context` URL, at any depth, that is not bundled.

    Raises ProofTransformationError for `@import`: PyLD writes what imports into what is imported, so that one
    document would change what the bundled context means for all that come after it.
    """
    for step, value in members(document):
        if step == "@context":
            for context in as_list(value):
                for url in [context] if isinstance(context, str) else _named_in(context):
                    contexts.require(url)


def _named_in(context: object) -> Iterator[str]:
    for step, value in members(context):
        if step == "@import":
            raise ProofTransformationError("a context that imports another one is not supported")
        if step == "@context":
            yield from (url for url in as_list(value) if isinstance(url, str))


def _expand_audited(document: JsonObject, contexts: ContextStore) -> tuple[list[Any], tuple[Finding, ...]]:
    _check_size(document)
    check_contexts(document, contexts)
    expanded, dropped = _expand(document, contexts)
    findings = _find_json_literals(document, expanded)
    if findings:
        return expanded, tuple(findings)
    if any(value is None for _, value in members(document)):
        nulls = (
            Finding(Problem.NULL_VALUE, path)
            for path, step, value in _outside_contexts(document)
            if value is None and step != "@context"
        )
        findings += islice(nulls, MAX_PLACES_TOLD_APART)
    # Each name costs a walk through the document, and a name that is told apart an expansion for each of its places.
    expansions_left = MAX_PLACES_TOLD_APART
    for key, count in islice(Counter(dropped).items(), MAX_PLACES_TOLD_APART):
        places = _places_of_dropped(document, key, count, contexts, expansions_left)
        expansions_left -= len(places)
        findings += places
    findings += _audit(document, expanded)
    findings += find_hidden_members(document, expanded, lambda part: _expand(part, contexts)[0])
    return expanded, tuple(findings)


def _check_size(document: JsonObject) -> None:
    """Raise WorkLimitExceeded for more than JSON-LD processing can take in a second or so."""
    for number, (_, value) in enumerate(members(document)):
        if number >= MAX_VALUES or (isinstance(value, list) and len(value) > MAX_SIBLINGS):
            raise WorkLimitExceeded(f"more than {MAX_VALUES} values, or {MAX_SIBLINGS} in one list")


def _expand(document: JsonObject, contexts: ContextStore) -> tuple[list[Any], list[str | None]]:
    dropped: list[str | None] = []
    return expand_with(lambda: _processor(contexts, dropped), document, contexts), dropped


def expand_with(
    processor: Callable[[], JsonLdProcessor], document: JsonObject, contexts: ContextStore = BUNDLED_CONTEXTS
) -> list[Any]:
    """The expanded document, not audited, as the processor that is made for it gives it.

    Raises ContextNotBundled, and ProofTransformationError when it is not JSON-LD.
    """
    # PyLD takes a while to import, and a program that only reads badges does not need it.
    from pyld.jsonld import JsonLdError  # noqa: PLC0415

    try:
        with _PYLD:
            expanded: list[Any] = processor().expand(document, contexts.pyld_options())
    except (
        JsonLdError,
        RecursionError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        OverflowError,
    ) as error:
        # PyLD answers malformed contexts and values with its own error, and a few with Python's.
        raise ProofTransformationError(f"this is not JSON-LD that can be processed: {_reason(error)}") from error
    return expanded


def _processor(contexts: ContextStore, dropped: list[str | None]) -> JsonLdProcessor:
    from pyld.jsonld import JsonLdProcessor  # noqa: PLC0415

    from openbadges_kit.jsonld.memoised_pyld import MemoisedProcessor, is_compared  # noqa: PLC0415

    if contexts.memo is not None and is_compared():
        return _noticing_what_floats(MemoisedProcessor(contexts.memo, dropped), dropped)
    return _noticing_what_floats(JsonLdProcessor(on_property_dropped=dropped.append), dropped)


def _noticing_what_floats(processor: Any, dropped: list[str | None]) -> Any:  # pyld has no types
    """The processor, noting also the values that belong to nothing, which PyLD drops without a word.

    A text in `@graph` or `@included`, an object of a language alone: any text could stand there, unsigned.
    """
    expand = processor._expand  # noqa: SLF001  # pyld calls no one for these

    def expand_and_notice(active_ctx: Any, active_property: Any, element: Any, options: Any, **more: Any) -> Any:
        expanded = expand(active_ctx, active_property, element, options, **more)
        if expanded is None and element is not None:
            dropped.append(str(active_property))
        return expanded

    processor._expand = expand_and_notice  # noqa: SLF001
    return processor


def _dataset_by_pyld(expanded: list[Any], contexts: ContextStore) -> dict[str, list[JsonObject]]:
    from pyld.jsonld import JsonLdProcessor  # noqa: PLC0415

    from openbadges_kit.jsonld.memoised_pyld import MemoisedProcessor, is_compared  # noqa: PLC0415

    if contexts.memo is not None and is_compared():
        return MemoisedProcessor(contexts.memo, []).dataset(expanded, contexts.pyld_options())
    dataset: dict[str, list[JsonObject]] = JsonLdProcessor().to_rdf(expanded, contexts.pyld_options())
    return dataset


def _reason(error: BaseException) -> str:
    cause = getattr(error, "cause", None)
    if isinstance(cause, ContextNotBundled):
        raise cause
    return str(error).split("\n", maxsplit=1)[0][:300]


def _outside_contexts(document: JsonObject) -> Iterator[tuple[str, str | int | None, Any]]:
    """Like `walk`, without what stands inside a context."""
    inside: str | None = None
    for path, step, value in walk(document):
        if inside is not None and path.startswith(inside):
            continue
        # What is below a place comes directly after it, and its path goes on with a dot or a bracket.
        inside = path if step == "@context" else None
        yield path, step, value


def _places_of_dropped(
    document: JsonObject, key: str | None, count: int, contexts: ContextStore, expansions_left: int
) -> list[Finding]:
    """Where a member that PyLD dropped stands; PyLD itself says only its name, or None for `term: null`."""
    places = [
        (path, step)
        for path, step, _ in _outside_contexts(document)
        if isinstance(step, str) and (step == key or (key is None and not step.startswith("@")))
    ]
    if len(places) == count or not 0 < len(places) <= expansions_left:
        return [
            Finding(Problem.UNMAPPED_TERM, path, {"term": str(step)}) for path, step in places[:MAX_PLACES_TOLD_APART]
        ] or [Finding(Problem.UNMAPPED_TERM, "$", {"term": str(key)})]
    # The same name is defined in one place and not in another: take each away in turn and see what is dropped then.
    return [
        Finding(Problem.UNMAPPED_TERM, path, {"term": str(step)})
        for path, step in places
        if _expand(_without(document, path), contexts)[1].count(key) < count
    ]


def _without(value: Any, place: str, here: str = "$") -> Any:  # JSON
    if isinstance(value, dict):
        return {
            name: _without(inner, place, child(here, name))
            for name, inner in value.items()
            if child(here, name) != place
        }
    if isinstance(value, list):
        return [_without(inner, place, child(here, index)) for index, inner in enumerate(value)]
    return value


def _find_json_literals(document: JsonObject, expanded: list[Any]) -> list[Finding]:
    """A finding for each value of type `@json`, https://www.w3.org/TR/json-ld11/#json-literals.

    What stands in one is text and no JSON-LD: a null there is covered, and a member `@context` is none. All that reads
    a document here takes it for JSON-LD throughout, so such a document is refused as a whole.
    """
    embedded = [value for _, value in members(expanded) if isinstance(value, dict) and value.get("@type") == "@json"]
    places: list[str] = []
    for one in embedded[:MAX_PLACES_TOLD_APART]:
        found = [path for path, _, value in _outside_contexts(document) if value == one.get("@value")]
        places += found[:MAX_PLACES_TOLD_APART] or ["$"]
    return [Finding(Problem.JSON_LITERAL, path) for path in dict.fromkeys(places)]


def _audit(document: JsonObject, expanded: list[Any]) -> list[Finding]:
    """Findings for what expansion kept and the way to RDF would drop."""
    lost: list[tuple[Problem, Any]] = []
    for step, value in members(expanded):
        if step in {"@id", "@type"}:
            # Not as_list(): an identifier like "@foo" expands to null, and is lost too.
            names = value if isinstance(value, list) else [value]
            lost += [(Problem.RELATIVE_IRI, name) for name in names if not _is_node_name(name)]
        elif isinstance(step, str) and not step.startswith("@") and not _is_node_name(step):
            lost.append((Problem.RELATIVE_IRI, step))
        elif step in {"@graph", "@included"}:
            for item in as_list(value):
                # A name or a value that nothing is said of is no statement; what PyLD left bare is not even a value.
                node = item if isinstance(item, dict) else {"@value": item}
                if "@value" in node or node.keys() <= {"@id"}:
                    lost.append((Problem.NOT_IN_RDF, str(node.get("@id", node.get("@value")))))
        elif step in {"@index", "@direction"}:
            lost.append((Problem.NOT_IN_RDF, str(value)))
        elif step == "@language" and not (isinstance(value, str) and _LANGUAGE_TAG.fullmatch(value)):
            lost.append((Problem.LANGUAGE_TAG, str(value)))
    findings = []
    for code, text in islice(dict.fromkeys(lost), MAX_PLACES_TOLD_APART):
        places = [
            path
            for path, _, value in _outside_contexts(document)
            if value == text or (code is Problem.RELATIVE_IRI and _as_written(value) == _as_written(text))
        ]
        findings += [
            Finding(code, path, {"value": str(text).removeprefix(NO_BASE)})
            for path in places[:MAX_PLACES_TOLD_APART] or ["$"]
        ]
    return findings


def _is_node_name(value: object) -> bool:
    # A blank node label given by the author is no identifier, and a relative one names something else elsewhere.
    return isinstance(value, str) and _ABSOLUTE_IRI.fullmatch(value) is not None and not value.startswith(NO_BASE)


def _as_written(value: object) -> object:
    """A relative name without what resolving it adds or takes away."""
    return value.removeprefix(NO_BASE).lstrip("./") if isinstance(value, str) else value


def quads_of(expanded: list[Any], contexts: ContextStore = BUNDLED_CONTEXTS) -> list[Quad]:
    """The statements of an expanded document. Raises ProofTransformationError when they cannot be written."""
    from pyld.jsonld import JsonLdError  # noqa: PLC0415

    try:
        with _PYLD:
            dataset = _dataset_by_pyld(expanded, contexts)
    except (JsonLdError, RecursionError, ValueError, OverflowError, TypeError, KeyError, AttributeError) as error:
        raise ProofTransformationError(f"this cannot be written as RDF: {_reason(error)}") from error
    return [
        Quad(
            _term(triple["subject"]),
            _term(triple["predicate"]),
            _term(triple["object"]),
            "" if graph == "@default" else _name(graph),
        )
        for graph, triples in dataset.items()
        for triple in triples
    ]


def _term(term: dict[str, str]) -> str:
    if term["type"] == "literal":
        return literal(term["value"], term["datatype"], term.get("language"))
    return _name(term["value"])


def _name(value: str) -> str:
    return value if value.startswith("_:") else iri(value)
