"""The proposal for a job market: stable, the same whoever is named first, and with its reasons."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from issuer_service.workflow.candidate.matching import blocking_pairs, propose, speed_dates

CANDIDATES = ["Ans", "Bo", "Cas", "Dee", "Eva"]
COMPANIES = ["Pijp", "Volt", "Waterstof"]


def some_of(names: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True)


wishes = st.tuples(
    st.fixed_dictionaries({one: some_of(COMPANIES) for one in CANDIDATES}),
    st.fixed_dictionaries({one: some_of(CANDIDATES) for one in COMPANIES}),
    st.fixed_dictionaries({one: st.integers(0, 3) for one in COMPANIES}),
)


class TestNobodyHasAReasonToUndoIt:
    """No candidate and company would both rather have each other."""

    @given(wishes)
    def test_no_pair_blocks_it(self, asked: tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]) -> None:
        candidates, companies, places = asked
        proposed = propose(candidates, companies, places)
        matched = {one.candidate: one.company for one in proposed if one.company is not None}
        assert blocking_pairs(candidates, companies, places, matched) == []
        for candidate, company in matched.items():
            assert company in candidates[candidate]
            assert candidate in companies[company]
        for company, number in places.items():
            assert list(matched.values()).count(company) <= number

    @given(wishes)
    def test_who_is_named_first_makes_no_difference(
        self, asked: tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]
    ) -> None:
        candidates, companies, places = asked
        assert propose(dict(reversed(candidates.items())), companies, places) == propose(candidates, companies, places)


def test_of_two_stable_proposals_the_candidates_get_theirs() -> None:
    candidates = {"Ans": ["Pijp", "Volt"], "Bo": ["Volt", "Pijp"]}
    companies = {"Pijp": ["Bo", "Ans"], "Volt": ["Ans", "Bo"]}
    assert [one.company for one in propose(candidates, companies, {})] == ["Pijp", "Volt"]


def test_each_line_gives_its_reasons() -> None:
    candidates = {"Ans": ["Waterstof", "Pijp", "Volt"], "Bo": ["Pijp"]}
    companies = {"Pijp": ["Bo", "Ans"], "Volt": ["Ans"]}
    first, second = propose(candidates, companies, {})
    assert first.because == (
        ("Waterstof", "the company does not wish it"),
        ("Pijp", "its places go to candidates whom it wishes more"),
        ("Volt", "both wish it"),
    )
    assert second.because == (("Pijp", "both wish it"),)


@given(st.integers(0, 7), st.integers(0, 5))
def test_everybody_talks_with_every_company_once_and_with_one_at_a_time(people: int, desks: int) -> None:
    candidates, companies = [f"c{n}" for n in range(people)], [f"b{n}" for n in range(desks)]
    rounds = speed_dates(candidates, companies)
    met = [pair for one in rounds for pair in one]
    assert sorted(met) == sorted((candidate, company) for candidate in candidates for company in companies)
    for one in rounds:
        assert len({candidate for candidate, _ in one}) == len({company for _, company in one}) == len(one)
