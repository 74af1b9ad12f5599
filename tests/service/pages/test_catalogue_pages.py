"""What the pages of a catalogue say: levels, frameworks, translations, and how a version stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from issuer_service.catalogue.life_cycle import VersionStatus
from issuer_service.catalogue.service import PublishedUlo
from issuer_service.pages.catalogue import shown_component, shown_ulo
from issuer_service.pages.rendering import render
from openbadges_kit.skills.frameworks import Framework, FrameworkReference, SkosMatch
from openbadges_kit.skills.levels import SkillLevel
from openbadges_kit.skills.ulo import BloomLevel, Component, Translation, Ulo
from tests.service.conftest import World
from tests.service.pages.screen_reader import Part, findings, read

IRI: Final = "https://badges.example/ulo/fietsen/1.1/v2"
FITS: Final = FrameworkReference(
    Framework.ESCO, "http://data.europa.eu/esco/skill/1", "", "adjust gears", match=SkosMatch.CLOSE, label_language="en"
)
STANDARD: Final = FrameworkReference(Framework.STANDARD, "urn:iso:std:iso:4210", "ISO 4210", "Fietsen <veiligheid>")
ULO: Final = Ulo(
    iri=IRI,
    number="1.1",
    version="2",
    title="Versnelling afstellen",
    qualification="Fietstechniek",
    catalogue="Voorbeeldcatalogus",
    components=(
        Component("RO001", f"{IRI}/RO001", "de versnelling", verb="kiest"),
        Component(
            *("VO001", f"{IRI}/VO001", "de kabel"),
            verb="afstellen",
            required_skill_level=SkillLevel.COMPETENT,
            references=(FITS, STANDARD),
            bloom=BloomLevel.APPLY,
        ),
        Component("KO001", f"{IRI}/KO001", "soorten versnellingen"),
    ),
    references=(FITS,),
    tasks=("Onderhoud",),
    translations=(
        Translation(
            "en",
            "Adjusting gears",
            (("RO001", "chooses the gears"), ("VO001", "adjusting the cable"), ("KO001", "kinds of gears")),
        ),
    ),
)
PUBLISHED: Final = PublishedUlo(
    "x", ULO, (), "Werkgroep", validation=({"method": "workshop", "held_on": "2026-05-01", "experts": 3},)
)


def ulo_page(published: PublishedUlo, language: Any) -> Part:
    values: dict[str, Any] = {"published": published, "ulo": published.ulo, "shown": shown_ulo(published, language)}
    html = bytes(render("ulo.html", language, qualification_iri="/ulo/fietsen", **values).body).decode()
    assert findings(html) == []
    return read(html)


def test_a_unit_in_its_own_language() -> None:
    page = ulo_page(PUBLISHED, "nl")
    said = page.text()
    for part in (
        "ULO 1.1: Versnelling afstellen",
        "niveau 3 – Competent",
        "Bloom: toepassen",
        "3 experts",
        "Bijna hetzelfde",
    ):
        assert part in said
    assert "vertaling" not in said


def test_a_unit_in_another_language_says_that_it_is_a_translation_and_of_what() -> None:
    said = ulo_page(PUBLISHED, "en").text()
    for part in ("Adjusting gears", "adjusting the cable", "level 3 – Competent", "what holds stands in Dutch"):
        assert part in said
    component = shown_component(ULO, ULO.component("VO001"), "en")
    assert (component.sentence, component.original) == ("adjusting the cable", "afstellen de kabel")


@pytest.mark.parametrize(
    ("status", "said"),
    [(VersionStatus.WITHDRAWN, "Deze versie is ingetrokken."), (VersionStatus.DEPRECATED, "Deze versie is opgevolgd")],
)
def test_a_version_that_does_not_hold_any_more_says_so_and_leads_on(status: VersionStatus, said: str) -> None:
    later = f"{IRI[:-1]}3"
    page = ulo_page(replace(PUBLISHED, status=status, status_reason="Norm vervallen", replaced_by=later), "nl")
    assert said in page.text()
    assert "Norm vervallen" in page.text()
    assert later in {one.attributes.get("href") for one in page.all("a")}


def test_a_reference_to_a_page_leads_there_and_another_does_not() -> None:
    shown = shown_component(ULO, ULO.component("VO001"), "nl")
    html = bytes(
        render("component.html", "nl", ulo=ULO, shown=shown, criterion=None, qualification_iri="/ulo/fietsen").body
    ).decode()
    assert findings(html) == []
    page = read(html)
    (list_,) = (one for one in page.all("ul") if one.attributes.get("class") == "references")
    assert [one.attributes["href"] for one in list_.all("a")] == ["http://data.europa.eu/esco/skill/1"]
    assert "Fietsen <veiligheid>" in list_.text()


@pytest.mark.both_databases
def test_from_the_home_page_everything_of_a_catalogue_is_a_link_away(world: World) -> None:
    seen, to_see = set[str](), ["/"]
    while to_see:
        path = to_see.pop()
        seen.add(path)
        page = read(world.http.get(f"{path}?lang=nl", headers={"Accept": "text/html"}).text)
        links = {one.attributes.get("href", "").removeprefix("https://badges.example") for one in page.all("a")}
        to_see += sorted(
            one for one in links if one.startswith(("/catalogues", "/ulo/")) and one not in seen | set(to_see)
        )
    qualification = "/ulo/vakmanschap-warmtepompen"
    catalogue = f"/catalogues/{world.setting.issuer_slug}/skills-catalogus"
    assert {"/catalogues", catalogue, qualification, f"{qualification}/1.1/v1", f"{qualification}/1.1/v1/KO004"} <= seen
