"""What people call roles, events and awards: the words that a process definition does not bring along itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from issuer_service.people.roles import Role
from issuer_service.web.dependencies import Language
from issuer_service.workflow.events import EventKind
from issuer_service.workflow.process.definition import Words

__all__ = ["AWARDS", "EVENTS", "ROLES", "Said", "in_words", "list_of_roles"]


def _words(nl: str, en: str) -> Words:
    return Words(nl=nl, en=en)


ROLES: Final[Mapping[Role, Words]] = MappingProxyType(
    {
        Role.CANDIDATE: _words("kandidaat", "candidate"),
        Role.LEARNER: _words("cursist", "learner"),
        Role.PARTICIPANT: _words("deelnemer", "participant"),
        Role.AM_CANDIDATES: _words("accountmanager kandidaten", "account manager candidates"),
        Role.COACH: _words("coach", "coach"),
        Role.TEACHER: _words("docent", "teacher"),
        Role.AM_COMPANIES: _words("accountmanager bedrijven", "account manager companies"),
        Role.BROKER: _words("makelaar", "broker"),
        Role.LD_DEVELOPER: _words("onderwijskundige", "learning developer"),
        Role.EXPERT: _words("deskundige", "expert"),
        Role.FRONTRUNNER: _words("koploper", "frontrunner"),
        Role.EMPLOYER: _words("bedrijf", "company"),
        Role.REGISTRAR: _words("registrerende instantie", "registrar"),
        Role.ASSESSOR: _words("beoordelaar", "assessor"),
        Role.CURATOR: _words("catalogusbeheerder", "curator"),
        Role.ADMINISTRATOR: _words("beheerder", "administrator"),
        Role.VERIFIER: _words("raadpleger", "verifier"),
        Role.PRIVACY_OFFICER: _words("functionaris gegevensbescherming", "privacy officer"),
        Role.OPERATOR: _words("beheerder van de installatie", "operator"),
    }
)

EVENTS: Final[Mapping[EventKind, Words]] = MappingProxyType(
    {
        EventKind.MODULE_PASSED: _words("een module is gehaald", "a module was passed"),
        EventKind.LEARNING_COMPLETED: _words("het leergedeelte is afgerond", "the learning part was completed"),
        EventKind.PROGRAMME_COMPLETED: _words("de hele route is afgerond", "the whole path was completed"),
        EventKind.STATION_ATTENDED: _words("iemand was bij een station", "somebody was at a station"),
        EventKind.COMPONENT_REACHED: _words("een onderdeel van een ULO is bereikt", "a component of a ULO was reached"),
        EventKind.STATION_OUTCOME_REACHED: _words("een station is behaald", "the outcomes of a station were reached"),
        EventKind.ULO_REACHED: _words("een hele ULO is bereikt", "a whole ULO was reached"),
        EventKind.LINE_COMPLETED: _words("een hele lijn is behaald", "a whole line was completed"),
    }
)

AWARDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "module": _words("badge voor de ULO van de module", "badge for the ULO of the module"),
        "certificate": _words("certificaat", "certificate"),
        "completion": _words("bewijs dat de route is afgerond", "proof that the path was completed"),
        "attendance": _words("bewijs van aanwezigheid", "proof of attendance"),
        "component": _words("badge voor een onderdeel", "badge for a component"),
        "station": _words("badge voor een station", "badge for a station"),
        "ulo": _words("badge voor een ULO", "badge for a ULO"),
        "line": _words("badge voor een lijn", "badge for a line"),
    }
)
"""By the key of a line of the awarding table."""


class Said:
    """A sentence, and the language that it is in, for the `lang` of what stands around it."""

    def __init__(self, text: str, lang: Language) -> None:
        self.text, self.lang = text, lang

    def __str__(self) -> str:
        """The sentence."""
        return self.text


def in_words(words: Words, language: Language) -> str:
    """The text in a language."""
    return words.nl if language == "nl" else words.en


def list_of_roles(roles: Iterable[str], language: Language) -> str:
    """Roles as people call them, one after the other."""
    return ", ".join(in_words(ROLES[Role(role)], language) for role in roles)
