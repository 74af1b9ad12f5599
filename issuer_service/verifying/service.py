"""A verification that knows this service's own issuers and lists without asking the network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.installation import Installation
from issuer_service.people.service import OrganisationKind
from issuer_service.people.tables import Organisation
from issuer_service.signing_keys.service import did_document, did_of
from issuer_service.status_lists.service import list_url
from issuer_service.status_lists.tables import StatusList
from issuer_service.verifying.fetching import Fetching
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument, ResolutionError
from openbadges_kit.verification.presentation import PresentationReport, verify_presentation
from openbadges_kit.verification.report import Report
from openbadges_kit.verification.verifier import verify

__all__ = [
    "own_documents",
    "own_list",
    "own_verifier",
    "verify_badge",
    "verify_from_elsewhere",
    "verify_presentation_here",
]


def verify_badge(received: bytes | str, *, here: Installation) -> Report:
    """Verify JSON, a JWT or a baked picture. Raises MalformedDocument when it is none of them.

    An issuer elsewhere is not fetched: what its keys or lists would say "could not be checked".
    """
    with here.reading() as session:
        resolver, fetch = _own(session, base_url=here.base_url)
        return verify(received, now=here.now(), resolver=resolver, fetch=fetch)


def verify_from_elsewhere(received: bytes | str, *, here: Installation) -> Report:
    """Verify a badge of anybody's: an issuer's keys and lists elsewhere are fetched, within the bounds of `Fetching`.

    For callers who are known: a visitor could have this service call any host. Raises MalformedDocument.
    """
    resolver, fetch = _anybodys(here)
    return verify(received, now=here.now(), resolver=resolver, fetch=fetch)


def verify_presentation_here(received: bytes | str, *, challenge: str, here: Installation) -> PresentationReport:
    """Verify what a wallet shows, made for this service and this challenge; fetching as `verify_from_elsewhere` does.

    Raises MalformedDocument for what is no presentation.
    """
    resolver, fetch = _anybodys(here)
    return verify_presentation(
        received,
        now=here.now(),
        expected_challenge=challenge,
        expected_domain=here.base_url,
        resolver=resolver,
        fetch=fetch,
    )


def _anybodys(here: Installation) -> tuple[Resolver, Callable[[str], bytes]]:
    def own(url: str) -> bytes | None:
        with here.reading() as session:
            return own_list(session, url, base_url=here.base_url)

    fetch = Fetching(here, own).fetch
    with here.reading() as session:
        return Resolver(own_documents(session, base_url=here.base_url), fetch), fetch


def own_verifier(session: Session, *, base_url: str, now: datetime) -> Callable[[bytes | str], Report | str]:
    """Verifies many; what is no document at all is answered with a sentence instead of a report."""
    resolver, fetch = _own(session, base_url=base_url)

    def report_on(received: bytes | str) -> Report | str:
        try:
            return verify(received, now=now, resolver=resolver, fetch=fetch)
        except MalformedDocument as error:
            return str(error)

    return report_on


def own_documents(session: Session, *, base_url: str) -> dict[str, JsonObject]:
    """The DID documents of this service's issuers, by their DIDs."""
    return {
        did_of(organisation, base_url=base_url): did_document(session, organisation, base_url=base_url)
        for organisation in session.scalars(select(Organisation).where(Organisation.kind == OrganisationKind.PROVIDER))
    }


def own_list(session: Session, url: str, *, base_url: str) -> bytes | None:
    """The status list that this service publishes at this address, in the form that stands there, or None."""
    prefix = list_url("", base_url=base_url)
    list_id, _, form = url.removeprefix(prefix).partition("/")
    found = session.get(StatusList, list_id) if url.startswith(prefix) else None
    if found is not None and form == "":
        return found.published
    if found is not None and form == "token" and found.published_token is not None:
        return found.published_token.encode()
    return None


def _own(session: Session, *, base_url: str) -> tuple[Resolver, Callable[[str], bytes]]:
    def fetch(url: str) -> bytes:
        found = own_list(session, url, base_url=base_url)
        if found is None:
            raise ResolutionError(f"{url} is not published here, and nothing is fetched from elsewhere")
        return found

    return Resolver(own_documents(session, base_url=base_url)), fetch
