"""`openbadges verify`: is it valid, and why not?"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from openbadges_kit.cli.files import blamed_on, documents_of, fetch_from_folder, read
from openbadges_kit.cli.online import OnlineFetch
from openbadges_kit.cli.times import add_now
from openbadges_kit.did.resolver import Resolver, offline
from openbadges_kit.verification import sentences
from openbadges_kit.verification.report import Language, Outcome, Report, Verdict
from openbadges_kit.verification.verifier import verify

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["add_parsers", "describe"]

_EXIT_STATUS: Final[Mapping[Verdict, int]] = {
    Verdict.VALID: 0,
    Verdict.VALID_ISSUER_UNKNOWN: 0,
    Verdict.NOT_VALID: 1,
    Verdict.UNSETTLED: 3,
}


def add_parsers(commands: argparse._SubParsersAction[Any]) -> None:
    """Add `verify` to the command line."""
    parser = commands.add_parser(
        "verify",
        help="is a badge valid, and why not?",
        description="Verify a badge: JSON, a JWT or a baked PNG. Nothing is fetched without --online.",
    )
    parser.add_argument("file", metavar="FILE", help="the badge, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    add_now(parser, "verify as of this moment")
    parser.add_argument(
        "--did-documents",
        metavar="DIR",
        help="a folder of <percent-encoded DID or URL>.json: the controller documents of issuers",
    )
    parser.add_argument(
        "--documents",
        metavar="DIR",
        help="a folder of <percent-encoded URL>.json that stands in for the network: status lists and the like",
    )
    parser.add_argument("--online", action="store_true", help="fetch over https what the folders do not have")
    parser.add_argument("--language", choices=("nl", "en"), default="en", help="of the sentences (default: en)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    fetch = fetch_from_folder(arguments.documents, OnlineFetch() if arguments.online else offline)
    resolver = Resolver(documents_of(arguments.did_documents), fetch)
    with blamed_on(arguments.file):
        report = verify(read(arguments.file), now=arguments.now or datetime.now(UTC), resolver=resolver, fetch=fetch)
    if arguments.json:
        print(json.dumps(report.to_json(arguments.language), ensure_ascii=False, indent=2))
    else:
        print(describe(report, arguments.language))
    return _EXIT_STATUS[report.verdict]


def describe(report: Report, language: Language) -> str:
    """The report for people: the verdict first, then each check with its outcome and reasons."""
    column = 0 if language == "nl" else 1
    width = max(len(words[column]) for words in sentences.CHECKS.values())
    lines = [report.summary(language), ""]
    for result in report.results:
        outcome = sentences.OUTCOMES[result.outcome][column]
        mark = {Outcome.PASSED: "+", Outcome.NOT_APPLICABLE: " ", Outcome.FAILED: "x", Outcome.COULD_NOT_CHECK: "?"}
        lines.append(f" {mark[result.outcome]} {sentences.CHECKS[result.check][column]:<{width}}  {outcome}")
        lines += [f"     {sentences.of_finding(finding, language)}" for finding in result.findings]
    return "\n".join(lines)
