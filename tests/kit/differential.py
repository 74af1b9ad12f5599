"""The differential fuzzer: hostile documents through compiled shapes, and through PyLD as it comes and RDFC-1.0.

`make fuzz` runs it for an hour; the test suite runs a fixed budget of it. For every document the two must give
the same bytes, or refuse it with the same error. A document that no compiled shape takes goes through the general
path with its memos on the one side and without them on the other, and is compared as well. Not here: the faults
it found, each a test of its own beside `test_compiled_shapes.py`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import OpenBadgesError
from openbadges_kit.jsonld.canonical_form import canonical_nquads, learn_shapes
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.shape import shape_of, with_leaves
from openbadges_kit.vocabulary import CREDENTIALS_V2, DATA_INTEGRITY_V2, OPEN_BADGES_3_0_3, ULO_V1

__all__ = ["CountingStore", "Counts", "cases", "compare", "run"]

REFERENCE: Final = Path(__file__).parents[2] / "benchmarks" / "reference-credential.json"
# Documents of one family: enough to learn its shape and then to try it.
FAMILY: Final = 24

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
OWN_CONTEXT: Final[JsonObject] = {
    "id": "@id", "type": "@type", "kind": "@type", "value": "@value", "lang": "@language", "dir": "@direction",
    "name": "https://v.example/name",
    "note": {"@id": "https://v.example/note", "@language": "nl"},
    "ref": {"@id": "https://v.example/ref", "@type": "@id"},
    "word": {"@id": "https://v.example/word", "@type": "@vocab"},
    "known": "https://v.example/known",
    "double": {"@id": "https://v.example/double", "@type": f"{XSD}double"},
    "float": {"@id": "https://v.example/float", "@type": f"{XSD}float"},
    "truth": {"@id": "https://v.example/truth", "@type": f"{XSD}boolean"},
    "moment": {"@id": "https://v.example/moment", "@type": f"{XSD}dateTime"},
    "raw": {"@id": "https://v.example/raw", "@type": "@json"},
    "set": {"@id": "https://v.example/set", "@container": "@set"},
    "list": {"@id": "https://v.example/list", "@container": "@list"},
    "texts": {"@id": "https://v.example/texts", "@container": "@language"},
    "index": {"@id": "https://v.example/index", "@container": "@index"},
    "byId": {"@id": "https://v.example/byId", "@container": "@id"},
    "graph": {"@id": "https://v.example/graph", "@container": "@graph"},
    "of": {"@reverse": "https://v.example/has"},
    "nest": "@nest",
    "part": {"@id": "https://v.example/part", "@context": {"name": "https://v.example/partName", "ref": None}},
    "Thing": {"@id": "https://v.example/Thing", "@context": {"name": "https://v.example/thingName"}},
    "Other": "https://v.example/Other",
}  # fmt: skip
EXTRA_CONTEXTS: Final[tuple[Any, ...]] = (
    {"@vocab": "https://vocab.example/"},
    {"@base": "https://base.example/a/"},
    {"@language": "en"},
    {"ex": "https://ex.example/"},
    {"urn": "https://urn-as-a-term.example/"},
    {"https": {"@id": "https://https-as-a-prefix.example/", "@prefix": True}},
    {"https://v.example/known": "https://v.example/elsewhere"},
    {"did:example:term": {"@id": "https://v.example/did", "@type": "@id"}},
    {"leaf": "urn:openbadges-kit:leaf:0:1:"},
)
# A context of the store's own, for what an inline one defines is often refused as hidden from readers.
NAMED: Final[dict[str, JsonObject]] = {
    f"https://v.example/context/{position}": {"@context": context}
    for position, context in enumerate((OWN_CONTEXT, *EXTRA_CONTEXTS))
}
PROPERTIES: Final = (
    "name", "name", "note", "ref", "ref", "word", "known", "double", "float", "truth", "moment", "set", "texts", "byId",
    "graph", "of", "nest", "part", "part",
)  # fmt: skip
# What makes a document hold a second one, or nodes of the vocabulary that a verifier reads.
ATTACHMENTS: Final[JsonObject] = {
    "endorsement": [
        {
            "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
            "id": "urn:uuid:3b0a4d0e-0000-4000-8000-000000000001",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "issuer": {"id": "https://a.example/1", "type": ["Profile"], "name": "Brancheorganisatie"},
            "validFrom": "2026-11-20T09:00:00Z",
            "credentialSubject": {
                "id": "https://a.example/2",
                "type": ["EndorsementSubject"],
                "endorsementComment": "Goed",
            },
            "proof": [
                {
                    "type": "DataIntegrityProof",
                    "cryptosuite": "eddsa-rdfc-2022",
                    "created": "2026-11-20T09:00:00Z",
                    "verificationMethod": "did:example:1#key",
                    "proofPurpose": "assertionMethod",
                    "proofValue": "z3",
                }
            ],
        }
    ],
    "credentialStatus": {
        "id": "https://a.example/status/1#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://a.example/status/1",
    },
    "credentialSchema": [{"id": "https://a.example/schema", "type": "1EdTechJsonSchemaValidator2019"}],
    "termsOfUse": {"type": "https://a.example/Terms", "id": "https://a.example/terms"},
    "relatedResource": [{"id": "https://a.example/1", "digestSRI": "sha384-x", "mediaType": "text/plain"}],
}
TEXTS: Final = (
    "", " ", "plain", "Plain text, twice", "Plain text, twice", 'a "quote"', "back\\slash", "\\n", "line\nend", "\r\n",
    "\t\b\f", "\x00", "\x01\x1f", "\x7f", "\x85", "\u2028", "\u2029", "\ufffe", "\uffff", "\ufeff", "\U0001f6b2",
    "\U0010ffff",
    "\ud800", "\udfff", "%s", "%", "%%d", "{0}", "1", "1.0", "1.5E0", "01", "true", "NaN", "-0", "@id", "@type",
    "@none", "@foo",
    "_:b0", "_:a", "_:c14n0", "known", "Thing", "Other", "name", "ex:thing", "known:x", "a b", "<x>", "^^", "@nl",
    "nl", "nl-NL", "ltr", "e\u0301",
    "\xe9", "urn:openbadges-kit:leaf:0:1:", "urn:openbadges-kit:leaf:0:0:x", '" .\n_:a <urn:p> "', "0" * 50,
)  # fmt: skip
IRIS: Final = (
    "https://a.example/1", "https://a.example/1", "https://a.example/2", "urn:x", "urn:y", "did:example:1",
    "mailto:a@example.org",
    "https://v.example/Thing", "https://v.example/known", "did:example:term", "http://a.example/?q=%20#f",
    "HTTPS://a.example/1",
    "https://a.example/\u2028", "https://a.example/\xe9", "https://a.example/a b", "https://a.example/<",
    "https://a.example/\n",
    "urn:x\nurn:y", "urn:", "https:", "relative/path", "../up", "#fragment", "?query", "", "_:b1", "ex:thing",
    "tag:example.org,2026:1",
    "urn:\ud800", "urn:a\\b", "urn:a`b", "urn:a|b", "urn:a^b", "urn:{}", "data:,x%0A",
    "urn:openbadges-kit:leaf:0:2:", "//host/path", "@id",
)  # fmt: skip
NUMBERS: Final = (0, 1, 1.0, -0.0, 0.0, 1.5, 10**21, 1e21, 2**70, -1, True, False, 1e-7, 100.0)


@dataclass(slots=True)
class Counts:
    """What a run did."""

    cases: int = 0
    fast: int = 0
    recognised: int = 0
    refused: int = 0
    differences: int = 0

    def __str__(self) -> str:
        return (
            f"{self.cases} cases, {self.fast} of them by a compiled shape ({self.recognised} recognised as "
            f"another one but for a few texts), {self.refused} refused on both paths, "
            f"{self.differences} differences"
        )


class CountingStore(ContextStore):
    """A store that counts how often the general path asks it for its contexts."""

    def __init__(self, *, fast: bool) -> None:
        super().__init__(NAMED, compile_shapes=fast, memoise=fast)
        self.general = [0]  # shared with the stores of single operations

    def pyld_options(self) -> dict[str, Any]:
        """Count, and do as a store does."""
        self.general[0] += 1
        return super().pyld_options()


GENERAL: Final = CountingStore(fast=False)


def outcome(document: JsonObject, store: ContextStore, hash_algorithm: str) -> tuple[bytes | str, bool]:
    """The canonical form or the error's name and text, and whether there is a canonical form."""
    try:
        return canonical_nquads(document, store, hash_algorithm=hash_algorithm), True
    except (OpenBadgesError, UnicodeError) as error:
        return f"{type(error).__name__}: {error}", False


