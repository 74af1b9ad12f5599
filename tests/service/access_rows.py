"""The rows of the access matrix: of every operation who may, and what is answered at home and abroad."""

from __future__ import annotations

from typing import Any

from issuer_service.people.roles import Role
from openbadges_kit.vocabulary import SkosMatch
from tests.service.access_row import Row
from tests.service.access_rows_of_cases import CASE_ROWS
from tests.service.conftest import LEVELS
from tests.service.metroline.access import METROLINE_ROWS
from tests.service.test_setting_up import ulo_body
from tests.service.two_providers import Things, new_award

EVERYBODY = frozenset(Role)
ADMINISTRATOR, TEACHER, OPERATOR = Role.ADMINISTRATOR, Role.TEACHER, Role.OPERATOR
READS_PEOPLE = frozenset({ADMINISTRATOR, TEACHER, Role.COACH, Role.AM_CANDIDATES, Role.ASSESSOR, Role.PRIVACY_OFFICER})
READS_PROGRAMMES = frozenset(
    {
        ADMINISTRATOR,
        TEACHER,
        Role.COACH,
        Role.AM_CANDIDATES,
        Role.AM_COMPANIES,
        Role.BROKER,
        Role.LD_DEVELOPER,
        Role.ASSESSOR,
        Role.CURATOR,
    }
)
READS_AWARDS = frozenset({ADMINISTRATOR, TEACHER, Role.ASSESSOR, Role.PRIVACY_OFFICER})
READS_AUDIT = GUARDS_PRIVACY = frozenset({ADMINISTRATOR, Role.PRIVACY_OFFICER})
REVOKES = frozenset({ADMINISTRATOR, TEACHER})
ENROLS = frozenset({ADMINISTRATOR, Role.AM_CANDIDATES})
READS_CATALOGUE = frozenset({ADMINISTRATOR, Role.CURATOR, Role.LD_DEVELOPER, Role.EXPERT, Role.FRONTRUNNER})
VALIDATES_CATALOGUE = frozenset({Role.CURATOR, Role.EXPERT})
PUBLISHES_CATALOGUE = frozenset({ADMINISTRATOR, Role.CURATOR})
WRITES_CATALOGUE = frozenset({ADMINISTRATOR, Role.CURATOR, Role.LD_DEVELOPER})
LEARNS = frozenset({Role.CANDIDATE, Role.LEARNER, Role.PARTICIPANT})
LOOKS_AFTER_RECOGNITION = frozenset({TEACHER, Role.COACH, Role.ASSESSOR})
ASSESSES = frozenset({TEACHER, Role.ASSESSOR})
KNOWS_SKILLS = LEARNS | LOOKS_AFTER_RECOGNITION
ONLY_ADMINISTRATOR, ONLY_TEACHER, ONLY_OPERATOR = (frozenset({one}) for one in (ADMINISTRATOR, TEACHER, OPERATOR))


def new_person(_: Things, n: int) -> dict[str, str]:
    return {"name": "Nieuw", "email": f"nieuw{n}@post.example", "role": "candidate"}


def new_consent(_: Things, n: int) -> dict[str, str]:
    return {"purpose": "registry", "recipient": f"register-{n}.example", "wording": "registers-2026-11"}


def new_result(things: Things, _: int) -> dict[str, Any]:
    return {"enrolment_id": things.enrolment, "module_id": things.module, "levels": LEVELS}


def new_organisation(_: Things, n: int) -> dict[str, Any]:
    administrator = {"name": "A", "email": "a@b.example"}
    return {"kind": "company", "slug": f"bedrijf-{n}", "name": "Bedrijf", "administrator": administrator}


def new_webhook(_: Things, __: int) -> dict[str, Any]:
    return {"url": "https://lms.example/hook", "events": ["credential.issued"]}


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


