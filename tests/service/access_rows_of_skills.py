"""The rows of the access matrix that are about learning outcomes: the catalogue, assessment and recognition."""

from __future__ import annotations

from typing import Any

from openbadges_kit.vocabulary import SkosMatch
from tests.service.access_roles import (
    ASSESSES,
    KNOWS_SKILLS,
    LEARNS,
    LOOKS_AFTER_RECOGNITION,
    ONLY_ADMINISTRATOR,
    ONLY_TEACHER,
    PUBLISHES_CATALOGUE,
    READS_CATALOGUE,
    READS_PROGRAMMES,
    VALIDATES_CATALOGUE,
    WRITES_CATALOGUE,
)
from tests.service.access_row import Row
from tests.service.test_setting_up import ulo_body
from tests.service.two_providers import Things

CONTENT = {
    "title": "Versnelling afstellen",
    "components": [
        {"code": "RO001", "object": "de stand van de versnelling"},
        {"code": "VO001", "object": "de kabelspanning"},
        {"code": "KO001", "object": "de werking van naafversnellingen"},
    ],
}


def new_qualification(things: Things, n: int) -> dict[str, Any]:
    return {"catalogue_id": things.catalogue, "title": f"Kwalificatie {n}"}


def new_import(n: int) -> dict[str, Any]:
    return {"format": "skills-catalogue-1", "units": [{"number": f"6.{n}", "version": "1", **CONTENT}]}


def new_draft(things: Things, n: int) -> dict[str, Any]:
    return {"qualification_id": things.qualification, "number": f"7.{n}", "content": CONTENT}


def new_ulo(_: Things, n: int) -> dict[str, Any]:
    return {**ulo_body(), "qualification": f"Vak {n}"}


def new_criteria(things: Things, n: int) -> dict[str, Any]:
    return {**changed_criteria(things, n), "slug": f"regeling-{n}"}


def changed_criteria(_: Things, __: int) -> dict[str, Any]:
    rule = {"rule": "shows", "outcome": "https://elsewhere.example/outcome"}
    return {"kind": "scheme", "title": {"nl": "Regeling"}, "rule": rule, "cohorts_from": "2026-09-01"}


def new_trust(_: Things, n: int) -> dict[str, Any]:
    return {"issuer": f"did:web:opleider-{n}.example", "name": "Een ander", "ground": "zelfde toetsmatrijs"}


def new_crosswalk_entry(_: Things, n: int) -> dict[str, Any]:
    match = {"theirs": f"https://theirs.example/{n}", "ours": "https://elsewhere.example/outcome"}
    return {**match, "match": SkosMatch.EXACT, "ground": "vergeleken"}


def new_request(things: Things, _: int) -> dict[str, Any]:
    return {"criteria": "vakmanschap", "began_on": "2026-09-01", "person_id": things.person}


def handed_in_badge(_: Things, n: int) -> dict[str, Any]:
    return {"badge": {"id": f"urn:uuid:{n}", "type": ["VerifiableCredential"]}}


def new_match(_: Things, n: int) -> dict[str, Any]:
    return {"outcome": f"https://elsewhere.example/outcome-{n}", "reason": "gezien"}


def new_decision(_: Things, __: int) -> dict[str, Any]:
    return {"verdict": "refused", "reason": "Er is niets ingeleverd."}


def new_designation(things: Things, _: int) -> dict[str, Any]:
    """Without what a VP needs to have."""
    period = {"valid_from": "2026-12-01", "valid_until": "2027-11-30"}
    who = {"person_id": things.person, "designated_by": things.role}
    return {**who, **period, "scheme": "https://regeling.example/1", "scheme_title": "Regeling", "kind": "VP"}


CRITERION = {
    "component": "urn:x",
    "levels": [{"key": "nee", "name": "Nee"}, {"key": "ja", "name": "Ja"}],
    "required_level": "ja",
}


def new_plan(things: Things, n: int) -> dict[str, Any]:
    return {"slug": f"plan-{n}", "title": "Plan", "criteria_id": things.criteria, "rubric": [CRITERION]}