def compare(document: JsonObject, fast: CountingStore, general: ContextStore, counts: Counts, algorithm: str) -> bool:
    """Put one document through both; a document that is accepted teaches its shape, as one that verified would."""
    observed = fast.observing()
    before = fast.general[0]
    actual, _ = outcome(document, observed, algorithm)
    by_shape = fast.general[0] == before
    recognised = fast.shapes is not None and fast.shapes.recognise(document, algorithm) is not None
    expected, accepted = outcome(document, general, algorithm)
    counts.cases += 1
    counts.fast += by_shape
    counts.recognised += recognised
    counts.refused += not accepted
    counts.differences += actual != expected
    if accepted:
        learn_shapes(observed)
    return actual == expected


def cases(seed: int) -> Iterator[tuple[JsonObject, str]]:
    """Families of documents without end, each with the hash algorithm to canonicalise with."""
    chance = random.Random(seed)  # noqa: S311  # a fuzzer repeats itself on purpose
    credential = json.loads(REFERENCE.read_bytes())
    while True:
        base = next(base for base in iter(lambda: _base(chance, credential), None) if _mostly_accepted(chance, base))
        # Half of the families differ in a few places only, as the badges of one achievement do.
        few = chance.randrange(1, 4) if chance.random() < 0.5 else 0
        places = [chance.random() for _ in range(few)]
        for _ in range(FAMILY):
            document = _with_other_leaves(chance, base, places)
            if chance.random() < 0.15:
                document = _with_other_structure(chance, document)
            yield document, "sha384" if chance.random() < 0.05 else "sha256"


