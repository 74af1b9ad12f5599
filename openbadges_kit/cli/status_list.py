"""`openbadges status-list`: which badges are revoked, as the signed list that stands at its URL."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any

from openbadges_kit.cli.answers import add_output, hand_over
from openbadges_kit.cli.signing import add_key, read_key_file, suite_for
from openbadges_kit.cli.times import add_now
from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.status.bitstring import build_status_list_credential
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["add_parsers"]


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `status-list` to the command line."""
    parser = commands.add_parser(
        "status-list",
        help="sign a list of revoked badges",
        description="Sign a bitstring status list, to be served at its URL. A badge has its index in it; each list "
        "tells of all its badges anew, so name every index that is set.",
    )
    parser.add_argument("url", metavar="URL", help="where the list will stand")
    add_key(parser, owner="issuer")
    parser.add_argument(
        "--set",
        metavar="INDEX",
        type=int,
        action="append",
        default=[],
        help="the index of a badge that is revoked; may be given more than once",
    )
    purposes = (str(StatusPurpose.REVOCATION), str(StatusPurpose.SUSPENSION), str(StatusPurpose.REFRESH))
    parser.add_argument(
        "--purpose",
        choices=purposes,
        default=purposes[0],
        help="what a set index means: revoked (default), suspended, or that a newer badge is to be had",
    )
    parser.add_argument("--ttl", metavar="SECONDS", type=int, help="how long a verifier may keep it")
    add_now(parser, "the moment of signing")
    add_output(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    key = read_key_file(arguments.key)
    now = arguments.now or datetime.now(UTC)
    method = arguments.verification_method or verification_method_of(key.public_key)
    document = build_status_list_credential(
        url=arguments.url,
        issuer=method.partition("#")[0],
        set_indexes=arguments.set,
        valid_from=now,
        purpose=StatusPurpose(arguments.purpose),
        ttl=None if arguments.ttl is None else timedelta(seconds=arguments.ttl),
    )
    options = build_proof_options(verification_method=method, created=now, cryptosuite=suite_for(key))
    hand_over(arguments, add_proof(document, proof_options=options, signing_key=key))
    return 0
