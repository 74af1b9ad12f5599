"""Achievements that are no whole ULO, kept as they were published: a component, a station, a line, a set."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.catalogue.life_cycle import VersionStatus
from issuer_service.catalogue.tables import AchievementVersion
from issuer_service.clock import Randomness
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_or_ignore
from openbadges_kit.model.achievement import Achievement

__all__ = ["address_of", "published_achievement"]


def published_achievement(
    session: Session,
    *,
    kind: str,
    slug: str,
    content: Achievement,
    publisher_id: str,
    now: datetime,
    randomness: Randomness,
) -> AchievementVersion:
    """The stored achievement of this name; made when it is awarded for the first time, and never changed."""
    version = content.version or "1"
    its = select(AchievementVersion).where(AchievementVersion.slug == slug, AchievementVersion.version == version)
    known = session.scalar(its)
    if known is not None:
        return known
    row = {
        "id": random_uuid(randomness),
        "publisher_id": publisher_id,
        "kind": kind,
        "slug": slug,
        "version": version,
        "title": str(content.name)[:200],
        "content": content.to_json(),
        "published_at": now,
        "status": str(VersionStatus.PUBLISHED),
        "status_reason": "",
    }
    # Two who award it for the first time at once: the second waits, and takes what the first published.
    insert_or_ignore(session, AchievementVersion, [row])
    return session.scalars(its).one()


def address_of(slug: str, *, base_url: str) -> str:
    """Where an achievement that has no other address stands for everybody."""
    return f"{base_url}/achievements/{slug}/v1"
