"""What is measured: each signs and verifies the same credential, and must give the same proofValue.

A subject gets a document without its proof, or a secured one, and the number of times to do it over.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import base58
from openbadges_kit.jsonld.bundle import bundled_context
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.keys.signing_key import ed25519_key
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options, verify_proof
from openbadges_kit.vocabulary import OPEN_BADGES_3_0_3

__all__ = ["CREATED", "KEY", "Subject", "permutations_of", "reference", "subjects"]

SEED: Final = bytes([7]) * 32
KEY: Final = ed25519_key(SEED)
METHOD: Final = verification_method_of(KEY.public_key)
CREATED: Final = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_PRIVATE: Final = Ed25519PrivateKey.from_private_bytes(SEED)
_INTEROP: Final = Path(__file__).parents[1] / "tests" / "interop"


@dataclass(frozen=True, slots=True)
class Subject:
    """An implementation. `sign` and `verify` return (CPU seconds for all of the times, what came of it)."""

    name: str
    sign: Callable[[JsonObject, int], tuple[float, JsonObject]]
    verify: Callable[[JsonObject, int], tuple[float, bool]]
    peer: bool = True


def reference() -> JsonObject:
    """The reference credential of the benchmark's issuer."""
    document: JsonObject = json.loads((Path(__file__).parent / "reference-credential.json").read_bytes())
    document["issuer"]["id"] = did_of(KEY.public_key)
    return document


def permutations_of(document: JsonObject) -> Iterator[JsonObject]:
    """The same document in other orders of its members: the same statements, and each time another shape."""
    for order in itertools.permutations(document.items()):
        yield dict(order)


def timed(act: Callable[[], Any], times: int) -> tuple[float, Any]:
    """The CPU seconds of this process for doing it so many times, and the last result."""
    result = None
    started = time.process_time()
    for _ in range(times):
        result = act()
    return time.process_time() - started, result


def subjects() -> list[Subject]:
    """All of them; those that are not installed are left out and named on the way."""
    found = [_kit("openbadges_kit, known shape", ContextStore()), _kit_unseen(), _pyld()]
    for make in (_openbadgeslib, _openvc, _digitalbazaar):
        try:
            found.append(make())
        except (ImportError, OSError) as error:
            print(f"not measured: {make.__name__.strip('_')}: {error}")
    return found


def _others(document: JsonObject) -> Iterator[JsonObject]:
    """The document, and others of the achievement for other people: a shape may not profit from one text alone."""
    for number in itertools.cycle(range(100)):
        subject = {**document["credentialSubject"], "id": f"urn:example:learner:{number}"}
        yield {**document, "id": f"urn:example:badge:{number}", "credentialSubject": subject}


def _kit(name: str, contexts: ContextStore) -> Subject:
    options = build_proof_options(verification_method=METHOD, created=CREATED)

    def sign_one(document: JsonObject) -> JsonObject:
        return add_proof(document, proof_options=options, signing_key=KEY, contexts=contexts)

    secured_others = itertools.cycle([sign_one(one) for one in itertools.islice(_others(reference()), 100)])

    def sign(document: JsonObject, times: int) -> tuple[float, JsonObject]:
        one = iter([*itertools.islice(_others(document), times - 1), document])
        return timed(lambda: sign_one(next(one)), times)

    def verify(secured: JsonObject, times: int) -> tuple[float, bool]:
        one = iter([secured, *itertools.islice(secured_others, times - 1)])

        def verify_one() -> None:
            badge = next(one)
            verify_proof(badge, proof=badge["proof"][0], public_key=KEY.public_key, contexts=contexts)

        return timed(verify_one, times)[0], True

    return Subject(name, sign, verify, peer=False)


def _kit_unseen() -> Subject:
    options = build_proof_options(verification_method=METHOD, created=CREATED)
    contexts = ContextStore()
    orders = permutations_of(dict(reversed(reference().items())))

    def sign(document: JsonObject, times: int) -> tuple[float, JsonObject]:
        unseen = [{name: document[name] for name in next(orders)} for _ in range(times)]
        one = iter(unseen)
        return timed(lambda: add_proof(next(one), proof_options=options, signing_key=KEY, contexts=contexts), times)

    def verify(secured: JsonObject, times: int) -> tuple[float, bool]:
        unseen = [{**{name: secured[name] for name in next(orders)}, "proof": secured["proof"]} for _ in range(times)]
        one, proof = iter(unseen), secured["proof"][0]
        seconds, _ = timed(
            lambda: verify_proof(next(one), proof=proof, public_key=KEY.public_key, contexts=contexts), times
        )
        return seconds, True

    return Subject("openbadges_kit, unseen shape", sign, verify, peer=False)


