"""The unsigned badge: what all badges of one achievement and issuer share, and what each has of its own."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from issuer_service.catalogue.service import PublishedUlo, published_ulo
from issuer_service.issuance.request import IssuanceRequest
from issuer_service.people.tables import Organisation
from issuer_service.signing_keys.service import issuer_profile
from issuer_service.status_lists.allocation import Place
from issuer_service.status_lists.service import entry_json
from openbadges_kit.model.achievement import Achievement
from openbadges_kit.model.credential import AchievementCredential, AchievementSubject
from openbadges_kit.skills.achievement import results_of
from openbadges_kit.timestamps import format_timestamp

__all__ = ["BadgeTemplate", "template_for"]

# An achievement's documents take some 20 kB; a provider has some dozens.
_MOST_KEPT: Final = 256
_MOST_RESULTS: Final = 256
_LONGEST_LEVELS: Final = 1000
_kept: Final[OrderedDict[tuple[str, ...], BadgeTemplate]] = OrderedDict()
_lock: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class BadgeTemplate:
    """A badge of one version of an achievement by one issuer, without what is one person's."""

    published: PublishedUlo
    shared: dict[str, Any]
    base_url: str
    # The results of a class are few, and each is asked for by many.
    results: dict[tuple[tuple[str, str], ...], list[dict[str, Any]]] = field(default_factory=dict)

    def unsecured(
        self, request: IssuanceRequest, *, credential_id: str, place: Place, valid_from: datetime
    ) -> dict[str, Any]:
        """The badge for a request. Raises MalformedDocument for a level that the rubric does not have."""
        subject = {**self.shared["credentialSubject"], "id": f"urn:uuid:{request.subject_id}"}
        results = self._results_of(request.levels)
        if results:
            subject["result"] = results
        badge = {
            **self.shared,
            "id": f"urn:uuid:{credential_id}",
            "validFrom": format_timestamp(valid_from),
            "awardedDate": format_timestamp(request.awarded_at),
            "credentialSubject": subject,
            "credentialStatus": entry_json(place, base_url=self.base_url),
        }
        if request.details.valid_until is not None:
            badge["validUntil"] = format_timestamp(request.details.valid_until)
        return badge

    def _results_of(self, levels: Mapping[str, str]) -> list[dict[str, Any]]:
        """The results as JSON, which nobody changes."""
        asked = tuple(sorted(levels.items()))
        known = self.results.get(asked)
        if known is None:
            made = results_of(levels, ulo=self.published.ulo, rubric=self.published.rubric)
            known = [result.to_json() for result in made]
            if len(self.results) < _MOST_RESULTS and sum(map(len, levels.values())) < _LONGEST_LEVELS:
                self.results[asked] = known
        return known


def template_for(session: Session, organisation: Organisation, ulo_version_id: str, *, base_url: str) -> BadgeTemplate:
    """The template; kept, because a published version never changes. Raises NotFound for an unknown version."""
    issuer = issuer_profile(organisation, base_url=base_url)
    key = (base_url, ulo_version_id, issuer.model_dump_json())
    with _lock:
        known = _kept.get(key)
        if known is not None:
            _kept.move_to_end(key)
            return known
    published = published_ulo(session, ulo_version_id, base_url=base_url)
    shared = AchievementCredential(
        id="urn:uuid:",
        name=published.ulo.title,
        issuer=issuer,
        valid_from="",
        awarded_date="",
        credential_subject=AchievementSubject(id="", achievement=Achievement.from_json(published.achievement())),
    ).to_json()
    made = BadgeTemplate(published, shared, base_url)
    with _lock:
        _kept[key] = made
        if len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made
