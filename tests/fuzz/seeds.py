"""The inputs that fuzzing begins with: one of each kind, and those that a verifier should find hard."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator

from PIL import Image

from openbadges_kit.baking.picture import bake
from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import dump_json
from openbadges_kit.encoding import base64url
from openbadges_kit.proof.sd_jwt_issuance import issue_sd_jwt
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.status.token_status_list import build_status_list_claims
from tests.kit.samples import NOW, P256_KEY, signed, signed_unchecked, status_entry, status_list, unsigned

__all__ = ["seeds"]

_SVG = b'<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><g/></svg>'
_WORDS = ("@context", "@type", "@id", "@graph", "@list", "@reverse", "@included", "@nest", "proof", "endorsement")


def seeds() -> dict[str, bytes]:
    """The bytes by a name for them."""
    return dict(_seeds())


def _seeds() -> Iterator[tuple[str, bytes]]:
    badge = signed(credentialStatus=status_entry(), validUntil="2030-01-01T00:00:00Z")
    method = verification_method_of(P256_KEY.public_key)
    token = encode_vc_jwt(unsigned(), verification_method=method, signing_key=P256_KEY, issued_at=NOW)
    salts = iter(range(1, 1000))
    selective = issue_sd_jwt(
        unsigned(),
        disclosable=["/name", "/credentialSubject/achievement", "/credentialSubject/achievement/tag/0"],
        salt=lambda: next(salts).to_bytes(16, "big"),
        verification_method=method,
        signing_key=P256_KEY,
        issued_at=NOW,
    )
    png = io.BytesIO()
    Image.new("RGB", (2, 2)).save(png, "PNG")
    yield "badge.json", dump_json(badge)
    yield "badge.jwt", token.encode()
    yield "badge.sd-jwt", selective.encode()
    for name, image in (("png", png.getvalue()), ("svg", _SVG)):
        yield f"badge.{name}", bake(image, dump_json(badge))
        yield f"badge-jwt.{name}", bake(image, token)
    yield "list.json", dump_json(status_list([7, 4711]))
    yield "entry.json", dump_json(status_entry() | status_list([7]))
    claims = build_status_list_claims(uri="https://status.example.org/1", entries=64, issued_at=NOW, values={7: 1})
    yield "token-list.json", dump_json(claims)
    yield (
        "presentation.json",
        dump_json({"@context": badge["@context"], "type": ["VerifiablePresentation"], "verifiableCredential": [badge]}),
    )
    yield (
        "envelope.json",
        dump_json(
            {
                "@context": badge["@context"][:1],
                "id": f"data:application/vc+jwt,{token}",
                "type": "EnvelopedVerifiableCredential",
            }
        ),
    )
    endorsement = unsigned(
        id="urn:uuid:90a3a0ac-3a0e-4b9b-8d3c-0f3b5d5f7a01", type=["VerifiableCredential", "EndorsementCredential"]
    )
    yield "endorsed.json", dump_json(signed_unchecked(unsigned(endorsementJwt=[token], endorsement=[endorsement])))
    yield (
        "schema.json",
        json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$defs": {"a": {"type": "string", "pattern": "^(a+)+$"}, "b": {"$ref": "#/$defs/a"}},
                "properties": {"name": {"$ref": "#/$defs/b"}, "type": {"items": {"$ref": "#/$defs/a"}}},
                "allOf": [{"not": {"required": ["x"]}}],
            }
        ).encode(),
    )
    yield from _hard()


def _hard() -> Iterator[tuple[str, bytes]]:
    """Bombs and mazes, small enough to be varied."""
    yield "deep.json", b'{"a":' * 63 + b"1" + b"}" * 63
    yield "too-deep.json", b'{"a":' * 65 + b"1" + b"}" * 65
    yield "keywords.json", dump_json(unsigned(**{word: [{"@value": 1}] for word in _WORDS}))
    blank = [{"type": ["Evidence"], "name": "e"} for _ in range(12)]
    yield "alike.json", dump_json(unsigned(evidence=blank))
    yield (
        "inline.json",
        dump_json(unsigned(**{"@context": [{"x": "urn:x:", "type": "@type", "y": {"@reverse": "x:y"}}]})),
    )
    yield "bomb.gz", gzip.compress(bytes(8 * 1024 * 1024), mtime=0)
    bomb = b"openbadgecredential\0\0" + zlib.compress(bytes(8 * 1024 * 1024))
    png = b"\x89PNG\r\n\x1a\n"
    for kind, data in ((b"IHDR", bytes(13)), (b"zTXt", bomb), (b"IEND", b"")):
        png += len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    yield "bomb.png", png
    yield "entities.svg", b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="x">&b;</svg>'
    header = base64url.encode(b'{"alg":"none","crit":["x"],"jwk":{}}')
    yield "none.jwt", f"{header}.{base64url.encode(dump_json(unsigned()))}.".encode()
    yield "doubling.json", json.dumps(
        {"$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(30)} | {"d30": {}},
         "$ref": "#/$defs/d0"}
    ).encode()  # fmt: skip
