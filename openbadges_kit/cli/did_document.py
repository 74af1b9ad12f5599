"""`openbadges did-document`: the document by which an issuer with a name of its own says which keys are its."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from openbadges_kit.cli.answers import add_json, say
from openbadges_kit.cli.files import STANDARD_STREAM, UsageError, blamed_on, read, write
from openbadges_kit.cli.times import moment
from openbadges_kit.did import did_web
from openbadges_kit.documents import JsonObject, dump_json, parse_json_object
from openbadges_kit.errors import ResolutionError
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.vocabulary import ProofPurpose

__all__ = ["add_parsers"]

_CONTEXTS: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `did-document` to the command line."""
    parser = commands.add_parser(
        "did-document",
        help="say which keys are an issuer's",
        description="Make the document of a did:web from key files. Only their public parts go into it. A key that "
        "signed anything stays in it: retired, it verifies what it signed before; compromised, it fails since then.",
    )
    parser.add_argument("did", metavar="DID", help="did:web:… of the issuer")
    parser.add_argument("keys", metavar="KEY", nargs="+", help="a key file of keygen: one that signs now")
    for state in ("retired", "compromised"):
        parser.add_argument(
            f"--{state}",
            metavar=("KEY", "TIME"),
            nargs=2,
            action="append",
            default=[],
            help=f"a key file, and the moment from which its key was {state}; may be given more than once",
        )
    parser.add_argument("-o", "--output", metavar="OUT", default=STANDARD_STREAM, help="default: standard output")
    add_json(parser, "print one JSON object: the document, where to serve it, and the URLs to sign under")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    try:
        url = did_web.document_url(arguments.did) if arguments.did.startswith(did_web.PREFIX) else None
    except ResolutionError as error:
        raise UsageError(str(error)) from error
    if url is None:
        raise UsageError(f"{arguments.did} is not a did:web; a did:key needs no document")
    methods = list(_methods(arguments))
    names = [method.id for method in methods]
    if len(set(names)) != len(names):
        raise UsageError("a key is named twice")
    document: JsonObject = {
        "@context": list(_CONTEXTS),
        "id": arguments.did,
        "verificationMethod": [method.to_json() for method in methods],
        str(ProofPurpose.ASSERTION_METHOD): names,
        str(ProofPurpose.AUTHENTICATION): names,
    }
    if arguments.output != STANDARD_STREAM or not arguments.json:
        write(arguments.output, dump_json(document) + b"\n")
    if arguments.json:
        say(arguments, {"document": document, "url": url, "verificationMethods": names[: len(arguments.keys)]})
    return 0


def _methods(arguments: argparse.Namespace) -> Iterator[VerificationMethod]:
    def named(file: str) -> tuple[str, str, PublicKey]:
        with blamed_on(file):
            # The public part stands in the open in every key file: no passphrase is asked for.
            key = PublicKey.from_multikey(parse_json_object(read(file)).get("publicKeyMultibase"))
        return f"{arguments.did}#{key.multikey}", arguments.did, key

    for file in arguments.keys:
        yield VerificationMethod(*named(file))
    for file, time in arguments.retired:
        yield VerificationMethod(*named(file), expires=_moment(time))
    for file, time in arguments.compromised:
        yield VerificationMethod(*named(file), revoked=_moment(time))


def _moment(text: str) -> datetime:
    try:
        return moment(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(str(error)) from error
