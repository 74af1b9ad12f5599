"""Requests for recognition over HTTP: opened, badges handed in and weighed. Deciding is in `decision_endpoints.py`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.orm import Session

from issuer_service.errors import Kind, Refused, TooLarge
from issuer_service.installation import Installation
from issuer_service.people.service import Caller
from issuer_service.problem_details import problems
from issuer_service.recognition.cashing_tables import RecognitionRequest
from issuer_service.recognition.handing_in import Looked, hand_in, look_at_badge, look_at_presentation
from issuer_service.recognition.proofs import Level
from issuer_service.recognition.requests import (
    decision_on,
    must_be_open,
    open_request,
    request_of,
    requests_of,
    withdraw,
)
from issuer_service.recognition.showing import (
    BadgeShown,
    MatchShown,
    TreeShown,
    badge_shown,
    match_shown,
    needed_shown,
    tree_shown,
)
from issuer_service.recognition.weighing import add_match, confirm, decide_match, handed_in_of, tree_of
from issuer_service.web.dependencies import CallingAboutRecognition, CallingToDecideOnRecognition, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, Reason
from openbadges_kit.documents import dump_json

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["recognition"])

MAX_FILE: Final = 20 * 1024 * 1024
_JWT: Final = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"
_OUTCOME: Final = "https://badges.example/ulo/vakmanschap-warmtepompen/1.1/v1/VO001"


class NewRequest(BaseModel):
    """A wish to have proofs recognised."""

    model_config = ConfigDict(extra="forbid")

    criteria: str = Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=80,
        examples=["warmtepomp-vakmanschap"],
        description="Their slug.",
    )
    began_on: date = Field(description="The cohort, by which the version is chosen.", examples=["2026-09-01"])
    person_id: Identifier | None = Field(default=None, description="Whose; left out: the caller's own.")


class RequestShown(BaseModel):
    """A request and how it stands."""

    id: str
    person_id: str
    criteria_id: str
    challenge: str = Field(description="What a wallet puts in a presentation for this request, with `domain`.")
    domain: str = Field(examples=["https://badges.example"])
    opened_at: datetime
    withdrawn_at: datetime | None
    decided_at: datetime | None


class RequestInFull(RequestShown):
    """A request with what was handed in, and the proof tree as it is now."""

    badges: list[BadgeShown]
    tree: TreeShown
    still_needed: list[str] = Field(description="By the choice that asks for the fewest.")


class ToHandIn(BaseModel):
    """A badge, or what a wallet shows."""

    model_config = ConfigDict(extra="forbid")

    badge: dict[str, Any] | str | None = Field(default=None, description="JSON, or a JWT or SD-JWT.", examples=[_JWT])
    presentation: dict[str, Any] | str | None = Field(
        default=None, description="A verifiable presentation with the request's challenge and domain.", examples=[None]
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.badge is None) == (self.presentation is None):
            raise ValueError("give a badge or a presentation")
        return self


class HandedInShown(BaseModel):
    """What came of handing in: the badges, and the tree without them and with them."""

    badges: list[BadgeShown]
    before: TreeShown
    after: TreeShown


class Confirmation(BaseModel):
    """How it was established that a badge is about this person."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = Field(examples=["Legitimatie gezien; naam en foto op de badge komen overeen."])


class LevelFound(BaseModel):
    """A level that a person found, on a scale of ours."""

    model_config = ConfigDict(extra="forbid")

    scale: str = Field(min_length=1, max_length=2000, examples=[f"{_OUTCOME}/result"])
    rank: int = Field(ge=0, le=100)


