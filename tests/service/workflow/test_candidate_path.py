"""The path of one person as the two working methods have it: what is obligatory in one and a choice in the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from issuer_service.workflow.candidate.definition import company_path
from tests.service.workflow.playing import Walk, settings_of


def at(stage: str, preset: str = "mhw", **settings: object) -> Walk:
    return Walk(settings=settings_of(preset, **settings)).until(stage)


def test_the_mechanic_walks_the_whole_path_of_mhw() -> None:
    walk = at("evaluated")
    passed = [event.to for event in walk.events]
    for stage in ("scanning", "intake", "application_training", "job_market", "kicked_off", "work_experience"):
        assert stage in passed
    assert "tripartite_signed" not in passed
    assert walk.emitted == ["LearningCompleted", "ProgrammeCompleted"]


def test_the_mechanic_walks_the_whole_path_of_katapult() -> None:
    walk = at("finished", "katapult")
    passed = [event.to for event in walk.events]
    assert "tripartite_signed" in passed
    for stage in ("scanning", "intake", "application_training", "job_market", "kicked_off", "work_experience"):
        assert stage not in passed
    assert walk.emitted == ["LearningCompleted", "ProgrammeCompleted"]


def test_what_mhw_makes_obligatory_katapult_still_offers() -> None:
    walk = at("applied", "katapult")
    walk.take("am_candidates", "move", "scan")
    walk.until("profiled").take("am_candidates", "move", "invite_after_scan")
    walk.until("selected").take("am_candidates", "move", "train")
    walk.take("coach", "record", "application_training_attended")
    walk.take("am_candidates", "move", "to_job_market")
    walk.until("enrolled").until("tripartite_signed").take("teacher", "record", "kickoff")
    walk.take("teacher", "move", "conclude_kickoff")
    walk.until("contracted").take("employer", "move", "begin_work")
    walk.until("completed").take("learner", "record", "learner_feedback")
    walk.take("employer", "record", "employer_feedback")
    walk.take("teacher", "move", "evaluate")
    assert walk.ended == "completed"


def test_d01_mhw_is_for_professionals_and_katapult_also_for_who_leaves_school() -> None:
    walk = Walk()
    refused = walk.why_not("candidate", "record", "application", target_group="school_leavers")
    assert refused == "this programme is not for this target group"
    Walk(settings=settings_of("katapult")).take("candidate", "record", "application", target_group="school_leavers")


def test_d02_whoever_applies_by_another_way_is_told_and_may() -> None:
    taken = Walk().take("candidate", "record", "application", channel="form")
    assert taken.warnings == ("people apply to this programme by another way",)
    assert not Walk().take("candidate", "record", "application", channel="portal").warnings
    katapult = Walk(settings=settings_of("katapult"))
    assert not katapult.take("candidate", "record", "application", channel="form").warnings


def test_d03_nobody_skips_the_scan_where_it_is_required() -> None:
    assert "no part of how this programme works" in at("applied").why_not("am_candidates", "move", "invite_to_intake")


def test_d05_the_tests_are_chosen_and_there_is_at_least_one() -> None:
    assert "give some of personality" in at("scanning").why_not("am_candidates", "record", "tests_chosen", tests=[])


def test_d04_the_personality_test_is_part_of_a_scan_unless_the_programme_takes_it_out() -> None:
    warned = at("scanning").take("am_candidates", "record", "tests_chosen", tests=["cognitive"]).warnings
    assert warned == ("the personality test is part of every scan here",)
    free = at("scanning", scan_personality_default=False)
    assert not free.take("am_candidates", "record", "tests_chosen", tests=["cognitive"]).warnings


def test_d07_nobody_is_selected_without_a_positive_intake_where_it_is_required() -> None:
    walk = at("intake")
    assert "intake was not held yet" in walk.why_not("am_candidates", "move", "select")
    walk.take("coach", "record", "intake_report", outcome="not_suitable")
    assert "no positive outcome" in walk.why_not("am_candidates", "move", "select")
    assert [one.what for one in walk.waiting()] == ["reject"]


def test_d07_where_the_intake_is_optional_it_is_waived_with_a_reason() -> None:
    walk = at("applied", "katapult")
    assert "record why there is no intake" in walk.why_not("am_candidates", "move", "select_without_scan")
    walk.take("am_candidates", "record", "intake_waiver", grounds="ervaren vakman")
    walk.take("am_candidates", "move", "select_without_scan")


def test_d09_nobody_comes_to_the_job_market_untrained_where_training_is_obligatory() -> None:
    assert "application training was not attended" in at("selected").why_not("am_candidates", "move", "to_job_market")
    at("selected", "katapult").take("am_candidates", "move", "to_job_market")


def test_d10_only_where_there_need_be_no_job_market_a_match_is_made_without_one() -> None:
    assert "no part of" in at("application_training").why_not("am_candidates", "move", "match_directly")


def company(stage: str, preset: str = "mhw", **settings: object) -> Walk:
    return Walk(definition=company_path(), settings=settings_of(preset, **settings)).until(stage)


def test_d08_a_company_that_did_without_the_training_to_select_is_told_so_where_it_is_offered() -> None:
    without = company("agreement_signed").take("am_companies", "move", "attend")
    assert without.warnings == ("the training to select on skills was offered and not attended",)
    walk = company("agreement_signed")
    walk.take("am_companies", "record", "selection_training")
    assert not walk.take("am_companies", "move", "conclude_training").warnings
    assert not walk.take("am_companies", "move", "attend").warnings
    assert not company("agreement_signed", "katapult").take("am_companies", "move", "attend").warnings


def test_d11_a_company_answers_its_invitation_before_it_is_counted_on() -> None:
    walk = company("invited")
    assert "did not answer" in walk.why_not("am_companies", "move", "accept")
    walk.take("employer", "record", "interest")
    walk.take("am_companies", "move", "accept")


def test_d12_the_agreement_has_its_four_clauses_and_two_signatures_where_there_must_be_one() -> None:
    walk = company("interested")
    assert "not signed by both" in walk.why_not("am_companies", "move", "conclude_agreement")
    missing = walk.why_not("am_companies", "record", "agreement", clauses=[])
    assert missing.count("is missing") == 4
    walk.take("am_companies", "record", "agreement")
    walk.take("am_companies", "sign", "agreement")
    walk.take("employer", "sign", "agreement")
    walk.take("am_companies", "move", "conclude_agreement")
    company("interested", "katapult").take("am_companies", "move", "conclude_agreement")


def test_d21_who_pays_for_the_training_is_the_company_in_mhw_and_preferably_in_katapult() -> None:
    assert "the company pays" in company("interested").why_not("am_companies", "record", "agreement", paid_by="other")
    shared = "company_and_own_contribution"
    company("interested").take("am_companies", "record", "agreement", paid_by=shared)
    warned = company("interested", "katapult").take("am_companies", "record", "agreement", paid_by="other").warnings
    assert warned == ("preferably the company pays for the training",)


def test_d12_d24_r20_a_match_is_what_both_wish() -> None:
    walk = at("preferences_given")
    assert "not mutual" in walk.why_not("am_candidates", "record", "match", employer="another")
    walk.take("am_candidates", "record", "match", employer="employer", job_guarantee=True)


def test_d24_no_job_is_guaranteed_where_the_programme_offers_no_guarantee() -> None:
    walk = at("preferences_given", job_guarantee_offered=False)
    assert "offers no job guarantee" in walk.why_not("am_candidates", "record", "match", job_guarantee=True)
    walk.take("am_candidates", "record", "match", job_guarantee=False)


@pytest.mark.parametrize("role", ["am_candidates", "am_companies", "coach", "teacher"])
def test_d13_r21_neither_campus_nor_provider_has_a_part_in_the_application(role: str) -> None:
    walk = at("matched")
    assert walk.why_not(role, "move", "begin_application") == "this is for: employer"
    walk.until("applying")
    assert walk.why_not(role, "record", "application_outcome") == "this is for: employer"


def test_r22_the_terms_are_known_before_the_letter_of_intent_is_signed() -> None:
    walk = at("applying")
    walk.take("employer", "record", "application_outcome")
    assert "salary and hours were not communicated" in walk.why_not("employer", "record", "letter_of_intent")
    tomorrow = (walk.now + timedelta(days=1)).date().isoformat()
    walk.take("employer", "record", "terms", communicated_on=tomorrow)
    assert "before the letter of intent" in walk.why_not("employer", "record", "letter_of_intent")
    walk.take("employer", "record", "terms")
    walk.take("employer", "record", "letter_of_intent")
    walk.take("employer", "sign", "letter_of_intent")
    assert "not signed by both" in walk.why_not("am_candidates", "move", "sign_intent")
    walk.take("candidate", "sign", "letter_of_intent")
    assert "the provider has no copy yet" in walk.why_not("am_candidates", "move", "sign_intent")


def test_a_letter_of_intent_has_every_clause_and_is_signed_anew_when_it_is_drawn_up_anew() -> None:
    walk = at("applying")
    walk.take("employer", "record", "application_outcome")
    walk.take("employer", "record", "terms")
    refused = walk.why_not("employer", "record", "letter_of_intent", clauses=["candidate_joins"])
    assert "data.clauses: contract_after_success is missing" in refused
    walk.take("employer", "record", "letter_of_intent")
    walk.take("employer", "sign", "letter_of_intent")
    assert "signed already" in walk.why_not("employer", "sign", "letter_of_intent")
    walk.take("employer", "record", "letter_of_intent")
    walk.take("employer", "sign", "letter_of_intent")


def test_enrolment_takes_the_notice_of_who_is_responsible_and_all_seven_items_of_the_start_package() -> None:
    walk = at("intent_signed")
    assert "provider becomes responsible" in walk.why_not("candidate", "record", "enrolment", notice_read=False)
    walk.take("candidate", "record", "enrolment")
    assert "give all of billing" in walk.why_not("am_candidates", "record", "start_package", items=["billing"])
    assert "start package was not sent" in walk.why_not("am_candidates", "move", "enrol")
    walk.take("am_candidates", "record", "start_package")
    assert walk.take("am_candidates", "move", "enrol").effect == "enrol"


def test_d17_the_tripartite_agreement_is_signed_by_three_where_katapult_has_it() -> None:
    walk = at("enrolled", "katapult")
    assert "three parties did not sign" in walk.why_not("teacher", "move", "begin_learning")
    walk.take("teacher", "record", "tripartite")
    for party in ("employer", "learner"):
        walk.take(party, "sign", "tripartite")
    assert "three parties did not sign" in walk.why_not("teacher", "move", "conclude_tripartite")
    walk.take("teacher", "sign", "tripartite")
    walk.take("teacher", "move", "conclude_tripartite")


def test_d18_learning_begins_after_the_kick_off_where_there_must_be_one() -> None:
    assert "kick-off was not held" in at("enrolled").why_not("teacher", "move", "begin_learning")


def test_r25_a_go_takes_all_basic_modules_and_three_voices_of_three_people() -> None:
    walk = at("basic_modules")
    walk.take("teacher", "record", "module_result", passed=False)
    assert "not all basic modules" in walk.why_not("teacher", "move", "to_go_no_go")
    walk.until("go_no_go")
    walk.take("coach", "record", "opinions")
    walk.take("teacher", "record", "opinions")
    assert "did not all three" in walk.why_not("teacher", "record", "go_no_go_report")
    walk.take("learner", "record", "opinions", opinion="no_go")
    walk.take("teacher", "record", "go_no_go_report")
    assert "not all three say go" in walk.why_not("teacher", "move", "go")
    # It waits for who says otherwise: that another says once more to go on leads nowhere.
    assert [(one.role, one.what) for one in walk.waiting()] == [("learner", "opinions")]
    walk.take("learner", "record", "opinions", opinion="go")
    walk.take("teacher", "record", "opinions", opinion="no_go")
    assert [(one.role, one.what) for one in walk.waiting()] == [("teacher", "opinions")]
    walk.take("teacher", "record", "opinions", opinion="go")
    walk.take("teacher", "move", "go")


def test_a_no_go_stops_the_path_and_takes_nothing_back() -> None:
    walk = at("go_no_go")
    for role in ("learner", "teacher", "coach"):
        walk.take(role, "record", "opinions", opinion="no_go")
    walk.take("teacher", "record", "go_no_go_report", decision="no_go")
    assert [one.what for one in walk.waiting()] == ["no_go"]
    walk.take("teacher", "move", "no_go")
    assert walk.ended == "stopped"
    assert len(walk.state.of("module_result")["by_module"]) == 2
    assert "this has ended" in walk.why_not("teacher", "move", "go")


def test_d19_nobody_is_certified_whom_the_coach_never_spoke_where_coaching_is_part_of_it() -> None:
    walk = at("advanced_modules")
    walk.take("teacher", "record", "module_result")
    assert "the coach had no talk" in walk.why_not("teacher", "move", "certify")
    assert [(one.role, one.what) for one in walk.waiting()] == [("coach", "coaching_talk")]
    walk.take("coach", "record", "coaching_talk")
    walk.take("coach", "record", "workshop_attended")
    walk.take("teacher", "move", "certify")
    free = at("advanced_modules", "katapult")
    assert "no part of" in free.why_not("coach", "record", "workshop_attended")
    free.take("teacher", "record", "module_result")
    free.take("teacher", "move", "certify")


def test_d16_a_paper_is_asked_for_where_the_programme_asks_for_one() -> None:
    walk = at("advanced_modules", "katapult", assignment_required=True)
    walk.take("teacher", "record", "module_result")
    assert "assignment was not assessed" in walk.why_not("teacher", "move", "certify")
    assert "not sufficient" in walk.why_not("teacher", "record", "assignment", passed=False)
    walk.take("teacher", "record", "assignment")
    walk.take("teacher", "move", "certify")


def test_d23_more_than_six_months_is_said_and_stops_nobody() -> None:
    walk = at("advanced_modules")
    walk.take("teacher", "record", "module_result")
    walk.take("coach", "record", "coaching_talk")
    walk.now += timedelta(days=200)
    assert walk.take("teacher", "move", "certify").warnings == ("the training takes longer than the programme allows",)


def test_r34_an_exemption_shortens_the_path() -> None:
    walk = at("profiled")
    for module in ("m-basic-1", "m-basic-2"):
        walk.take("teacher", "record", "exemption", module=module)
    walk.until("basic_modules")
    walk.take("teacher", "move", "to_go_no_go")


def test_r23_the_contract_starts_with_the_work_and_lasts_as_long() -> None:
    walk = at("learning_completed")
    late = walk.why_not("employer", "record", "contract", starts_on="2027-06-02")
    assert late == "the contract starts on the first day of the work experience"
    short = walk.why_not("employer", "record", "contract", ends_on="2027-11-30")
    assert short == "the contract lasts at least as long as the work experience"


def test_d14_r24_a_route_is_completed_after_the_work_experience_and_not_when_learning_is() -> None:
    walk = at("learning_completed")
    assert "complete cannot be done here" in walk.why_not("teacher", "move", "complete")
    walk.until("work_experience")
    assert "the period of work experience did not end yet" in walk.why_not("teacher", "move", "complete")
    assert walk.emitted == ["LearningCompleted"]
    walk.until("completed")
    assert walk.emitted == ["LearningCompleted", "ProgrammeCompleted"]


@pytest.mark.parametrize("role", ["teacher", "am_candidates", "am_companies"])
def test_d25_the_contract_is_between_company_and_learner(role: str) -> None:
    assert at("learning_completed").why_not(role, "record", "contract") == "this is for: employer"


def test_d15_d26_the_path_is_not_completed_before_the_return_events_were_attended() -> None:
    walk = at("work_experience", return_events_minimum=2)
    walk.take("employer", "record", "work_experience_ended")
    walk.take("teacher", "record", "return_event_attended")
    assert "not all return events" in walk.why_not("teacher", "move", "complete")
    walk.take("teacher", "record", "return_event_attended")
    walk.take("teacher", "move", "complete")


def test_d27_an_evaluation_takes_both_forms_where_there_must_be_one() -> None:
    walk = at("completed")
    assert "no part of" in walk.why_not("teacher", "move", "finish")
    walk.take("learner", "record", "learner_feedback")
    assert "company gave no feedback" in walk.why_not("teacher", "move", "evaluate")


def test_after_no_match_somebody_tries_again_without_a_second_training() -> None:
    walk = at("preferences_given")
    walk.take("am_candidates", "move", "retry")
    assert walk.stage == "selected"
    assert not walk.state.of("candidate_preferences")
    assert "attended already" in walk.why_not("am_candidates", "move", "train")
    assert walk.until("matched").events


def test_who_is_not_taken_by_the_company_chooses_another_or_stops_without_a_match() -> None:
    walk = at("applying")
    walk.take("employer", "record", "application_outcome", outcome="not_accepted")
    assert [one.what for one in walk.waiting()] == ["retry"]
    walk.take("am_candidates", "move", "match_again")
    assert not walk.state.of("match")
    walk.take("am_candidates", "move", "give_up_matching")
    assert walk.ended == "no_match"


@pytest.mark.parametrize("stage", ["interested", "intake", "matched", "basic_modules", "work_experience"])
def test_whoever_wants_to_withdraws_from_anywhere(stage: str) -> None:
    walk = at(stage)
    walk.take("learner" if stage in {"basic_modules", "work_experience"} else "candidate", "move", "withdraw")
    assert walk.ended == "withdrawn"
