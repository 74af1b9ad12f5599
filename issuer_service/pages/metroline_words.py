"""What people call the parts of a metroline, and what the service says of them, in Dutch and English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from issuer_service.errors import ServiceError
from issuer_service.pages.process_words import Said
from issuer_service.pages.refusals import said
from issuer_service.web.dependencies import Language
from issuer_service.workflow.metroline.arranging import WorkForm
from issuer_service.workflow.metroline.canvases import CanvasKind
from issuer_service.workflow.metroline.design import Stage
from issuer_service.workflow.metroline.participations import ParticipationState
from issuer_service.workflow.metroline.runs import RunState
from issuer_service.workflow.process.definition import Words

__all__ = [
    "CANVASES",
    "CANVAS_FIELDS",
    "CHECKED",
    "PARTICIPATIONS",
    "RUNS",
    "STAGES",
    "STEPS",
    "WORK_FORMS",
    "finding_in_words",
    "findings_in_words",
    "refused_in_words",
]


def _words(nl: str, en: str) -> Words:
    return Words(nl=nl, en=en)


STAGES: Final[Mapping[Stage, Words]] = MappingProxyType(
    {
        Stage.CLUSTER_FORMED: _words("cluster gevormd", "cluster formed"),
        Stage.ANALYSING: _words("analyseren", "analysing"),
        Stage.DESIGNING_OUTCOMES: _words("leeruitkomsten ontwerpen", "designing outcomes"),
        Stage.ARRANGING: _words("stations arrangeren", "arranging stations"),
        Stage.EXECUTING: _words("uitvoeren", "executing"),
        Stage.VALIDATING: _words("valideren", "validating"),
        Stage.EVALUATING: _words("evalueren", "evaluating"),
        Stage.CLOSED: _words("gesloten", "closed"),
    }
)
RUNS: Final[Mapping[RunState, Words]] = MappingProxyType(
    {
        RunState.DRAFT: _words("concept", "draft"),
        RunState.SCHEDULED: _words("gepland", "scheduled"),
        RunState.ANNOUNCED: _words("aangekondigd", "announced"),
        RunState.REMINDED: _words("herinnerd", "reminded"),
        RunState.PREPARED: _words("voorbereid", "prepared"),
        RunState.RUNNING: _words("bezig", "running"),
        RunState.REFLECTED: _words("teruggekeken", "looked back upon"),
        RunState.CLOSED: _words("afgesloten", "closed"),
        RunState.CANCELLED: _words("geannuleerd", "cancelled"),
    }
)
STEPS: Final[Mapping[RunState, Words]] = MappingProxyType(
    {
        RunState.DRAFT: _words("Maak tot concept", "Make a draft"),
        RunState.SCHEDULED: _words("Zet in de planning", "Schedule"),
        RunState.ANNOUNCED: _words("Kondig aan", "Announce"),
        RunState.REMINDED: _words("Herinner", "Remind"),
        RunState.PREPARED: _words("Alles ligt klaar", "Everything is ready"),
        RunState.RUNNING: _words("Begin", "Begin"),
        RunState.REFLECTED: _words("Er is teruggekeken", "It was looked back upon"),
        RunState.CLOSED: _words("Sluit af", "Close"),
        RunState.CANCELLED: _words("Annuleer", "Cancel"),
    }
)
"""What the button is called that takes a run there."""
PARTICIPATIONS: Final[Mapping[ParticipationState, Words]] = MappingProxyType(
    {
        ParticipationState.REGISTERED: _words("aangemeld", "registered"),
        ParticipationState.INTAKE: _words("intake gedaan", "intake held"),
        ParticipationState.PARTICIPATING: _words("doet mee", "participating"),
        ParticipationState.LINE_COMPLETED: _words("lijn behaald", "line completed"),
        ParticipationState.EVALUATED: _words("geëvalueerd", "evaluated"),
        ParticipationState.REFERRED: _words("doorverwezen", "referred"),
        ParticipationState.DROPPED_OUT: _words("gestopt", "left"),
    }
)
WORK_FORMS: Final[Mapping[WorkForm, Words]] = MappingProxyType(
    {
        WorkForm.WORKSHOP: _words("workshop", "workshop"),
        WorkForm.MASTERCLASS: _words("masterclass", "masterclass"),
        WorkForm.COMPANY_VISIT: _words("bedrijfsbezoek", "company visit"),
        WorkForm.PRACTICAL: _words("praktijk", "practical"),
        WorkForm.E_LEARNING: _words("e-learning", "e-learning"),
        WorkForm.LEARNING_COMMUNITY: _words("leergemeenschap", "learning community"),
        WorkForm.OTHER: _words("anders", "something else"),
    }
)
CANVASES: Final[Mapping[CanvasKind, Words]] = MappingProxyType(
    {
        CanvasKind.COMMITMENT: _words("Commitment", "Commitment"),
        CanvasKind.HOW_MIGHT_WE: _words("Hoe kunnen we", "How might we"),
        CanvasKind.SAILBOAT: _words("Zeilboot", "Sailboat"),
        CanvasKind.EMPATHY_MAP: _words("Empathiekaart", "Empathy map"),
        CanvasKind.VALUE_PROPOSITION: _words("Waardepropositie", "Value proposition"),
        CanvasKind.METROLINE_CANVAS: _words("Metrolijncanvas", "Metroline canvas"),
        CanvasKind.EVALUATION: _words("Evaluatie", "Evaluation"),
    }
)
CANVAS_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "document": "Document",
        "companies": "Companies",
        "questions": "How might we …?",
        "harbour": "Harbour",
        "wind": "Wind",
        "anchors": "Anchors",
        "icebergs": "Icebergs",
        "persona": "Persona",
        "says": "Says",
        "thinks": "Thinks",
        "does": "Does",
        "feels": "Feels",
        "validated_by_interview": "Validated by an interview",
        "who": "For whom",
        "wants": "who",
        "but": "but",
        "what": "we develop",
        "aimed_at": "aimed at",
        "offers": "for",
        "so_that": "so that they",
        "validated": "Validated",
        "value_proposition": "Value proposition",
        "target_group": "Target group",
        "goal": "Goal",
        "desired_reaction": "Desired reaction or behaviour after the line",
        "outcomes_reached": "Were the learning outcomes reached?",
        "company_goals_supported": "Were the goals of the companies supported?",
        "good": "What went well",
        "improve": "What can be better",
    }
)
"""In English, the fields of canvases; in Dutch they bring their names along."""
CHECKED: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "materials": _words("Materialen", "Materials"),
        "aids": _words("Technische hulpmiddelen", "Technical aids"),
        "rooms": _words("Ruimte en apparatuur", "Rooms and equipment"),
    }
)
_DUTCH: Final = tuple(
    (re.compile(pattern), dutch)
    for pattern, dutch in (
        # of a line's design
        (
            r"empathy-map: not validated by an interview yet",
            "de empathiekaart is nog niet met een interview gevalideerd",
        ),
        (r"commitment: .+", "noem de bedrijven die de behoefte hebben (commitment)"),
        (r"how-might-we: at least one question", "er is nog geen hoe-kunnen-we-vraag"),
        (r"value-proposition: not written yet", "de waardepropositie is nog niet geschreven"),
        (r"value-proposition: not validated yet", "de waardepropositie is nog niet gevalideerd"),
        (r"metroline-canvas: not written yet", "het metrolijncanvas is nog niet geschreven"),
        (r"outcomes: at least one published ULO", "de lijn leidt nog tot geen gepubliceerde ULO"),
        (r"outcomes: (.+) is aligned with no framework", r"{0} verwijst naar geen kader"),
        (r"outcomes: no station leads to (.+)", "geen station leidt tot {0}"),
        (r"stations: the line has none", "de lijn heeft nog geen stations"),
        (r"stations: (.+) leads to no outcome", "station {0} leidt tot geen leeruitkomst"),
        (r"stations: (.+) has no provider", "station {0} heeft geen aanbieder"),
        (r"runs: at least one is to be scheduled", "er is nog geen uitvoering gepland"),
        (r"runs: some were neither closed nor cancelled", "niet elke uitvoering is afgesloten of geannuleerd"),
        (r"participants: nobody is registered", "er is nog niemand aangemeld"),
        (r"assessments: none was recorded", "er is nog niets beoordeeld"),
        (r"evaluation: no form was filled in", "er is nog geen evaluatie ingevuld"),
        # of a run
        (r"(location|provider|preparation|materials|good|improve|starts_at): needed", "vul in: {0}"),
        (r"starts_at: in the past", "dat moment is voorbij"),
        (r"starts_at: that is when it is already", "dat is het moment al"),
        (r"hours: more than none", "vul in hoeveel uur het duurt"),
        (r"capacity: more than none", "vul in voor hoeveel mensen er plaats is"),
        (
            r"starts_at: a run is announced at least (\d+) days ahead",
            "een uitvoering wordt minstens {0} dagen vooraf aangekondigd",
        ),
        (r"starts_at: a reminder goes out within (\d+) days of it", "herinneren kan vanaf {0} dagen vooraf"),
        (r"checked: (\w+) is not ticked", "nog niet aangevinkt: {0}"),
        (r"starts_at: it has not begun yet", "het is nog niet zover"),
        (r"attendance: nobody's was recorded", "van niemand is vastgelegd dat die er was"),
        (r"assessments: (\d+) who attended were not assessed", "{0} van wie er was, zijn nog niet beoordeeld"),
        # what is unlike the advice
        (r"announce: (\d+) days ahead is advised", "aangeraden is {0} dagen vooraf aan te kondigen"),
        (r"hours: (.+); a station takes (.+) to (.+)", "{0} uur; een station duurt {1} tot {2} uur"),
        (r"stations: (\d+); a line has (\d+) to (\d+)", "{0} stations; een lijn heeft er {1} tot {2}"),
        (r"(.+): (.+) hours; a station takes (.+) to (.+)", "{0}: {1} uur; een station duurt {2} tot {3} uur"),
        (r"(.+): phase (\d) after phase (\d)", "{0}: fase {1} na fase {2}"),
        (r"(.+): no station leads to (.+)", "{0}: geen station leidt tot {1}"),
        # in general
        (r"give every station a number and a phase", "geef elk station een nummer en een fase"),
        (r"an intake has texts of at most 2000 characters", "elk antwoord heeft hoogstens 2000 tekens"),
        (r"registered for this line already", "deze persoon is al aangemeld voor deze lijn"),
        (r"give the level of at least one component", "kies van minstens één onderdeel een niveau"),
        (r"put the run off, so that everybody hears of it", "verplaats de uitvoering, zodat iedereen het hoort"),
        (r"they left this line", "deze persoon is met deze lijn gestopt"),
        (r"the line does not call at this station", "de lijn doet dit station niet aan"),
    )
)
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "location": "plaats",
        "provider": "aanbieder",
        "preparation": "voorbereiding",
        "materials": "materialen",
        "aids": "technische hulpmiddelen",
        "rooms": "ruimte en apparatuur",
        "good": "wat goed ging",
        "improve": "wat beter kan",
        "starts_at": "begin",
    }
)


_NEEDED: Final = re.compile(r"(\w+): needed")
_ENGLISH_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"good": "what went well", "improve": "what can be better", "starts_at": "when it begins"}
)


def finding_in_words(finding: str, language: Language) -> Said:
    """What is missing or unlike the advice, for people."""
    if language == "nl":
        for pattern, dutch in _DUTCH:
            found = pattern.fullmatch(finding)
            if found is not None:
                return Said(dutch.format(*(_NAMES.get(one, one) for one in found.groups())), "nl")
    elif (needed := _NEEDED.fullmatch(finding)) is not None:
        return Said(f"fill in: {_ENGLISH_NAMES.get(needed[1], needed[1])}", "en")
    return said(finding, language)


def findings_in_words(findings: Iterable[str], language: Language) -> list[Said]:
    """The same of several."""
    return [finding_in_words(one, language) for one in findings]


def refused_in_words(error: ServiceError, language: Language) -> list[Said]:
    """A refusal: what it found; and what it is, where it found nothing, or what can be said in English only."""
    findings = findings_in_words(error.findings, language)
    if findings and all(one.lang == language for one in findings):
        return findings
    return [finding_in_words(str(error), language), *findings]
