"""`openbadges issue`: check an unsigned credential and sign it."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from typing import Any, Final

from openbadges_kit.cli.answers import add_output, hand_over
from openbadges_kit.cli.files import UsageError, blamed_on, read
from openbadges_kit.cli.keygen import new_key
from openbadges_kit.cli.signing import add_key, read_key_file, suite_for
from openbadges_kit.cli.times import add_now
from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject, parse_json_object
from openbadges_kit.errors import ProofError, ProofGenerationError, ResolutionError
from openbadges_kit.issuance import (
    PreparedCredential,
    issue,
    issue_selectively_disclosable,
    issue_vc_jwt,
    issue_with_base_proof,
    prepare,
)
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.proof.cryptosuite import CRYPTOSUITES, ECDSA_SD_2023, EDDSA_RDFC_2022
from openbadges_kit.proof.key_binding import holder_confirmation
from openbadges_kit.proof.selective.ecdsa_sd_2023 import DisclosureSecrets
from openbadges_kit.vocabulary import ProofPurpose

__all__ = ["add_parsers"]

# What a verifier would miss; issuer, period and status always stay.
_NEEDED: Final = ("/credentialSubject/type", "/credentialSubject/achievement")


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `issue` to the command line."""
    parser = commands.add_parser(
        "issue",
        help="sign a credential",
        description="Check an unsigned credential as a verifier will, and sign it. Whatever is amiss is told at once.",
    )
    parser.add_argument("credential", metavar="CREDENTIAL", help="the unsigned credential as JSON; - for stdin")
    add_key(parser, owner="issuer")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--suite",
        choices=tuple(CRYPTOSUITES),
        help="of the Data Integrity proof (default: the first that fits the key); with ecdsa-sd-2023 the holder may "
        "leave out what --mandatory does not name",
    )
    form.add_argument("--jwt", action="store_true", help="a VC-JWT instead of a Data Integrity proof")
    form.add_argument("--sd-jwt", action="store_true", help="an SD-JWT, of which the holder may leave out a part")
    parser.add_argument(
        "--mandatory",
        metavar="POINTER",
        action="append",
        default=[],
        help="with ecdsa-sd-2023: a JSON Pointer to what is always shown, beside issuer, period, status, achievement",
    )
    parser.add_argument(
        "--disclosable",
        metavar="POINTER",
        action="append",
        default=[],
        help="with --sd-jwt: a JSON Pointer to what the holder may leave out; may be given more than once",
    )
    parser.add_argument("--holder", metavar="DID", help="with --sd-jwt: the holder's did:key or did:jwk, bound to it")
    parser.add_argument("--vct", metavar="TYPE", help="with --sd-jwt: an SD-JWT VC of this type, for EUDI wallets")
    add_now(parser, "the moment of signing")
    add_output(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    _check(arguments)
    key = read_key_file(arguments.key)
    with blamed_on(arguments.credential):
        unsecured = parse_json_object(read(arguments.credential))
    method = arguments.verification_method or verification_method_of(key.public_key)
    as_token = arguments.jwt or arguments.sd_jwt
    prepared = prepare(
        unsecured,
        verification_method=method,
        created=arguments.now or datetime.now(UTC),
        cryptosuite=EDDSA_RDFC_2022 if as_token else suite_for(key, arguments.suite),
    )
    hand_over(arguments, _secured(arguments, prepared, method, key))
    return 0


def _check(arguments: argparse.Namespace) -> None:
    for given, name, needed in (
        (arguments.mandatory, "--mandatory", arguments.suite == ECDSA_SD_2023.name),
        (arguments.disclosable, "--disclosable", arguments.sd_jwt),
        (arguments.holder, "--holder", arguments.sd_jwt),
        (arguments.vct, "--vct", arguments.sd_jwt),
    ):
        if given and not needed:
            raise UsageError(
                f"{name} goes with {'--suite ecdsa-sd-2023' if name == '--mandatory' else '--sd-jwt'} only"
            )


def _secured(
    arguments: argparse.Namespace, prepared: PreparedCredential, method: str, key: InMemoryKey
) -> JsonObject | str:
    if arguments.jwt:
        return issue_vc_jwt(prepared, verification_method=method, signing_key=key)
    try:
        if arguments.sd_jwt:
            return issue_selectively_disclosable(
                prepared,
                disclosable=arguments.disclosable,
                salt=lambda: os.urandom(16),
                verification_method=method,
                signing_key=key,
                vct=arguments.vct,
                claims=None if arguments.holder is None else {"cnf": _confirmation(arguments.holder)},
            )
        if arguments.suite == ECDSA_SD_2023.name:
            return issue_with_base_proof(
                prepared,
                signing_key=key,
                secrets=DisclosureSecrets(new_key(KeyAlgorithm.P256), os.urandom(32)),
                mandatory_pointers=(*_NEEDED, *arguments.mandatory),
            )
    except ProofGenerationError as error:
        raise UsageError(f"{arguments.credential}: {error}") from error
    return issue(prepared, signing_key=key)


def _confirmation(holder: str) -> JsonObject:
    try:
        method = Resolver().verification_method(holder, purpose=ProofPurpose.AUTHENTICATION)
    except (ResolutionError, ProofError) as error:
        raise UsageError(f"--holder is a did:key or a did:jwk: {error}") from error
    return holder_confirmation(method.public_key)
