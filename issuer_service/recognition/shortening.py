"""What was recognised of somebody makes their path and their lines shorter (R34).

At once where they are on one, or when they set out on one later (`taking_over.py`), by the word of who decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from issuer_service.installation import Installation
from issuer_service.people.service import Caller
from issuer_service.workflow.candidate.path import EFFECTS, exempt_on_path
from issuer_service.workflow.candidate.telling import telling_on_path
from issuer_service.workflow.metroline.lines import Acting
from issuer_service.workflow.metroline.recognising import recognise_on_lines
from issuer_service.workflow.outbox import Outbox
from issuer_service.workflow.process.service import Doing

__all__ = ["shorten_lines", "shorten_path"]


def shorten_path(
    session: Session,
    *,
    person_id: str,
    module_ids: Iterable[str],
    decision_id: str,
    caller: Caller,
    here: Installation,
) -> int:
    """A whole module that is recognised need not be taken on the path that somebody is on. How many that were.

    Raises Refused and NotAllowed where a path of the organisation's own has it otherwise.
    """
    doing = Doing(Outbox(here.randomness), here.now(), here.randomness, EFFECTS, telling_on_path(here))
    return sum(
        exempt_on_path(
            session, person_id=person_id, module_id=module_id, decision_id=decision_id, caller=caller, doing=doing
        )
        for module_id in dict.fromkeys(module_ids)
    )


def shorten_lines(
    session: Session,
    *,
    person_id: str,
    outcomes: Collection[str],
    caller: Caller,
    here: Installation,
    participation_id: str | None = None,
) -> int:
    """Recognised outcomes, by their IRIs, count at the stations on the way of somebody. At how many they newly do.

    Along one line where `participation_id` is given. Raises what `recognise_on_lines` does.
    """
    acting = Acting(caller, here.now(), here.randomness, here.base_url, Outbox(here.randomness))
    return len(
        recognise_on_lines(session, acting, person_id=person_id, outcomes=outcomes, participation_id=participation_id)
    )
