"""The units of the catalogue by the addresses that rules and badges name them with, each looked up once."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from issuer_service.catalogue.service import PublishedUlo, version_at
from issuer_service.errors import NotFound
from openbadges_kit.skills.ulo import Component

__all__ = ["Units"]

_PARTS: Final = 3


class Units:
    """What stands at an address of the catalogue, for as long as one session works.

    However it stands: a badge for a unit that was withdrawn since proves what it proved.
    """

    def __init__(self, session: Session, *, base_url: str) -> None:
        self._session, self._base_url = session, base_url
        self._begin = f"{base_url}/ulo/"
        self._known: dict[str, PublishedUlo | None] = {}

    def is_ours(self, iri: str) -> bool:
        """Whether the address is of this installation's catalogue, be there something or not."""
        return iri.startswith(self._begin)

    def find(self, iri: str) -> tuple[PublishedUlo, Component | None] | None:
        """The unit at this address; with its component, where it is the address of one. None where nothing is."""
        unit = self._unit(iri)
        if unit is not None:
            return unit, None
        above, _, code = iri.rpartition("/")
        unit = self._unit(above)
        found = None if unit is None else next((one for one in unit.ulo.components if one.code == code), None)
        return None if unit is None or found is None else (unit, found)

    def _unit(self, iri: str) -> PublishedUlo | None:
        if iri not in self._known:
            self._known[iri] = self._look_up(iri)
        return self._known[iri]

    def _look_up(self, iri: str) -> PublishedUlo | None:
        parts = iri.removeprefix(self._begin).split("/")
        if not self.is_ours(iri) or len(parts) != _PARTS or not parts[2].startswith("v"):
            return None
        qualification, number, version = parts[0], parts[1], parts[2].removeprefix("v")
        where = {"qualification": qualification, "number": number, "version": version}
        try:
            return version_at(self._session, **where, base_url=self._base_url)
        except NotFound:
            return None
