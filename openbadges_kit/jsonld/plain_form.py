"""Is a document written so that whoever reads its JSON sees what its signature covers?

A proof is over statements, and JSON-LD can write one statement in many ways: `validUntil` under its full IRI, under
another name that an inline context gives it, inside `@included` or `@nest`. The signature still holds, and a reader
of the JSON, as every check of a verifier is, no longer sees that the badge has expired or has a status list. So
whatever the bundled contexts have a name for must stand under that name, in its own place.
https://www.w3.org/TR/vc-data-integrity/#context-validation tells verifiers to see to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list, members, walk
from openbadges_kit.findings import Finding, child
from openbadges_kit.jsonld.bundle import bundled_context, bundled_urls
from openbadges_kit.problems import Problem

__all__ = ["find_hidden_members"]

# The keywords of a value with a language or a datatype, https://www.w3.org/TR/json-ld11/#value-objects.
_PLAIN_KEYWORDS: Final = frozenset({"@context", "@value", "@language", "@direction", "@type"})
# What a verifier reads of the credential itself has a name in one of these.
_CREDENTIAL_VOCABULARIES: Final = ("https://www.w3.org/2018/credentials#", "https://w3id.org/security#")
MAX_PLACES: Final = 16


def find_hidden_members(
    document: JsonObject, expanded: list[Any], expand: Callable[[JsonObject], list[Any]]
) -> list[Finding]:
    """A finding for each place where a reader of the JSON would miss something that a bundled context defines.

    `expanded` is the document's expansion, and `expand` gives one. Raises what `expand` raises.
    """
    findings = []
    unusual: list[str] = []
    plain = _plain_part(document, "$", unusual)
    if unusual and _known_terms(expanded) != _known_terms(expand(plain)):
        findings += [Finding(Problem.HIDDEN_MEMBER, path) for path in unusual[:MAX_PLACES]]
    if _says_more_about_the_root(expanded):
        findings.append(Finding(Problem.HIDDEN_MEMBER, "$.id"))
    return findings


def _plain_part(value: Any, path: str, unusual: list[str]) -> Any:  # JSON
    """The value without inline contexts and without members under anything but a term; `unusual` gets their paths."""
    if isinstance(value, list):
        return [_plain_part(item, child(path, position), unusual) for position, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    plain = {}
    for name, inner in value.items():
        here = child(path, name)
        if name == "@context":
            contexts = as_list(inner)
            plain[name] = [context for context in contexts if isinstance(context, str)]
            unusual += [here] * (len(contexts) != len(plain[name]))
        elif _is_plain(name, value):
            plain[name] = _plain_part(inner, here, unusual)
        else:
            unusual.append(here)
    return plain


def _is_plain(name: str, siblings: JsonObject) -> bool:
    if name.startswith("@"):
        return name in _PLAIN_KEYWORDS and "@value" in siblings
    # A name with a colon is an IRI. One with a capital is that of a class, which some contexts also give a property.
    return ":" not in name and not name[:1].isupper()


def _known_terms(expanded: list[Any]) -> Counter[str]:
    """How often each property and class of the bundled contexts occurs."""
    counts: Counter[str] = Counter()
    for step, value in members(expanded):
        names = value if step == "@type" else [step] * len(as_list(value)) if isinstance(step, str) else []
        counts.update(name for name in as_list(names) if name in _bundled_iris())
    return counts


def _says_more_about_the_root(expanded: list[Any]) -> bool:
    """Does another place in the document state something of the credential? In RDF that is as good as at the top."""
    root = expanded[0] if expanded and isinstance(expanded[0], dict) else {}
    identifier = root.get("@id")
    return identifier is not None and any(
        node.get("@id") == identifier and any(name.startswith(_CREDENTIAL_VOCABULARIES) for name in node)
        for _, node in members(expanded)
        if isinstance(node, dict) and node is not root
    )


@cache
def _bundled_iris() -> frozenset[str]:
    """Every IRI that a bundled context gives a name."""
    return frozenset(iri for url in bundled_urls() for iri in _iris_of(bundled_context(url)))


def _iris_of(document: JsonObject) -> Iterator[str]:
    definitions = [
        (name, value.get("@id") if isinstance(value, dict) else value)
        for _, name, value in walk(document)
        if isinstance(name, str) and not name.startswith("@")
    ]
    prefixes = {name: iri for name, iri in definitions if isinstance(iri, str) and "://" in iri}
    for _, iri in definitions:
        if isinstance(iri, str):
            prefix, _, rest = iri.partition(":")
            yield prefixes[prefix] + rest if prefix in prefixes and not rest.startswith("//") else iri
