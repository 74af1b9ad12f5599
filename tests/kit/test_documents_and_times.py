"""JSON, moments and JSON paths at the border: read strictly, written plainly."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.documents import MAX_DEPTH, MAX_DOCUMENT_BYTES, dump_json, parse_json_object, walk
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import child
from openbadges_kit.timestamps import format_timestamp, parse_timestamp

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)
MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30))  # noqa: DTZ001  # zones are drawn apart
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


class TestJson:
    """What is written is read back; what two readers could read as two is not read at all."""

    @given(st.dictionaries(TEXT, VALUES, max_size=5))
    def test_written_and_read_it_is_the_same(self, document: dict[str, Any]) -> None:
        assert parse_json_object(dump_json(document)) == document
        assert list(parse_json_object(dump_json(document))) == list(document)

    @pytest.mark.parametrize(
        "data",
        [
            "",
            "[]",
            "5",
            "null",
            '{"a": 1, "a": 1}',
            '{"a": {"b": 1, "b": 2}}',
            '{"a": NaN}',
            '{"a": -Infinity}',
            '{"a": "\\ud800"}',
            '{"\\udfff": 1}',
            "{'a': 1}",
            '{"a": 1,}',
            '{"a": 01}',
            '{"a": "\t"}',
            b'{"a": "\xff"}',
            '{"a": 1}'.encode("utf-16"),
            '{"a": 1} {}',
        ],
    )
    def test_anything_else_than_one_plain_object_is_refused(self, data: bytes | str) -> None:
        with pytest.raises(MalformedDocument):
            parse_json_object(data)

    @pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, 100_000])
    def test_the_depth_is_bounded(self, depth: int) -> None:
        data = '{"a":' * depth + "1" + "}" * depth
        if depth <= MAX_DEPTH:
            assert parse_json_object(data)
        else:
            with pytest.raises(MalformedDocument):
                parse_json_object(data)

    def test_the_size_is_bounded(self) -> None:
        with pytest.raises(MalformedDocument):
            parse_json_object(b'{"a": "' + b"x" * MAX_DOCUMENT_BYTES + b'"}')


class TestPaths:
    """A JSON path leads to its value: https://www.rfc-editor.org/rfc/rfc9535"""

    @pytest.mark.parametrize(
        ("step", "path"),
        [
            ("name", "$.name"),
            ("@context", "$['@context']"),
            ("https://schema.org/name", "$['https://schema.org/name']"),
            ("it's", "$['it\\'s']"),
            ("back\\slash", "$['back\\\\slash']"),
            ("", "$['']"),
            (3, "$[3]"),
        ],
    )
    def test_a_step(self, step: str | int, path: str) -> None:
        assert child("$", step) == path

    @given(st.dictionaries(TEXT, VALUES, max_size=4))
    def test_no_two_places_have_one_path(self, document: dict[str, Any]) -> None:
        paths = [path for path, _, _ in walk(document)]
        assert len(paths) == len(set(paths))


class TestMoments:
    """https://www.w3.org/TR/xmlschema11-2/#dateTimeStamp"""

    @given(MOMENTS, ZONES)
    def test_whatever_the_zone_it_is_the_same_moment(self, moment: datetime, zone: timezone) -> None:
        moment = moment.replace(microsecond=0, tzinfo=zone)
        assert parse_timestamp(moment.isoformat()) == moment
        assert parse_timestamp(format_timestamp(moment)) == moment

    @given(st.text("0123456789-+:TZ.tz ", max_size=30) | TEXT)
    def test_any_text_is_a_moment_or_refused(self, text: str) -> None:
        try:
            moment = parse_timestamp(text)
        except MalformedDocument:
            return
        assert moment.tzinfo is UTC

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2026-11-20T09:00:00Z", datetime(2026, 11, 20, 9, tzinfo=UTC)),
            ("2026-11-20T09:00:00+01:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
            ("2026-11-20T09:00:00.123456789-14:00", datetime(2026, 11, 20, 23, 0, 0, 123456, tzinfo=UTC)),
            ("2026-12-31T24:00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ],
    )
    def test_examples(self, text: str, moment: datetime) -> None:
        assert parse_timestamp(text) == moment

    @pytest.mark.parametrize(
        "text",
        [
            "2026-11-20",
            "2026-11-20T09:00:00",
            "2026-11-20 09:00:00Z",
            "2026-11-20T09:00Z",
            "2026-02-29T09:00:00Z",
            "2026-11-20T25:00:00Z",
            "2026-11-20T24:00:01Z",
            "2026-11-20T09:00:00+14:01",
            "2026-11-20T09:00:00+01:60",
            "2026-11-20T09:00:00z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T24:00:00Z",
            "٢٠٢٦-11-20T09:00:00Z",
            "2026-11-20T09:00:00Z\n",
            20261120,
            None,
        ],
    )
    def test_what_is_no_moment_is_refused_with_its_path(self, text: object) -> None:
        with pytest.raises(MalformedDocument) as refused:
            parse_timestamp(text, path="$.validFrom")
        assert refused.value.path == "$.validFrom"

    def test_a_moment_without_a_zone_is_not_written(self) -> None:
        with pytest.raises(ValueError, match="zone"):
            format_timestamp(datetime(2026, 11, 20))  # noqa: DTZ001  # the thing refused


def test_a_written_document_has_no_escapes_that_a_reader_must_undo() -> None:
    assert dump_json({"naam": "Ægir “€” \U0001f600"}).decode() == '{"naam":"Ægir “€” \U0001f600"}'
    with pytest.raises(ValueError, match="JSON"):
        dump_json({"a": json.loads("NaN")})
