"""Levels, gaps and what closes them; the example of the working method is the data."""

from __future__ import annotations

import csv
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import issuer_service
from issuer_service.assessment import closing_gaps
from issuer_service.assessment.closing_gaps import Offer, close
from issuer_service.assessment.skills_mapping import Cell, gaps, group_gaps, read_mapping
from issuer_service.errors import Refused

OOC = (Path(issuer_service.__file__).parent / "assessment" / "data" / "ooc-2024.csv").read_text(encoding="utf-8")
levels = st.integers(0, 5)
NAMES = ["EV", "ADAS", "Kwaliteit", "Materialen"]


class TestTheExampleOfTheWorkingMethod:
    def test_it_has_thirteen_specialisms_and_three_occupations(self) -> None:
        mapping = read_mapping(OOC)
        assert (len(mapping.specialisms), len(mapping.occupations), len(mapping.cells)) == (13, 3, 39)
        assert mapping.profile("Allround medewerker")["Kwaliteit"] == 4

    def test_three_gaps_are_computed_otherwise_than_they_were_printed(self) -> None:
        mapping = read_mapping(OOC)
        printed = {(row["specialism"], row["occupation"]): row for row in csv.DictReader(OOC.splitlines())}
        differ = {
            key: (int(printed[key]["gap as published"]), cell.gap)
            for key, cell in mapping.cells.items()
            if int(printed[key]["gap as published"]) != cell.gap
        }
        assert differ == {
            ("Brandstoffen", "Autoschadehersteller"): (1, 0),
            ("Circulair", "Allround medewerker"): (2, 1),
            ("Digitale Diagnose", "Autoschadetechnicus"): (1, 2),
        }

    def test_what_does_not_apply_is_not_asked_for(self) -> None:
        assert "Robotisering werkplaats" not in read_mapping(OOC).profile("Autoschadetechnicus")

    def test_an_occupation_that_it_does_not_have_is_refused_with_those_it_has(self) -> None:
        with pytest.raises(Refused, match="Allround medewerker, Autoschadehersteller"):
            read_mapping(OOC).profile("Bakker")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("EV,Monteur,1,6", "row 2: levels are 1 to 5"),
        ("EV,Monteur,1,-1", "row 2: levels are 1 to 5"),
        ("EV,Monteur,1,", "row 2: levels are 1 to 5"),
        (",Monteur,1,2", "row 2: give a specialism"),
        ("EV,Monteur,1,2\nEV,Monteur,1,3", "row 3: EV of Monteur is there twice"),
        ("EV,Monteur,1,2\nADAS,Bakker,1,3", "EV of Bakker is missing"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused_with_its_rows(row: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_mapping(f"specialism,occupation,current,required\n{row}")
    assert any(said in finding for finding in refused.value.findings)


class TestGaps:
    @given(levels, levels)
    def test_a_gap_is_what_is_asked_for_beyond_what_is_there_and_never_less_than_none(self, a: int, b: int) -> None:
        assert Cell(a, b).gap == (b - a if b > a else 0)

    def test_what_was_never_assessed_is_none(self) -> None:
        assert gaps({"EV": 3, "ADAS": 2}, {"ADAS": 4}) == {"EV": 3, "ADAS": 0}

    def test_a_group_is_told_of_by_number_and_average(self) -> None:
        people = [{"EV": level} for level in (0, 1, 3, 3, 5)]
        found = group_gaps({"EV": 3}, people)["EV"]
        assert (found.people, found.below, found.mean_gap) == (5, 2, Decimal("1.0"))

    def test_of_fewer_than_five_nothing_is_told(self) -> None:
        found = group_gaps({"EV": 3}, [{"EV": 1}] * 4)["EV"]
        assert (found.people, found.below, found.mean_gap) == (4, None, None)


offered = st.builds(
    lambda number, reaches, hours: Offer(f"ulo-{number}", reaches, Decimal(hours)),
    st.integers(0, 9),
    st.dictionaries(st.sampled_from(NAMES), levels, max_size=3),
    st.sampled_from([8, 40]),
)
catalogues = st.lists(offered, max_size=7, unique_by=lambda one: one.ulo)
profiles = st.dictionaries(st.sampled_from(NAMES), levels, max_size=4)


class TestClosing:
    @given(profiles, profiles, catalogues)
    def test_nothing_that_can_be_closed_stays_open_and_no_smaller_choice_does_it(
        self, required: dict[str, int], current: dict[str, int], offers: list[Offer]
    ) -> None:
        found = close(required, current, offers)

        def closed_by(chosen: tuple[Offer, ...]) -> set[str]:
            reached = {
                name: max([current.get(name, 0), *(one.reaches.get(name, 0) for one in chosen)]) for name in NAMES
            }
            return {name for name, level in required.items() if reached[name] >= level}

        assert closed_by(found.offers) == set(required) - found.still_open == closed_by(tuple(offers))
        assert found.proven_smallest
        for fewer in range(len(found.offers)):
            assert all(closed_by(chosen) != closed_by(found.offers) for chosen in combinations(offers, fewer))

    def test_of_equally_few_the_least_work_is_chosen(self) -> None:
        offers = [Offer("long", {"EV": 3}, Decimal(40)), Offer("short", {"EV": 3}, Decimal(8))]
        found = close({"EV": 3}, {}, offers)
        assert [one.ulo for one in found.offers] == ["short"]
        assert found.hours == 8

    def test_a_search_that_would_never_end_gives_what_it_found_and_says_so(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(closing_gaps, "MAX_STEPS", 2_000)
        names = [f"s{number}" for number in range(60)]
        offers = [
            Offer(
                f"u{number}",
                {names[number % 60]: 3, names[(7 * number + 3) % 60]: 3, names[(11 * number + 5) % 60]: 3},
                Decimal(8),
            )
            for number in range(90)
        ]
        found = close(dict.fromkeys(names, 3), {}, offers)
        assert not found.still_open
        assert not found.proven_smallest