def new_assessment(things: Things, _: int) -> dict[str, Any]:
    return {"plan_id": things.plan, "person_id": things.person, "taken_at": "2026-11-20T08:00:00Z"}


def new_mapping(_: Things, __: int) -> dict[str, Any]:
    return {"title": "M", "source": "S", "table": "specialism,occupation,current,required\nEV,Monteur,1,3\n"}


def new_unit(_: Things, n: int) -> dict[str, Any]:
    return {"ulo": f"https://badges.example/ulo/{n}", "reaches": {"EV": 3}, "minutes": 60}


def new_level(things: Things, _: int) -> dict[str, Any]:
    return {"person_id": things.person, "specialism": "EV", "level": 2, "shown_by": "gezien"}


CATALOGUE_ROWS: dict[tuple[str, str], Row] = {
    ("post", "/v1/ulo-versions"): Row(PUBLISHES_CATALOGUE, 201, body=new_ulo),
    ("post", "/v1/ulo-versions/{ulo_version_id}/revisions"): Row(
        WRITES_CATALOGUE, 201, 404, lambda t: {"ulo_version_id": t.withdrawn_ulo}, lambda _, n: {"version": str(n + 10)}
    ),
    # What was withdrawn already is neither advised against nor withdrawn.
    ("post", "/v1/ulo-versions/{ulo_version_id}/deprecation"): Row(
        PUBLISHES_CATALOGUE, 422, 404, lambda t: {"ulo_version_id": t.withdrawn_ulo}, lambda _, __: {"reason": "x"}
    ),
    ("post", "/v1/ulo-versions/{ulo_version_id}/withdrawal"): Row(
        PUBLISHES_CATALOGUE, 422, 404, lambda t: {"ulo_version_id": t.withdrawn_ulo}, lambda _, __: {"reason": "x"}
    ),
    # A version that is not there, so that everybody who may is told the same.
    ("post", "/v1/ulo-versions/{ulo_version_id}/endorsements"): Row(
        PUBLISHES_CATALOGUE, 404, None, lambda t: {"ulo_version_id": t.person}, lambda _, __: {"comment": "x"}
    ),
    ("post", "/v1/catalogues"): Row(WRITES_CATALOGUE, 201, body=lambda _, n: {"title": f"Catalogus {n}"}),
    ("post", "/v1/qualifications"): Row(WRITES_CATALOGUE, 201, 404, body=new_qualification),
    ("post", "/v1/qualifications/{qualification_id}/imports"): Row(
        WRITES_CATALOGUE, 200, 404, lambda t: {"qualification_id": t.qualification}, lambda _, n: new_import(n)
    ),
    ("get", "/v1/ulo-drafts"): Row(READS_CATALOGUE),
    ("post", "/v1/ulo-drafts"): Row(WRITES_CATALOGUE, 201, 404, body=new_draft),
    ("get", "/v1/ulo-drafts/{draft_id}"): Row(READS_CATALOGUE, 200, 404, lambda t: {"draft_id": t.draft}),
    # What was published is changed no more, and goes no way back.
    ("put", "/v1/ulo-drafts/{draft_id}"): Row(
        WRITES_CATALOGUE, 422, 404, lambda t: {"draft_id": t.draft}, lambda _, __: {"content": CONTENT}
    ),
    ("post", "/v1/ulo-drafts/{draft_id}/submission"): Row(WRITES_CATALOGUE, 422, 404, lambda t: {"draft_id": t.draft}),
    ("post", "/v1/ulo-drafts/{draft_id}/return"): Row(
        VALIDATES_CATALOGUE, 422, 404, lambda t: {"draft_id": t.draft}, lambda _, __: {"reason": "x"}
    ),
    ("post", "/v1/ulo-drafts/{draft_id}/validations"): Row(
        VALIDATES_CATALOGUE,
        422,
        404,
        lambda t: {"draft_id": t.draft},
        lambda _, __: {"method": "workshop", "held_on": "2026-11-20", "agreed": True},
    ),
    ("post", "/v1/ulo-drafts/{draft_id}/publication"): Row(
        PUBLISHES_CATALOGUE, 422, 404, lambda t: {"draft_id": t.draft}
    ),
}

