"""`issuer-service keys`: signing keys, for whoever has the machine itself.

Nothing here signs: a new key is made by a worker, as it is for whoever asks over the API.
"""

from __future__ import annotations

import argparse
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Refused
from issuer_service.installation import Installation
from issuer_service.people.service import organisation_by_slug
from issuer_service.people.tables import Organisation
from issuer_service.signing_keys.lifecycle import order_key, report_compromise, retire_key
from issuer_service.signing_keys.rewrapping import seal_all_again
from issuer_service.signing_keys.ring import signatures_of
from issuer_service.signing_keys.service import KeyPurpose
from issuer_service.signing_keys.stores import vault_of
from issuer_service.signing_keys.tables import SigningKeyRow

__all__ = ["add_key_commands", "run_key_command"]


def add_key_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Tell the command line of these commands."""
    keys = commands.add_parser("keys", help="list, rotate and end signing keys; encrypt them under another secret")
    what = keys.add_subparsers(dest="what", required=True)
    what.add_parser("list", help="every signing key, with how much it signed")
    rotate = what.add_parser("rotate", help="have another key made, which signs from then on")
    rotate.add_argument("--organisation", required=True, help="its name in addresses")
    rotate.add_argument("--purpose", required=True, choices=[str(purpose) for purpose in KeyPurpose])
    rotate.add_argument("--reason", required=True)
    retire = what.add_parser("retire", help="have a key sign nothing more, and none in its place")
    compromise = what.add_parser("compromise", help="say that a key may have been in other hands since a moment")
    compromise.add_argument("--since", required=True, help="the moment, such as 2026-11-20T09:00:00Z")
    for one in (retire, compromise):
        one.add_argument("key_id")
        one.add_argument("--reason", required=True)
    what.add_parser(
        "rewrap", help="encrypt every key under ISSUER_SERVICE_KEY_SECRET; before, ..._PREVIOUS_KEY_SECRET did"
    )


def run_key_command(chosen: argparse.Namespace, here: Installation) -> str:
    """Do the chosen command; gives what there is to say. Raises ServiceError, with a sentence that says what to do."""
    with here.transaction() as session:
        match chosen.what:
            case "list":
                return _listed(session)
            case "rotate":
                organisation = organisation_by_slug(session, chosen.organisation)
                change = order_key(
                    session,
                    organisation.id,
                    KeyPurpose(chosen.purpose),
                    reason=chosen.reason,
                    asked_by=None,
                    jobs=here.jobs,
                    now=here.now(),
                    randomness=here.randomness,
                )
                return f"a worker makes the new key; {change.id} in /v1/signing-key-changes says when it is there"
            case "retire":
                row = retire_key(
                    session,
                    chosen.key_id,
                    organisation_id=_owner(session, chosen.key_id),
                    reason=chosen.reason,
                    asked_by=None,
                    now=here.now(),
                    randomness=here.randomness,
                )
                return f"{row.label} signs nothing after {row.retired_at}"
            case "compromise":
                row = report_compromise(
                    session,
                    chosen.key_id,
                    organisation_id=_owner(session, chosen.key_id),
                    since=_moment(chosen.since),
                    reason=chosen.reason,
                    asked_by=None,
                    jobs=here.jobs,
                    now=here.now(),
                    randomness=here.randomness,
                )
                return f"what {row.label} signed since {row.compromised_since} does not verify any more"
            case _:
                count = seal_all_again(session, vault=vault_of(here.settings, here.randomness))
                return f"{count} keys are encrypted under the present secret; the previous one can go"


def _listed(session: Session) -> str:
    rows = session.execute(
        select(SigningKeyRow, Organisation.slug)
        .join(Organisation, Organisation.id == SigningKeyRow.organisation_id)
        .order_by(Organisation.slug, SigningKeyRow.purpose, SigningKeyRow.number)
    ).all()
    counted = signatures_of(session, [row.SigningKeyRow.id for row in rows])
    lines = ["organisation  purpose  number  id  kept in  signatures  stands"]
    for row in rows:
        key = row.SigningKeyRow
        parts = (row.slug, key.purpose, key.number, key.id, key.store, counted.get(key.id, 0), _stands(key))
        lines.append("  ".join(str(part) for part in parts))
    return "\n".join(lines)


def _stands(key: SigningKeyRow) -> str:
    if key.compromised_since is not None:
        return f"compromised since {key.compromised_since.isoformat()}"
    return "signs" if key.retired_at is None else f"retired {key.retired_at.isoformat()}"


def _owner(session: Session, key_id: str) -> str:
    found = session.get(SigningKeyRow, key_id)
    if found is None:
        raise Refused("there is no such key: `issuer-service keys list` shows them", field="key_id")
    return found.organisation_id


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("give a moment such as 2026-11-20T09:00:00Z", field="since") from error
    if moment.tzinfo is None:
        raise Refused("say in which zone: 2026-11-20T09:00:00Z is in UTC", field="since")
    return moment
