"""Sets of criteria, trusted issuers and the crosswalk over HTTP. Where a published set stands is a page as well."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Kind as ErrorKind
from issuer_service.errors import Refused
from issuer_service.installation import Installation
from issuer_service.people.tables import Organisation
from issuer_service.problem_details import problems
from issuer_service.recognition.criteria import (
    as_criteria,
    change_draft,
    criteria_iri,
    criteria_of,
    draft_criteria,
    findings_of,
    listed,
    publish_criteria,
)
from issuer_service.recognition.criteria_findings import Code
from issuer_service.recognition.crosswalk import add_to_crosswalk, end_of_crosswalk
from issuer_service.recognition.rules import CriteriaSet, Kind, Rule
from issuer_service.recognition.tables import CriteriaVersion, CrosswalkEntry, TrustedIssuer
from issuer_service.recognition.trust import end_trust, known_here, trust_issuer
from issuer_service.web.dependencies import (
    CallingToReadProgrammes,
    CallingToWriteCatalogue,
    CallingToWriteOrganisation,
    Here,
)
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, LongText, Named
from openbadges_kit.vocabulary import SkosMatch

__all__ = ["CriteriaShown", "router", "shown"]

router = APIRouter(tags=["recognition"])

Slug = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Address = Annotated[str, Field(max_length=2000, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$")]
_SLUG: Final = "warmtepomp-vakmanschap"
_RULE: Final = {
    "rule": "shows",
    "title": "Bepaalt welk systeem past",
    "outcome": "https://badges.example/ulo/vakmanschap-warmtepompen/1.1/v1/RO001",
}


class _Criteria(BaseModel):
    kind: Kind
    title: dict[Literal["nl", "en"], Named] = Field(
        min_length=1, examples=[{"nl": "Vakmanschap warmtepompen", "en": "Heat pump craftsmanship"}]
    )
    rule: Rule = Field(description="The tree of what must be proved.", examples=[_RULE])
    cohorts_from: date = Field(description="It applies to who begins on this day or later.", examples=["2026-09-01"])
    cohorts_until: date | None = Field(
        default=None, description="The last day, itself included; null: until revised.", examples=["2027-08-31"]
    )


class ChangedCriteria(_Criteria):
    """A draft, written anew."""

    model_config = ConfigDict(extra="forbid")

    def as_set(self) -> CriteriaSet:
        """Checked as a whole. The address and the number are the stored row's."""
        return CriteriaSet(iri="urn:draft", version=1, **{name: getattr(self, name) for name in _Criteria.model_fields})


class NewCriteria(ChangedCriteria):
    """The first version of a set of criteria, or the next one of a set that has this slug."""

    slug: Slug = Field(description="Its name in addresses; the same for every version.", examples=[_SLUG])


class CriteriaShown(_Criteria):
    """One version of a set of criteria."""

    id: str
    iri: str = Field(description="The set, whichever version.", examples=[f"https://badges.example/criteria/o/{_SLUG}"])
    slug: str = Field(examples=[_SLUG])
    version: int
    superseded_from: date | None = Field(
        description="From this day on who begins has the next version.", examples=["2027-09-01"]
    )
    published_at: datetime | None = Field(description="Null for a draft. A published version never changes.")


class CriteriaFinding(BaseModel):
    """One thing to mend, or a hint."""

    code: Code
    path: str = Field(examples=["rule.of.0.outcome"])
    detail: str
    hinders: bool = Field(description="Must it be mended before publication?")


class CriteriaFindings(BaseModel):
    """What a reviewer would say."""

    findings: list[CriteriaFinding]
    can_be_published: bool


class NewTrust(BaseModel):
    """An issuer elsewhere whose proofs are to count."""

    model_config = ConfigDict(extra="forbid")

    issuer: Address = Field(examples=["did:web:opleider.example"])
    name: Named = Field(examples=["Andere Opleider"])
    ground: LongText = Field(
        min_length=1, max_length=2000, examples=["Beoordeelt met dezelfde toetsmatrijs; overeenkomst van 3 maart 2026."]
    )


class TrustShown(BaseModel):
    """A trusted issuer."""

    id: str
    issuer: str
    name: str
    ground: str
    added_at: datetime
    ended_at: datetime | None = Field(description="From then on its proofs count no more.")


class NewCrosswalkEntry(BaseModel):
    """For which of our outcomes one of another catalogue counts."""

    model_config = ConfigDict(extra="forbid")

    theirs: Address = Field(examples=["https://opleider.example/outcomes/42"])
    ours: Address = Field(examples=[_RULE["outcome"]])
    match: SkosMatch = Field(description="Exact and close ones count; of others a person decides each time.")
    ground: LongText = Field(min_length=1, max_length=2000, examples=["Vergeleken op 3 maart 2026 met hun docenten."])