RECOGNITION_ROWS: dict[tuple[str, str], Row] = {
    ("get", "/v1/criteria-sets"): Row(READS_PROGRAMMES),
    ("post", "/v1/criteria-sets"): Row(WRITES_CATALOGUE, 201, body=new_criteria),
    ("get", "/v1/criteria-sets/{criteria_id}"): Row(READS_PROGRAMMES, 200, 404, lambda t: {"criteria_id": t.criteria}),
    ("get", "/v1/criteria-sets/{criteria_id}/findings"): Row(
        READS_PROGRAMMES, 200, 404, lambda t: {"criteria_id": t.criteria}
    ),
    ("put", "/v1/criteria-sets/{criteria_id}"): Row(
        WRITES_CATALOGUE, 200, 404, lambda t: {"criteria_id": t.criteria_draft}, changed_criteria
    ),
    ("post", "/v1/criteria-sets/{criteria_id}/publication"): Row(
        WRITES_CATALOGUE, 200, 404, lambda t: {"criteria_id": t.criteria_draft}
    ),
    ("get", "/v1/trusted-issuers"): Row(READS_PROGRAMMES),
    ("post", "/v1/trusted-issuers"): Row(ONLY_ADMINISTRATOR, 201, body=new_trust),
    ("post", "/v1/trusted-issuers/{trusted_id}/end"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"trusted_id": t.trusted}
    ),
    ("get", "/v1/crosswalk"): Row(READS_PROGRAMMES),
    ("post", "/v1/crosswalk"): Row(WRITES_CATALOGUE, 201, body=new_crosswalk_entry),
    ("post", "/v1/crosswalk/{entry_id}/end"): Row(WRITES_CATALOGUE, 200, 404, lambda t: {"entry_id": t.crosswalk}),
    ("get", "/v1/recognition-requests"): Row(LEARNS | LOOKS_AFTER_RECOGNITION),
    # Whoever learns may do all this with their own, and nothing with another's: that is what is asked for here.
    ("post", "/v1/recognition-requests"): Row(LOOKS_AFTER_RECOGNITION, 201, 404, body=new_request),
    ("get", "/v1/recognition-requests/{request_id}"): Row(
        LOOKS_AFTER_RECOGNITION, 200, 404, lambda t: {"request_id": t.request}
    ),
    ("post", "/v1/recognition-requests/{request_id}/badges"): Row(
        LOOKS_AFTER_RECOGNITION, 200, 404, lambda t: {"request_id": t.request}, handed_in_badge
    ),
    # Without a file there is nothing to hand in.
    ("post", "/v1/recognition-requests/{request_id}/badge-files"): Row(
        LOOKS_AFTER_RECOGNITION, 422, 404, lambda t: {"request_id": t.request}
    ),
    ("post", "/v1/handed-in-badges/{badge_id}/matches"): Row(
        ONLY_TEACHER, 201, 404, lambda t: {"badge_id": t.handed_in}, new_match
    ),
    ("post", "/v1/proof-matches/{match_id}/decision"): Row(
        ONLY_TEACHER, 200, 404, lambda t: {"match_id": t.match}, lambda _, __: {"accept": True, "reason": "gezien"}
    ),
    ("post", "/v1/handed-in-badges/{badge_id}/confirmation"): Row(
        ONLY_TEACHER, 200, 404, lambda t: {"badge_id": t.handed_in}, lambda _, __: {"reason": "legitimatie gezien"}
    ),
    # Without proof there is nothing to recognise, and a refusal is a decision too.
    ("post", "/v1/recognition-requests/{request_id}/decision"): Row(
        ONLY_TEACHER, 201, 404, lambda t: {"request_id": t.request_to_decide}, new_decision
    ),
    ("get", "/v1/recognition-requests/{request_id}/decision"): Row(
        LOOKS_AFTER_RECOGNITION, 200, 404, lambda t: {"request_id": t.request_to_decide}
    ),
    ("get", "/v1/assessment-plans"): Row(READS_PROGRAMMES),
    ("post", "/v1/assessment-plans"): Row(WRITES_CATALOGUE, 201, 404, body=new_plan),
    ("get", "/v1/assessment-plans/{plan_id}"): Row(READS_PROGRAMMES, 200, 404, lambda t: {"plan_id": t.plan}),
    # One that is published never changes, and the draft covers what it assesses.
    ("put", "/v1/assessment-plans/{plan_id}"): Row(
        WRITES_CATALOGUE, 409, 404, lambda t: {"plan_id": t.plan}, lambda _, __: {"title": "T", "rubric": [CRITERION]}
    ),
    ("post", "/v1/assessment-plans/{plan_id}/publication"): Row(
        WRITES_CATALOGUE, 200, 404, lambda t: {"plan_id": t.plan_draft}
    ),
    ("get", "/v1/assessments"): Row(LEARNS | ASSESSES),
    # Of oneself whoever learns may: of another only these.
    ("post", "/v1/assessments"): Row(ASSESSES, 201, 404, body=new_assessment),
    ("get", "/v1/assessments/{assessment_id}"): Row(ASSESSES, 200, 404, lambda t: {"assessment_id": t.assessment}),
    ("post", "/v1/assessments/{assessment_id}/moderation"): Row(
        ASSESSES, 200, 404, lambda t: {"assessment_id": t.assessment}, lambda _, __: {"reason": "gezien"}
    ),
    # Only whom it is about appeals, and that is none of these; so there is nothing to decide on.
    ("post", "/v1/assessments/{assessment_id}/appeal"): Row(
        frozenset(), 403, 403, lambda t: {"assessment_id": t.assessment}, lambda _, __: {"grounds": "oneens"}
    ),
    ("post", "/v1/assessments/{assessment_id}/appeal-decision"): Row(
        ONLY_TEACHER, 409, 404, lambda t: {"assessment_id": t.assessment}, lambda _, __: {"reason": "gezien"}
    ),
    ("post", "/v1/assessments/{assessment_id}/awards"): Row(
        ONLY_TEACHER, 422, 404, lambda t: {"assessment_id": t.assessment}, lambda _, __: {"components": ["urn:x"]}
    ),
    ("get", "/v1/skills-mappings"): Row(KNOWS_SKILLS),
    ("post", "/v1/skills-mappings"): Row(WRITES_CATALOGUE, 201, body=new_mapping),
    ("get", "/v1/skills-mappings/{mapping_id}"): Row(KNOWS_SKILLS, 200, 404, lambda t: {"mapping_id": t.mapping}),
    ("post", "/v1/skills-mappings/{mapping_id}/units"): Row(
        WRITES_CATALOGUE, 201, 404, lambda t: {"mapping_id": t.mapping}, new_unit
    ),
    ("post", "/v1/skills-mappings/{mapping_id}/levels"): Row(
        ASSESSES, 201, 404, lambda t: {"mapping_id": t.mapping}, new_level
    ),
    # Without an occupation there is no gap.
    ("get", "/v1/skills-mappings/{mapping_id}/people/{person_id}/gap"): Row(
        LOOKS_AFTER_RECOGNITION, 422, 404, lambda t: {"mapping_id": t.mapping, "person_id": t.person}
    ),
    ("get", "/v1/skills-mappings/{mapping_id}/gap"): Row(
        READS_PROGRAMMES, 422, 404, lambda t: {"mapping_id": t.mapping}
    ),
    ("get", "/v1/designations"): Row(LEARNS | LOOKS_AFTER_RECOGNITION),
    ("post", "/v1/designations"): Row(ONLY_TEACHER, 422, 404, body=new_designation),
    ("post", "/v1/designations/{designation_id}/end"): Row(
        ONLY_TEACHER, 200, 404, lambda t: {"designation_id": t.designation}, lambda _, __: {"reason": "vertrokken"}
    ),
    ("post", "/v1/recognition-requests/{request_id}/withdrawal"): Row(
        LOOKS_AFTER_RECOGNITION, 200, 404, lambda t: {"request_id": t.request}
    ),
}
