"""Units as CSV: the sample word for word, every unit there and back, and a report for every row that is amiss."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import issuer_service
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.formats.report import Imported
from openbadges_kit.skills.formats.table import TABLE_COLUMNS, read_table, write_table
from openbadges_kit.skills.qualification import Entry
from openbadges_kit.skills.ulo import Ulo
from tests.kit.skills.units import BASE, entries, units

SAMPLE = (Path(issuer_service.__file__).parent / "demo" / "data" / "warmtepompen.csv").read_text(encoding="utf-8")


def iri_of(number: str, version: str) -> str:
    return f"{BASE}/{number}/v{version}"


def read(table: str | bytes) -> Imported:
    return read_table(table, iri_of=iri_of, qualification="Vak", catalogue="Catalogus")


class TestTheSample:
    """*Vakmanschap Warmtepompen* reads as its source prints it, and goes out as it came in."""

    def test_it_renders_the_sentences_of_its_source(self) -> None:
        (entry,) = read(SAMPLE).entries
        assert [(one.code, one.sentence) for one in entry.ulo.components] == [
            ("RO001", "bepaalt welk warmtepompsysteem bij welke bouwkundige en technische randvoorwaarden geschikt is"),
            ("VO001", "inschatten van de haalbaarheid voor een warmtepompsysteem"),
            ("VO002", "beoordelen Programma van Eisen op voor de installatie relevante aspecten"),
            (
                "VO003",
                "adviseren van de opdrachtgever over te nemen acties in relatie tot wijziging van een nieuwe of "
                "bestaande warmtepompinstallatie",
            ),
            (
                "KO001",
                "werking van de verschillende type warmtepompen (lucht-water, water-water, hybride) inclusief "
                "natuurkundige principes",
            ),
            (
                "KO002",
                "verschil in toepassing warmtepompen bij verschillende bouwkundige situaties (isolatiewaarden, "
                "kierdichting, nieuwbouw, bestaande bouw)",
            ),
            ("KO003", "mogelijkheden van de verschillende warmtepompsystemen en toepassingsgebied"),
            (
                "KO004",
                "begrippen die van toepassing zijn bij de realisatie van individuele warmtepompen in woningen",
            ),
        ]

    def test_it_goes_out_byte_for_byte(self) -> None:
        assert write_table(read(SAMPLE).entries) == SAMPLE

    def test_as_a_spreadsheet_writes_it_here(self) -> None:
        """With a byte order mark, semicolons and carriage returns."""
        written = write_table(read(SAMPLE).entries, separator=";").replace("\n", "\r\n")
        assert read(b"\xef\xbb\xbf" + written.encode()) == read(SAMPLE)


class TestRoundTrips:
    """A unit written and read is the same."""

    @given(st.lists(units(of_a_table=True), max_size=1))
    def test_what_the_table_has_columns_for_needs_no_others(self, drawn: list[Ulo]) -> None:
        written = write_table([Entry(ulo) for ulo in drawn])
        assert [one for one in written.partition("\n")[0].split(",") if one not in TABLE_COLUMNS] in ([], ["Titel"])
        assert [entry.ulo for entry in read(written).entries] == drawn

    @given(entries(several=True))
    def test_everything_else_stands_behind_them(self, drawn: tuple[Entry, ...]) -> None:
        read_back = read(write_table(drawn))
        assert read_back.findings == ()
        assert read_back.entries == drawn


HEAD = SAMPLE.partition("\n")[0] + "\n"
GOOD = "{0},RO001,bepaalt,iets,,,,\n{0},VO001,doen,iets,,,,\n{0},KO001,,iets,,,,\n"


class TestReport:
    """One bad row keeps its unit out and leaves the rest."""

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ("1.2,XO001,doen,iets,,,,", "Code"),
            ("1.2,VO1,doen,iets,,,,", "Code"),
            ("1.2,VO002,doen,,,,,", "Object van het werkwoord"),
            (",VO002,doen,iets,,,,", "ULO"),
            ("1.2,VO001,doen,iets,,,,", "Code"),
            ("1.2,VO002,doen,iets,,,,,een cel te veel", ""),
        ],
    )
    def test_it_names_row_field_and_mend(self, row: str, field: str) -> None:
        table = HEAD + GOOD.format("1.1") + GOOD.format("1.2") + row + "\n" + GOOD.format("1.3")
        read_in = read(table)
        (finding,) = read_in.findings
        assert (finding.field, bool(finding.finding), bool(finding.mend)) == (field, True, True)
        # What is twice is told of the unit; all others of their row, as a spreadsheet numbers it.
        assert finding.row == (5 if row.startswith("1.2,VO001") else 8)
        taken = [entry.ulo.number for entry in read_in.entries]
        assert taken == (["1.1", "1.2", "1.3"] if field == "ULO" else ["1.1", "1.3"])

    def test_a_unit_without_a_responsibility_is_kept_out(self) -> None:
        (finding,) = read(HEAD + "1.1,VO001,doen,iets,,,,\n1.1,KO001,,iets,,,,\n").findings
        assert (finding.row, finding.field, finding.unit) == (2, "Code", "1.1")

    @pytest.mark.parametrize("cell", ["7", "hoog", "3.5"])
    def test_a_level_that_is_none(self, cell: str) -> None:
        table = HEAD.replace("\n", ",Vereist niveau\n") + GOOD.format("1.1").replace("\n", f",{cell}\n", 1)
        (finding,) = read(table).findings
        assert (finding.row, finding.field) == (2, "Vereist niveau")

    @pytest.mark.parametrize(
        "cell", ["{", '[{"framework": "ESCO"}]', '{"a": 1}', '[{"framework":"EQF","iri":"x:y","label":"4"}]']
    )
    def test_references_that_are_none(self, cell: str) -> None:
        quoted = '"' + cell.replace('"', '""') + '"'
        table = HEAD.replace("\n", ",Verwijzingen\n") + GOOD.format("1.1").replace("\n", f",{quoted}\n", 1)
        (finding,) = read(table).findings
        assert (finding.row, finding.field) == (2, "Verwijzingen")

    @pytest.mark.parametrize(
        ("table", "said"),
        [
            ("", "lacks the columns"),
            ("ULO,Code\n", "lacks the columns: Actie"),
            (HEAD.replace("\n", ",Locatie\n"), "not known here: Locatie"),
            (b"\xff\xfe", "UTF-8"),
            (HEAD + "\0", "NUL"),
            (HEAD + '1.1,"RO001', "no CSV"),
        ],
    )
    def test_what_is_no_table_is_refused(self, table: str | bytes, said: str) -> None:
        with pytest.raises(MalformedDocument, match=said):
            read(table)

    @given(st.text(max_size=60) | st.binary(max_size=60))
    def test_whatever_comes_in_gets_a_report_or_a_refusal(self, data: str | bytes) -> None:
        for given_data in (data, HEAD + data if isinstance(data, str) else HEAD.encode() + data):
            with suppress(MalformedDocument):
                read(given_data)
