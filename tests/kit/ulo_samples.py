"""The sample ULO of the published catalogue, as its table has it, for tests that need a whole one."""

from __future__ import annotations

from typing import Final

from openbadges_kit.skills.ulo import ulo_from_rows

__all__ = ["HEAT_PUMPS", "ROWS"]

_COLUMNS: Final = ("Code", "Actie werkwoord(en)", "Object van het werkwoord", "Voorzetsel", "Context")
_TABLE: Final = (
    (
        "RO001",
        "bepaalt",
        "welk warmtepompsysteem",
        "bij",
        "welke bouwkundige en technische randvoorwaarden geschikt is",
    ),
    ("VO001", "inschatten", "van de haalbaarheid", "voor", "een warmtepompsysteem"),
    ("VO002", "beoordelen", "Programma van Eisen", "op", "voor de installatie relevante aspecten"),
    (
        "VO003",
        "adviseren",
        "van de opdrachtgever",
        "over",
        "te nemen acties in relatie tot wijziging van een nieuwe of bestaande warmtepompinstallatie",
    ),
    (
        "KO001",
        "",
        "werking van de verschillende type warmtepompen (lucht-water, water-water, hybride) "
        "inclusief natuurkundige principes",
        "",
        "",
    ),
    (
        "KO002",
        "",
        "verschil in toepassing warmtepompen bij verschillende bouwkundige situaties "
        "(isolatiewaarden, kierdichting, nieuwbouw, bestaande bouw)",
        "",
        "",
    ),
    ("KO003", "", "mogelijkheden van de verschillende warmtepompsystemen en toepassingsgebied", "", ""),
    (
        "KO004",
        "",
        "begrippen die van toepassing zijn bij de realisatie van individuele warmtepompen in woningen",
        "",
        "",
    ),
)
ROWS: Final = tuple({"ULO": "1.1", **dict(zip(_COLUMNS, row, strict=True))} for row in _TABLE)

HEAT_PUMPS: Final = ulo_from_rows(
    ROWS,
    iri="https://skills.example.org/ulo/warmtepompen/1.1/v1",
    number="1.1",
    version="1",
    title="Vakmanschap Warmtepompen",
    qualification="Warmtepompen",
    catalogue="Skills-Catalogus",
)
