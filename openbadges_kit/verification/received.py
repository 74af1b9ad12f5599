"""What came in: JSON, a JWT or a baked PNG, brought to a credential and the way it is secured."""

from __future__ import annotations

from dataclasses import dataclass

from openbadges_kit.baking import png
from openbadges_kit.documents import JsonObject, UnverifiedDocument, check_json, parse_json_object
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.proof.vc_jwt import VcJwt, parse_vc_jwt

__all__ = ["Received", "parse_received"]


@dataclass(frozen=True, slots=True)
class Received:
    """An unverified credential. `token` is there when a JWT secures it; otherwise its own `proof` does."""

    document: UnverifiedDocument
    token: VcJwt | None = None


def parse_received(data: bytes | str | JsonObject) -> Received:
    """Read a JSON object, a compact JWT, a baked PNG, or bytes of any of the three.

    Raises MalformedDocument when it is none of them.
    """
    if isinstance(data, dict):
        check_json(data)
        return Received(UnverifiedDocument(data))
    if not isinstance(data, bytes | str):  # an endorsement, say: what stands in a document may be anything
        raise MalformedDocument("neither a JSON object, nor a JWT")
    if isinstance(data, bytes) and data.startswith(png.SIGNATURE):
        return parse_received(png.unbake_png(data))
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeError as error:
        raise MalformedDocument("neither JSON, nor a JWT, nor a PNG") from error
    text = text.strip()
    if text.startswith("{"):
        return Received(UnverifiedDocument(parse_json_object(text)))
    if text.startswith("eyJ"):
        token = parse_vc_jwt(text)
        return Received(UnverifiedDocument(token.credential), token)
    raise MalformedDocument("neither JSON, nor a JWT, nor a PNG")
