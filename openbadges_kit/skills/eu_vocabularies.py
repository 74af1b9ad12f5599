"""The European Union's words for how something is learnt, assessed and supervised, by their addresses.

They are the values of the extension's `assessmentType`, `participationType` and `supervisionType`:
https://op.europa.eu/en/web/eu-vocabularies, the lists of the European Learning Model.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["AssessmentType", "ParticipationType", "SupervisionType"]


class AssessmentType(StrEnum):
    """How it is assessed: the authority table `assessment`."""

    PEER_ASSESSMENT = "http://data.europa.eu/snb/assessment/19a2e5e671"
    MARKED_ASSIGNMENT = "http://data.europa.eu/snb/assessment/2939dae15f"
    CONTINUOUS = "http://data.europa.eu/snb/assessment/3484bd7e51"
    PORTFOLIO = "http://data.europa.eu/snb/assessment/4f03b91c0e"
    GROUP_PERFORMANCE = "http://data.europa.eu/snb/assessment/56539a6507"
    PRACTICAL = "http://data.europa.eu/snb/assessment/6a4db9f11d"
    WRITTEN_EXAM = "http://data.europa.eu/snb/assessment/6e6cb2cc78"
    ATTENDANCE = "http://data.europa.eu/snb/assessment/7331eb4762"
    PROJECT = "http://data.europa.eu/snb/assessment/795dac4096"
    PEER_REVIEW = "http://data.europa.eu/snb/assessment/812e3b0ae1"
    QUIZ = "http://data.europa.eu/snb/assessment/b1b68f6735"
    PROBLEM_BASED = "http://data.europa.eu/snb/assessment/c4256a2726"
    ORAL_EXAM = "http://data.europa.eu/snb/assessment/d30284d7df"
    ARTEFACT = "http://data.europa.eu/snb/assessment/de4d165a6c"


class ParticipationType(StrEnum):
    """In which form one takes part: the authority table `learning-assessment`."""

    WORK_BASED = "http://data.europa.eu/snb/learning-assessment/729f3bed4b"
    PROJECT_BASED = "http://data.europa.eu/snb/learning-assessment/7813801c77"
    PRESENTIAL = "http://data.europa.eu/snb/learning-assessment/9191af2ed9"
    ONLINE = "http://data.europa.eu/snb/learning-assessment/920fbb3cbe"
    BLENDED = "http://data.europa.eu/snb/learning-assessment/e92d221e4d"
    LABORATORY = "http://data.europa.eu/snb/learning-assessment/ed4c557045"


class SupervisionType(StrEnum):
    """Who watched, and whether it was made sure who sat there: the authority table `supervision-verification`."""

    UNSUPERVISED_WITHOUT_IDENTITY_CHECK = "http://data.europa.eu/snb/supervision-verification/c598449d64"
