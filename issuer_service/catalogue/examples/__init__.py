"""The example catalogues: hydrogen electrolysis for a gas engineer, 3D printing for a metroline. Both are made up."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from issuer_service.catalogue.exchange import Format, import_units
from issuer_service.catalogue.qualifications import NewCatalogue, open_catalogue, open_qualification
from issuer_service.catalogue.service import ValidatedElsewhere
from issuer_service.clock import Randomness
from issuer_service.people.service import Caller
from openbadges_kit.documents import parse_json_object
from openbadges_kit.skills.formats.plain_json import qualification_from_json
from openbadges_kit.skills.qualification import Qualification

__all__ = ["EXAMPLES", "add_examples", "read_example"]

_HERE: Final = Path(__file__).resolve().parent
EXAMPLES: Final = ("waterstof-elektrolyse", "3d-printen")
"""The names of the examples, and of their qualifications in addresses."""


def read_example(name: str) -> Qualification:
    """The example, as the library reads it."""
    return qualification_from_json(parse_json_object((_HERE / f"{name}.json").read_bytes()))


def add_examples(
    session: Session, *, caller: Caller, base_url: str, now: datetime, randomness: Randomness
) -> list[str]:
    """Publish the examples under the caller's organisation, marked as what they are. Gives their qualifications' ids.

    Raises Conflict where they are already.
    """
    made = []
    for name in EXAMPLES:
        example = read_example(name)
        asked = NewCatalogue(
            example.catalogue,
            licence=example.licence,
            source=example.source,
            is_example=True,
            language=example.language,
        )
        publisher = caller.organisation_id
        shelf = open_catalogue(session, asked, publisher_id=publisher, now=now, randomness=randomness)
        qualification = open_qualification(
            session,
            catalogue_id=shelf.id,
            title=example.title,
            slug=name,
            texts=dict(example.texts),
            publisher_id=publisher,
            now=now,
            randomness=randomness,
        )
        import_units(
            session,
            (_HERE / f"{name}.json").read_bytes(),
            qualification_id=qualification.id,
            form=Format.JSON,
            version="1",
            # An example says so itself; nobody was heard.
            validated=ValidatedElsewhere("example", date(2026, 11, 20), by="niemand: dit is een voorbeeld"),
            dry_run=False,
            caller=caller,
            base_url=base_url,
            now=now,
            randomness=randomness,
        )
        made.append(qualification.id)
    return made
