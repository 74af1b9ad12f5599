"""`openbadges inspect`: what does it say? Whether that is so, only `verify` tells."""

from __future__ import annotations

import argparse
import json
from typing import Any

from openbadges_kit.baking.picture import is_picture
from openbadges_kit.cli.answers import add_json, printable
from openbadges_kit.cli.files import blamed_on, read
from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.proof.sd_jwt import SdJwt
from openbadges_kit.verification.case import issuer_id
from openbadges_kit.verification.received import Received, parse_received

__all__ = ["add_parsers"]

_MAX_TEXT = 160


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `inspect` to the command line."""
    parser = commands.add_parser(
        "inspect",
        help="show what a badge says, without verifying it",
        description="Show what a badge says. Nothing is verified: use verify for that.",
    )
    parser.add_argument(
        "file", metavar="FILE", help="the badge: JSON, a JWT, an SD-JWT or a baked picture; - for standard input"
    )
    add_json(parser, "print the whole credential as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    data = read(arguments.file)
    with blamed_on(arguments.file):
        received = parse_received(data)
    if arguments.json:
        print(json.dumps(received.document, ensure_ascii=False, indent=2))
        return 0
    picture = "in a baked picture, " if is_picture(data) else ""
    facts = [("Form", picture + _form(received)), *_facts_of(received.document)]
    if isinstance(received.token, SdJwt):
        facts.append(("May be left out", ", ".join(received.token.disclosures)))
    width = max(len(name) for name, _ in facts)
    for name, text in facts:
        print(f"{name:<{width}}  {_shown(text)}")
    print("\nThis is what it says. Nothing was verified: use `openbadges verify`.")
    return 0


def _form(received: Received) -> str:
    if received.token is not None:
        kind = "SD-JWT" if isinstance(received.token, SdJwt) else "JWT"
        return f"{kind} ({_text(received.token.jws.header.get('alg'))}, key {_text(received.token.jws.key_id)})"
    proofs = [proof for proof in as_list(received.document.get("proof")) if isinstance(proof, dict)]
    if not proofs:
        return "JSON, not signed"
    kinds = (_text(proof.get("cryptosuite") or proof.get("type")) for proof in proofs)
    keys = (_text(proof.get("verificationMethod")) for proof in proofs)
    return f"JSON with Data Integrity proof ({', '.join(kinds)}, key {', '.join(keys)})"


def _facts_of(document: JsonObject) -> list[tuple[str, str]]:
    facts = [
        ("Type", ", ".join(map(_text, as_list(document.get("type"))))),
        ("Id", _text(document.get("id"))),
        ("Name", _text(document.get("name"))),
        ("Issuer", " ".join(filter(None, [_name_of(document.get("issuer")), f"<{issuer_id(document)}>"]))),
        ("Valid from", _text(document.get("validFrom"))),
        ("Valid until", _text(document.get("validUntil"))),
        ("Status", ", ".join(map(_status, as_list(document.get("credentialStatus"))))),
    ]
    for subject in as_list(document.get("credentialSubject")):
        if not isinstance(subject, dict):
            continue
        facts.append(("Subject", _text(subject.get("id"))))
        achievement = subject.get("achievement")
        if isinstance(achievement, dict):
            facts.append(("Achievement", f"{_text(achievement.get('name'))} <{_text(achievement.get('id'))}>"))
            facts += [("Alignment", _alignment(item)) for item in as_list(achievement.get("alignment"))]
        facts += [("Result", _result(item)) for item in as_list(subject.get("result"))]
    return [(name, text) for name, text in facts if text]


def _name_of(issuer: object) -> str:
    return _text(issuer.get("name")) if isinstance(issuer, dict) else ""


def _status(entry: object) -> str:
    if not isinstance(entry, dict):
        return _text(entry)
    return f"{_text(entry.get('statusPurpose'))} at {_text(entry.get('statusListIndex'))} of " + _text(
        entry.get("statusListCredential")
    )


def _alignment(item: object) -> str:
    if not isinstance(item, dict):
        return _text(item)
    return " ".join(
        filter(None, [_text(item.get(name)) for name in ("targetCode", "targetName")] + [f"<{item.get('targetUrl')}>"])
    )


def _result(item: object) -> str:
    if not isinstance(item, dict):
        return _text(item)
    names = ("status", "value", "achievedLevel")
    return ", ".join(_text(item[name]) for name in names if name in item)


def _text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shown(text: str) -> str:
    text = printable(text).replace("\n", " ")
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"
