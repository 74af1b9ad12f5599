"""The key that a command signs with, and the suite that fits it."""

from __future__ import annotations

import argparse

from openbadges_kit.cli.files import UsageError, blamed_on, read
from openbadges_kit.cli.key_file import is_encrypted, read_key
from openbadges_kit.cli.keygen import ask_passphrase
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.proof.cryptosuite import CRYPTOSUITES, Cryptosuite

__all__ = ["add_key", "read_key_file", "suite_for"]


def add_key(parser: argparse.ArgumentParser, *, owner: str) -> None:
    """Add `--key` and `--verification-method`."""
    parser.add_argument("--key", metavar="FILE", required=True, help=f"the {owner}'s key file, of keygen")
    parser.add_argument(
        "--verification-method", metavar="URL", help=f"the key's URL at the {owner} (default: that of its did:key)"
    )


def read_key_file(name: str) -> InMemoryKey:
    """The key in a file; its passphrase is asked for where it has one. Raises UsageError."""
    data = read(name)
    with blamed_on(name):
        return read_key(data, passphrase=ask_passphrase() if is_encrypted(data) else None)


def suite_for(key: InMemoryKey, name: str | None = None) -> Cryptosuite:
    """The suite of this name, or the first that signs with such a key. Raises UsageError when none does."""
    algorithm = key.public_key.algorithm
    for suite in CRYPTOSUITES.values():
        if algorithm in suite.hash_of and name in {None, suite.name}:
            return suite
    raise UsageError(f"{name or 'no Data Integrity suite'} does not sign with a key of {algorithm}")
