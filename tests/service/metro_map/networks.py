"""Networks to draw: a few that are like real ones, and any number that are drawn by lot."""

from __future__ import annotations

import random

from issuer_service.metro_map.network import MapLine, MapStation, Network

__all__ = ["EXAMPLE", "generated"]

_WORDS = (
    *("Waterstof", "Veiligheid", "Leidingen", "Omscholing", "Vergunningen", "Elektrolyse", "Onderhoud", "Warmtepomp"),
    *("Installatie", "Risico's", "Meten", "Data", "Regels", "Praktijk", "Bezoek", "Aansprakelijkheidsverzekering"),
)


def generated(seed: int) -> Network:
    """One to nine lines of two to nine stations, some of which they share, in any order, also against each other."""
    lot = random.Random(seed)  # noqa: S311  # the same networks each time
    count = lot.randint(1, 9)
    stations = [f"s{number}" for number in range(lot.randint(max(4, count * 2), count * 6 + 4))]
    shared = lot.sample(stations, k=min(len(stations), lot.randint(0, 6)))
    lines, own = [], [key for key in stations if key not in shared]
    for number in range(count):
        mine = lot.sample(own, k=min(len(own), lot.randint(1, 6)))
        if lot.random() < 0.8:
            own = [key for key in own if key not in mine]
        mine += lot.sample(shared, k=min(len(shared), lot.randint(0, 3)))
        lot.shuffle(mine)
        if len(mine) >= 2:
            lines.append(MapLine(f"l{number}", f"Lijn {number}", tuple(mine)))
    if not lines:
        lines.append(MapLine("l0", "Lijn 0", tuple(stations[:2])))
    called = {key for line in lines for key in line.stations}
    names = {key: " ".join(lot.choices(_WORDS, k=lot.randint(1, 5))) for key in stations}
    return Network(tuple(lines), tuple(MapStation(key, names[key]) for key in stations if key in called))


EXAMPLE = Network(
    title="Waterstof in het vervoer",
    lines=(
        MapLine(
            "wagenpark", "Ons wagenpark op waterstof", ("wat", "veilig", "tanken", "onderhoud", "rijden", "regels")
        ),
        MapLine("monteur", "Waterstof voor de monteur", ("meten", "veilig", "leidingen", "onderhoud", "keuren")),
        MapLine("omgeving", "Vergunnen en handhaven", ("kader", "veilig", "advies", "regels", "besluit")),
    ),
    stations=(
        MapStation("wat", "Wat is waterstof?", 1, 2),
        MapStation("veilig", "Veilig werken met waterstof", 1, 4),
        MapStation("tanken", "Tanken en opslaan", 2, 4),
        MapStation("onderhoud", "Onderhoud van brandstofcellen", 2, 8),
        MapStation("rijden", "Rijden en laden plannen", 3, 4),
        MapStation("regels", "Regels, toezicht en vergunningen", 3, 4),
        MapStation("meten", "Meten en detecteren", 1, 4),
        MapStation("leidingen", "Leidingen ontwerpen en beproeven", 2, 8),
        MapStation("keuren", "Keuren en opleveren", 3, 4),
        MapStation("kader", "Het wettelijk kader", 1, 2),
        MapStation("advies", "Adviseren in de omgeving", 2, 4),
        MapStation("besluit", "Een vergunning beoordelen", 3, 8),
    ),
)
