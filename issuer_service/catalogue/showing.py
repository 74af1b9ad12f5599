"""Drafts as they are shown to those who write, review and validate them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from issuer_service.catalogue.addresses import ulo_iri
from issuer_service.catalogue.authoring import ulo_of_draft, validations_of
from issuer_service.catalogue.bodies import DraftShown, DraftSummary, FindingShown, HintShown
from issuer_service.catalogue.life_cycle import DraftStatus
from issuer_service.catalogue.tables import Qualification, UloDraft
from openbadges_kit.skills.hints import hints

__all__ = ["draft_shown", "draft_summary"]


def draft_summary(session: Session, draft: UloDraft, *, base_url: str) -> DraftSummary:
    """A draft in a list."""
    shelf = session.get_one(Qualification, draft.qualification_id)
    return DraftSummary(
        id=draft.id,
        qualification_id=draft.qualification_id,
        iri=ulo_iri(base_url, shelf.slug, draft.number, draft.version),
        number=draft.number,
        version=draft.version,
        title=draft.title,
        status=DraftStatus(draft.status),
        author_id=draft.author_id,
        changed_at=draft.changed_at,
    )


def draft_shown(session: Session, draft: UloDraft, *, base_url: str, language: str) -> DraftShown:
    """A draft with its sentences, the hints for who writes it, and what experts found."""
    ulo = ulo_of_draft(session, draft, base_url=base_url)
    found = validations_of(session, draft)
    return DraftShown(
        **draft_summary(session, draft, base_url=base_url).model_dump(),
        content=draft.content,
        rubric=draft.rubric,
        source=draft.source,
        sentences={component.code: component.sentence for component in ulo.components},
        hints=[
            HintShown(code=str(one.code), component=one.component, text=one.text, reason=one.reason(language))
            for one in hints(ulo)
        ],
        validations=[FindingShown.model_validate(one, from_attributes=True) for one in found],
        returned_because=draft.returned_because,
    )
