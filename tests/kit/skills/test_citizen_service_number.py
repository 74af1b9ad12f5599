"""Which texts may hold a BSN. The numbers are made up; 123456782 and 111222333 pass the 11-test."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.skills.citizen_service_number import holds_citizen_service_number, is_citizen_service_number

PASSES = "123456782"


class TestElevenTest:
    """A number passes when 9a+8b+7c+6d+5e+4f+3g+2h-i is a multiple of eleven."""

    @given(st.text("0123456789", min_size=8, max_size=8).filter(lambda digits: int(digits) > 0))
    def test_of_ten_last_digits_at_most_one_passes(self, front: str) -> None:
        total = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), front, strict=True)) % 11
        passing = [last for last in "0123456789" if is_citizen_service_number(front + last)]
        assert passing == ([str(total)] if total < 10 else [])

    @pytest.mark.parametrize("digits", ["123456782", "111222333", "012345672", "12345672"])
    def test_numbers_that_pass(self, digits: str) -> None:
        assert is_citizen_service_number(digits)

    @pytest.mark.parametrize("digits", ["123456783", "000000000", "00000000", "1234567", "1234567820", "", "12345678٢"])
    def test_numbers_that_do_not(self, digits: str) -> None:
        assert not is_citizen_service_number(digits)


@pytest.mark.parametrize(
    "text",
    [
        PASSES,
        f"Cursist {PASSES}.",
        f"({PASSES})",
        f"leerling-{PASSES}",
        f"in 2026 {PASSES} 2027",
        "123 456 782",
        "123.456.782",
        "123-456-782",
        "1234.56.782",
        "nummer 12345672",
        f"geen {PASSES}0 maar {PASSES}",
        f"BSN{PASSES}",
        f"bsn: {PASSES}",
        f"https://a.example/?bsn={PASSES}",
        "burgerservicenummer is 1234 56 782",
        "sofi-nummer 12345672",
    ],
)
def test_a_text_with_such_a_number_is_seen(text: str) -> None:
    assert holds_citizen_service_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "123456783",
        f"{PASSES}0",
        f"1{PASSES}",
        f"a{PASSES}",
        f"{PASSES}b",
        f"x_{PASSES}",
        f"0.{PASSES}",
        f"{PASSES}.5",
        f"https://a.example/runs/{PASSES}",
        f"zie https://a.example/runs/{PASSES} en verder",
        f"did:web:a.example:{PASSES}",
        f"urn:example:{PASSES}",
        f"data:text/plain,{PASSES}",
        "06-12345672",
        "+31 6 12345672",
        "+31 123 456 782",
        "123 456 782 901",
        "NL91 ABNA 0417 1643 00",
        "geen nummer",
        "",
    ],
)
def test_a_text_with_something_else_is_left_alone(text: str) -> None:
    assert not holds_citizen_service_number(text)


def test_a_day_of_the_calendar_is_no_number_of_a_person() -> None:
    days = [f"{year}{month:02}{day:02}" for year in (1999, 2026) for month in range(1, 13) for day in range(1, 29)]
    assert any(is_citizen_service_number(day) for day in days)
    assert not any(holds_citizen_service_number(f"op {day}") for day in days)
    assert not any(holds_citizen_service_number(f"op {day[6:]}{day[4:6]}{day[:4]}") for day in days)


@given(st.uuids(), st.booleans())
def test_a_uuid_is_never_taken_for_one(some: uuid.UUID, of_a_person: bool) -> None:  # noqa: FBT001  # drawn
    assert not holds_citizen_service_number(f"urn:uuid:{some}", of_a_person=of_a_person)


def test_a_uuid_whose_first_group_would_pass_is_not_taken_for_one() -> None:
    assert not holds_citizen_service_number("12345672-7f5d-4b0c-9a29-3d9a3b8f5c11", of_a_person=True)


@given(st.binary(min_size=32, max_size=32))
def test_a_hash_is_never_taken_for_one(data: bytes) -> None:
    assert not holds_citizen_service_number(f"sha256${data.hex()}")


def test_in_the_id_of_a_person_a_url_is_looked_into() -> None:
    assert holds_citizen_service_number(f"did:web:a.example:{PASSES}", of_a_person=True)
    assert holds_citizen_service_number(f"https://a.example/people/{PASSES}", of_a_person=True)
    assert not holds_citizen_service_number(
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", of_a_person=True
    )


@given(st.text(st.sampled_from("0123456789 .-bsnBSN/:_,"), max_size=60))
def test_whatever_is_seen_has_eight_digits_that_pass(text: str) -> None:
    if holds_citizen_service_number(text):
        digits = re.sub("[^0-9]", "", text)
        windows = [digits[i : i + size] for size in (8, 9) for i in range(len(digits) - size + 1)]
        assert any(is_citizen_service_number(window) for window in windows)
