"""The API answers as its OpenAPI document says, whatever is sent to it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from jsonschema_rs import Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from schemathesis import APIOperation, Case
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks
from sqlalchemy import select

from issuer_service.amiss import PATTERNS
from issuer_service.bulk.rows import findings_of
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.people.roles import Role
from issuer_service.persistence.database import create_database_engine
from issuer_service.status_lists.tables import StatusList
from issuer_service.web.texts import EmailText
from tests.service.access_rows import ROWS
from tests.service.conftest import settings_for
from tests.service.databases import KeptDatabase
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.serving import Client, Serving
from tests.service.two_providers import TwoProviders, two_providers

# A few here, sound and unsound ones once to each operation by somebody who may; `make schemathesis` sends many, also by
# nobody and by who may do most, to each database.
LONG = "SCHEMATHESIS_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "1"))
EVERY_ONE, EVEN_ONES, ODD_ONES = slice(None), slice(0, None, 2), slice(1, None, 2)
SOUND, UNSOUND = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
_ROLES = list(Role)
NOBODY, WHO_MAY, ADMINISTRATOR = "nobody", "who may", "administrator"
CELLS = (
    [
        (database, who, EVERY_ONE, mode)
        for database in ("sqlite", "postgresql")
        for who in (NOBODY, WHO_MAY, ADMINISTRATOR)
        for mode in GenerationMode
    ]
    if LONG
    else [
        ("sqlite", WHO_MAY, EVEN_ONES, SOUND),
        ("sqlite", WHO_MAY, ODD_ONES, UNSOUND),
        ("postgresql", WHO_MAY, ODD_ONES, SOUND),
        ("postgresql", WHO_MAY, EVEN_ONES, UNSOUND),
    ]
)
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not LONG,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
JSON = "application/json"
ASKED = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


@dataclass(frozen=True)
class Asked:
    """An application with things in it, and how operations are called with them."""

    made: TwoProviders
    installation: Installation
    http: Client
    serial: Iterator[int] = field(default_factory=count)

    def role(self, who: str, method: str, path: str) -> Role | None:
        """In which role somebody asks. Of those who may, one who is answered like most of them."""
        if who == ADMINISTRATOR:
            return Role.ADMINISTRATOR
        row = ROWS.get((method, path))
        if who == NOBODY or row is None:
            return None
        return max(row.may - row.own_of.keys() - {Role.OPERATOR} or row.may or {Role.ADMINISTRATOR}, key=_ROLES.index)

    def parts(self, role: Role | None, method: str, path: str) -> dict[str, str]:
        """What in a path leads to something that is there."""
        row = ROWS.get((method, path))
        if row is not None:
            return row.path(self.made.ours.with_key(self.made.people[role].spare) if role else self.made.ours)
        things = self.made.theirs
        known = {
            **{f"{one.name}_id": getattr(things, one.name) for one in fields(things)},
            "ulo_version_id": things.withdrawn_ulo,
            "status_list_id": self._status_list(),
            "qualification": "vakmanschap-warmtepompen",
            "number": "1.1",
            "version": "1",
            "code": "VO001",
            "edition": "en",
            "slug": "voorbeeld-opleider",
            "organisation": "voorbeeld-opleider",
        }
        return {name: known[name] for name in _names_in(path) if name in known}

    def body(self, method: str, path: str) -> dict[str, Any]:
        """What is sent there, as it should be."""
        row = ROWS.get((method, path))
        if row is not None and row.body is not None:
            return {"body": row.body(self.made.ours, next(self.serial)), "media_type": JSON}
        return {"body": {"badge": "no.badge.atall"}, "media_type": JSON} if path == "/v1/verifications" else {}

    def _status_list(self) -> str:
        with self.installation.reading() as session:
            return session.scalars(select(StatusList.id).order_by(StatusList.id)).first() or ""


def _names_in(path: str) -> list[str]:
    return re.findall(r"{(\w+)}", path)


@pytest.fixture
def asked(database: KeptDatabase, cheap_key_derivation: None, unhurried: None) -> Iterator[Asked]:
    with two_providers(database) as (made, installation, http):
        yield Asked(made, installation, http)


def send_everything(asked: Asked, who: str, which: slice, mode: GenerationMode) -> int:
    """Send calls to these operations: one that is as it should be, and generated ones. Gives how many operations.

    Raises ExceptionGroup with what is amiss at each of them.
    """
    schema = schemathesis.openapi.from_asgi("/openapi.json", asked.http.app)
    found = list(schema.get_all_operations())[which]
    operations = [result.ok() for result in found if isinstance(result, Ok)]
    assert len(operations) == len(found), found
    amiss = []
    for operation in operations:
        try:
            send_to(operation, asked, who, mode)
        except Unsatisfiable:
            # Nothing can be wrong with a call that takes nothing.
            assert mode is UNSOUND
        except Exception as error:  # noqa: BLE001  # each is reported, and the next operation is asked
            error.add_note(f"{operation.method} {operation.path}")
            amiss.append(error)
    if amiss:
        raise ExceptionGroup("answers that are not as documented", amiss)
    return len(operations)


def send_to(operation: APIOperation[Any, Any, Any, Any], asked: Asked, who: str, mode: GenerationMode) -> None:
    """Send calls to an operation."""
    role = asked.role(who, operation.method, operation.path)
    headers = {"Authorization": f"Bearer {asked.made.people[role].key}"} if role else {}

    def every_answer_is_documented(case: Case[Any]) -> None:
        answer = case.call(headers=headers, timeout=60)
        assert answer.status_code < 500, (case.formatted_path, answer.text)
        case.validate_response(answer, checks=ASKED)

    parts = asked.parts(role, operation.method, operation.path)
    if mode is SOUND and parts.keys() == set(_names_in(operation.path)):
        body = asked.body(operation.method, operation.path)
        every_answer_is_documented(operation.Case(path_parameters=parts, **body))

    def with_something_that_is_there_or_not(case: Case[Any], *, there: bool) -> None:
        if there:
            case.path_parameters = {**case.path_parameters, **parts}
        every_answer_is_documented(case)

    somewhere = st.booleans() if parts else st.just(value=False)
    BOUNDED(
        given(case=operation.as_strategy(generation_mode=mode), there=somewhere)(with_something_that_is_there_or_not)
    )()


@pytest.mark.parametrize(("database", "who", "which", "mode"), CELLS, indirect=["database"])
def test_whatever_is_sent_is_answered_as_documented(asked: Asked, who: str, which: slice, mode: GenerationMode) -> None:
    assert send_everything(asked, who, which, mode) > 15


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
