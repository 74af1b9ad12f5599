"""A request for recognition as its page shows it: whose, for what, what was handed in, and what came of each badge."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.installation import Installation
from issuer_service.issuance.tables import Credential
from issuer_service.pages.outcomes import Titles, outcomes_of
from issuer_service.pages.proof_tree import ShownNode, shown_progress, shown_tree
from issuer_service.people.roles import Scope
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation, Person
from issuer_service.programme.tables import Module
from issuer_service.recognition.cashing_tables import Exemption, ProofMatch, RecognitionDecision, RecognitionRequest
from issuer_service.recognition.evaluation import still_needed
from issuer_service.recognition.handing_in import PROOF, About, MatchState
from issuer_service.recognition.matching import MatchKind
from issuer_service.recognition.requests import decision_on
from issuer_service.recognition.rules import CriteriaSet, nodes
from issuer_service.recognition.sentences import Language, Names, of_level
from issuer_service.recognition.tables import CriteriaVersion, TrustedIssuer
from issuer_service.recognition.weighing import Handed, criteria_of_request, handed_in_of, tree_of
from issuer_service.signing_keys.service import did_of

__all__ = ["ShownBadge", "ShownDecision", "ShownMatch", "ShownRequest", "shown_request", "title_of"]

_ABOUT: Final = {
    About.OURS: {"nl": "door ons aan deze persoon toegekend", "en": "awarded by us to this person"},
    About.HOLDER: {"nl": "de wallet bewees de houder te zijn", "en": "the wallet proved to be its holder"},
    About.ADDRESS: {"nl": "noemt het e-mailadres van deze persoon", "en": "names this person's e-mail address"},
    About.CONFIRMED: {"nl": "vastgesteld door een medewerker", "en": "established by somebody here"},
    About.UNKNOWN: {"nl": "nog niet vastgesteld van wie", "en": "whose it is was not established yet"},
}
_KINDS: Final = {
    MatchKind.SAME_IRI: {"nl": "dezelfde leeruitkomst", "en": "the same learning outcome"},
    MatchKind.ALIGNMENT: {"nl": "de badge verwijst ernaar", "en": "the badge refers to it"},
    MatchKind.CROSSWALK: {"nl": "volgens een omzettabel", "en": "by a crosswalk"},
    MatchKind.PROPOSED: {"nl": "lijkt erop", "en": "resembles it"},
}
_STATES: Final = {
    MatchState.COUNTS: {"nl": "telt", "en": "counts"},
    MatchState.PROPOSED: {"nl": "wacht op een oordeel", "en": "waits for a person's word"},
    MatchState.ACCEPTED: {"nl": "geaccepteerd", "en": "accepted"},
    MatchState.REFUSED: {"nl": "afgewezen", "en": "refused"},
}


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """That a badge shows an outcome: how that was found, and what a person said of it."""

    id: str
    outcome: str
    kind: str
    state: MatchState
    word: str
    level: str | None
    reason: str | None
    levels: Sequence[tuple[int, str]]  # of our rubric, for who finds one that the badge does not say


@dataclass(frozen=True, slots=True)
class ShownBadge:
    """A badge that was handed in."""

    id: str
    name: str
    issuer: str
    is_trusted: bool
    verified: bool
    reasons: Sequence[str]
    about: str
    is_known: bool
    counts: bool
    is_new: bool
    matches: Sequence[ShownMatch]
    beside: Sequence[ShownMatch]  # what the criteria do not ask for


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """What was decided, with its badges once they are signed, and what it saves."""

    verdict: str
    decided: str
    reason: str
    credentials: Sequence[str]
    exemptions: Sequence[str]
    hours_saved: str


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """Everything that the page of a request says."""

    id: str
    person: str
    title: str
    version: int
    criteria_iri: str
    opened: str
    is_withdrawn: bool
    decision: ShownDecision | None
    is_open: bool
    may_decide: bool
    is_own: bool
    badges: Sequence[ShownBadge]
    tree: ShownNode
    needed: Sequence[ShownNode]
    satisfied: bool
    progress: object
    progress_table: object


def shown_request(
    session: Session,
    request: RecognitionRequest,
    *,
    added: Collection[str],
    caller: Caller,
    here: Installation,
    language: Language,
) -> ShownRequest:
    """A request; `added` are the badges that were just handed in, so that the tree says what they changed."""
    today = here.now().date()
    handed = handed_in_of(session, request)
    criteria = criteria_of_request(session, request, base_url=here.base_url)
    after = tree_of(session, request, base_url=here.base_url, on=today)
    new = {one.row.id for one in handed if one.row.id in added}
    before = tree_of(session, request, base_url=here.base_url, on=today, without=new) if new else None
    titles = Titles(session, here.base_url)
    names = _names(session, request, criteria, handed, titles)
    trusted = {issuer for issuer, _ in _issuers(session, request.organisation_id, here.base_url)}
    progress, table = shown_progress(after, before=before, key="progress", language=language)
    asked = {iri for rule in nodes(criteria.rule) for iri in outcomes_of(rule)}
    decision = decision_on(session, request)
    is_own = request.person_id == caller.person_id
    return ShownRequest(
        id=request.id,
        person=session.get_one(Person, request.person_id).name,
        title=title_of(session.get_one(CriteriaVersion, request.criteria_id), language),
        version=criteria.version,
        criteria_iri=f"{criteria.iri}/v{criteria.version}",
        opened=request.opened_at.strftime("%d-%m-%Y"),
        is_withdrawn=request.withdrawn_at is not None,
        decision=_decision(session, decision) if decision else None,
        is_open=decision is None and request.withdrawn_at is None,
        may_decide=Scope.RECOGNITION_DECIDE in caller.scopes and not is_own,
        is_own=is_own,
        badges=[
            _badge(one, asked, names, titles, language, is_new=one.row.id in new, is_trusted=one.row.issuer in trusted)
            for one in handed
        ],
        tree=shown_tree(after, before=before, language=language, on=today, names=names),
        needed=[shown_tree(one, before=None, language=language, on=today, names=names) for one in still_needed(after)],
        satisfied=after.satisfied,
        progress=progress,
        progress_table=table,
    )


def _decision(session: Session, row: RecognitionDecision) -> ShownDecision:
    awards = [one for one in (row.award_id, row.composite_award_id) if one is not None]
    signed = session.scalars(
        select(Credential.id).where(Credential.award_id.in_(awards)).order_by(Credential.signed_at, Credential.id)
    )
    exempted = session.scalars(select(Exemption).where(Exemption.decision_id == row.id).order_by(Exemption.id)).all()
    titles = {one: session.get_one(Module, one).title for one in {each.module_id for each in exempted} if one}
    minutes = sum(one.minutes_saved for one in exempted)
    return ShownDecision(
        verdict=row.verdict,
        decided=row.decided_at.strftime("%d-%m-%Y"),
        reason=row.reason,
        credentials=signed.all(),
        exemptions=[": ".join(filter(None, (titles.get(one.module_id or ""), one.part))) for one in exempted],
        hours_saved=f"{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else ""),
    )


def title_of(row: CriteriaVersion, language: Language) -> str:
    """What a set of criteria is called, in this language or in the one that it has."""
    return row.title.get(language) or next(iter(row.title.values()))


def _badge(
    handed: Handed,
    asked: Collection[str],
    names: Names,
    titles: Titles,
    language: Language,
    *,
    is_new: bool,
    is_trusted: bool,
) -> ShownBadge:
    row = handed.row
    return ShownBadge(
        id=row.id,
        name=row.name or row.credential,
        issuer=names.get(row.issuer, row.issuer),
        is_trusted=is_trusted,
        verified=row.verified,
        reasons=row.reasons,
        about=_ABOUT[About(row.about)][language],
        is_known=About(row.about).counts,
        counts=handed.counts,
        is_new=is_new,
        matches=[_match(one, names, titles, language) for one in handed.matches if one.outcome in asked],
        beside=[_match(one, names, titles, language) for one in handed.matches if one.outcome not in asked],
    )


def _match(row: ProofMatch, names: Names, titles: Titles, language: Language) -> ShownMatch:
    return ShownMatch(
        id=row.id,
        outcome=names.get(row.outcome, row.outcome),
        kind=_KINDS[MatchKind(row.kind)][language],
        state=MatchState(row.state),
        word=_STATES[MatchState(row.state)][language],
        level=of_level(PROOF.validate_python(row.proof).level, language),
        reason=row.reason,
        levels=titles.levels(row.outcome),
    )


def _names(
    session: Session, request: RecognitionRequest, criteria: CriteriaSet, handed: Sequence[Handed], titles: Titles
) -> dict[str, str]:
    """What the addresses in the tree are called: ours from the catalogue, the others as their badges say."""
    outcomes = {iri for rule in nodes(criteria.rule) for iri in outcomes_of(rule)}
    outcomes |= {match.outcome for one in handed for match in one.matches}
    found = {one.row.credential: one.row.name for one in handed if one.row.name}
    found |= {one.row.issuer: one.row.issuer_name for one in handed if one.row.issuer_name}
    # What we call an issuer goes before what its badges call it: anybody can call themselves anything.
    found |= {issuer: name for issuer, name in _issuers(session, request.organisation_id, titles.base_url) if name}
    return found | {iri: name for iri in sorted(outcomes) if (name := titles.name(iri)) is not None}


def _issuers(session: Session, organisation_id: str, base_url: str) -> list[tuple[str, str]]:
    own = session.get_one(Organisation, organisation_id)
    rows = session.scalars(
        select(TrustedIssuer).where(TrustedIssuer.organisation_id == organisation_id, TrustedIssuer.ended_at.is_(None))
    )
    return [*((row.issuer, row.name) for row in rows), (did_of(own, base_url=base_url), own.name)]
