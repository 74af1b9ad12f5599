"""What is measured and how: rounds of everything, batches, whole calls."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.subjects import CREATED, KEY, Subject, permutations_of, reference, subjects, timed
from openbadges_kit.batch_issuance import Issued, issue_many
from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import JsonObject, dump_json, parse_json_object
from openbadges_kit.encoding import base58
from openbadges_kit.issuance import PreparedCredential, issue, prepare
from openbadges_kit.jsonld.canonical_form import canonical_nquads
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options, unsecured, verify_proof
from openbadges_kit.skills import guards
from openbadges_kit.status.bitstring import build_status_entry, build_status_list_credential
from openbadges_kit.verification.batch import verify_many
from openbadges_kit.verification.received import parse_received
from openbadges_kit.verification.report import Report
from openbadges_kit.verification.verifier import check_contexts, check_schema, check_structure, verify

__all__ = ["Measured", "Own", "measure"]

METHOD: Final = verification_method_of(KEY.public_key)
# Long enough for the clock to see, short enough for many rounds.
ROUND_SECONDS: Final = 0.04
BATCH: Final = 300
LIST_URL: Final = "https://status.example.org/lists/1"

Measured = dict[str, list[float]]


def rows(start: int, count: int) -> Iterator[dict[str, str]]:
    """A badge each: another id, another learner, another day."""
    for number in range(start, start + count):
        yield {
            "$.id": f"urn:uuid:5f3c1c1e-6f0e-4b38-9d0c-{number:012x}",
            "$.credentialSubject.id": f"https://learners.example.org/{number:x}",
            "$.validFrom": f"2026-11-{number % 20 + 1:02}T09:00:00Z",
        }


class Own:
    """What only the kit is measured at: batches, whole calls, the floor."""

    def __init__(self) -> None:
        self.prepared = self.prepare()
        self.signed = issue(self.prepared, signing_key=KEY)
        self.secured = [
            parse_json_object(one.document)
            for one in issue_many(self.prepared, rows(0, BATCH), signing_key=KEY)
            if isinstance(one, Issued)
        ]
        status = reference() | {"credentialStatus": build_status_entry(url=LIST_URL, index=7)}
        with_status = prepare(status, verification_method=METHOD, created=CREATED)
        self.with_status = [
            one.document for one in issue_many(with_status, rows(0, BATCH), signing_key=KEY) if isinstance(one, Issued)
        ]
        listed = build_status_list_credential(url=LIST_URL, issuer=METHOD.partition("#")[0], valid_from=CREATED)
        options = build_proof_options(verification_method=METHOD, created=CREATED)
        self.status_list = dump_json(add_proof(listed, proof_options=options, signing_key=KEY))
        self.as_bytes = [json.dumps(one).encode() for one in self.secured]
        self.nquads = self.prepared.canonical_nquads
        private = KEY._private_key  # the floor has no kit
        assert isinstance(private, Ed25519PrivateKey)  # noqa: S101  # as subjects.py made it
        self.public = private.public_key()
        self.sign = private.sign
        self.signature = private.sign(bytes(64))
        self.proof_value = base58.encode(self.signature)
        self.next_row = BATCH
        self.turn = 0

    def prepare(self) -> PreparedCredential:
        """The whole of prepare()."""
        return prepare(reference(), verification_method=METHOD, created=CREATED)

    def floor_sign(self) -> None:
        """Two SHA-256, one Ed25519 signature, base58: what no implementation can do without."""
        digest = hashlib.sha256(self.nquads[:700]).digest() + hashlib.sha256(self.nquads).digest()
        base58.encode(self.sign(digest))

    def floor_verify(self) -> None:
        """base58, two SHA-256, one Ed25519 verification."""
        _ = hashlib.sha256(self.nquads[:700]).digest() + hashlib.sha256(self.nquads).digest()
        self.public.verify(base58.decode(self.proof_value), bytes(64))

    def another_turn(self) -> int:
        """Which of the badges of the batch is next."""
        self.turn = (self.turn + 1) % BATCH
        return self.turn

    def another(self) -> JsonObject:
        """The next of the badges of the batch."""
        return self.secured[self.another_turn()]

    def batch_issue(self, times: int) -> float:
        """CPU seconds for so many badges by issue_many(), every row checked."""
        started = time.process_time()
        issued = sum(
            isinstance(one, Issued) for one in issue_many(self.prepared, rows(self.next_row, times), signing_key=KEY)
        )
        seconds = time.process_time() - started
        self.next_row += times
        if issued != times:
            raise RuntimeError("a row of the benchmark was refused")
        return seconds

    def batch_verify(self) -> None:
        """One badge of the batch, by its proof."""
        badge = self.another()
        verify_proof(badge, proof=badge["proof"][0], public_key=KEY.public_key)

    def whole_issue(self) -> None:
        """prepare() with all its checks, and issue(), for a document of a known shape."""
        self.turn = (self.turn + 1) % BATCH
        document = {**self.secured[self.turn]}
        del document["proof"]
        issue(prepare(document, verification_method=METHOD, created=CREATED), signing_key=KEY)

    def whole_verify(self) -> None:
        """verify() of bytes, with all checks that need no network."""
        self.turn = (self.turn + 1) % BATCH
        if not verify(self.as_bytes[self.turn], now=CREATED).verified:
            raise RuntimeError("a badge of the benchmark did not verify")

    def whole_verify_many(self, times: int) -> float:
        """CPU seconds for so many badges by verify_many(), each with a status in a list that all of them lean on."""
        page = {LIST_URL: self.status_list}
        badges = (self.with_status[number % BATCH] for number in range(times))
        started = time.process_time()
        verified = sum(
            isinstance(one, Report) and one.verified for one in verify_many(badges, now=CREATED, fetch=page.__getitem__)
        )
        seconds = time.process_time() - started
        if verified != times:
            raise RuntimeError("a badge of the benchmark did not verify")
        return seconds

    def parts(self) -> dict[str, Callable[[], object]]:
        """What the whole calls are made of, each by itself, and like them each time of another badge."""

        def unsigned() -> JsonObject:
            return unsecured(self.another())

        return {
            "issue: written and read back, strictly": lambda: parse_json_object(dump_json(unsigned())),
            "issue: structure and contexts": lambda: (check_structure(one := unsigned()), check_contexts(one)),
            "issue: 1EdTech's schema and results": lambda: check_schema(unsigned()),
            "issue: citizen service numbers, levels": lambda: guards.find_problems(unsigned(), now=CREATED),
            "issue: canonical form": lambda: canonical_nquads(unsigned(), BUNDLED_CONTEXTS),
            "issue: options and signature": lambda: issue(self.prepared, signing_key=KEY),
            "verify: read, strictly": lambda: parse_received(self.as_bytes[self.another_turn()]),
            "verify: structure and contexts": lambda: (check_structure(one := self.another()), check_contexts(one)),
            "verify: 1EdTech's schema and results": lambda: check_schema(self.another()),
            "verify: canonical form and signature": self.batch_verify,
        }

    def whole_sign_only(self) -> None:
        """What of whole_issue() is canonicalising and signing."""
        add_proof(
            unsecured(self.another()),
            proof_options=build_proof_options(verification_method=METHOD, created=CREATED),
            signing_key=KEY,
        )


def check_equal(found: list[Subject], document: JsonObject) -> JsonObject:
    """The secured document, which all made and all accept; anything else ends the benchmark."""
    values = {}
    for subject in found:
        proof = subject.sign(document, 1)[1]["proof"]
        values[subject.name] = (proof[0] if isinstance(proof, list) else proof)["proofValue"]
    if len(set(values.values())) != 1:
        raise SystemExit(f"the implementations do not agree: {values}")
    secured = found[0].sign(document, 1)[1]
    for subject in found:
        if subject.verify(secured, 1)[1] is not True:
            raise SystemExit(f"{subject.name} does not accept the proof")
    return secured


def measure(rounds: int) -> tuple[Measured, list[Subject]]:
    """CPU seconds per credential, one figure a round, of everything."""
    document, found, own = reference(), subjects(), Own()
    secured = check_equal(found, document)
    jobs: dict[str, Callable[[int], float]] = {
        "sign: floor": lambda times: timed(own.floor_sign, times)[0],
        "verify: floor": lambda times: timed(own.floor_verify, times)[0],
        "batch issue: openbadges_kit, every row checked": own.batch_issue,
        "batch verify: openbadges_kit": lambda times: timed(own.batch_verify, times)[0],
        "whole: prepare() and issue()": lambda times: timed(own.whole_issue, times)[0],
        "whole: canonicalise and sign": lambda times: timed(own.whole_sign_only, times)[0],
        "whole: verify(), all offline checks": lambda times: timed(own.whole_verify, times)[0],
        "whole: verify_many(), one status list for all": own.whole_verify_many,
        "whole: canonicalise and verify": lambda times: timed(own.batch_verify, times)[0],
    }
    for name, part in own.parts().items():
        jobs[f"part: {name}"] = lambda times, part=part: timed(part, times)[0]  # type: ignore[misc]
    for subject in found:
        jobs[f"sign: {subject.name}"] = lambda times, subject=subject: subject.sign(document, times)[0]  # type: ignore[misc]
        jobs[f"verify: {subject.name}"] = lambda times, subject=subject: subject.verify(secured, times)[0]  # type: ignore[misc]
    times = {}
    for name, job in jobs.items():
        seconds = 0.0
        # Enough beforehand for Node's compiler too, which takes a second or two to have seen everything.
        for _ in range(150 if "Node" in name else 3):
            seconds = job(1)
        # A batch has a beginning, which is no part of each of its badges.
        in_batches = name.startswith(("batch issue", "whole: verify_many"))
        times[name] = BATCH if in_batches else max(1, round(ROUND_SECONDS / max(seconds, 1e-6)))
    measured: Measured = {name: [] for name in jobs}
    for number in range(rounds):
        print(f"\rround {number + 1} of {rounds}", end="", file=sys.stderr)
        for name, job in jobs.items():
            measured[name].append(job(times[name]) / times[name])
    print(file=sys.stderr)
    measured["compile: once per shape"] = compile_once()
    return measured, found


def compile_once() -> list[float]:
    """CPU seconds that the second document of a shape takes more than the first: it is compiled then."""
    options = build_proof_options(verification_method=METHOD, created=CREATED)
    extra = []
    for document, _ in zip(permutations_of(reference()), range(9), strict=False):
        store = ContextStore()
        # A store's first document parses the contexts, which is not what is asked here.
        add_proof(dict(reversed(document.items())), proof_options=options, signing_key=KEY, contexts=store)
        first, second = (
            timed(lambda: add_proof(document, proof_options=options, signing_key=KEY, contexts=store), 1)[0]  # noqa: B023
            for _ in range(2)
        )
        extra.append(second - first)
    return extra