def _mostly_accepted(chance: random.Random, document: JsonObject) -> bool:
    # Families of refused documents show that both paths refuse, and some are enough.
    return chance.random() < 0.1 or outcome(document, GENERAL, "sha256")[1]


def _base(chance: random.Random, credential: JsonObject) -> JsonObject:
    kind = chance.random()
    if kind < 0.25:
        document = json.loads(json.dumps(credential))
        for name in chance.sample(list(ATTACHMENTS), chance.randrange(3)):
            document[name] = json.loads(json.dumps(ATTACHMENTS[name]))
        for _ in range(chance.randrange(3)):
            document = _with_other_structure(chance, document)
        return dict(document)
    if kind < 0.4:
        return {
            "@context": [CREDENTIALS_V2, *chance.sample([OPEN_BADGES_3_0_3, DATA_INTEGRITY_V2], 1)],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-20T09:00:00Z",
            "verificationMethod": "did:key:z6Mk#z6Mk",
            "proofPurpose": "assertionMethod",
        }
    own, *others = NAMED
    contexts: list[Any] = [own] if chance.random() < 0.9 else [OWN_CONTEXT]
    contexts += chance.sample([*others, *others, ULO_V1, *EXTRA_CONTEXTS], chance.choice((0, 0, 1, 2)))
    return {"@context": contexts, **_node(chance, 3)}


def _node(chance: random.Random, depth: int) -> JsonObject:
    node: JsonObject = {}
    if chance.random() < 0.6:
        node["id"] = chance.choice(IRIS[:8])
    if chance.random() < 0.5:
        types = chance.sample(["Thing", "Other", "https://v.example/Loose"], chance.choice((1, 1, 2)))
        node[chance.choice(("type", "type", "kind"))] = types if chance.random() < 0.7 else types[0]
    for _ in range(chance.randrange(1, 5)):
        names = PROPERTIES if chance.random() < 0.97 else (*OWN_CONTEXT, "unknown", "ex:p")
        name = chance.choice(names)
        node[name] = _value(chance, name, depth)
    return node


