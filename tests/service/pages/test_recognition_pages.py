"""Recognition on its pages: asked for, badges handed in without any script, weighed before one's eyes, and judged."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from sqlalchemy import update

from issuer_service.catalogue.tables import UloVersion
from openbadges_kit.vocabulary import SkosMatch
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.pages.screen_reader import findings, read
from tests.service.pages.visitors import HTML, Visitor, learner, teacher
from tests.service.recognition.people import (
    ULO,
    badge_file,
    foreign_badge,
    match_in_crosswalk,
    publish_criteria,
    trust_the_issuer_elsewhere,
)

RULE: Final[dict[str, Any]] = {
    "rule": "all",
    "title": "Vakmanschap warmtepompen",
    "of": [
        {"rule": "shows", "outcome": f"{ULO}/RO001"},
        {"rule": "shows", "outcome": f"{ULO}/VO003", "level": {"scale": f"{ULO}/VO003/result", "rank": 3}},
    ],
}


def begin(visitor: Visitor, **fields: Any) -> str:
    visitor.send("/desk/recognition", criteria="vakmanschap", began_on="2026-09-01", **fields)
    return visitor.at


def a_file(content: bytes) -> dict[str, Any]:
    return {"file": ("badge", content)}


@ON_ONE_DATABASE
def test_a_badge_from_here_and_one_from_elsewhere_are_handed_in_and_the_tree_says_what_they_changed(
    world: World,
) -> None:
    credential_id = world.first_badge()
    publish_criteria(world, RULE)
    trust_the_issuer_elsewhere(world)
    match_in_crosswalk(world, f"{ULO}/VO003", SkosMatch.BROAD)
    holder, dana = learner(world), teacher(world)
    # Of the second outcome the badge from here shows a level that is too low: it is left to the one from elsewhere.
    page = begin(holder)
    assert "ontbreekt – Vakmanschap warmtepompen" in holder.see(page)
    said = holder.send(f"{page}/badges", a_file(badge_file(world, credential_id, "badge.png")))
    for part in (
        "Gecontroleerd: in orde",
        "door ons aan deze persoon toegekend",
        "Telt mee",
        "voldaan (was: ontbreekt) – bepaalt welk warmtepompsysteem",
        "het niveau is te laag",
        "Eerst: 0 voldaan, 0 deels, 2 ontbreekt. Nu: 1 voldaan, 1 deels, 0 ontbreekt",
    ):
        assert part in said, part
    said = holder.send(f"{page}/badges", text=json.dumps(foreign_badge()))
    for part in ("Elders", "nog niet vastgesteld van wie", "Telt nog niet mee", "wacht op een oordeel"):
        assert part in said, part
    # Nobody judges their own: they are not asked to, and it would not help them.
    assert "judgement" not in holder.html
    assert "confirmation" not in holder.html
    dana.see(page)
    forms = world.http.get(page, headers=HTML).text.split("<form ")
    confirming = next(re.findall(r'action="([^"]+)"', one)[0] for one in forms if "/confirmation" in one)
    judging = next(re.findall(r'action="([^"]+)"', one)[0] for one in forms if 'value="true"' in one)
    holder.send(confirming, reason="van mij", expect=403)
    holder.send(judging, accept="true", reason="telt", expect=403)
    assert "vastgesteld door een medewerker" in dana.send(confirming, reason="Legitimatie gezien")
    said = dana.send(judging, accept="true", level="3", reason="Hun beschrijving dekt dit")
    assert "geaccepteerd Hun beschrijving dekt dit" in said
    assert "Wat nog nodig is" not in said
    holder.send(f"{page}/decision", verdict="recognised", reason="verdiend", expect=403)
    assert "Erkend, " in dana.send(f"{page}/decision", verdict="recognised", reason="Alles is aangetoond.")
    world.jobs.do_all(world.handlers)
    assert "De ondertekende badge 1" in holder.see(page)
    assert "Inleveren" not in holder.see(page)


@ON_ONE_DATABASE
def test_what_is_asked_for_stands_where_its_badges_refer_to(world: World) -> None:
    publish_criteria(world, RULE)
    path = "/criteria/voorbeeld-opleider/vakmanschap/v1"
    page = world.http.get(f"{path}?lang=nl", headers=HTML).text
    assert findings(page) == []
    read_page = read(page)
    for part in (
        "Regeling – Voorbeeld Opleider",
        "bepaalt welk warmtepompsysteem",
        "minstens niveau 3",
        "vanaf 01-01-2026",
    ):
        assert part in read_page.text()
    assert f"{ULO}/RO001" in {one.attributes.get("href") for one in read_page.all("a")}
    assert world.http.get(path).json()["rule"]["rule"] == "all"


@ON_ONE_DATABASE
def test_what_cannot_be_taken_in_is_said_on_the_page_and_nothing_of_it_is_kept(world: World) -> None:
    publish_criteria(world, RULE)
    holder = learner(world)
    page = begin(holder)
    for wrong in (b"", b"no badge", b"{}" * 10):
        assert "niet aangenomen" in holder.send(f"{page}/badges", a_file(wrong), expect=400)
    assert "Nog niets." in holder.see(page)


@ON_ONE_DATABASE
def test_a_request_is_for_its_holder_and_for_who_looks_after_them(world: World) -> None:
    publish_criteria(world, RULE)
    holder, other, dana = learner(world), learner(world, 1), teacher(world)
    page = begin(dana, person_id=holder.person_id)
    assert "Michael Monteur" in dana.see("/desk/recognition")
    assert "Michael Monteur" in holder.see("/desk/recognition")
    assert "Michael Monteur" not in other.see("/desk/recognition")
    other.see(page, expect=403)
    other.send(f"{page}/badges", text="x", expect=403)
    other.send(
        "/desk/recognition", criteria="vakmanschap", began_on="2026-09-01", person_id=holder.person_id, expect=403
    )
    holder.send(f"{page}/withdrawal", csrf=False, expect=403)
    assert "loopt" in dana.see("/desk/recognition?lang=nl")


@ON_ONE_DATABASE
def test_what_is_not_proved_is_not_recognised_and_an_exemption_says_what_it_saves(world: World) -> None:
    credential_id = world.first_badge()
    publish_criteria(world, {"rule": "shows", "outcome": f"{ULO}/RO001"})
    holder, dana = learner(world), teacher(world)
    page = begin(holder)
    said = dana.send(f"{page}/decision", verdict="recognised", reason="toch", expect=400)
    assert "Dit is niet besloten." in said
    assert "aan deze criteria is nog niet voldaan" in said
    # A unit that was withdrawn is awarded no more, and who has a badge for it keeps what it proves.
    with world.installation.transaction() as session:
        session.execute(update(UloVersion).values(status="withdrawn"))
    holder.send(f"{page}/badges", a_file(badge_file(world, credential_id)))
    more: dict[str, Any] = {"module_id": world.setting.module_id, "hours_saved": "7.5"}
    said = dana.send(f"{page}/decision", verdict="recognised", reason="Gezien.", **more)
    assert "Vrijstelling: Welk systeem past? 7:30 uur bespaard" in said


@ON_ONE_DATABASE
def test_a_request_that_is_taken_back_is_decided_no_more(world: World) -> None:
    publish_criteria(world, RULE)
    holder, dana = learner(world), teacher(world)
    page = begin(holder)
    assert "Dit verzoek is ingetrokken." in holder.send(f"{page}/withdrawal")
    dana.send(f"{page}/decision", verdict="refused", reason="te laat", expect=409)
    assert "ingetrokken" in dana.see("/desk/recognition")


@ON_ONE_DATABASE
def test_the_pages_speak_english_too(world: World) -> None:
    publish_criteria(world, RULE)
    holder = learner(world)
    page = begin(holder)
    assert "missing – Vakmanschap warmtepompen" in holder.see(f"{page}?lang=en")
    assert "Heat pump craftsmanship" in holder.see("/desk/recognition?lang=en")
