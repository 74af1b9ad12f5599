"""Units of learning outcomes from a spreadsheet: what is amiss in it, its badges, and the same for other systems."""

from __future__ import annotations

from datetime import UTC, datetime

from openbadges_kit.skills.achievement import achievement_from_ulo
from openbadges_kit.skills.formats.case import case_package
from openbadges_kit.skills.formats.case_reading import qualification_from_case
from openbadges_kit.skills.formats.oeapi import learning_outcomes
from openbadges_kit.skills.formats.table import read_table, write_table
from openbadges_kit.skills.qualification import Qualification

# As a spreadsheet writes it in the Netherlands, with semicolons. Its second unit has two responsibilities.
SPREADSHEET = """\
ULO;Code;Actie werkwoord(en);Object van het werkwoord;Voorzetsel;Context;Werkwoord vervoeging;Regeleisen (conform)
1.1;RO001;meet;waterstof;in;besloten ruimten;;
1.1;VO001;kalibreren;van een detector;voor;gebruik;;
1.1;KO001;noemen;de explosiegrenzen;van;waterstof;;
1.2;RO001;ontwerpt;een leiding;voor;waterstof onder druk;;
1.2;RO001;beproeft;een leiding;met;inert gas;;
"""


def main() -> None:
    """Read the table, show what kept a unit out, and hand on the one that came in."""
    read = read_table(
        SPREADSHEET,
        iri_of=lambda number, version: f"https://skills.example.org/ulo/hydrogen/{number}/v{version}",
        qualification="Veilig werken met waterstof",
        catalogue="Voorbeeldcatalogus",
    )
    for finding in read.findings:
        print(f"row {finding.row}, {finding.field}: {finding.finding}; {finding.mend}")

    (entry,) = read.entries
    achievement = achievement_from_ulo(entry.ulo).to_json()
    print("A badge for it is called:", achievement["name"])
    for alignment in achievement["alignment"]:
        print("  and refers to", alignment["targetCode"], "-", alignment["targetName"])

    qualification = Qualification(
        iri="https://skills.example.org/qualification/hydrogen",
        title="Veilig werken met waterstof",
        catalogue="Voorbeeldcatalogus",
        owner="Voorbeeld Opleider",
        changed=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        entries=read.entries,
    )
    package = case_package(qualification)
    print("As CASE 1.1:", len(package["CFItems"]), "items,", len(package["CFAssociations"]), "associations")
    print("As OEAPI 6:", len(learning_outcomes(read.entries)), "learning outcomes")
    print("Nothing is lost on the way:", qualification_from_case(package) == qualification)
    print(write_table(read.entries, only_table=True), end="")


if __name__ == "__main__":
    main()