class CrosswalkEntryShown(BaseModel):
    """One match of the crosswalk."""

    id: str
    theirs: str
    ours: str
    match: SkosMatch
    ground: str
    added_at: datetime
    ended_at: datetime | None


@router.get("/v1/criteria-sets")
def get_criteria_sets(
    here: Here,
    caller: CallingToReadProgrammes,
    paging: Paging,
    *,
    slug: Annotated[str | None, Query(max_length=80)] = None,
    kind: Kind | None = None,
    published: bool | None = None,
    began_on: Annotated[date | None, Query(description="Only those that apply to who began on this day.")] = None,
) -> Page[CriteriaShown]:
    """The versions of the organisation's criteria, drafts among them."""
    with here.reading_for(caller) as session:
        found = listed(caller.organisation_id, slug=slug, kind=kind, published=published, began_on=began_on)
        order = [CriteriaVersion.slug, CriteriaVersion.version]
        return page_of(session, found, paging, order=order, show=lambda row: shown(session, row, here))


@router.post("/v1/criteria-sets", status_code=201, responses=problems(ErrorKind.CONFLICT))
def post_criteria_set(
    body: NewCriteria, here: Here, caller: CallingToWriteCatalogue, request_key: RequestKey = None
) -> CriteriaShown:
    """Draft criteria: a first version, or the next one of the same set."""
    with here.transaction_for(caller) as session:

        def make() -> CriteriaShown:
            criteria = _checked(body)
            row = draft_criteria(
                session, criteria, body.slug, caller=caller, now=here.now(), randomness=here.randomness
            )
            return shown(session, row, here)

        asked = Asked(request_key, caller, "/v1/criteria-sets", body)
        return once(session, asked, now=here.now(), answer=CriteriaShown, make=make)


