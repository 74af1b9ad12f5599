"""`openbadges verify`: is it valid, and why not?"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from openbadges_kit.cli.answers import add_json, printable, say
from openbadges_kit.cli.files import UsageError, blamed_on, documents_of, fetch_from_folder, read
from openbadges_kit.cli.online import OnlineFetch
from openbadges_kit.cli.policy import add_policy, policy_of
from openbadges_kit.cli.times import add_now
from openbadges_kit.did.resolver import Resolver, offline
from openbadges_kit.verification import sentences
from openbadges_kit.verification.presentation import verify_presentation
from openbadges_kit.verification.report import CheckResult, Language, Outcome, Report, Verdict
from openbadges_kit.verification.verifier import verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openbadges_kit.verification.presentation_report import PresentationReport

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
        description="Verify a badge, or with --challenge and --domain what a holder shows: JSON, a JWT, an SD-JWT or a "
        "baked picture. Nothing is fetched without --online.",
    )
    parser.add_argument("file", metavar="FILE", help="the badge or presentation, or - for standard input")
    add_json(parser, "print the report as JSON")
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
    group = parser.add_argument_group("what a holder shows")
    group.add_argument("--challenge", metavar="TEXT", help="the nonce that you gave the holder, once")
    group.add_argument("--domain", metavar="TEXT", help="who you are to the holder, https://… or another name")
    add_policy(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if (arguments.challenge is None) is not (arguments.domain is None):
        raise UsageError("a presentation is made for one verifier, once: give both --challenge and --domain")
    report = _report_of(arguments)
    text = printable(describe(report, arguments.language))
    say(arguments, report.to_json(arguments.language), text)
    return _EXIT_STATUS[report.verdict]


def _report_of(arguments: argparse.Namespace) -> Report | PresentationReport:
    fetch = fetch_from_folder(arguments.documents, OnlineFetch() if arguments.online else offline)
    resolver = Resolver(documents_of(arguments.did_documents), fetch)
    now, policy = arguments.now or datetime.now(UTC), policy_of(arguments)
    with blamed_on(arguments.file):
        data = read(arguments.file)
        if arguments.challenge is None:
            return verify(data, now=now, resolver=resolver, fetch=fetch, policy=policy)
        return verify_presentation(
            data,
            now=now,
            expected_challenge=arguments.challenge,
            expected_domain=arguments.domain,
            resolver=resolver,
            fetch=fetch,
            policy=policy,
        )


def describe(report: Report | PresentationReport, language: Language) -> str:
    """The report for people: the verdict first, then each check with its outcome and reasons."""
    lines = [report.summary(language), "", *_lines(report.results, language)]
    if isinstance(report, Report):
        return "\n".join(lines)
    holder = {"nl": "Houder", "en": "Holder"}[language]
    lines[1:1] = [f"{holder}: {report.holder or '-'}"]
    for credential in report.credentials:
        lines += ["", credential.summary(language), *_lines(credential.results, language)]
    return "\n".join(lines)


def _lines(results: Iterable[CheckResult], language: Language) -> list[str]:
    column = 0 if language == "nl" else 1
    width = max(len(words[column]) for words in sentences.CHECKS.values())
    mark = {Outcome.PASSED: "+", Outcome.NOT_APPLICABLE: " ", Outcome.FAILED: "x", Outcome.COULD_NOT_CHECK: "?"}
    lines = []
    for result in results:
        outcome = sentences.OUTCOMES[result.outcome][column]
        lines.append(f" {mark[result.outcome]} {sentences.CHECKS[result.check][column]:<{width}}  {outcome}")
        lines += [f"     {sentences.of_finding(finding, language)}" for finding in result.findings]
    return lines
