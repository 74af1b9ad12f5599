"""`issuer-service admin` and `issuer-service token`: access for whoever has the machine itself."""

from __future__ import annotations

import argparse
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Conflict, NotFound
from issuer_service.installation import Installation
from issuer_service.people.keys import make_key
from issuer_service.people.roles import OrganisationKind, Role
from issuer_service.people.service import add_organisation, add_person, organisation_by_slug
from issuer_service.people.tables import Membership, Person

__all__ = ["COMMANDS", "add_commands", "member_called", "operator_key", "run"]

COMMANDS = frozenset({"admin", "token"})


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


def run(chosen: argparse.Namespace, installation: Installation) -> str:
    """Do the chosen command; what it gives is an API key.

    Raises NotFound, Conflict or Refused, with a sentence that says what to do.
    """
    with installation.transaction() as session:
        if chosen.command == "admin":
            return operator_key(session, installation, slug=chosen.organisation, name=chosen.name, email=chosen.email)
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


def member_called(session: Session, *, slug: str, email: str, role: str | None) -> Membership:
    """Somebody of an organisation. Raises NotFound, and Conflict when the role must be chosen."""
    organisation = organisation_by_slug(session, slug)
    statement = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation.id, Person.email == email)
    )
    if role is not None:
        statement = statement.where(Membership.role == role)
    found = session.scalars(statement).all()
    if not found:
        raise NotFound(f"{slug} knows nobody at {email}" + (f" as {role}" if role else ""))
    if len(found) > 1:
        raise Conflict(f"they have several roles: choose --role {' or '.join(sorted(one.role for one in found))}")
    return found[0]
