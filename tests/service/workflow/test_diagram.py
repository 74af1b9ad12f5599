"""A process drawn: the same each time, with where a case is, and saying in words what it shows."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from issuer_service.workflow.candidate.definition import candidate_path, company_path
from issuer_service.workflow.process.diagram import draw_process, mermaid
from issuer_service.workflow.process.plan import planned
from tests.service.workflow.playing import settings_of


def texts(svg: str) -> list[str]:
    return [found.text or "" for found in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314  # our own


def test_it_is_the_same_each_time_and_has_every_stage_with_where_the_case_is() -> None:
    drawn = draw_process(candidate_path(), language="en", here="intake", passed=["applied"]).file()
    assert drawn == draw_process(candidate_path(), language="en", here="intake", passed=["applied"]).file()
    said = texts(drawn)
    assert [one for one in said if one[:2] == "A7"] == ["A7 Intake"]
    assert said.count("here") == said.count("passed") == 1
    assert "The case is at A7 Intake." in drawn


def test_stages_that_a_programme_does_not_have_are_not_drawn() -> None:
    drawn = texts(draw_process(candidate_path(), language="nl", settings=settings_of("mhw")).file())
    assert "A24 Afgerond zonder evaluatie" not in drawn
    assert "A25 Geëvalueerd" in drawn


def test_who_withdrew_is_seen_where_they_are() -> None:
    assert "X Teruggetrokken" in texts(draw_process(candidate_path(), language="nl", here="withdrawn").file())


def test_forward_routes_go_down_and_no_two_lines_lie_over_each_other() -> None:
    for definition in (candidate_path(), company_path()):
        plan = planned(definition)
        spans: dict[tuple[bool, int], list[range]] = {}
        for edge in plan.edges:
            forward = edge.direction == "forward"
            assert forward == (edge.to > edge.origin), edge
            if edge.lane:
                span = range(min(edge.origin, edge.to), max(edge.origin, edge.to))
                lane = spans.setdefault((forward, edge.lane), [])
                assert all(not set(span) & set(other) for other in lane), edge
                lane.append(span)


def test_mermaid_has_every_stage_and_every_end() -> None:
    text = mermaid(candidate_path(), language="nl")
    assert text.startswith("stateDiagram-v2\n  [*] --> interested\n")
    assert "  withdrawn --> [*]" in text
    assert "  go_no_go --> stopped" in text
