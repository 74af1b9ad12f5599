"""Where a published set of criteria stands for everybody: for browsers a page, for programs the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Path

from issuer_service.errors import Kind
from issuer_service.pages.outcomes import Titles, outcomes_of
from issuer_service.pages.rendering import render
from issuer_service.people.tables import Organisation
from issuer_service.problem_details import problems
from issuer_service.recognition.criteria import as_criteria, published_at
from issuer_service.recognition.endpoints import CriteriaShown, shown
from issuer_service.recognition.rules import Kind as CriteriaKind
from issuer_service.recognition.rules import Rule, children, nodes
from issuer_service.recognition.sentences import Names, of_rule
from issuer_service.signing_keys.service import did_of
from issuer_service.web.dependencies import Here, Language, Speaking

__all__ = ["router"]

router = APIRouter(tags=["recognition"])

_KINDS: Final = {
    CriteriaKind.SCHEME: {"nl": "Regeling", "en": "Scheme"},
    CriteriaKind.CURRICULUM: {"nl": "Curriculum", "en": "Curriculum"},
    CriteriaKind.MODULE: {"nl": "Module", "en": "Module"},
    CriteriaKind.PATH: {"nl": "Ontwikkelpad", "en": "Path"},
}


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A rule in words, and those below it."""

    title: str
    asks: str
    iri: str | None
    below: tuple[AskedFor, ...]


@router.get(
    "/criteria/{organisation}/{slug}/v{version}",
    response_model=CriteriaShown,
    responses=problems(Kind.NOT_FOUND),
)
def criteria(
    organisation: Annotated[str, Path(max_length=80)],
    slug: Annotated[str, Path(max_length=80)],
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
    here: Here,
    language: Speaking,
    accept: Annotated[str, Header()] = "",
) -> Any:  # a page or the model
    """A published version, for everybody: what a badge for it refers to. For browsers a page."""
    with here.reading() as session:
        row = published_at(session, organisation=organisation, slug=slug, version=version)
        if "text/html" not in accept:
            return shown(session, row, here)
        publisher = session.get_one(Organisation, row.organisation_id)
        found = as_criteria(row, publisher, base_url=here.base_url)
        titles = Titles(session, here.base_url)
        outcomes = {iri for rule in nodes(found.rule) for iri in outcomes_of(rule)}
        names = {iri: name for iri in sorted(outcomes) if (name := titles.name(iri)) is not None}
        names[did_of(publisher, base_url=here.base_url)] = publisher.name
        return render(
            "criteria.html",
            language,
            criteria=found,
            title=found.title.get(language) or next(iter(found.title.values())),
            kind=_KINDS[found.kind][language],
            publisher=publisher,
            tree=_asked(found.rule, language, names, here.base_url),
        )


def _asked(rule: Rule, language: Language, names: Names, base_url: str) -> AskedFor:
    asks = of_rule(rule, language, names)
    outcome = next(outcomes_of(rule), "") if rule.rule == "shows" else ""
    return AskedFor(
        title=rule.title or asks,
        asks=asks if rule.title and asks != rule.title else "",
        # Of ours there is a page; what stands at another's address is theirs to say.
        iri=outcome if outcome.startswith(f"{base_url}/ulo/") and outcome in names else None,
        below=tuple(_asked(one, language, names, base_url) for one in children(rule)),
    )
