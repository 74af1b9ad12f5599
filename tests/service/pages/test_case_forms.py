"""Forms made from a definition: what they show and is sent again is the same, whatever the definition asks for."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.datastructures import FormData

from issuer_service.pages.case_forms import Asker, Input, amiss, read
from issuer_service.workflow.candidate.definition import candidate_path, company_path
from issuer_service.workflow.process.definition import Definition, FieldType, Form, RecordField, Route, Task, Words
from issuer_service.workflow.process.records import check_data
from tests.service.workflow.playing import MODULES, Walk

ZONE = ZoneInfo("Europe/Amsterdam")
PEOPLE = [("employer", "Een bedrijf"), ("another", "Een ander bedrijf")]


def asker(walk: Walk) -> Asker:
    modules = [(module, module) for module in MODULES]
    return Asker(walk.definition, walk.context, modules, lambda _: PEOPLE, "nl", ZONE)


def sent(inputs: tuple[Input, ...]) -> FormData:
    """What a browser sends of a form that nobody touched."""
    pairs: list[tuple[str, Any]] = []
    for one in inputs:
        match one.kind:
            case "checks":
                pairs += [(one.name, key) for key, _ in one.options if key in one.values]
            case "ranks":
                pairs += [(f"{one.name}.{key}", one.ranks.get(key, "")) for key, _ in one.options]
            case "radios":
                pairs += [(one.name, key) for key, _ in one.options if key == one.value]
            case "select":
                pairs.append((one.name, one.value if one.value in dict(one.options) else ""))
            case _:
                pairs.append((one.name, one.value))
    return FormData(pairs)


@pytest.mark.parametrize("definition", [candidate_path(), company_path()], ids=lambda one: one.name)
def test_what_is_known_and_sent_again_is_the_same(definition: Definition) -> None:
    walk = Walk(definition)
    owners: list[Task | Route] = [*definition.tasks, *definition.routes]
    for owner in owners:
        known = walk.data_for("record" if isinstance(owner, Task) else "move", owner.key)
        if isinstance(owner, Task) and owner.form is Form.DOCUMENT:
            known["clauses"] = [clause.key for clause in owner.clauses]
        for one in owner.fields:
            # Whom a story chooses are people here, wherever somebody is chosen.
            if one.type is FieldType.PERSON and one.key in known:
                known[one.key] = "employer"
            if one.type is FieldType.MOMENT:
                known[one.key] = "2026-12-01T09:30+01:00"
        shown = asker(walk).inputs(owner, sent=None, known=known, problems={})
        assert read(owner, sent(shown), ZONE) == known, owner.key
        again = asker(walk).inputs(owner, sent=sent(shown), known={}, problems={})
        assert read(owner, sent(again), ZONE) == known, owner.key


FIELDS: tuple[tuple[dict[str, Any], dict[str, str], Any], ...] = (
    ({"type": "text"}, {"data.x": "  een\r\ntekst "}, "een\ntekst"),
    ({"type": "number"}, {"data.x": "32,5"}, 32.5),
    ({"type": "number"}, {"data.x": "veel"}, "veel"),
    ({"type": "number", "most": 24}, {"data.x": "drie"}, "drie"),
    ({"type": "moment"}, {"data.x": "morgen"}, "morgen"),
    ({"type": "yes"}, {"data.x": "misschien"}, "misschien"),
    ({"type": "people", "ranked": True}, {"data.x.b": "1", "data.x.a": "2", "data.x.c": ""}, ["b", "a"]),
    ({"type": "people", "ranked": True}, {"data.x.b": "1", "data.x.a": "1"}, "1"),
    ({"type": "people", "ranked": True}, {"data.x.b": "9" * 5000}, "9" * 5000),
    ({"type": "choice", "choices": ("a",)}, {"data.x": ""}, None),
)


@pytest.mark.parametrize(("given", "form", "value"), FIELDS)
def test_what_cannot_be_read_is_refused_at_its_field(given: dict[str, Any], form: dict[str, str], value: Any) -> None:
    field = RecordField(key="x", title=Words(nl="X", en="X"), **given)
    route = Route.model_validate(
        {"key": "r", "title": {"nl": "R", "en": "R"}, "from": ["a"], "to": "b", "roles": ["coach"], "fields": [field]}
    )
    found = read(route, FormData(form), ZONE)
    assert found.get("x") == value
    findings = check_data(route.fields, found, Walk().context)
    told = amiss(route, findings, "nl")
    assert bool(told) == (value is None or (isinstance(value, str) and given["type"] != "text"))
    assert set(told) <= {"x"}