ROWS: dict[tuple[str, str], Row] = {
    ("get", "/v1/organisations"): Row(ONLY_OPERATOR),
    ("post", "/v1/organisations"): Row(ONLY_OPERATOR, 201, body=new_organisation),
    ("get", "/v1/organisation"): Row(EVERYBODY),
    ("patch", "/v1/organisation"): Row(ONLY_ADMINISTRATOR, body=lambda _, n: {"name": f"Opleider {n}"}),
    ("get", "/v1/me"): Row(EVERYBODY),
    ("get", "/v1/people"): Row(READS_PEOPLE),
    ("post", "/v1/people"): Row(ENROLS, 201, body=new_person),
    ("get", "/v1/people/{person_id}"): Row(READS_PEOPLE, 200, 404, lambda t: {"person_id": t.person}),
    ("post", "/v1/people/{person_id}/roles"): Row(
        ENROLS, 201, 404, lambda t: {"person_id": t.person}, lambda _, __: {"role": "candidate"}
    ),
    # Who may, may not take the only role that somebody has.
    ("delete", "/v1/people/{person_id}/roles/{role}"): Row(
        ENROLS, 409, 404, lambda t: {"person_id": t.role, "role": "learner"}
    ),
    ("get", "/v1/keys"): Row(EVERYBODY),
    ("post", "/v1/keys"): Row(EVERYBODY, 201, body=lambda _, __: {"name": "k"}),
    ("get", "/v1/keys/{key_id}"): Row(EVERYBODY, 200, 404, lambda t: {"key_id": t.key}),
    ("post", "/v1/keys/{key_id}/revocation"): Row(EVERYBODY, 200, 404, lambda t: {"key_id": t.key}),
    ("patch", "/v1/people/{person_id}"): Row(
        ENROLS, 200, 404, lambda t: {"person_id": t.person}, lambda _, n: {"name": f"Anders {n}"}
    ),
    # Whose are asked was made a candidate above.
    ("post", "/v1/people/{person_id}/candidacy-end"): Row(ENROLS, 200, 404, lambda t: {"person_id": t.person}),
    ("get", "/v1/me/consents"): Row(EVERYBODY),
    ("post", "/v1/me/consents"): Row(EVERYBODY, 201, body=new_consent),
    ("post", "/v1/me/consents/{consent_id}/withdrawal"): Row(EVERYBODY, 404, 404, lambda t: {"consent_id": t.consent}),
    ("get", "/v1/people/{person_id}/consents"): Row(READS_PEOPLE, 200, 404, lambda t: {"person_id": t.person}),
    ("post", "/v1/people/{person_id}/consents"): Row(ENROLS, 201, 404, lambda t: {"person_id": t.person}, new_consent),
    ("post", "/v1/people/{person_id}/consents/{consent_id}/withdrawal"): Row(
        ENROLS, 200, 404, lambda t: {"person_id": t.person, "consent_id": t.consent}
    ),
    ("get", "/v1/me/data"): Row(EVERYBODY),
    ("get", "/v1/people/{person_id}/data"): Row(GUARDS_PRIVACY, 200, 404, lambda t: {"person_id": t.person}),
    ("get", "/v1/people/{person_id}/erasure"): Row(GUARDS_PRIVACY, 200, 404, lambda t: {"person_id": t.person}),
    ("get", "/v1/retention"): Row(GUARDS_PRIVACY),
    ("put", "/v1/retention"): Row(GUARDS_PRIVACY, body=lambda _, __: {"days": {"messages": 60}}),
    ("get", "/v1/retention/due"): Row(GUARDS_PRIVACY),
    ("get", "/v1/audit"): Row(READS_AUDIT),
    ("get", "/v1/audit/head"): Row(READS_AUDIT),
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
    ("get", "/v1/programmes"): Row(READS_PROGRAMMES),
    ("post", "/v1/programmes"): Row(ONLY_ADMINISTRATOR, 201, body=lambda _, __: {"title": "P", "preset": "mhw"}),
    ("get", "/v1/programmes/{programme_id}"): Row(READS_PROGRAMMES, 200, 404, lambda t: {"programme_id": t.programme}),
    ("get", "/v1/programmes/{programme_id}/modules"): Row(
        READS_PROGRAMMES, 200, 404, lambda t: {"programme_id": t.programme}
    ),
    ("post", "/v1/programmes/{programme_id}/modules"): Row(
        ONLY_ADMINISTRATOR,
        201,
        404,
        lambda t: {"programme_id": t.programme},
        lambda t, _: {"title": "M", "phase": "basic", "ulo_version_id": t.personal[0]},
    ),
    ("get", "/v1/programmes/{programme_id}/enrolments"): Row(
        READS_PROGRAMMES, 200, 404, lambda t: {"programme_id": t.programme}
    ),
    # Who is enrolled already is not enrolled again; who is not ours is not there.
    ("post", "/v1/programmes/{programme_id}/enrolments"): Row(
        ENROLS, 409, 404, lambda t: {"programme_id": t.programme}, lambda t, _: {"person_id": t.person}
    ),
    ("get", "/v1/enrolments/{enrolment_id}"): Row(READS_PROGRAMMES, 200, 404, lambda t: {"enrolment_id": t.enrolment}),
    **{operation: Row(*row) for operation, row in METROLINE_ROWS.items()},
    ("post", "/v1/module-results"): Row(ONLY_TEACHER, 201, 404, body=new_result),
    ("get", "/v1/awards"): Row(READS_AWARDS),
    ("get", "/v1/awards/{award_id}"): Row(READS_AWARDS, 200, 404, lambda t: {"award_id": t.award}),
    ("post", "/v1/awards/{award_id}/approval"): Row(ONLY_TEACHER, 200, 404, lambda t: {"award_id": t.award}),
    # What was approved above is refused no more.
    ("post", "/v1/awards/{award_id}/refusal"): Row(
        ONLY_TEACHER, 409, 404, lambda t: {"award_id": t.award}, lambda _, __: {"reason": "niet beoordeeld"}
    ),
    ("get", "/v1/credentials/{credential_id}"): Row(READS_AWARDS, 200, 404, lambda t: {"credential_id": t.credential}),
    ("post", "/v1/credentials/{credential_id}/revocation"): Row(
        REVOKES, 200, 404, lambda t: {"credential_id": t.credential}, lambda _, __: {"reason": "vergissing"}
    ),
    ("post", "/v1/award-approvals"): Row(ONLY_TEACHER, 200, 200, body=lambda t, _: {"award_ids": [t.award]}),
    # A badge that was revoked above is not brought back, by nobody.
    ("post", "/v1/credentials/{credential_id}/suspension"): Row(
        REVOKES, 422, 404, lambda t: {"credential_id": t.credential}, lambda _, __: {"reason": "vergissing"}
    ),
    ("post", "/v1/credentials/{credential_id}/reinstatement"): Row(
        REVOKES, 422, 404, lambda t: {"credential_id": t.credential}, lambda _, __: {"reason": "vergissing"}
    ),
    ("post", "/v1/direct-awards"): Row(REVOKES, 201, body=lambda _, n: new_award(n)),
    ("post", "/v1/bulk-runs"): Row(REVOKES, 202, body=lambda _, n: [new_award(n)]),
    ("get", "/v1/bulk-runs/{run_id}"): Row(READS_AWARDS, 200, 404, lambda t: {"run_id": t.bulk_run}),
    ("get", "/v1/bulk-runs/{run_id}/rows"): Row(READS_AWARDS, 200, 404, lambda t: {"run_id": t.bulk_run}),
    ("get", "/v1/signing-keys"): Row(ONLY_ADMINISTRATOR),
    ("get", "/v1/signing-keys/{key_id}"): Row(ONLY_ADMINISTRATOR, 200, 404, lambda t: {"key_id": t.signing_key}),
    ("get", "/v1/signing-keys/{key_id}/credentials"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"key_id": t.signing_key}
    ),
    ("get", "/v1/signing-key-changes"): Row(ONLY_ADMINISTRATOR),
    ("get", "/v1/signing-key-changes/{change_id}"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"change_id": t.key_change}
    ),
    ("post", "/v1/signing-keys"): Row(
        ONLY_ADMINISTRATOR, 202, body=lambda _, __: {"purpose": "jwt", "reason": "jaarlijks"}
    ),
    # Of a key that is retired already, so that the others are asked of an issuer that can sign.
    ("post", "/v1/signing-keys/{key_id}/retirement"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"key_id": t.signing_key}, lambda _, __: {"reason": "gestopt"}
    ),
    ("post", "/v1/signing-keys/{key_id}/compromise"): Row(
        ONLY_ADMINISTRATOR,
        200,
        404,
        lambda t: {"key_id": t.signing_key},
        lambda _, __: {"since": "2026-11-20T08:00:00Z", "reason": "gestolen"},
    ),
    ("get", "/v1/webhooks"): Row(ONLY_ADMINISTRATOR),
    # Each administrator's cell is asked for once at home: the number of webhooks has a limit.
    ("post", "/v1/webhooks"): Row(ONLY_ADMINISTRATOR, 201, body=new_webhook),
    ("delete", "/v1/webhooks/{webhook_id}"): Row(ONLY_ADMINISTRATOR, 204, 404, lambda t: {"webhook_id": t.webhook}),
    ("get", "/v1/webhooks/{webhook_id}/deliveries"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"webhook_id": t.webhook}
    ),
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
    **CASE_ROWS,
    # The last: whom it is about is not there afterwards, and a second time is answered as the first.
    ("post", "/v1/people/{person_id}/erasure"): Row(GUARDS_PRIVACY, 200, 404, lambda t: {"person_id": t.person}),
}
for _path, _status in (
    ("/vc-api/{suite_name}/credentials/issue", 400),
    ("/vc-api/{suite_name}/credentials/verify", 400),
    ("/vc-api/{suite_name}/credentials/derive", 400),
    ("/vc-api/{suite_name}/presentations/verify", 400),
):
    # It signs with keys of no organisation, so nothing of anybody's is in reach: an empty body is what is amiss.
    ROWS["post", _path] = Row(ONLY_OPERATOR, _status, None, lambda _: {"suite_name": "ecdsa-sd-2023"}, lambda _, __: {})
