"""The roles of the working methods, and what each may do with this service.

A role is what somebody is in one organisation. What it may do is a table of scopes; an API key or a token can
have fewer than its holder's role, never more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

__all__ = ["SCOPES", "OrganisationKind", "Role", "Scope", "scopes_of"]


class OrganisationKind(StrEnum):
    """What an organisation is. Only a provider (opleider) issues."""

    PROVIDER = "provider"  # opleider
    CAMPUS = "campus"  # regionale campus or pps
    COMPANY = "company"  # bedrijf, werkgever
    REGISTRY = "registry"  # registrerende instantie
    OPERATOR = "operator"  # runs this installation: a processor, which sees nobody's people


class Role(StrEnum):
    """What a person is in an organisation; the Dutch name is that of the working methods."""

    CANDIDATE = "candidate"  # kandidaat
    LEARNER = "learner"  # cursist
    PARTICIPANT = "participant"  # deelnemer of a metroline
    AM_CANDIDATES = "am_candidates"  # accountmanager kandidaten
    COACH = "coach"
    TEACHER = "teacher"  # docent: assesses, and the only role that certifies
    AM_COMPANIES = "am_companies"  # accountmanager bedrijven
    BROKER = "broker"  # makelaar
    LD_DEVELOPER = "ld_developer"  # L&D ontwikkelaar, onderwijskundige
    EXPERT = "expert"  # validates learning outcomes
    FRONTRUNNER = "frontrunner"  # koploper
    EMPLOYER = "employer"  # bedrijf: its procedure and onboarding
    REGISTRAR = "registrar"  # registrerende instantie
    ASSESSOR = "assessor"  # beoordelaar
    CURATOR = "curator"  # catalogue curator
    ADMINISTRATOR = "administrator"  # issuer administrator
    VERIFIER = "verifier"  # raadpleger
    PRIVACY_OFFICER = "privacy_officer"  # functionaris gegevensbescherming
    OPERATOR = "operator"  # of the installation


class Scope(StrEnum):
    """One kind of thing that may be done over the API."""

    ORGANISATIONS = "organisations"
    ORGANISATION_WRITE = "organisation:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    KEYS = "keys"
    CATALOGUE_READ = "catalogue:read"
    CATALOGUE_WRITE = "catalogue:write"
    CATALOGUE_VALIDATE = "catalogue:validate"
    CATALOGUE_PUBLISH = "catalogue:publish"
    PROGRAMMES_READ = "programmes:read"
    PROGRAMMES_WRITE = "programmes:write"
    ENROLMENTS_WRITE = "enrolments:write"
    RESULTS_WRITE = "results:write"
    METROLINES_WRITE = "metrolines:write"
    METROLINES_RUN = "metrolines:run"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    PROCESSES_WRITE = "processes:write"
    AWARDS_READ = "awards:read"
    AWARDS_WRITE = "awards:write"
    AWARDS_APPROVE = "awards:approve"
    CREDENTIALS_REVOKE = "credentials:revoke"
    WEBHOOKS = "webhooks"
    REGISTRIES = "registries"
    AUDIT_READ = "audit:read"
    SIGNING_KEYS = "signing-keys"
    VC_API = "vc-api"
    RECOGNITION = "recognition"
    RECOGNITION_DECIDE = "recognition:decide"
    ASSESSMENTS = "assessments"
    SKILLS = "skills"
    OWN_DATA = "me:data"
    PRIVACY = "privacy"
    NOTICES = "notices"


# Whoever is known may see who they are and what is held on them, and look after keys and consents of their own.
_EVERYBODY: Final = frozenset({Scope.KEYS, Scope.OWN_DATA})
# What may be done in a case is said by what it follows; candidates, learners and employers find their own cases only.
_TAKES_PART: Final = _EVERYBODY | {Scope.CASES_READ, Scope.CASES_WRITE}

_LEARNS: Final = frozenset({Scope.RECOGNITION, Scope.ASSESSMENTS, Scope.SKILLS})

# Of notices each reads what their other scopes let them see.
_ARRANGES_LINES: Final = _TAKES_PART | {
    Scope.PROGRAMMES_READ,
    Scope.METROLINES_WRITE,
    Scope.METROLINES_RUN,
    Scope.NOTICES,
}

SCOPES: Final[Mapping[Role, frozenset[Scope]]] = MappingProxyType(
    {
        # Whoever learns hands in proofs of their own; a coach does it for them, and a teacher decides.
        Role.CANDIDATE: _TAKES_PART | _LEARNS,
        Role.LEARNER: _TAKES_PART | _LEARNS,
        Role.PARTICIPANT: _TAKES_PART | _LEARNS,
        Role.AM_CANDIDATES: _TAKES_PART
        | {
            Scope.PEOPLE_READ,
            Scope.PEOPLE_WRITE,
            Scope.PROGRAMMES_READ,
            Scope.ENROLMENTS_WRITE,
            Scope.NOTICES,
        },
        Role.COACH: _TAKES_PART
        | {Scope.PEOPLE_READ, Scope.PROGRAMMES_READ, Scope.RECOGNITION, Scope.SKILLS, Scope.NOTICES},
        Role.TEACHER: _TAKES_PART
        | {
            Scope.PEOPLE_READ,
            Scope.PROGRAMMES_READ,
            Scope.RESULTS_WRITE,
            Scope.METROLINES_RUN,
            Scope.AWARDS_READ,
            Scope.AWARDS_WRITE,
            Scope.AWARDS_APPROVE,
            Scope.CREDENTIALS_REVOKE,
            Scope.RECOGNITION,
            Scope.RECOGNITION_DECIDE,
            Scope.ASSESSMENTS,
            Scope.SKILLS,
            Scope.NOTICES,
        },
        Role.AM_COMPANIES: _ARRANGES_LINES,
        Role.BROKER: _ARRANGES_LINES,
        Role.LD_DEVELOPER: _TAKES_PART
        | {Scope.PROGRAMMES_READ, Scope.METROLINES_WRITE, Scope.CATALOGUE_READ, Scope.CATALOGUE_WRITE},
        Role.EXPERT: _EVERYBODY | {Scope.CATALOGUE_READ, Scope.CATALOGUE_VALIDATE},
        # Learning outcomes are written with them: they read what is being written.
        Role.FRONTRUNNER: _EVERYBODY | {Scope.CATALOGUE_READ},
        Role.EMPLOYER: _TAKES_PART,
        Role.REGISTRAR: _EVERYBODY,
        # Records what was seen; that the badge is deserved is for a teacher to say.
        Role.ASSESSOR: _TAKES_PART
        | {
            Scope.PEOPLE_READ,
            Scope.PROGRAMMES_READ,
            Scope.AWARDS_READ,
            Scope.RECOGNITION,
            Scope.ASSESSMENTS,
            Scope.SKILLS,
        },
        Role.CURATOR: _EVERYBODY
        | {
            Scope.PROGRAMMES_READ,
            Scope.CATALOGUE_READ,
            Scope.CATALOGUE_WRITE,
            Scope.CATALOGUE_VALIDATE,
            Scope.CATALOGUE_PUBLISH,
        },
        Role.ADMINISTRATOR: _TAKES_PART
        | {
            Scope.PROCESSES_WRITE,
            Scope.ORGANISATION_WRITE,
            Scope.PEOPLE_READ,
            Scope.PEOPLE_WRITE,
            Scope.CATALOGUE_READ,
            Scope.CATALOGUE_WRITE,
            Scope.CATALOGUE_PUBLISH,
            Scope.PROGRAMMES_READ,
            Scope.PROGRAMMES_WRITE,
            Scope.ENROLMENTS_WRITE,
            Scope.METROLINES_WRITE,
            Scope.METROLINES_RUN,
            Scope.AWARDS_READ,
            Scope.AWARDS_WRITE,
            Scope.CREDENTIALS_REVOKE,
            Scope.WEBHOOKS,
            Scope.REGISTRIES,
            Scope.AUDIT_READ,
            Scope.SIGNING_KEYS,
            Scope.PRIVACY,
            Scope.NOTICES,
        },
        Role.VERIFIER: _EVERYBODY,
        Role.PRIVACY_OFFICER: _EVERYBODY
        | {Scope.PEOPLE_READ, Scope.AWARDS_READ, Scope.AUDIT_READ, Scope.PRIVACY, Scope.NOTICES},
        # Conformance suites try out the installation, and no organisation's issuing.
        Role.OPERATOR: _EVERYBODY | {Scope.ORGANISATIONS, Scope.VC_API},
    }
)


def scopes_of(roles: Iterable[Role]) -> frozenset[Scope]:
    """Everything that somebody with these roles may do."""
    return frozenset().union(*(SCOPES[role] for role in roles))
