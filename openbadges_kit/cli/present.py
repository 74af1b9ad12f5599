"""`openbadges present`: a holder signs what is shown, for one verifier and once."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from openbadges_kit.cli.answers import add_output, hand_over
from openbadges_kit.cli.files import blamed_on, read
from openbadges_kit.cli.signing import add_key, read_key_file, suite_for
from openbadges_kit.cli.times import add_now
from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.proof.key_binding import bind_key
from openbadges_kit.proof.presentation import build_presentation, encode_vp_jwt, sign_presentation
from openbadges_kit.proof.sd_jwt import SEPARATOR, parse_sd_jwt
from openbadges_kit.verification.received import recognize

__all__ = ["add_parsers"]


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `present` to the command line."""
    parser = commands.add_parser(
        "present",
        help="sign what is shown to a verifier",
        description="Sign one or more badges as their holder, for the verifier who gave the challenge. An SD-JWT that "
        "names its holder's key is bound to it; whatever else goes into a presentation.",
    )
    parser.add_argument("credentials", metavar="CREDENTIAL", nargs="+", help="a badge: JSON, a token or a picture")
    parser.add_argument("--challenge", metavar="TEXT", required=True, help="the nonce that the verifier gave")
    parser.add_argument("--domain", metavar="TEXT", required=True, help="who the verifier is")
    add_key(parser, owner="holder")
    parser.add_argument("--jwt", action="store_true", help="a vp+jwt instead of a Data Integrity proof")
    add_now(parser, "the moment of signing")
    add_output(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    key = read_key_file(arguments.key)
    credentials = []
    for name in arguments.credentials:
        with blamed_on(name):
            credentials.append(recognize(read(name)))
    hand_over(arguments, _presented(arguments, credentials, key))
    return 0


def _presented(
    arguments: argparse.Namespace, credentials: list[JsonObject | str], key: InMemoryKey
) -> JsonObject | str:
    now = arguments.now or datetime.now(UTC)
    if len(credentials) == 1 and _names_its_holder(credentials[0]):
        return bind_key(
            str(credentials[0]),
            nonce=arguments.challenge,
            audience=arguments.domain,
            issued_at=now,
            signing_key=key,
        )
    method = arguments.verification_method or verification_method_of(key.public_key)
    presentation = build_presentation(credentials, holder=method.partition("#")[0])
    if arguments.jwt:
        return encode_vp_jwt(
            presentation,
            nonce=arguments.challenge,
            audience=arguments.domain,
            verification_method=method,
            issued_at=now,
            signing_key=key,
        )
    return sign_presentation(
        presentation,
        challenge=arguments.challenge,
        domain=arguments.domain,
        verification_method=method,
        created=now,
        signing_key=key,
        cryptosuite=suite_for(key),
    )


def _names_its_holder(credential: JsonObject | str) -> bool:
    return isinstance(credential, str) and SEPARATOR in credential and "cnf" in parse_sd_jwt(credential).claims
