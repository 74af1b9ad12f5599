"""What a token status list says: https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-17#section-8.3."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, assert_never

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import StatusListError
from openbadges_kit.problems import Problem
from openbadges_kit.proof.jws import Jws, parse_jws, verify_jws
from openbadges_kit.status.token_status_list import (
    OpenedTokenList,
    StatusReference,
    TokenStatus,
    token_time_to_live,
)
from openbadges_kit.timestamps import parse_numeric_date
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.signing_method import find_signing_method
from openbadges_kit.verification.statuses.answer import Answer, failed, passed, unknown
from openbadges_kit.vocabulary import TokenType

__all__ = ["ask_token_list"]

_STATUSES: Final = frozenset(TokenStatus)


def ask_token_list(case: Case, path: str, status: object) -> Answer:
    """The answer to a token's `status` claim; a status of an application's own is one that is not known.

    Raises ResolutionError when the list cannot be had, and ProofError, StatusListError or MalformedDocument
    when it is none or not one of the badge's issuer.
    """
    reference = StatusReference.parse(status)
    if reference is None:
        return unknown(path, status)
    value = _verified_list(case, reference.uri).read(reference, now=case.now)
    if value not in _STATUSES:
        return unknown(path, f"{value:#x}")
    match TokenStatus(value):
        case TokenStatus.VALID:
            return passed()
        case TokenStatus.INVALID:
            return failed(Problem.REVOKED, path)
        case TokenStatus.SUSPENDED:
            return failed(Problem.SUSPENDED, path)
        case _ as unreachable:
            assert_never(unreachable)


def _verified_list(case: Case, url: str) -> OpenedTokenList:
    data, issuer = case.fetch(url), issuer_id(case.document)
    kept: OpenedTokenList | None = case.lists.find(url, data, about=issuer, now=case.now)
    if kept is not None:
        return kept
    try:
        token = parse_jws(data.decode("ascii").strip())
    except UnicodeError as error:
        raise StatusListError("it is no token") from error
    _verify(case, token, issuer)
    opened = OpenedTokenList(token.payload)
    # When it expires is asked each time.
    case.lists.keep(url, data, opened, about=issuer, now=case.now, time_to_live=_time_to_live(token.payload), ends=None)
    return opened


def _time_to_live(claims: JsonObject) -> timedelta | None:
    try:
        return token_time_to_live(claims)
    except StatusListError:
        return timedelta(0)


def _verify(case: Case, token: Jws, issuer: str) -> None:
    if case.policy.algorithms is not None and token.algorithm not in case.policy.algorithms:
        raise StatusListError(f"it is signed by {token.algorithm}, which is not among the allowed ones")
    method = find_signing_method(token, resolver=case.resolver, controller=issuer)
    # Without this, anybody could sign an all-clear for anybody's badges.
    if not issuer or method.controller != issuer:
        raise StatusListError(f"it is signed by {method.controller}, not by the issuer of the badge")
    verify_jws(token, public_key=method.public_key, types={TokenType.STATUS_LIST})
    issued_at = parse_numeric_date(token.payload.get("iat"), path="$.iat")
    if method.revoked is not None and issued_at >= method.revoked:
        raise StatusListError(f"its key may have been in other hands since {method.revoked.isoformat()}")
    if method.expires is not None and issued_at > method.expires:
        raise StatusListError(f"its key had expired on {method.expires.isoformat()}")
