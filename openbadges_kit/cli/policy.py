"""The options of `openbadges verify` that say how strict to be: a `Policy`."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Final

from openbadges_kit.cli.files import UsageError
from openbadges_kit.proof.cryptosuite import CRYPTOSUITES, SIGNATURE_2020
from openbadges_kit.proof.jws import ALGORITHMS
from openbadges_kit.verification.policy import Policy, Recipient
from openbadges_kit.verification.report import Check

__all__ = ["add_policy", "policy_of"]

_SUITES: Final = (*CRYPTOSUITES, SIGNATURE_2020.name)


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add an option for each field of the policy."""
    group = parser.add_argument_group("how strict to be")
    group.add_argument(
        "--trusted-issuer", metavar="ID", action="append", help="an issuer that you know; may be given more than once"
    )
    group.add_argument(
        "--pinned-key",
        metavar=("ISSUER", "THUMBPRINT"),
        nargs=2,
        action="append",
        default=[],
        help="the only key (RFC 7638 thumbprint) of an issuer that you trust; may be given more than once",
    )
    group.add_argument(
        "--accept-suite",
        metavar="NAME",
        choices=_SUITES,
        action="append",
        help=f"only proofs of this suite count: {', '.join(_SUITES)}; may be given more than once",
    )
    group.add_argument(
        "--accept-algorithm",
        metavar="NAME",
        choices=tuple(ALGORITHMS.values()),
        action="append",
        help=f"only tokens of this algorithm count: {', '.join(ALGORITHMS.values())}; may be given more than once",
    )
    group.add_argument(
        "--require",
        metavar="CHECK",
        choices=[str(check) for check in Check],
        action="append",
        default=[],
        help=f"a check that must have passed: {', '.join(Check)}; may be given more than once",
    )
    group.add_argument("--recipient", metavar="ID", help="whom the badge should be about, by an id such as a DID")
    group.add_argument("--recipient-email", metavar="ADDRESS", help="whom it should be about, by an e-mail address")
    group.add_argument(
        "--clock-skew",
        metavar="SECONDS",
        type=int,
        default=120,
        help="how far your clock and the issuer's may differ, at the start of a period (default: 120)",
    )


def policy_of(arguments: argparse.Namespace) -> Policy:
    """The policy that the options come to. Raises UsageError for a skew before nothing."""
    if arguments.clock_skew < 0:
        raise UsageError("--clock-skew is a number of seconds, 0 or more")
    pinned: dict[str, frozenset[str]] = {}
    for issuer, thumbprint in arguments.pinned_key:
        pinned[issuer] = pinned.get(issuer, frozenset()) | {thumbprint}
    recipient = None
    if arguments.recipient is not None or arguments.recipient_email is not None:
        recipient = Recipient(id=arguments.recipient, identity=arguments.recipient_email)
    return Policy(
        trusted_issuers=_set_or_none(arguments.trusted_issuer),
        clock_skew=timedelta(seconds=arguments.clock_skew),
        pinned_keys=pinned,
        cryptosuites=_set_or_none(arguments.accept_suite),
        algorithms=_set_or_none(arguments.accept_algorithm),
        recipient=recipient,
        required=frozenset(arguments.require),
    )


def _set_or_none(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
