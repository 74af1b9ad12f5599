"""What is fuzzed, one function for each way in: bytes go in, and a result or one of the kit's errors comes out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final

from openbadges_kit.baking.picture import bake, unbake
from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject, dump_json, members, parse_json, parse_json_object
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import MalformedDocument, OpenBadgesError
from openbadges_kit.proof.sd_jwt import parse_sd_jwt
from openbadges_kit.proof.vc_jwt import encode_vc_jwt, parse_vc_jwt
from openbadges_kit.schema.stated import find_stated_violations
from openbadges_kit.status.bitstring import StatusEntry, decode_list, read_status
from openbadges_kit.status.token_status_list import StatusReference, read_token_status
from openbadges_kit.verification.presentation import verify_presentation
from openbadges_kit.verification.report import Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import ISSUER_KEY, NOW, signed_unchecked, status_entry, status_list, unsigned

__all__ = ["TARGETS"]

_LIST: Final = dump_json(status_list([7]))
_WHOLE: Final = unsigned(
    credentialStatus=status_entry(),
    validUntil="2030-01-01T00:00:00Z",
    evidence=[{"id": "https://evidence.example.org/1", "type": ["Evidence"]}],
    credentialSchema=[{"id": "https://schema.example.org/1", "type": "JsonSchema"}],
    endorsementJwt=["eyJhbGciOiJFUzI1NiJ9.e30.AA"],
)
_VALUES: Final[list[Any]] = [
    None, True, 0, -1, 1.5, 10**30, "", "x", "\u0000", "_:b", "did:key:z", "urn:x:y", "2026-11-20T09:00:00Z", [], {},
    [[]], [None], ["VerifiableCredential"], {"@value": 1}, {"@id": "x"}, {"@list": [1]}, {"@set": []},
    {"id": "urn:x:y"},
    {"type": ["Profile"], "id": "urn:x:z", "name": "n"}, {"type": "Evidence"}, {"@value": "a", "@language": "nl"},
    {"@reverse": {"issuer": "urn:x:y"}}, {"@graph": []}, status_entry(), [{"type": "Result", "value": "1"}] * 3,
]  # fmt: skip
_NAMES: Final = (
    "id", "type", "@context", "@id", "@type", "@graph", "@list", "@included", "@nest", "proof", "issuer", "validUntil",
    "credentialStatus", "credentialSchema", "relatedResource", "refreshService", "termsOfUse", "endorsement",
    "endorsementJwt", "identifier", "result", "resultDescription", "name", "image", "x", "urn:x:term",
)  # fmt: skip


def parse(data: bytes) -> None:
    """What was read can be written, and read again as the same."""
    document = parse_json(data)
    if isinstance(document, dict | list):
        assert parse_json(dump_json(document)) == document


def check(data: bytes) -> None:
    """Nothing that was not signed by a key that is known is valid."""
    served = data[len(data) // 2 :]
    report = verify(data, now=NOW, resolver=Resolver(fetch=lambda _: served), fetch=lambda _: served)
    assert report.verdict in set(Verdict)
    for language in ("nl", "en"):
        assert dump_json(report.to_json(language))
    assert report.verified is (report.verdict in {Verdict.VALID, Verdict.VALID_ISSUER_UNKNOWN})


def check_signed(data: bytes) -> None:
    """Whatever the bytes change in a badge before it is signed, the verifier answers.

    Three bytes are one change: which place, and what comes there. So JSON stays JSON, and the signature holds.
    """
    document = copy.deepcopy(_WHOLE)
    for number in range(0, min(len(data) - 2, 24), 3):
        places = [value for _, value in members(document) if isinstance(value, dict | list) and value]
        if not places:
            break
        place = places[data[number] % len(places)]
        names: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
        value = copy.deepcopy(_VALUES[data[number + 2] % len(_VALUES)])
        if data[number + 1] & 128 and isinstance(place, dict):
            place[_NAMES[data[number + 1] % len(_NAMES)]] = value
        else:
            place[names[data[number + 1] % len(names)]] = value
    secured: JsonObject | str
    try:
        secured = signed_unchecked(document)
    except OpenBadgesError:
        # What JSON-LD cannot say a token still can.
        method = verification_method_of(ISSUER_KEY.public_key)
        secured = encode_vc_jwt(
            {name: value for name, value in document.items() if name != "proof"},
            verification_method=method,
            signing_key=ISSUER_KEY,
        )
    report = verify(secured, now=NOW, fetch=lambda _: _LIST)
    assert dump_json(report.to_json("nl"))


def take_out(data: bytes) -> None:
    """What is taken out of a picture can be put in again, and then comes out the same."""
    found = unbake(data)
    with suppress(MalformedDocument):
        assert unbake(bake(data, found)) == found


def read_list(data: bytes) -> None:
    """A list that is packed in the bytes, and one that is in a document of the bytes."""
    with suppress(OpenBadgesError):
        decode_list(multibase.encode_base64url(data))
    document = parse_json_object(data)
    with suppress(OpenBadgesError):
        read_token_status(StatusReference("https://status.example.org/1", 7), document, now=NOW)
    with suppress(OpenBadgesError):
        StatusReference.parse(document.get("status"))
    read_status(StatusEntry.parse(document), document)


def read_token(data: bytes) -> None:
    """A JWT, and the credential in it."""
    assert isinstance(parse_vc_jwt(data.decode("latin-1")).credential, dict)


def read_selective_token(data: bytes) -> None:
    """An SD-JWT, and the credential in it."""
    assert isinstance(parse_sd_jwt(data.decode("latin-1")).credential, dict)


def check_presentation(data: bytes) -> None:
    """Nothing that nobody signed is verified."""
    report = verify_presentation(data, now=NOW, expected_challenge="c", expected_domain="d")
    assert not report.verified or report.holder


def check_schema(data: bytes) -> None:
    """A schema that a stranger wrote."""
    find_stated_violations(unsigned(), data, url="https://schema.example.org/", path="$")


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = MappingProxyType(
    {
        target.__name__: target
        for target in (
            parse,
            check,
            check_signed,
            take_out,
            read_list,
            read_token,
            read_selective_token,
            check_presentation,
            check_schema,
        )
    }
)
