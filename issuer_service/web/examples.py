"""An example for each body and each answer of the OpenAPI document, made of what the document says of their fields.

So an operation that is added later has one too, and none can say something else than its schema. A field's own
example comes first, then what its name or its format suggests.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

__all__ = ["add_examples"]

_Json = dict[str, Any]

_ID: Final = "3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"
_MOMENT: Final = "2026-11-20T09:00:00Z"
_BY_NAME: Final[Mapping[str, object]] = MappingProxyType(
    {
        "about_id": _ID,
        "code": "VO001",
        "country_code": "NL",
        "description": "Stelt de versnelling van een fiets af.",
        "detail": "What is amiss, in a sentence.",
        "email": "sanne@example.org",
        "event": "credential.issued",
        "findings": [],
        "hint": "obk_3f1c",
        "language": "nl",
        "last_outcome": "answered 204",
        "name": "Fietstechniek",
        "next": None,
        "number": 2,
        "qualification": "fietstechniek",
        "refused": {},
        "reason": "Bij de verkeerde persoon vastgelegd",
        "revocation_reason": "Bij de verkeerde persoon vastgelegd",
        "secret": "shown this once",
        "slug": "voorbeeld-opleider",
        "summary": "This badge is valid.",
        "unsigned": {"type": ["VerifiableCredential", "OpenBadgeCredential"]},
        "url": "https://badges.example/badges/" + _ID,
        "verdict": "valid",
        "check": "proof",
        "outcome": "passed",
    }
)


def add_examples(document: _Json) -> None:
    """Give every JSON body and every JSON answer of an operation an example, where it has none."""
    schemas: Mapping[str, _Json] = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            bodies = [operation["requestBody"]] if "requestBody" in operation else []
            answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            for one in (*bodies, *answers):
                for media_type, content in one.get("content", {}).items():
                    if media_type == "application/json" and content.get("schema") and "example" not in content:
                        content["example"] = _example(content["schema"], "", schemas)


def _example(schema: _Json, name: str, schemas: Mapping[str, _Json]) -> Any:  # JSON
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].rpartition("/")[2]], name, schemas)
    for said in ("example", "const"):
        if said in schema:
            return schema[said]
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        # Something rather than nothing, so that a reader sees what can stand there.
        some = [one for one in schema["anyOf"] if one.get("type") != "null"]
        return _example(some[0] | {"examples": schema.get("examples", [])}, name, schemas)
    if _fits(name, schema):
        return _BY_NAME[name]
    return _of_type(schema, name, schemas)


def _of_type(schema: _Json, name: str, schemas: Mapping[str, _Json]) -> Any:  # JSON
    match schema.get("type"):
        case "object":
            if "properties" in schema:
                return {field: _example(inner, field, schemas) for field, inner in schema["properties"].items()}
            values = schema.get("additionalProperties")
            key = _example({"type": "string", **schema.get("propertyNames", {})}, "award_id", schemas)
            return {key: _example(values, name, schemas)} if isinstance(values, dict) else {}
        case "array":
            return [_example(schema["items"], name.removesuffix("s"), schemas)] if "items" in schema else []
        case "integer" | "number":
            return schema.get("default", schema.get("minimum", 1))
        case "boolean":
            return schema.get("default", True)
        case "string" if schema.get("format") == "date-time":
            return _MOMENT
        case "string":
            return _ID if name == "id" or name.endswith("_id") else schema.get("default", name or "text")
        case _:
            return schema.get("default", {})


def _fits(name: str, schema: _Json) -> bool:
    if name not in _BY_NAME:
        return False
    kinds = {"string": str, "array": list, "object": dict, "integer": int}
    wanted = kinds.get(str(schema.get("type")))
    return wanted is not None and isinstance(_BY_NAME[name], wanted)