class NewMatch(BaseModel):
    """That a badge shows an outcome which nothing in it names."""

    model_config = ConfigDict(extra="forbid")

    outcome: str = Field(max_length=2000, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$", examples=[_OUTCOME])
    level: LevelFound | None = None
    reason: Reason = Field(examples=["Het werkstuk bij de badge laat dit zien."])


class MatchDecision(BaseModel):
    """Whether a badge counts for an outcome, and why."""

    model_config = ConfigDict(extra="forbid")

    accept: bool
    level: LevelFound | None = Field(default=None, description="The level on our scale, where the badge says none.")
    reason: Reason = Field(examples=["De beschrijving komt overeen met VO001."])


@router.get("/recognition-requests")
def get_recognition_requests(
    here: Here,
    caller: CallingAboutRecognition,
    paging: Paging,
    person_id: Annotated[Identifier | None, Query(description="Only this person's.")] = None,
) -> Page[RequestShown]:
    """One's own requests; for coaches, assessors and teachers those of the organisation."""
    with here.reading_for(caller) as session:
        order = [RecognitionRequest.opened_at, RecognitionRequest.id]
        found = requests_of(caller, person_id=person_id)
        return page_of(session, found, paging, order=order, show=lambda row: request_shown(session, row, here))


@router.post("/recognition-requests", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_recognition_request(
    body: NewRequest, here: Here, caller: CallingAboutRecognition, request_key: RequestKey = None
) -> RequestShown:
    """Ask for recognition, for oneself; a coach or a teacher also for somebody else."""
    with here.transaction_for(caller) as session:

        def make() -> RequestShown:
            row = open_request(
                session,
                person_id=body.person_id,
                slug=body.criteria,
                began_on=body.began_on,
                caller=caller,
                now=here.now(),
                randomness=here.randomness,
            )
            return request_shown(session, row, here)

        asked = Asked(request_key, caller, "/v1/recognition-requests", body)
        return once(session, asked, now=here.now(), answer=RequestShown, make=make)


@router.get("/recognition-requests/{request_id}", responses=problems(Kind.NOT_FOUND))
def get_recognition_request(request_id: Identifier, here: Here, caller: CallingAboutRecognition) -> RequestInFull:
    """A request with its badges, and the proof tree: of every node whether it is satisfied, by what, and what lacks."""
    with here.reading_for(caller) as session:
        row = request_of(session, request_id, caller=caller)
        today = here.now().date()
        node = tree_of(session, row, base_url=here.base_url, on=today)
        return RequestInFull(
            **request_shown(session, row, here).model_dump(),
            badges=[badge_shown(one) for one in handed_in_of(session, row)],
            tree=tree_shown(node, on=today),
            still_needed=needed_shown(node),
        )


@router.post("/recognition-requests/{request_id}/badges", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_badge(request_id: Identifier, body: ToHandIn, here: Here, caller: CallingAboutRecognition) -> HandedInShown:
    """Hand in a badge as JSON or as a token, or what a wallet shows. The same badge is kept once."""
    challenge = _challenge_of(request_id, here, caller)
    if body.presentation is not None:
        looked = look_at_presentation(_text(body.presentation), challenge=challenge, here=here)
    else:
        looked = look_at_badge(_text(body.badge or {}), here=here)
    return _keep(request_id, looked, here, caller)


@router.post(
    "/recognition-requests/{request_id}/badge-files",
    responses=problems(Kind.NOT_FOUND, Kind.CONFLICT),
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"example": {"file": "badge.png"}}}}},
)
def post_badge_file(
    request_id: Identifier, here: Here, caller: CallingAboutRecognition, file: UploadFile | None = None
) -> HandedInShown:
    """Hand in a file: a badge as PNG, SVG, JSON or JWT. Of a picture only the badge in it is kept."""
    _challenge_of(request_id, here, caller)
    if file is None:
        raise Refused("send the file as a part with this name", field="file")
    data = file.file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise TooLarge(f"larger than {MAX_FILE} bytes", field="file")
    return _keep(request_id, look_at_badge(data, here=here), here, caller)


