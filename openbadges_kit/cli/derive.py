"""`openbadges derive`: what a holder shows of a badge, and nothing else."""

from __future__ import annotations

import argparse
from typing import Any

from openbadges_kit.cli.answers import add_output, hand_over
from openbadges_kit.cli.files import UsageError, blamed_on, read
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import ProofGenerationError
from openbadges_kit.proof.sd_jwt import SEPARATOR, parse_sd_jwt
from openbadges_kit.proof.sd_jwt_holding import select_disclosures
from openbadges_kit.proof.selective.ecdsa_sd_2023 import derive_document
from openbadges_kit.verification.received import recognize

__all__ = ["add_parsers"]


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `derive` to the command line."""
    parser = commands.add_parser(
        "derive",
        help="show a part of a badge",
        description="Leave out of a badge what its issuer allows to be left out: of one with a base proof of "
        "ecdsa-sd-2023, or of an SD-JWT. What is not named is not shown; inspect lists what an SD-JWT may leave out.",
    )
    parser.add_argument("credential", metavar="CREDENTIAL", help="as it was issued to its holder; - for standard input")
    parser.add_argument(
        "--reveal",
        metavar="POINTER",
        action="append",
        default=[],
        help="a JSON Pointer to what is shown, such as /credentialSubject/id; may be given more than once",
    )
    add_output(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    with blamed_on(arguments.credential):
        found = recognize(read(arguments.credential))
    try:
        hand_over(arguments, _derived(found, arguments.reveal))
    except ProofGenerationError as error:
        raise UsageError(f"{arguments.credential}: {error}") from error
    return 0


def _derived(found: JsonObject | str, reveal: list[str]) -> JsonObject | str:
    if isinstance(found, dict):
        return derive_document(found, selective_pointers=reveal)
    if SEPARATOR not in found:
        raise ProofGenerationError("a JWT is shown whole or not at all")
    token = parse_sd_jwt(found)
    if token.key_binding is not None:
        raise ProofGenerationError("it was bound to one verifier already; derive from it as it was issued")
    return select_disclosures(token, disclose=reveal)
