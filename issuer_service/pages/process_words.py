"""What people call roles, events and awards: the words that a process definition does not bring along itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from issuer_service.people.roles import Role
from issuer_service.web.dependencies import Language
from issuer_service.workflow.events import EventKind
from issuer_service.workflow.process.definition import Words

__all__ = ["AWARDS", "EVENTS", "REASONS", "ROLES", "Said", "in_words", "list_of_roles", "said"]


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

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "this programme gives no badge per module": "deze opleiding geeft geen badge per module",
        "this programme gives no badge per component": "deze opleiding geeft geen badge per onderdeel",
        "this programme gives no badge per station": "deze opleiding geeft geen badge per station",
        "this programme gives no badge for a line": "deze opleiding geeft geen badge voor een lijn",
        "being there proves no skill, and this programme gives no proof of it": "erbij zijn bewijst geen "
        "vaardigheid, en deze opleiding geeft er geen bewijs van",
        "this programme gives its certificate when the whole path is completed": "deze opleiding geeft haar "
        "certificaat als de hele route is afgerond",
        "this programme gives its certificate when the learning part is completed": "deze opleiding geeft haar "
        "certificaat als het leergedeelte is afgerond",
        "it was awarded at the other moment of this path": "het is al toegekend, op het andere moment van deze route",
        "this programme names no achievement for its certificate: certificate_ulo_version_id": "deze opleiding noemt "
        "niet waarvoor haar certificaat is",
        "this programme names no achievement for its completion: completion_ulo_version_id": "deze opleiding geeft "
        "niets extra's voor de hele route",
        "somebody took a step meanwhile; look again where the case stands": "iemand anders deed intussen een "
        "stap; kijk opnieuw waar het staat",
        "this company has not signed the agreement yet": "dit bedrijf heeft de overeenkomst nog niet getekend",
        "there is no such employer": "dit bedrijf is hier niet bekend",
        "nobody assesses themselves": "niemand beoordeelt zichzelf",
        "they are on this path already": "deze persoon is al op deze route",
        "already enrolled in this programme": "deze persoon is al cursist van deze opleiding",
        "this organisation knows somebody else with this address": "dit e-mailadres is al van iemand anders hier",
        "this is no name, or no e-mail address": "dit is geen naam, of geen e-mailadres",
        "this is no e-mail address": "dit is geen e-mailadres",
        "choose somebody, or give a name and an e-mail address": "kies iemand, of geef een naam en een e-mailadres",
    }
)
"""What the service says in English, in Dutch. What is not here is shown as it is, and marked as English."""


class Said:
    """A sentence, and the language that it is in, for the `lang` of what stands around it."""

    def __init__(self, text: str, lang: Language) -> None:
        self.text, self.lang = text, lang

    def __str__(self) -> str:
        """The sentence."""
        return self.text


def said(sentence: str, language: Language) -> Said:
    """A sentence of the service in the reader's language, where it is known in it."""
    dutch = REASONS.get(sentence)
    return Said(dutch, "nl") if language == "nl" and dutch is not None else Said(sentence, "en")


def in_words(words: Words, language: Language) -> str:
    """The text in a language."""
    return words.nl if language == "nl" else words.en


def list_of_roles(roles: Iterable[str], language: Language) -> str:
    """Roles as people call them, one after the other."""
    return ", ".join(in_words(ROLES[Role(role)], language) for role in roles)
