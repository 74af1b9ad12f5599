"""`openbadges keygen`: a new private key in a file that only its owner can read."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any, Final

from openbadges_kit.cli.answers import add_json, say
from openbadges_kit.cli.files import UsageError, create_private
from openbadges_kit.cli.key_file import key_file
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.errors import KeyMaterialError
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.keys.signing_key import InMemoryKey, ecdsa_key, ed25519_key

__all__ = ["PASSPHRASE_VARIABLE", "add_parsers", "ask_passphrase", "new_key"]

PASSPHRASE_VARIABLE: Final = "OPENBADGES_PASSPHRASE"  # noqa: S105  # its name
_SECRET_BYTES: Final = {KeyAlgorithm.ED25519: 32, KeyAlgorithm.P256: 32, KeyAlgorithm.P384: 48}


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `keygen` to the command line."""
    parser = commands.add_parser(
        "keygen",
        help="make a private key",
        description="Make a private key, in a new file that only you can read, and print its public names.",
    )
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the key file; never overwritten")
    parser.add_argument(
        "--algorithm",
        choices=[str(algorithm) for algorithm in _SECRET_BYTES],
        default=str(KeyAlgorithm.ED25519),
        help="Ed25519 for Data Integrity (default); P-256 for JWTs that 1EdTech certifies",
    )
    parser.add_argument(
        "--encrypt",
        action="store_true",
        help=f"encrypt it with a passphrase, from {PASSPHRASE_VARIABLE} or asked for",
    )
    add_json(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    key = new_key(KeyAlgorithm(arguments.algorithm))
    passphrase = ask_passphrase(twice=True) if arguments.encrypt else None
    create_private(arguments.output, key_file(key, passphrase=passphrase))
    did, method = did_of(key.public_key), verification_method_of(key.public_key)
    secrecy = "encrypted" if passphrase else "not encrypted: keep it private"
    say(
        arguments,
        {
            "output": arguments.output,
            "encrypted": passphrase is not None,
            "algorithm": str(key.public_key.algorithm),
            "issuer": did,
            "verificationMethod": method,
            "thumbprint": key.public_key.thumbprint,
        },
        f"key file             {arguments.output} ({secrecy})\nissuer               {did}\n"
        f"verification method  {method}",
    )
    return 0


def new_key(algorithm: KeyAlgorithm) -> InMemoryKey:
    """A key drawn at random."""
    while True:
        secret = os.urandom(_SECRET_BYTES[algorithm])
        try:
            return ed25519_key(secret) if algorithm is KeyAlgorithm.ED25519 else ecdsa_key(secret, algorithm)
        except KeyMaterialError:  # one of the few numbers that are no key: once in 2**32 for P-256
            continue


def ask_passphrase(*, twice: bool = False) -> str:
    """The passphrase, from the environment or from whoever sits at the terminal. Raises UsageError without one."""
    passphrase = os.environ.get(PASSPHRASE_VARIABLE)
    if passphrase is None:
        if not sys.stdin.isatty():
            raise UsageError(f"a passphrase is needed: set {PASSPHRASE_VARIABLE}, or run this at a terminal")
        passphrase = getpass.getpass("Passphrase: ")
        if twice and getpass.getpass("Once more: ") != passphrase:
            raise UsageError("the two passphrases are not the same")
    if not passphrase:
        raise UsageError("an empty passphrase protects nothing")
    return passphrase
