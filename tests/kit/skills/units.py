"""Units of learning outcomes as Hypothesis draws them: with all that a unit can have, or with what a table has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from openbadges_kit.skills import frameworks
from openbadges_kit.skills.achievement import RubricCriterion, RubricLevel
from openbadges_kit.skills.frameworks import Framework, FrameworkReference, Registration
from openbadges_kit.skills.levels import SkillLevel
from openbadges_kit.skills.qualification import Entry, Qualification, Standing
from openbadges_kit.skills.ulo import BloomLevel, Component, Translation, Ulo
from openbadges_kit.vocabulary import SkosMatch

BASE = "https://skills.example.org/ulo/vak"

# Commas, quotes, line breaks and what a table's cells are separated by; no white space at the ends, which a cell loses.
WORDS = st.lists(
    st.sampled_from(["warmtepomp", "é", 'een "test"', "a,b", "x;y", "regel\nregel", "één", "=1+1", "|", "{}", "0"]),
    min_size=1,
    max_size=3,
).map(" ".join)
MAYBE = st.just("") | WORDS
IRIS = st.integers(0, 10**6).map(lambda number: f"https://frameworks.example/{number}")
REFERENCES = st.builds(
    FrameworkReference,
    framework=st.sampled_from([one for one in Framework if one not in {Framework.EQF, Framework.NLQF}]),
    iri=IRIS,
    code=MAYBE,
    label=WORDS,
    description=MAYBE,
    match=st.none() | st.sampled_from(SkosMatch),
    label_language=st.sampled_from(["", "en"]),
) | st.builds(
    frameworks.eqf_level,
    st.integers(1, 8),
    registration=st.sampled_from(
        [Registration("NLQF-1", datetime(2030, 1, 1, tzinfo=UTC)), Registration("25297", formal=True)]
    ),
)
REFERENCE_LISTS = st.lists(REFERENCES, max_size=2, unique_by=lambda one: one.iri).map(tuple)
BLOOM = st.none() | st.sampled_from(BloomLevel)


@st.composite
def components(draw: st.DrawFn, iri: str, *, of_a_table: bool) -> tuple[Component, ...]:
    codes = ["RO001"]
    codes += [f"VO{number:03}" for number in range(1, draw(st.integers(1, 3)) + 1)]
    codes += [f"KO{number:03}" for number in range(1, draw(st.integers(1, 3)) + 1)]
    made = []
    for code in codes:
        requirement = draw(MAYBE)
        more: dict[str, Any] = {}
        if not of_a_table:
            more = {
                "statement": draw(MAYBE),
                "required_skill_level": draw(st.none() | st.sampled_from(SkillLevel)),
                "bloom": draw(BLOOM),
                "references": draw(REFERENCE_LISTS),
            }
        parts: dict[str, Any] = {name: draw(MAYBE) for name in ("verb", "preposition", "context", "conjugated_verb")}
        requirements = (requirement,) if requirement else ()
        made.append(Component(code, f"{iri}/{code}", draw(WORDS), rule_requirements=requirements, **parts, **more))
    return tuple(made)


@st.composite
def units(draw: st.DrawFn, *, number: str = "1.1", version: str = "1", of_a_table: bool = False) -> Ulo:
    iri = f"{BASE}/{number}/v{version}"
    parts = draw(components(iri, of_a_table=of_a_table))
    more: dict[str, Any] = {}
    if not of_a_table:
        statements = tuple((one.code, draw(WORDS)) for one in parts)
        more = {
            "references": draw(REFERENCE_LISTS),
            "tasks": tuple(draw(st.lists(WORDS, max_size=2))),
            "bloom": draw(BLOOM),
            "translations": (Translation("en", draw(WORDS), statements),) if draw(st.booleans()) else (),
        }
    return Ulo(iri, number, version, draw(WORDS), "Vak", "Catalogus", parts, **more)


@st.composite
def rubrics(draw: st.DrawFn, ulo: Ulo) -> tuple[RubricCriterion, ...]:
    judged = draw(st.lists(st.sampled_from(ulo.components), max_size=2, unique_by=lambda one: one.code))
    levels = st.tuples(WORDS, MAYBE, st.sampled_from(["", "1", "2.5"]))
    made = []
    for component in judged:
        some = [
            RubricLevel(f"l{position}", name, description, points)
            for position, (name, description, points) in enumerate(draw(st.lists(levels, min_size=1, max_size=3)))
        ]
        made.append(RubricCriterion(component.code, tuple(some), draw(st.sampled_from(some)).key))
    return tuple(made)


@st.composite
def entries(draw: st.DrawFn, *, several: bool = False, standings: bool = False) -> tuple[Entry, ...]:
    """Versions of units: with `standings`, the first of two versions was followed by the second."""
    first = draw(units())
    made = [Entry(first, draw(rubrics(first)))]
    if several:
        second = draw(units(number="1.2", version="3"))
        made.append(Entry(second, draw(rubrics(second))))
    if standings:
        follower = draw(units(version="2"))
        made = [Entry(made[0].ulo, made[0].rubric, Standing.DEPRECATED, follower.iri), *made[1:], Entry(follower)]
    return tuple(made)


@st.composite
def qualifications(draw: st.DrawFn) -> Qualification:
    return Qualification(
        BASE,
        "Vak",
        "Catalogus",
        draw(WORDS),
        datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        draw(entries(several=True, standings=draw(st.booleans()))),
        texts=(("en", draw(WORDS)),) if draw(st.booleans()) else (),
        licence=draw(MAYBE),
        scheme=draw(MAYBE),
        source=draw(MAYBE),
        is_example=draw(st.booleans()),
    )
