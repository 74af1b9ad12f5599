"""The API answers as its OpenAPI document says, whatever is sent to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from jsonschema_rs import Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks
from sqlalchemy import select

from issuer_service.amiss import PATTERNS
from issuer_service.bulk.rows import findings_of
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import add_role
from issuer_service.people.tables import Membership
from issuer_service.persistence.database import create_database_engine
from issuer_service.web.texts import EmailText
from tests.service.conftest import World, settings_for
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.serving import Serving

# A few here, sound and unsound ones once to each operation by who may do most; `make schemathesis` sends many, in every
# role to each database.
LONG = "SCHEMATHESIS_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "1"))
EVERY_ONE, EVEN_ONES, ODD_ONES = slice(None), slice(0, None, 2), slice(1, None, 2)
SOUND, UNSOUND = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
CELLS = (
    [
        (database, role, EVERY_ONE, mode)
        for database in ("sqlite", "postgresql")
        for role in (None, Role.TEACHER, Role.ADMINISTRATOR, Role.OPERATOR)
        for mode in GenerationMode
    ]
    if LONG
    else [
        ("sqlite", Role.ADMINISTRATOR, EVEN_ONES, SOUND),
        ("sqlite", Role.ADMINISTRATOR, ODD_ONES, UNSOUND),
        ("postgresql", Role.ADMINISTRATOR, ODD_ONES, SOUND),
        ("postgresql", Role.ADMINISTRATOR, EVEN_ONES, UNSOUND),
    ]
)
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not LONG,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ASKED = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


def key_of(world: World, role: Role) -> str:
    """The key of the teacher in another role."""
    with world.installation.transaction() as session:
        teacher = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).one()
        member = add_role(
            session,
            teacher.person_id,
            role,
            organisation_id=teacher.organisation_id,
            randomness=world.installation.randomness,
        )
        made = make_key(session, member, now=world.installation.now(), randomness=world.installation.randomness)
        return made.secret


def send_everything(world: World, key: str | None, which: slice, mode: GenerationMode) -> int:
    """Send generated calls to these operations. Gives how many they are."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", world.http.app)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    operations = 0
    for result in list(schema.get_all_operations())[which]:
        assert isinstance(result, Ok), result
        operation = result.ok()
        operations += 1

        def every_answer_is_documented(case: Case[Any]) -> None:
            answer = case.call(headers=headers)
            assert answer.status_code < 500, (case.formatted_path, answer.text)
            case.validate_response(answer, checks=ASKED)

        try:
            BOUNDED(given(case=operation.as_strategy(generation_mode=mode))(every_answer_is_documented))()
        except Unsatisfiable:
            # Nothing can be wrong with a call that takes nothing.
            assert mode is UNSOUND
    return operations


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(("database", "role", "which", "mode"), CELLS, indirect=["database"])
def test_whatever_is_sent_is_answered_as_documented(
    world: World, role: Role | None, which: slice, mode: GenerationMode
) -> None:
    world.issue_badge()
    assert send_everything(world, None if role is None else key_of(world, role), which, mode) > 15


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """What is said of the API. No database is asked for it."""
    settings = settings_for("sqlite://")
    engine = create_database_engine(settings.database_url)
    return Serving(Installation(settings, engine, JobsByHand(), SettableClock(), os_randomness)).routes.openapi()


def operations(document: dict[str, Any]) -> list[tuple[str, str, Any]]:
    return [(m, p, operation) for p, one in document["paths"].items() for m, operation in one.items()]


def test_every_operation_that_needs_a_caller_names_its_scope(document: dict[str, Any]) -> None:
    unscoped = {
        (method, path)
        for method, path, operation in operations(document)
        if operation.get("security") == [{"bearer": []}]
    }
    assert unscoped == {("get", "/v1/me"), ("get", "/v1/organisation")}


def test_every_problem_is_documented_as_one(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert set(response["content"]) == {"application/problem+json"}, (method, path, status)
        assert "429" in operation["responses"]


def test_every_body_and_every_answer_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    # One schema that has them all: to read the components again for each of them takes seconds.
    schemas, examples = {}, {}
    for method, path, operation in operations(document):
        answers = {status: answer for status, answer in operation["responses"].items() if status != "304"}
        for place, one in {"body": operation.get("requestBody", {}), **answers}.items():
            for media_type, content in one.get("content", {}).items():
                if "schema" in content:
                    name = f"{method} {path}, {place}, {media_type}"
                    schemas[name], examples[name] = content["schema"], content["example"]
    whole = Draft202012Validator({"components": document["components"], "properties": schemas})
    assert [(error.instance_path, error.message) for error in whole.iter_errors(examples)] == []
    assert len(examples) > 200


def test_an_example_says_more_than_its_types(document: dict[str, Any]) -> None:
    body = document["paths"]["/v1/awards/{award_id}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert body["example"]["accepted_at"].startswith("20")
    assert len(body["example"]["id"]) == 36


def test_every_pattern_is_said_in_words_where_a_text_does_not_fit_it(document: dict[str, Any]) -> None:
    def patterns(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(pattern := node.get("pattern"), str):
                yield pattern
            node = list(node.values())
        if isinstance(node, list):
            for item in node:
                yield from patterns(item)

    assert set(patterns(document)) - set(PATTERNS) == set()
    with pytest.raises(ValidationError) as found:
        TypeAdapter(dict[str, EmailText]).validate_python({"email": "geen adres"})
    assert findings_of(found.value) == ["email: should be an e-mail address, such as name@example.org"]


def test_every_post_that_creates_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        # The VC-API is others' contract, and what it signs is kept nowhere.
        if method == "post" and "201" in operation["responses"] and not path.startswith("/vc-api/"):
            names = {parameter["name"] for parameter in operation.get("parameters", [])}
            assert "Idempotency-Key" in names, path


def test_every_list_comes_in_pages(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        schema = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        assert schema.get("type") != "array", (method, path)
