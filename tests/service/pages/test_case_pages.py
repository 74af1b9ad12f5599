"""The candidate path on pages: what waits, where a case stands and why, forms made from the definition, badges."""

from __future__ import annotations

from typing import Any, Final

from issuer_service.awarding.rules import RULES, OtherMoment
from issuer_service.pages.process_words import AWARDS, EVENTS, ROLES
from issuer_service.pages.refusals import said
from issuer_service.people.roles import Role
from issuer_service.programme.settings import PRESETS
from issuer_service.workflow.candidate.definition import candidate_path, company_path
from issuer_service.workflow.events import EventKind
from issuer_service.workflow.process.definition import FieldType, Route, Task
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.notices.posting import notices
from tests.service.pages.screen_reader import read
from tests.service.pages.visitors import Visitor
from tests.service.workflow.office import Office

SECRET: Final = "vertelde iets dat niemand anders aangaat"


def visitor(office: Office, role: str) -> Visitor:
    return Visitor(office.world, office.ids[role])


@ON_ONE_DATABASE
def test_a_teacher_clicks_from_what_waits_to_the_certificate(world: World) -> None:
    """The newcomer's way: nothing is sent that a page did not ask for."""
    office = Office(world)
    office.settle(certificate_ulo_version_id=office.certificate)
    office.until(office.begin("company-path", "employer"), "attending")
    case_id = office.begin()
    office.until(case_id, "advanced_modules")
    office.step("coach", case_id, "record", "coaching_talk")
    dana = visitor(office, "teacher")
    assert "Beoordeel een module Iemand candidate A20 Vervolgmodules" in dana.see("/work")
    shown = dana.follow("Beoordeel een module")
    assert "Waarom het niet verder gaat Voor “Verklaar het leergedeelte afgerond”: nog niet alle modules" in shown
    assert "het leergedeelte is afgerond certificaat wordt toegekend zodra het gebeurt" in shown
    dana.follow("Beoordeel: Module advanced")
    missing = dana.fill("Vastleggen", level__RO001="zelfstandig", expect=422)
    assert missing.count("Kies een niveau.") == 6, "three components, each named above and at its place"
    assert 'value="zelfstandig" checked' in dana.html, "what was chosen stays chosen"
    rest: dict[str, Any] = {f"level__{one}": "zelfstandig" for one in ("VO001", "VO002", "VO003")}
    assert "Gedaan: Beoordeel een module" in dana.fill("Vastleggen", level__RO001="zelfstandig", **rest)
    assert "A21 Leergedeelte afgerond sinds" in dana.fill("Verklaar het leergedeelte afgerond")
    world.jobs.do_all(world.handlers)
    dana.see("/work")
    assert "3 goedgekeurd." in dana.fill("Keur alles goed wat is aangevinkt", awards=dana.offered("awards"))
    world.jobs.do_all(world.handlers)
    assert dana.see(f"/desk/cases/{case_id}").count("– ondertekend") == 3
    assert [("Deze badge is geldig." in one) for one in dana.badges()] == [True] * 3


@ON_ONE_DATABASE
def test_a_form_keeps_what_was_typed_and_says_what_to_mend(world: World) -> None:
    office = Office(world)
    anna = visitor(office, "am_candidates")
    anna.see("/desk/cases")
    amiss = anna.fill("Beginnen", "Begin: Kandidaatroute", programme_id=office.programme, name="Nel", expect=422)
    assert "kies iemand, of geef een naam en een e-mailadres" in amiss
    assert 'value="Nel"' in anna.html
    anna.fill("Beginnen", "Begin: Kandidaatroute", programme_id=office.programme, email="nel at post", expect=422)
    assert "geen e-mailadres" in read(anna.html).text()
    assert 'value="nel at post"' in anna.html
    begun = anna.fill("Beginnen", "Begin: Kandidaatroute", email="nel@post.example", programme_id=office.programme)
    assert "A0 Geïnteresseerd sinds" in begun
    assert "Meld aan: de privacyverklaring is nog niet getoond; het aanmeldformulier is niet ingevuld" in begun
    # Which field, what to do about it, and a link to it; and nothing that was typed is lost.
    amiss = anna.fill("Vastleggen", "Leg vast hoe het contact", data__channel="phone", expect=422)
    assert "Dit is nog niet vastgelegd. Privacyverklaring getoond: Kies ja of nee." in amiss
    assert 'href="#first_contact-notice_shown"' in anna.html
    assert 'value="phone" checked' in anna.html
    anna.fill("Vastleggen", "Leg vast hoe het contact", data__notice_shown="no")
    assert "de privacyverklaring is nog niet getoond" in anna.html
    # A reason of the programme, in the reader's language.
    answers: dict[str, Any] = {"data__channel": "portal", "data__route": "Monteur <b>"}
    applying = "Vul het aanmeldformulier in"
    refused = anna.fill("Vastleggen", applying, **answers, data__target_group="school_leavers", expect=422)
    assert "deze opleiding is niet voor deze doelgroep" in refused
    assert "Monteur &lt;b&gt;" in anna.html
    english = anna.see(anna.at.replace("/steps", "?lang=en"))
    assert "Why it does not move Before “Apply”: the privacy notice was not shown yet" in english
    # Somebody else took a step since the page was opened: nothing happens, and it says so.
    stale = anna.html
    anna.fill("Record", "Record how the contact", data__notice_shown="yes")
    anna.html = stale
    again: dict[str, Any] = {**answers, "data__target_group": "professionals"}
    late = anna.fill("Record", "Fill in the application form", **again, expect=422)
    assert "somebody took a step meanwhile" in late


