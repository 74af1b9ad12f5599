"""`openbadges check`: is a credential fit to be signed? What `issue` asks, without a key."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any, Final

from openbadges_kit.cli.answers import add_json, printable, say
from openbadges_kit.cli.files import blamed_on, read
from openbadges_kit.cli.times import add_now
from openbadges_kit.documents import parse_json_object
from openbadges_kit.errors import IssuanceRefused
from openbadges_kit.findings import Finding
from openbadges_kit.issuance import prepare
from openbadges_kit.skills.micro_credential import check_micro_credential
from openbadges_kit.verification import sentences
from openbadges_kit.verification.case import issuer_id
from openbadges_kit.verification.report import finding_to_json

__all__ = ["add_parsers"]

_NOT_FIT: Final = 1


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `check` to the command line."""
    parser = commands.add_parser(
        "check",
        help="is a credential fit to be signed?",
        description="Check an unsigned credential as issue does, without a key. Exit status 1 when something is amiss.",
    )
    parser.add_argument("credential", metavar="CREDENTIAL", help="the unsigned credential as JSON; - for stdin")
    parser.add_argument(
        "--micro-credential", action="store_true", help="must it have the eleven elements of an EU micro-credential?"
    )
    parser.add_argument("--language", choices=("nl", "en"), default="en", help="of the sentences (default: en)")
    add_now(parser, "the moment of signing")
    add_json(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    with blamed_on(arguments.credential):
        document = parse_json_object(read(arguments.credential))
    findings: list[Finding] = []
    try:
        # Some key of the issuer's will sign; which one is not asked here.
        method = f"{issuer_id(document)}#key"
        prepare(document, verification_method=method, created=arguments.now or datetime.now(UTC))
    except IssuanceRefused as error:
        findings += error.findings
    if arguments.micro_credential:
        # A badge that says it is one was asked that already.
        findings += [one for one in check_micro_credential(document).findings if one not in findings]
    language = arguments.language
    told = [sentences.of_finding(finding, language) for finding in findings]
    fine = {"nl": "Deze badge kan worden ondertekend.", "en": "This badge is fit to be signed."}[language]
    facts = {"fit": not findings, "findings": [finding_to_json(finding, language) for finding in findings]}
    say(arguments, facts, printable("\n".join(told or [fine])))
    return _NOT_FIT if findings else 0