@router.post("/recognition-requests/{request_id}/withdrawal", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_withdrawal(request_id: Identifier, here: Here, caller: CallingAboutRecognition) -> RequestShown:
    """Take a request back."""
    with here.transaction_for(caller) as session:
        return request_shown(session, withdraw(session, request_id, caller=caller, now=here.now()), here)


@router.post("/handed-in-badges/{badge_id}/confirmation", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_confirmation(
    badge_id: Identifier, body: Confirmation, here: Here, caller: CallingToDecideOnRecognition
) -> BadgeShown:
    """Establish that a badge is about the person. For teachers; nobody does so for themselves."""
    with here.transaction_for(caller) as session:
        row = confirm(session, badge_id, reason=body.reason, caller=caller)
        request = session.get_one(RecognitionRequest, row.request_id)
        return next(badge_shown(one) for one in handed_in_of(session, request) if one.row.id == row.id)


@router.post("/handed-in-badges/{badge_id}/matches", status_code=201, responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_match(
    badge_id: Identifier,
    body: NewMatch,
    here: Here,
    caller: CallingToDecideOnRecognition,
    *,
    request_key: RequestKey = None,
) -> MatchShown:
    """Find that a badge shows an outcome. For teachers; nobody does so for themselves."""
    with here.transaction_for(caller) as session:

        def make() -> MatchShown:
            return match_shown(
                add_match(
                    session,
                    badge_id,
                    outcome=body.outcome,
                    level=_level(body.level),
                    reason=body.reason,
                    caller=caller,
                    now=here.now(),
                    randomness=here.randomness,
                )
            )

        asked = Asked(request_key, caller, f"/v1/handed-in-badges/{badge_id}/matches", body)
        return once(session, asked, now=here.now(), answer=MatchShown, make=make)


@router.post("/proof-matches/{match_id}/decision", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_match_decision(
    match_id: Identifier, body: MatchDecision, here: Here, caller: CallingToDecideOnRecognition
) -> MatchShown:
    """Accept a proposed match, or refuse one. For teachers; nobody does so for themselves."""
    with here.transaction_for(caller) as session:
        return match_shown(
            decide_match(
                session,
                match_id,
                accept=body.accept,
                level=_level(body.level),
                reason=body.reason,
                caller=caller,
                now=here.now(),
            )
        )


def request_shown(session: Session, row: RecognitionRequest, here: Installation) -> RequestShown:
    """A request as it is shown."""
    decision = decision_on(session, row)
    return RequestShown(
        id=row.id,
        person_id=row.person_id,
        criteria_id=row.criteria_id,
        challenge=row.challenge,
        domain=here.base_url,
        opened_at=row.opened_at,
        withdrawn_at=row.withdrawn_at,
        decided_at=None if decision is None else decision.decided_at,
    )


def _challenge_of(request_id: str, here: Installation, caller: Caller) -> str:
    # Before anything is fetched for it: who may not hand in has nothing verified.
    with here.reading_for(caller) as session:
        row = request_of(session, request_id, caller=caller)
        must_be_open(session, row)
        return row.challenge


def _keep(request_id: str, looked: list[Looked], here: Installation, caller: Caller) -> HandedInShown:
    today = here.now().date()
    with here.transaction_for(caller) as session:
        row = request_of(session, request_id, caller=caller, hold=True)
        must_be_open(session, row)
        kept = [
            hand_in(
                session,
                row,
                one,
                caller=caller,
                base_url=here.base_url,
                now=here.now(),
                randomness=here.randomness,
            ).id
            for one in looked
        ]
        before = tree_of(session, row, base_url=here.base_url, on=today, without=kept)
        after = tree_of(session, row, base_url=here.base_url, on=today)
        return HandedInShown(
            badges=[badge_shown(one) for one in handed_in_of(session, row) if one.row.id in kept],
            before=tree_shown(before, on=today),
            after=tree_shown(after, on=today),
        )


def _text(given: dict[str, Any] | str) -> bytes | str:
    return given if isinstance(given, str) else dump_json(given)


def _level(found: LevelFound | None) -> Level | None:
    return None if found is None else Level(found.scale, found.rank)