@ON_ONE_DATABASE
def test_notes_of_the_coach_are_read_by_the_coach_and_nobody_else(world: World) -> None:
    office = Office(world)
    office.until(office.begin("company-path", "employer"), "attending")
    case_id = office.begin()
    office.until(case_id, "intake")
    coen = visitor(office, "coach")
    coen.see(f"/desk/cases/{case_id}")
    topics = ["profile", "interest_and_motivation", "drivers_and_goals"]
    coen.fill("Vastleggen", "Voer het intakegesprek", data__topics=topics, data__outcome="suitable", data__note=SECRET)
    assert SECRET in coen.see(f"/desk/cases/{case_id}")
    office.until(case_id, "basic_modules")
    assert "alleen voor coach" in coen.see(f"/desk/cases/{case_id}")
    for role in ("candidate", "employer", "teacher", "am_candidates", "administrator", "am_companies"):
        assert SECRET not in visitor(office, role).see(f"/desk/cases/{case_id}"), role
    # A company sees its own part: neither how the intake went, nor what was earned.
    company = visitor(office, "employer").see(f"/desk/cases/{case_id}")
    assert "Geschikt" not in company
    assert "Badges Nog geen" not in company
    assert "Voer het intakegesprek" not in company
    assert "Teken de intentieverklaring" in company


@ON_ONE_DATABASE
def test_the_job_market_is_of_those_who_prepare_it_and_people_decide(world: World) -> None:
    office = Office(world)
    company, case_id = office.begin("company-path", "employer"), office.begin()
    office.until(company, "attending")
    office.until(case_id, "job_market")
    nel, wim = visitor(office, "candidate"), visitor(office, "employer")
    assert "Route van een bedrijf naar de banenmarkt: Iemand employer" in wim.see("/work")
    nel.see(f"/desk/cases/{case_id}")
    first: dict[str, Any] = {f"data__employers__{office.ids['employer']}": "1"}
    nel.fill("Vastleggen", "Geef aan bij welke", **first)
    wim.see(f"/desk/cases/{company}")
    first = {f"data__candidates__{office.ids['candidate']}": "1"}
    wim.fill("Vastleggen", "Zet de kandidaten", **first)
    market = visitor(office, "coach").see(f"/desk/programmes/{office.programme}/job-market")
    assert "Iemand candidate met Iemand employer" in market
    assert "Iemand candidate Iemand employer Iemand employer: beiden willen het" in market
    figures = visitor(office, "am_candidates").see(f"/desk/programmes/{office.programme}/figures")
    assert "Routes minder dan 5" in figures
    assert "A10 Banenmarkt minder dan 5 te weinig mensen 0" in figures
    for role, page in (("teacher", "job-market"), ("candidate", "job-market"), ("employer", "figures")):
        visitor(office, role).see(f"/desk/programmes/{office.programme}/{page}", expect=403)
    # Of a case one has no part in, nobody is told that it is there.
    wim.see(f"/desk/cases/{case_id}", expect=404)
    assert "Iemand candidate" not in wim.see("/desk/cases")


def test_every_choice_has_words_and_everybody_is_chosen_from_a_role() -> None:
    for definition in (candidate_path(), company_path()):
        owners: list[Task | Route] = [*definition.tasks, *definition.routes]
        fields = [field for owner in owners for field in owner.fields]
        assert {choice for field in fields for choice in field.choices} == set(definition.words)
        assert all(field.roles for field in fields if field.type in {FieldType.PERSON, FieldType.PEOPLE})


def test_everything_that_the_awarding_table_says_has_words() -> None:
    assert set(EVENTS) == set(EventKind)
    assert set(ROLES) == set(Role)
    assert {rule.key for rule in RULES} == set(AWARDS)
    bare = dict.fromkeys(("badge_per_module", "badge_per_component", "badge_per_station", "badge_per_line"), False)
    later = {**bare, "certificate_at": "completed"}
    several = [*PRESETS.values(), *(one.model_copy(update=later) for one in PRESETS.values())]
    reasons = {rule.why_not(settings) for rule in RULES for settings in several} - {None}
    reasons |= {rule.why_not(PRESETS["mhw"], OtherMoment(awarded=True)) for rule in RULES} - {None}
    assert {said(one, "nl").lang for one in reasons if one is not None} == {"nl"}


@ON_ONE_DATABASE
def test_a_teacher_plans_the_kick_off_by_the_clock_on_the_wall_and_calls_it_off(world: World) -> None:
    office = Office(world)
    case_id = office.begin()
    office.until(office.begin("company-path", "employer"), "attending")
    office.until(case_id, "enrolled")
    dana = visitor(office, "teacher")
    dana.see("/work")
    dana.follow("Plan de kick-off")
    plan: dict[str, Any] = {"data__starts_at": "2026-11-01T09:30", "data__hours": "3", "data__location": "Lokaal 1"}
    assert "wat je plant moet nog komen" in dana.fill("Vastleggen", "Plan de kick-off", **plan, expect=422)
    shown = dana.fill("Vastleggen", "Plan de kick-off", **{**plan, "data__starts_at": "2026-12-10T09:30"})
    assert "Gedaan: Plan de kick-off" in shown
    assert "10-12-2026 09:30" in shown, "in what happened"
    assert 'value="2026-12-10T09:30"' in dana.html, "to be moved"
    assert "Gedaan: Zeg de kick-off af" in dana.fill("Vastleggen", "Zeg de kick-off af")
    assert {one.purpose for one in notices(world, "path-meeting")} == {"path-meeting-planned", "path-meeting-cancelled"}