ROWS["post", "/vc-api/{suite_name}/credentials/status"] = Row(
    ONLY_OPERATOR, 400, None, lambda _: {"suite_name": "bitstring-status-list"}, lambda _, __: {}
)
ROWS["get", "/vc-api"] = Row(ONLY_OPERATOR)

# Open to everybody, without saying who one is; nothing of a tenant's that is not public by its nature.
PUBLIC = {
    ("get", "/v1/ulo-versions/{ulo_version_id}/endorsements"),
    ("get", "/endorsements/{endorsement_id}"),
    ("get", "/v1/catalogues"),
    ("get", "/v1/catalogues/{catalogue_id}"),
    ("get", "/v1/qualifications"),
    ("get", "/v1/qualifications/{qualification_id}"),
    ("get", "/v1/qualifications/{qualification_id}/export"),
    ("get", "/v1/ulo-versions"),
    ("get", "/v1/ulo-versions/{ulo_version_id}"),
    ("post", "/v1/verifications"),
    ("get", "/status/{status_list_id}"),
    ("get", "/status/{status_list_id}/token"),
    ("get", "/vc-api/{suite_name}/status-lists/{purpose}"),
    ("get", "/ulo/{qualification}/{number}"),
    ("get", "/ulo/{qualification}/{number}/v{version}"),
    ("get", "/ulo/{qualification}/{number}/v{version}/{code}/{edition}"),
    ("get", "/ulo/{qualification}/{number}/v{version}/{code}"),
    ("get", "/ulo/{qualification}/{number}/v{version}/{code}/result"),
    ("get", "/ulo/{qualification}/{number}/v{version}/{code}/result/{level}"),
    ("get", "/criteria/{organisation}/{slug}/v{version}"),
    ("get", "/achievements/{slug}/v{version}"),
    ("get", "/issuers/{slug}"),
    ("get", "/issuers/{slug}/did.json"),
    ("get", "/"),
    ("get", "/badges/{credential_id}"),
    ("get", "/badges/{credential_id}/picture.png"),
    ("get", "/verify"),
    ("post", "/verify"),
    ("get", "/documentation"),
    ("get", "/static/drawing.css"),
    ("get", "/lines/{metroline_id}"),
    ("get", "/lines/{metroline_id}/map.svg"),
    ("get", "/skills"),
    ("get", "/catalogues"),
    ("get", "/catalogues/{organisation}/{slug}"),
    ("get", "/ulo/{qualification}"),
    ("get", "/recognition"),
    ("get", "/skills/heatmap.svg"),
    ("get", "/skills/spider.svg"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/claim/{token}"),
    ("get", "/claim/{token}/badge.json"),
    ("get", "/claim/{token}/badge.jwt"),
    ("get", "/claim/{token}/badge.png"),
    ("get", "/login"),
    ("get", "/login/begin"),
    ("get", "/login/callback"),
    ("get", "/login/link/{token}"),
    ("post", "/login/link/{token}"),
}

# Pages for who is signed in. What is seen there is asserted with them: in `test_identity.py` and in `pages/`.
SIGNED_IN = {
    ("get", "/work"),
    ("post", "/work-approvals"),
    ("post", "/logout"),
    ("get", "/work/skills"),
    ("get", "/work/lines/{metroline_id}"),
    ("get", "/work/participations/{participation_id}"),
    ("get", "/work/skills/{mapping_id}"),
    ("get", "/work/skills/{mapping_id}/people"),
    ("get", "/work/skills/{mapping_id}/people/{person_id}"),
    ("post", "/work/skills/{mapping_id}/people/{person_id}/levels"),
    ("get", "/work/recognition"),
    ("post", "/work/recognition"),
    ("get", "/work/recognition/{request_id}"),
    ("post", "/work/recognition/{request_id}/badges"),
    ("post", "/work/recognition/{request_id}/withdrawal"),
    ("post", "/work/recognition/{request_id}/decision"),
    ("post", "/work/recognition/badges/{badge_id}/confirmation"),
    ("post", "/work/recognition/matches/{match_id}/judgement"),
}