def _pyld() -> Subject:
    """PyLD and cryptography, by hand, with contexts that it may keep."""
    from pyld import jsonld  # noqa: PLC0415

    @cache
    def loaded(url: str) -> JsonObject:
        return {"contextUrl": None, "documentUrl": url, "document": bundled_context(url), "tag": "static"}

    jsonld_options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": lambda url, _: loaded(url),
    }

    def hash_data(document: JsonObject, proof: JsonObject) -> bytes:
        config = {name: value for name, value in proof.items() if name != "proofValue"}
        config["@context"] = document["@context"]
        bare = {name: value for name, value in document.items() if name != "proof"}
        forms = [jsonld.normalize(one, jsonld_options) for one in (config, bare)]
        return b"".join(hashlib.sha256(form.encode()).digest() for form in forms)

    def sign_one(document: JsonObject) -> JsonObject:
        proof = build_proof_options(verification_method=METHOD, created=CREATED)
        proof["proofValue"] = "z" + base58.encode(_PRIVATE.sign(hash_data(document, proof)))
        return {**document, "proof": [proof]}

    def verify_one(secured: JsonObject) -> bool:
        proof = secured["proof"][0]
        signature = base58.decode(proof["proofValue"][1:])
        _PRIVATE.public_key().verify(signature, hash_data(secured, proof))
        return True

    return Subject(
        "PyLD by hand",
        lambda document, times: timed(lambda: sign_one(document), times),
        lambda secured, times: timed(lambda: verify_one(secured), times),
    )


def _openbadgeslib() -> Subject:
    from openbadgeslib.ob3.ldp import add_data_integrity_proof, verify_data_integrity_proof  # noqa: PLC0415

    pem = _PRIVATE.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public_pem = _PRIVATE.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def verify_one(secured: JsonObject) -> bool:
        verify_data_integrity_proof(secured, public_pem)
        return True

    return Subject(
        "openbadgeslib 4.6.3, low level",
        lambda document, times: timed(lambda: add_data_integrity_proof(document, pem, METHOD, created=CREATED), times),
        lambda secured, times: timed(lambda: verify_one(_with_one_proof(secured)), times),
    )


def _openvc() -> Subject:
    from openvc.keys import Ed25519SigningKey  # noqa: PLC0415
    from openvc.proof.data_integrity import DataIntegrityProofSuite  # noqa: PLC0415

    suite, key = DataIntegrityProofSuite(), Ed25519SigningKey(_PRIVATE, METHOD)
    jwk = KEY.public_key.jwk
    extra = {OPEN_BADGES_3_0_3: bundled_context(OPEN_BADGES_3_0_3)}

    def sign_one(document: JsonObject) -> JsonObject:
        signed: JsonObject = suite.add_proof(
            document, signing_key=key, verification_method=METHOD, created=CREATED, extra_contexts=extra
        )
        return signed

    def verify_one(secured: JsonObject) -> bool:
        one = _with_one_proof(secured)
        return suite.verify(one, public_key_jwk=jwk, now=CREATED, extra_contexts=extra) is not None

    return Subject(
        "openvc-core 1.37",
        lambda document, times: timed(lambda: sign_one(document), times),
        lambda secured, times: timed(lambda: verify_one(secured), times),
    )


def _digitalbazaar() -> Subject:
    if not (_INTEROP / "node_modules").is_dir():
        raise OSError("tests/interop/node_modules is missing")
    node = subprocess.Popen(  # noqa: S603  # our own script
        ["node", str(_INTEROP / "timing.mjs")],  # noqa: S607
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_INTEROP,
    )

    def ask(do: str, credential: JsonObject, times: int) -> Any:
        request = {
            "do": do,
            "credential": credential,
            "seed": SEED.hex(),
            "verificationMethod": METHOD,
            "created": "2026-11-20T09:00:00Z",
            "times": times,
        }
        if node.stdin is None or node.stdout is None:
            raise OSError("node has no pipes")
        node.stdin.write(json.dumps(request) + "\n")
        node.stdin.flush()
        answer = json.loads(node.stdout.readline())
        return answer["seconds"], answer["result"]

    return Subject(
        "@digitalbazaar/vc 7.3 (Node)",
        lambda document, times: ask("sign", document, times),
        lambda secured, times: ask("verify", secured, times),
    )


def _with_one_proof(secured: JsonObject) -> JsonObject:
    # These take a proof, and not an array of one as 1EdTech's schema has it.
    return {**secured, "proof": secured["proof"][0]}
