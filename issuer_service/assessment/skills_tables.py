"""Skills mappings, the units that close gaps in them, and the levels that people have. A gap is kept nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["SkillLevelRecord", "SkillsMappingRow", "SkillsUnit"]


class SkillsMappingRow(Table):
    """What experts found for a field of work: of each specialism in each occupation the level now and the one needed.

    Another finding is another mapping; this one stays as it was found.
    """

    __tablename__ = "skills_mapping"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(500))
    cells: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    added_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SkillsUnit(Table):
    """A unit of learning outcomes, and the level that who completes it has of specialisms of a mapping."""

    __tablename__ = "skills_unit"
    __tenant_by__ = "mapping_id"
    __table_args__ = (UniqueConstraint("mapping_id", "ulo"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    mapping_id: Mapped[str] = mapped_column(ForeignKey("skills_mapping.id"))
    ulo: Mapped[str] = mapped_column(String(2000))
    reaches: Mapped[dict[str, int]] = mapped_column(JSON)
    minutes: Mapped[int]


class SkillLevelRecord(Table):
    """That somebody has a level of a specialism: by their own word or assessed, by whom, and what shows it.

    Append-only: the last of each source, by number, is how it is. Two may be of one moment.
    """

    __tablename__ = "skill_level"
    __tenant_by__ = "mapping_id"
    __table_args__ = (UniqueConstraint("person_id", "mapping_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    mapping_id: Mapped[str] = mapped_column(ForeignKey("skills_mapping.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    specialism: Mapped[str] = mapped_column(String(200))
    level: Mapped[int]
    source: Mapped[str] = mapped_column(String(20))
    shown_by: Mapped[str] = mapped_column(String(2000))
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
