"""`openbadges issue`: check an unsigned credential and sign it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from openbadges_kit.cli.files import STANDARD_STREAM, UsageError, blamed_on, read, write
from openbadges_kit.cli.key_file import is_encrypted, read_key
from openbadges_kit.cli.keygen import ask_passphrase
from openbadges_kit.cli.times import add_now
from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import dump_json, parse_json_object
from openbadges_kit.issuance import issue, issue_vc_jwt, prepare
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.proof.cryptosuite import CRYPTOSUITES, EDDSA_RDFC_2022, Cryptosuite

__all__ = ["add_parsers"]


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `issue` to the command line."""
    parser = commands.add_parser(
        "issue",
        help="sign a credential",
        description="Check an unsigned credential as a verifier will, and sign it. Whatever is amiss is told at once.",
    )
    parser.add_argument("credential", metavar="CREDENTIAL", help="the unsigned credential as JSON; - for stdin")
    parser.add_argument("--key", metavar="FILE", required=True, help="a key file of keygen")
    parser.add_argument(
        "--verification-method", metavar="URL", help="the key's URL at the issuer (default: that of its did:key)"
    )
    parser.add_argument("-o", "--output", metavar="OUT", default=STANDARD_STREAM, help="default: standard output")
    parser.add_argument("--jwt", action="store_true", help="a VC-JWT instead of a Data Integrity proof")
    add_now(parser, "the moment of signing")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    key = _key(arguments.key)
    with blamed_on(arguments.credential):
        unsecured = parse_json_object(read(arguments.credential))
    method = arguments.verification_method or verification_method_of(key.public_key)
    suite = EDDSA_RDFC_2022 if arguments.jwt else _suite_for(key)
    prepared = prepare(
        unsecured, verification_method=method, created=arguments.now or datetime.now(UTC), cryptosuite=suite
    )
    if arguments.jwt:
        secured = issue_vc_jwt(prepared, verification_method=method, signing_key=key).encode()
    else:
        secured = dump_json(issue(prepared, signing_key=key))
    write(arguments.output, secured + b"\n")
    return 0


def _key(name: str) -> InMemoryKey:
    data = read(name)
    with blamed_on(name):
        return read_key(data, passphrase=ask_passphrase() if is_encrypted(data) else None)


def _suite_for(key: InMemoryKey) -> Cryptosuite:
    algorithm: KeyAlgorithm = key.public_key.algorithm
    for suite in CRYPTOSUITES.values():
        if algorithm in suite.hash_of:
            return suite
    raise UsageError(f"no Data Integrity suite signs with a key of {algorithm}; add --jwt, or use an Ed25519 key")