def _value(chance: random.Random, name: str, depth: int) -> Any:  # JSON
    if name in {"id", "ref"}:
        value: Any = chance.choice(IRIS[:8])
    elif name in {"type", "kind", "Thing", "Other"}:
        value = chance.choice(("Thing", "Other"))
    elif name == "word":
        value = chance.choice(("known", "Thing", "https://v.example/known", "https://a.example/1"))
    elif name in {"texts", "index", "byId"}:
        keys = {"texts": ("nl", "en"), "index": ("a", "b"), "byId": ("urn:x", "urn:y")}[name]
        value = {key: _node(chance, 0) if name == "byId" else chance.choice(TEXTS[:6]) for key in keys}
    elif name in {"nest", "of", "graph", "part"} and depth:
        value = _node(chance, depth - 1)
    elif depth and chance.random() < 0.4:
        value = chance.choice(
            (
                _node(chance, depth - 1),
                [_node(chance, depth - 1), _node(chance, depth - 1)],
                {"@value": chance.choice(TEXTS[:6])},
                {"value": "tekst", "lang": "nl"},
                {"@value": "1", "@type": f"{XSD}integer"},
                {"@set": [chance.choice(TEXTS[:6])]},
                {"@list": [chance.choice(TEXTS[:6])]},
            )
        )
    else:
        value = chance.choice((chance.choice(TEXTS[:8]), chance.choice(TEXTS[:8]), chance.choice(NUMBERS)))
    if chance.random() < 0.15 and name not in {"texts", "index", "byId", "nest", "id"}:
        value = [value, _value(chance, name, 0)]
    return value


def _with_other_leaves(chance: random.Random, document: JsonObject, places: Sequence[float]) -> JsonObject:
    """Other texts anywhere, or at the places, each a part of the way through the leaves."""
    shape = shape_of(document)
    if shape is None or not shape.leaves:
        return document
    leaves = list(shape.leaves)
    for _ in range(chance.choice((0, 1, 1, 2, 4, 8))):
        position = int(len(leaves) * (chance.choice(places) if places else chance.random()))
        kind = chance.random()
        looks_like_iri = ":" in leaves[position]
        if kind < 0.05 and looks_like_iri:
            leaves[position] = leaves[0]
        elif kind < 0.25:
            leaves[position] = chance.choice([leaf for leaf in leaves if (":" in leaf) == looks_like_iri])
        elif (kind < 0.95) == looks_like_iri:
            leaves[position] = chance.choice(IRIS[:8] if chance.random() < 0.85 else IRIS)
        else:
            leaves[position] = chance.choice(TEXTS)
    return with_leaves(document, leaves)


def _with_other_structure(chance: random.Random, document: JsonObject) -> JsonObject:
    """One change somewhere: a member gone, doubled, reordered, renamed, a look-alike, a null, another context."""
    changed: JsonObject = json.loads(json.dumps(document))
    objects = [value for value in _objects(changed) if value]
    target = chance.choice(objects)
    name = chance.choice(list(target))
    match chance.randrange(9):
        case 0:
            del target[name]
        case 1:
            moved = target.pop(name)
            target[name] = moved
        case 2:
            target[name] = chance.choice(NUMBERS)
        case 3:
            target[name] = [target[name], target[name]]
        case 4:
            target[name] = None
        case 5:
            target["@context"] = chance.choice((*EXTRA_CONTEXTS, None, {}, [], "https://not-bundled.example/"))
        case 6:
            target[chance.choice(("@index", "@graph", "@included", "@reverse", "@foo", "x@context", "%s"))] = target[
                name
            ]
        case 7:
            target[name] = json.loads(json.dumps(chance.choice(objects)))
        case _:
            target[chance.choice(tuple(OWN_CONTEXT))] = target.pop(name)
    return changed


def _objects(value: Any) -> Iterator[JsonObject]:  # JSON
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name != "@context":
                yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def run(seed: int, *, limit: int | None = None, seconds: float | None = None) -> tuple[Counts, list[JsonObject]]:
    """Compare until the limit or the time is reached; the documents that differ come back with the counts."""
    counts, different = Counts(), []
    fast = CountingStore(fast=True)
    end = time.monotonic() + seconds if seconds is not None else None
    with warnings.catch_warnings():
        # PyLD warns about a term that begins with "@".
        warnings.simplefilter("ignore")
        for document, algorithm in cases(seed):
            if not compare(document, fast, GENERAL, counts, algorithm):
                different.append(document)
            if counts.cases == limit or (end is not None and time.monotonic() > end):
                break
    return counts, different


def main() -> int:
    """Fuzz by hand, say what was done, and print whatever differs."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=3600.0)
    arguments.add_argument("--limit", type=int)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    counts, different = run(options.seed, limit=options.limit, seconds=options.seconds)
    print(counts)  # noqa: T201  # a program
    for document in different[:20]:
        print(json.dumps(document))  # noqa: T201
    return 1 if counts.differences else 0


if __name__ == "__main__":
    sys.exit(main())
