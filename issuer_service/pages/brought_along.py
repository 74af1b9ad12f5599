"""What somebody brings along to their path from the metrolines that they travelled, in words, with its badges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from issuer_service.catalogue.service import published_ulo
from issuer_service.pages.badges_of import Earned, badges_by_award
from issuer_service.pages.case_words import day
from issuer_service.pages.process_words import in_words
from issuer_service.programme.tables import Module
from issuer_service.web.dependencies import Language
from issuer_service.workflow.cases.bringing import Brought, brought_to
from issuer_service.workflow.metroline.reaching import COMPONENT, LINE, STATION, ULO
from issuer_service.workflow.metroline.tables import Metroline, Station
from issuer_service.workflow.process.definition import Words
from issuer_service.workflow.process.tables import ProcessCase

__all__ = ["BroughtAlong", "brought_along"]

_KINDS: Final[Mapping[str, Words]] = {
    COMPONENT: Words(nl="onderdeel", en="component"),
    STATION: Words(nl="station", en="station"),
    ULO: Words(nl="leeruitkomst", en="learning outcome"),
    LINE: Words(nl="lijn", en="line"),
}


@dataclass(frozen=True, slots=True)
class BroughtAlong:
    """Something that was reached. `module` is what it may exempt from, and `evidence` what shows it."""

    kind: str
    name: str
    since: str
    badges: tuple[Earned, ...]
    module: str
    exempted: bool
    evidence: str


def brought_along(session: Session, case: ProcessCase, *, base_url: str, language: Language) -> list[BroughtAlong]:
    """What the person of a case reached along lines. A component goes without saying where its whole ULO was."""
    items = brought_to(session, case)
    whole = {one.about_id for one in items if one.kind == ULO}
    shown = [one for one in items if one.kind != COMPONENT or one.about_id not in whole]
    badges = badges_by_award(session, [award for one in shown for award in one.awards])
    return [
        BroughtAlong(
            kind=in_words(_KINDS[one.kind], language),
            name=_name(session, one, base_url),
            since=day(one.reached_at),
            badges=tuple(badges[award] for award in one.awards if award in badges),
            module="" if one.module_id is None else session.get_one(Module, one.module_id).title,
            exempted=one.exempted,
            evidence=one.evidence_id,
        )
        for one in shown
    ]


def _name(session: Session, one: Brought, base_url: str) -> str:
    if one.kind == STATION:
        return session.get_one(Station, one.about_id).title
    if one.kind == LINE:
        return session.get_one(Metroline, one.about_id).title
    title: str = published_ulo(session, one.about_id, base_url=base_url).ulo.title
    return f"{title}, {one.component}" if one.component else title
