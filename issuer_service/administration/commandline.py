"""`issuer-service admin`, `token` and `login`: access for whoever has the machine itself."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Conflict, NotFound
from issuer_service.installation import Installation
from issuer_service.people.keys import make_key
from issuer_service.people.roles import OrganisationKind, Role
from issuer_service.people.service import add_organisation, add_person, organisation_by_slug
from issuer_service.people.tables import Membership, Person
from issuer_service.web.sessions import make_login_link

__all__ = [
    "COMMANDS",
    "add_commands",
    "is_for_this_machine",
    "local_login_link",
    "member_called",
    "operator_key",
    "run",
]

COMMANDS = frozenset({"admin", "login", "token"})


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Tell the command line of these commands."""
    admin = commands.add_parser("admin", help="make the operator of this installation, and print an API key")
    admin.add_argument("--organisation", default="operator", help="a name for addresses (default: operator)")
    admin.add_argument("--name", required=True, help="who it is")
    admin.add_argument("--email", required=True)
    token = commands.add_parser("token", help="print an API key in the name of somebody who is registered")
    token.add_argument("--organisation", required=True, help="its name in addresses")
    token.add_argument("--email", required=True)
    token.add_argument("--role", choices=[str(role) for role in Role], help="needed when they have more than one")
    token.add_argument("--days", type=int, default=90, help="how long it lasts (default: 90)")

    login = commands.add_parser("login", help="print a link that signs somebody in on the pages, once")
    login.add_argument("--organisation", required=True, help="its name in addresses")
    login.add_argument("--email", required=True)


def local_login_link(installation: Installation) -> str | None:
    """The embedded mode's way in: a link for its administrator, or its teacher; None where it is not for this.

    Only for an address on this machine without an identity provider: who sees the terminal has the machine.
    """
    if not is_for_this_machine(installation):
        return None
    with installation.transaction() as session:
        for role in (Role.ADMINISTRATOR, Role.TEACHER):
            person_id = session.scalar(select(Membership.person_id).where(Membership.role == str(role)).limit(1))
            if person_id is not None:
                return _link(session, installation, person_id)
    return None


def is_for_this_machine(installation: Installation) -> bool:
    """Whether nobody but who sits at this machine can reach it, and no identity provider says who they are."""
    return installation.settings.identity_issuer is None and _is_local(installation.base_url)


def _link(session: Session, installation: Installation, person_id: str) -> str:
    token = make_login_link(session, person_id, now=installation.now(), randomness=installation.randomness)
    return f"{installation.base_url}/login/link/{token}"


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def run(chosen: argparse.Namespace, installation: Installation) -> str:
    """Do the chosen command; what it gives is an API key.

    Raises NotFound, Conflict or Refused, with a sentence that says what to do.
    """
    with installation.transaction() as session:
        if chosen.command == "admin":
            return operator_key(session, installation, slug=chosen.organisation, name=chosen.name, email=chosen.email)
        if chosen.command == "login":
            person = members_called(session, slug=chosen.organisation, email=chosen.email)[0].person_id
            return _link(session, installation, person)
        member = member_called(session, slug=chosen.organisation, email=chosen.email, role=chosen.role)
        made = make_key(
            session,
            member,
            name="command line",
            lifetime=timedelta(days=chosen.days),
            now=installation.now(),
            randomness=installation.randomness,
        )
        return made.secret


def operator_key(session: Session, installation: Installation, *, slug: str, name: str, email: str) -> str:
    """The first operator, with a key. Raises Conflict when there is an operator already."""
    if session.scalar(select(Membership.id).where(Membership.role == str(Role.OPERATOR)).limit(1)):
        raise Conflict("there is an operator already; `issuer-service token` gives them another key")
    organisation = add_organisation(
        session, kind=OrganisationKind.OPERATOR, slug=slug, name=name, randomness=installation.randomness
    )
    session.flush()
    member = add_person(
        session,
        name=name,
        email=email,
        organisation_id=organisation.id,
        role=Role.OPERATOR,
        randomness=installation.randomness,
    )
    return make_key(session, member, name="first", now=installation.now(), randomness=installation.randomness).secret


def members_called(session: Session, *, slug: str, email: str) -> Sequence[Membership]:
    """What somebody is in an organisation. Raises NotFound."""
    organisation = organisation_by_slug(session, slug)
    found = session.scalars(
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation.id, Person.email == email.lower())
    ).all()
    if not found:
        raise NotFound(f"{slug} knows nobody at {email}")
    return found


def member_called(session: Session, *, slug: str, email: str, role: str | None) -> Membership:
    """Somebody in one of their roles. Raises NotFound, and Conflict when the role must be chosen."""
    found = [one for one in members_called(session, slug=slug, email=email) if role in {None, one.role}]
    if not found:
        raise NotFound(f"{email} is no {role} of {slug}")
    if len(found) > 1:
        raise Conflict(f"they have several roles: choose --role {' or '.join(sorted(one.role for one in found))}")
    return found[0]
