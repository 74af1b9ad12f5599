"""JSON Schemas that a badge itself names: https://www.w3.org/TR/vc-json-schema/.

The schema is a stranger's program, and it could be one that never ends: references that lead to two others each,
or to themselves. So its references are written out first, to a bound; what is left is a tree, and takes at most as
many steps as the tree has places times the places of the badge. Nothing is fetched here.
"""

from __future__ import annotations

from typing import Any, Final

from openbadges_kit.documents import JsonObject, dump_json, members, parse_json_object
from openbadges_kit.errors import MalformedDocument, WorkLimitExceeded
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem

__all__ = ["find_stated_violations"]

MAX_SCHEMA_BYTES: Final = 512 * 1024
# 1EdTech's own schema for achievement credentials has some 3,000 places before it is written out.
MAX_PLACES: Final = 20_000
MAX_STEPS: Final = 5_000_000
# Compiling one takes up to a millisecond, and each is tried on texts that may be long.
MAX_PATTERNS: Final = 100
MAX_PATTERN_CHARACTERS: Final = 40_000_000
MAX_VIOLATIONS: Final = 12
_OTHER_REFERENCES: Final = ("$dynamicRef", "$recursiveRef")


def find_stated_violations(document: JsonObject, schema: bytes, *, url: str, path: str) -> tuple[Finding, ...]:
    """A finding for each place where the document does not fit the schema that stands at `url`.

    `path` is where the badge names it. Raises MalformedDocument for what is no JSON Schema or refers to another
    document, and WorkLimitExceeded for one that is too large, or that refers to itself.
    """
    # A few milliseconds that a program that never validates need not pay.
    import jsonschema_rs  # noqa: PLC0415

    if len(schema) > MAX_SCHEMA_BYTES:
        raise WorkLimitExceeded(f"a schema of more than {MAX_SCHEMA_BYTES} bytes")
    root = parse_json_object(schema)
    written_out = _WritingOut(root).run()
    _check_work(written_out, document)
    try:
        validator = jsonschema_rs.validator_for(
            written_out,
            offline=True,
            validate_formats=False,
            # A pattern that backtracks can take for ever; this engine has none that do.
            pattern_options=jsonschema_rs.RegexOptions(size_limit=100_000),
        )
        errors = []
        for error in validator.iter_errors(document):
            errors.append(error)
            if len(errors) == MAX_VIOLATIONS:
                break
    except (ValueError, jsonschema_rs.ValidationError) as error:
        raise MalformedDocument(f"no JSON Schema: {str(error)[:200]}") from error
    return tuple(
        Finding(
            Problem.STATED_SCHEMA_VIOLATION,
            _path(error.instance_path),
            {"reason": error.message[:200], "schema": url, "named": path},
        )
        for error in errors
    )


def _check_work(schema: JsonObject, document: JsonObject) -> None:
    steps = sum(1 for _ in members(schema)) * sum(1 for _ in members(document))
    patterns = sum(
        1 if step == "pattern" else len(value)
        for step, value in members(schema)
        if step == "pattern" or (step == "patternProperties" and isinstance(value, dict))
    )
    characters = len(dump_json(document)) * patterns
    if steps > MAX_STEPS or patterns > MAX_PATTERNS or characters > MAX_PATTERN_CHARACTERS:
        raise WorkLimitExceeded("the schema and the badge are too large for each other")


def _path(steps: list[Any]) -> str:
    path = "$"
    for step in steps:
        path = child(path, step)
    return path


class _WritingOut:
    """Puts what is referred to in the place of each reference."""

    def __init__(self, root: JsonObject) -> None:
        self.root = root
        self.places_left = MAX_PLACES

    def run(self) -> JsonObject:
        try:
            written: JsonObject = self.write(self.root, ())
        except RecursionError as error:
            raise WorkLimitExceeded("the schema, its references written out, is too deep") from error
        # Nothing refers to them any more.
        return {name: value for name, value in written.items() if name not in {"$defs", "definitions", "$id"}}

    def write(self, value: Any, inside: tuple[str, ...]) -> Any:  # JSON
        self.places_left -= 1
        if self.places_left < 0:
            raise WorkLimitExceeded(f"the schema, its references written out, has more than {MAX_PLACES} places")
        if isinstance(value, list):
            return [self.write(item, inside) for item in value]
        if not isinstance(value, dict):
            return value
        if any(name in value for name in _OTHER_REFERENCES) or (
            isinstance(value.get("$id"), str) and value is not self.root
        ):
            raise MalformedDocument("the schema uses references of a kind that is not supported")
        reference = value.get("$ref")
        if not isinstance(reference, str):
            # $defs is written out where it is referred to.
            skipped = {"$defs", "definitions"} if value is self.root else set()
            return {name: self.write(inner, inside) for name, inner in value.items() if name not in skipped}
        if reference in inside:
            raise WorkLimitExceeded("the schema refers to itself")
        target = self.write(self.referred(reference), (*inside, reference))
        siblings = {name: self.write(inner, inside) for name, inner in value.items() if name != "$ref"}
        return {**siblings, "allOf": [*siblings.get("allOf", []), target]}

    def referred(self, reference: str) -> Any:  # JSON
        here: Any = self.root
        if not reference.startswith("#/") or "%" in reference:
            raise MalformedDocument(f"the schema refers to {reference[:100]}, which is not a place in itself")
        for step in reference.removeprefix("#/").split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(here, dict) or name not in here:
                raise MalformedDocument(f"the schema refers to {reference[:100]}, where nothing stands")
            here = here[name]
        return here
