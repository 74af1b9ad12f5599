"""The rows of the access matrix: of every operation who may, and what is answered at home and abroad."""

from __future__ import annotations

from typing import Any

from tests.service.access_roles import (
    ENROLS,
    EVERYBODY,
    GUARDS_PRIVACY,
    ONLY_ADMINISTRATOR,
    ONLY_OPERATOR,
    ONLY_TEACHER,
    READS_AUDIT,
    READS_AWARDS,
    READS_NOTICES,
    READS_PEOPLE,
    READS_PROGRAMMES,
    REVOKES,
)
from tests.service.access_row import Row
from tests.service.access_rows_of_cases import CASE_ROWS
from tests.service.access_rows_of_skills import CATALOGUE_ROWS, RECOGNITION_ROWS
from tests.service.conftest import LEVELS
from tests.service.metroline.access import METROLINE_ROWS
from tests.service.two_providers import Things, new_award


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
    **CATALOGUE_ROWS,
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
    ("get", "/v1/notices"): Row(READS_NOTICES),
    # It is about a badge: who may read no awards finds none there. It waits, and so nobody sends it again.
    ("get", "/v1/notices/{notice_id}"): Row(
        READS_NOTICES,
        200,
        404,
        lambda t: {"notice_id": t.notice},
        own_of=dict.fromkeys(READS_NOTICES - READS_AWARDS, 404),
    ),
    ("post", "/v1/notices/{notice_id}/sending"): Row(
        READS_NOTICES,
        409,
        404,
        lambda t: {"notice_id": t.notice},
        own_of=dict.fromkeys(READS_NOTICES - READS_AWARDS, 404),
    ),
    ("get", "/v1/registries"): Row(ONLY_ADMINISTRATOR),
    ("post", "/v1/registries"): Row(
        ONLY_ADMINISTRATOR, 201, body=lambda _, n: {"recipient": f"r{n}.example", "url": "https://register.example/in"}
    ),
    # Nobody agreed to it.
    ("post", "/v1/credentials/{credential_id}/registry-deliveries"): Row(
        ONLY_ADMINISTRATOR,
        422,
        404,
        lambda t: {"credential_id": t.credential},
        lambda t, _: {"registry_id": t.registry},
    ),
    ("get", "/v1/credentials/{credential_id}/registry-deliveries"): Row(
        READS_AWARDS, 200, 404, lambda t: {"credential_id": t.credential}
    ),
    ("post", "/v1/registries/{registry_id}/end"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"registry_id": t.registry}
    ),
    **RECOGNITION_ROWS,
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
