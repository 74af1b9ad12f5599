"""The achievements of a metroline: a component, a station, a line, and that somebody was there.

Each is published when it is awarded for the first time. A proof of attendance is of another type, and aligned with no
outcome: nobody can take it for a skill (G11).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.catalogue.achievements import address_of, published_achievement
from issuer_service.catalogue.service import published_ulo
from issuer_service.catalogue.tables import AchievementVersion
from issuer_service.clock import Randomness
from issuer_service.workflow.metroline.tables import LineStop, Metroline, Station
from openbadges_kit.model.achievement import Achievement, Alignment, Criteria
from openbadges_kit.skills.achievement import alignment_of
from openbadges_kit.skills.kinds import ACHIEVEMENT_TYPES, AchievementKind

__all__ = ["Publishing"]

_LONGEST_NAME: Final = 200
_DIGITS: Final = 12

_Outcomes = Mapping[str, Sequence[str]]


class Publishing:
    """Gives the achievement for what was reached, and publishes it where it is not there yet."""

    def __init__(
        self, session: Session, publisher_id: str, *, base_url: str, now: datetime, randomness: Randomness
    ) -> None:
        self._session = session
        self._publisher_id = publisher_id
        self._base_url = base_url
        self._now = now
        self._randomness = randomness

    def component(self, ulo_version_id: str, code: str) -> str:
        """A component of a ULO. The id of its version."""
        ulo = published_ulo(self._session, ulo_version_id, base_url=self._base_url).ulo
        sentence = ulo.component(code).sentence
        return self._published(
            f"component-{ulo_version_id}-{code.lower()}",
            AchievementKind.COMPONENT,
            name=sentence,
            criteria=f"Beoordeeld als bereikt langs de rubric van {ulo.title}: {sentence}",
            outcomes={ulo_version_id: [code]},
        )

    def station(self, station_id: str) -> str:
        """What a station leads to. The id of its version."""
        station = self._session.get_one(Station, station_id)
        return self._published(
            f"station-{station.id}",
            AchievementKind.STATION,
            name=station.title,
            criteria="Elke leeruitkomst van dit station is beoordeeld als bereikt.",
            outcomes=station.outcomes,
        )

    def line(self, metroline_id: str) -> str:
        """A line, as it runs. The id of its version."""
        line = self._session.get_one(Metroline, metroline_id)
        query = (
            select(Station)
            .join(LineStop, LineStop.station_id == Station.id)
            .where(LineStop.metroline_id == line.id, LineStop.required)
            .order_by(LineStop.position)
        )
        stations = self._session.scalars(query).all()
        outcomes: dict[str, list[str]] = {}
        for station in stations:
            for ulo, codes in station.outcomes.items():
                outcomes.setdefault(ulo, []).extend(code for code in codes if code not in outcomes.get(ulo, ()))
        named = "\n".join(f"- {station.title}" for station in stations)
        return self._published(
            f"line-{line.id}",
            AchievementKind.LINE,
            name=line.title,
            criteria=f"Elke leeruitkomst van deze stations is beoordeeld als bereikt:\n\n{named}",
            outcomes=outcomes,
        )

    def attendance(self, station_id: str) -> str:
        """That somebody was at a station. The id of its version."""
        station = self._session.get_one(Station, station_id)
        return self._published(
            f"attendance-{station.id}",
            AchievementKind.ATTENDANCE,
            name=f"Bewijs van deelname: {station.title}",
            criteria="Was erbij. Er is niets beoordeeld: dit bewijst geen vaardigheid.",
            outcomes={},
        )

    def _published(self, slug: str, kind: AchievementKind, *, name: str, criteria: str, outcomes: _Outcomes) -> str:
        alignments = list(self._alignments(outcomes))
        # A line that runs otherwise than before is another version of its achievement.
        said = json.dumps([name, criteria, sorted((ulo, sorted(codes)) for ulo, codes in outcomes.items())])
        digest = hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]
        content = Achievement(
            id=address_of(f"{slug}-{digest}", base_url=self._base_url),
            achievement_type=ACHIEVEMENT_TYPES[kind],
            name=name[:_LONGEST_NAME],
            description=name,
            criteria=Criteria(narrative=criteria),
            in_language="nl",
            version="1",
        )
        if alignments:
            content = content.model_copy(update={"alignment": alignments})
        made: AchievementVersion = published_achievement(
            self._session,
            kind=str(kind),
            slug=f"{slug}-{digest}",
            content=content,
            publisher_id=self._publisher_id,
            now=self._now,
            randomness=self._randomness,
        )
        return made.id

    def _alignments(self, outcomes: _Outcomes) -> list[Alignment]:
        found = []
        for ulo_version_id, codes in outcomes.items():
            ulo = published_ulo(self._session, ulo_version_id, base_url=self._base_url).ulo
            found += [alignment_of(ulo.component(code), ulo) for code in codes]
        return found
