"""What came in, of whatever kind, brought to a credential and the way it is secured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openbadges_kit.documents import JsonObject, UnverifiedDocument, check_json, parse_json_object
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.proof.envelope import is_enveloped, open_envelope
from openbadges_kit.proof.sd_jwt import SEPARATOR, SdJwt, parse_sd_jwt
from openbadges_kit.proof.vc_jwt import VcJwt, parse_vc_jwt

__all__ = ["Received", "parse_received", "recognize"]

_UNKNOWN: Final = "neither JSON, nor a JWT or SD-JWT, nor a PNG or SVG with a credential"


@dataclass(frozen=True, slots=True)
class Received:
    """An unverified credential. `token` is there when a token secures it; otherwise its own `proof` does."""

    document: UnverifiedDocument
    token: VcJwt | SdJwt | None = None


def parse_received(data: bytes | str | JsonObject) -> Received:
    """Read a JSON object, a compact JWT, an SD-JWT, an envelope of one, a baked picture, or bytes of any of them.

    Raises MalformedDocument when it is none of them.
    """
    found = recognize(data)
    if isinstance(found, dict) and is_enveloped(found):
        found = open_envelope(found)
    if isinstance(found, dict):
        return Received(UnverifiedDocument(found))
    token = parse_sd_jwt(found) if SEPARATOR in found else parse_vc_jwt(found)
    return Received(UnverifiedDocument(token.credential), token)


def recognize(data: bytes | str | JsonObject) -> JsonObject | str:
    """The JSON object, or the token as text, that the input is or holds.

    Raises MalformedDocument when it is none of the known kinds.
    """
    if isinstance(data, dict):
        check_json(data)
        return data
    if not isinstance(data, bytes | str):  # an endorsement, say: what stands in a document may be anything
        raise MalformedDocument(_UNKNOWN)
    if isinstance(data, str):
        data = _text_of(data).encode()
    if data[:1] not in {b"{", b"e"}:
        # What only a picture needs takes a while to load, and this can still be one.
        from openbadges_kit.baking.picture import is_picture, unbake  # noqa: PLC0415

        if is_picture(data):
            data = unbake(data)
    # A picture inside a picture is nobody's badge: what was baked is looked at as JSON or a token only.
    return _json_or_token(_text_of(data))


def _text_of(data: bytes | str) -> str:
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        text.encode()
    except UnicodeError as error:
        raise MalformedDocument(_UNKNOWN) from error
    return text.strip()


def _json_or_token(text: str) -> JsonObject | str:
    if text.startswith("{"):
        return parse_json_object(text)
    # Every token begins with a JSON object in base64url: `{"` is eyJ there, and `{` with a line end ew0 or ewo.
    if text.startswith(("ey", "ew")):
        return text
    raise MalformedDocument(_UNKNOWN)