@router.get("/v1/criteria-sets/{criteria_id}", responses=problems(ErrorKind.NOT_FOUND))
def get_criteria_set(criteria_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> CriteriaShown:
    """One version."""
    with here.reading_for(caller) as session:
        return shown(session, criteria_of(session, criteria_id, organisation_id=caller.organisation_id), here)


@router.put("/v1/criteria-sets/{criteria_id}", responses=problems(ErrorKind.NOT_FOUND, ErrorKind.CONFLICT))
def put_criteria_set(
    criteria_id: Identifier, body: ChangedCriteria, here: Here, caller: CallingToWriteCatalogue
) -> CriteriaShown:
    """Write a draft anew. A published version is answered with a conflict."""
    with here.transaction_for(caller) as session:
        row = change_draft(session, criteria_id, _checked(body), caller=caller, now=here.now())
        return shown(session, row, here)


@router.get("/v1/criteria-sets/{criteria_id}/findings", responses=problems(ErrorKind.NOT_FOUND))
def get_criteria_findings(criteria_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> CriteriaFindings:
    """What there is to say of a version: what hinders its publication, and hints."""
    with here.reading_for(caller) as session:
        row = criteria_of(session, criteria_id, organisation_id=caller.organisation_id)
        known = known_here(session, caller.organisation_id, base_url=here.base_url)
        found = findings_of(session, row, known=known, base_url=here.base_url)
    return CriteriaFindings(
        findings=[CriteriaFinding.model_validate(one, from_attributes=True) for one in found],
        can_be_published=not any(one.hinders for one in found),
    )


@router.post("/v1/criteria-sets/{criteria_id}/publication", responses=problems(ErrorKind.NOT_FOUND))
def post_criteria_publication(criteria_id: Identifier, here: Here, caller: CallingToWriteCatalogue) -> CriteriaShown:
    """Publish a draft, for good. An open end of the version before it closes; what hinders is named."""
    with here.transaction_for(caller) as session:
        known = known_here(session, caller.organisation_id, base_url=here.base_url)
        row = publish_criteria(session, criteria_id, caller=caller, known=known, base_url=here.base_url, now=here.now())
        return shown(session, row, here)


@router.get("/v1/trusted-issuers")
def get_trusted_issuers(here: Here, caller: CallingToReadProgrammes, paging: Paging) -> Page[TrustShown]:
    """Whose proofs count here beside the organisation's own, and those that counted once."""
    with here.reading_for(caller) as session:
        found = select(TrustedIssuer).where(TrustedIssuer.organisation_id == caller.organisation_id)
        order = [TrustedIssuer.added_at, TrustedIssuer.id]
        return page_of(session, found, paging, order=order, show=_trust_shown)


@router.post("/v1/trusted-issuers", status_code=201, responses=problems(ErrorKind.CONFLICT))
def post_trusted_issuer(
    body: NewTrust, here: Here, caller: CallingToWriteOrganisation, request_key: RequestKey = None
) -> TrustShown:
    """Have the proofs of an issuer elsewhere count. For administrators."""
    with here.transaction_for(caller) as session:

        def make() -> TrustShown:
            return _trust_shown(
                trust_issuer(
                    session,
                    issuer=body.issuer,
                    name=body.name,
                    ground=body.ground,
                    caller=caller,
                    now=here.now(),
                    randomness=here.randomness,
                )
            )

        asked = Asked(request_key, caller, "/v1/trusted-issuers", body)
        return once(session, asked, now=here.now(), answer=TrustShown, make=make)


@router.post("/v1/trusted-issuers/{trusted_id}/end", responses=problems(ErrorKind.NOT_FOUND))
def post_trust_end(trusted_id: Identifier, here: Here, caller: CallingToWriteOrganisation) -> TrustShown:
    """Have its proofs count no more. What was decided with them stays."""
    with here.transaction_for(caller) as session:
        return _trust_shown(end_trust(session, trusted_id, caller=caller, now=here.now()))


@router.get("/v1/crosswalk")
def get_crosswalk(here: Here, caller: CallingToReadProgrammes, paging: Paging) -> Page[CrosswalkEntryShown]:
    """Which outcomes of other catalogues count for which of ours, and those that did once."""
    with here.reading_for(caller) as session:
        found = select(CrosswalkEntry).where(CrosswalkEntry.organisation_id == caller.organisation_id)
        order = [CrosswalkEntry.added_at, CrosswalkEntry.id]
        return page_of(session, found, paging, order=order, show=_entry_shown)


@router.post("/v1/crosswalk", status_code=201, responses=problems(ErrorKind.CONFLICT))
def post_crosswalk_entry(
    body: NewCrosswalkEntry, here: Here, caller: CallingToWriteCatalogue, request_key: RequestKey = None
) -> CrosswalkEntryShown:
    """Match an outcome of another catalogue to one of ours."""
    with here.transaction_for(caller) as session:

        def make() -> CrosswalkEntryShown:
            return _entry_shown(
                add_to_crosswalk(
                    session,
                    theirs=body.theirs,
                    ours=body.ours,
                    match=body.match,
                    ground=body.ground,
                    caller=caller,
                    now=here.now(),
                    randomness=here.randomness,
                )
            )

        asked = Asked(request_key, caller, "/v1/crosswalk", body)
        return once(session, asked, now=here.now(), answer=CrosswalkEntryShown, make=make)


@router.post("/v1/crosswalk/{entry_id}/end", responses=problems(ErrorKind.NOT_FOUND))
def post_crosswalk_end(entry_id: Identifier, here: Here, caller: CallingToWriteCatalogue) -> CrosswalkEntryShown:
    """Have it count no more. What was handed in before keeps its matches."""
    with here.transaction_for(caller) as session:
        return _entry_shown(end_of_crosswalk(session, entry_id, caller=caller, now=here.now()))


def shown(session: Session, row: CriteriaVersion, here: Installation) -> CriteriaShown:
    """A version as it is shown."""
    organisation = session.get_one(Organisation, row.organisation_id)
    # What was published, and not the cohorts that are left of it: those are said beside it.
    criteria = as_criteria(row, organisation, base_url=here.base_url)
    values: dict[str, Any] = {name: getattr(criteria, name) for name in _Criteria.model_fields}
    return CriteriaShown(
        **{**values, "cohorts_until": row.cohorts_until},
        id=row.id,
        iri=criteria_iri(row, organisation, base_url=here.base_url),
        slug=row.slug,
        version=row.version,
        superseded_from=row.superseded_from,
        published_at=row.published_at,
    )


def _checked(body: ChangedCriteria) -> CriteriaSet:
    try:
        return body.as_set()
    except ValidationError as error:
        findings = tuple(str(one["msg"]).removeprefix("Value error, ") for one in error.errors())
        raise Refused("these criteria cannot be meant", field="rule", findings=findings) from error


def _trust_shown(row: TrustedIssuer) -> TrustShown:
    return TrustShown.model_validate(row, from_attributes=True)


def _entry_shown(row: CrosswalkEntry) -> CrosswalkEntryShown:
    return CrosswalkEntryShown.model_validate(row, from_attributes=True)
