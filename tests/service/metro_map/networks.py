"""Networks to draw: one that is like a real one, and any number that are drawn by lot."""

from __future__ import annotations

import random

from issuer_service.metro_map.network import MapLine, MapStation, Network

__all__ = ["EXAMPLE", "any_network", "generated"]

_WORDS = (
    *("Waterstof", "Veiligheid", "Leidingen", "Omscholing", "Vergunningen", "Elektrolyse", "Onderhoud", "Warmtepomp"),
    *("Installatie", "Risico's", "Meten", "Data", "Regels", "Praktijk", "Bezoek", "Aansprakelijkheidsverzekering"),
)


_WORK = (
    *("Veilig werken met", "Ontwerpen van", "Onderhoud aan", "Meten en beproeven van", "Vergunningen voor", "Wat is"),
    *("Opslaan en vervoeren van", "Storingen zoeken in", "Kosten en baten van", "Samenwerken rond"),
)
_FIELDS = (
    *("waterstof", "brandstofcellen", "hogedrukleidingen", "laadinfrastructuur", "elektrolyse-installaties", "regels"),
    *("arbeidsomstandigheden", "de aansprakelijkheidsverzekering", "waterstoftankstationveiligheidsvoorschriften"),
)


def generated(seed: int) -> Network:
    """One to twelve lines of four to eight stations.

    A line stands on its own; or it meets others, branches off one, runs beside one or against it for a part. Names are
    long. In some networks somebody has put stations in places of their own.
    """
    lot = random.Random(seed)  # noqa: S311  # the same networks each time
    count = lot.randint(1, 12)
    keys: list[str] = []
    lines: list[MapLine] = []
    for number in range(count):
        length = lot.randint(4, 8)
        mine = _begun(lot, lines, keys, length)
        new = [f"s{len(keys) + one}" for one in range(length - len(mine))]
        keys += new
        mine += new
        if lot.random() < 0.3:
            lot.shuffle(mine)
        lines.append(MapLine(f"l{number}", f"Lijn van {lot.choice(_FIELDS)}", tuple(mine)))
    wanted = lot.sample(keys, k=min(len(keys), lot.randint(1, 6))) if lot.random() < 0.4 else []
    cells = lot.sample([(column, row) for column in range(10) for row in range(count + 2)], k=len(wanted))
    stations = (MapStation(key, _name(lot), lot.randint(1, 3), lot.choice((2, 4, 8, None))) for key in keys)
    places = dict(zip(wanted, cells, strict=True))
    return Network(tuple(lines), tuple(stations), title="Een netwerk", places=places)


def _begun(lot: random.Random, lines: list[MapLine], keys: list[str], length: int) -> list[str]:
    """The stations that a line shares with those that were there before it."""
    how = lot.choice(("on its own", "meets", "meets", "branches off", "beside", "against")) if lines else "on its own"
    other = list(lot.choice(lines).stations) if lines else []
    start = lot.randrange(max(1, len(other) - 1))
    match how:
        case "meets":
            return lot.sample(keys, k=min(len(keys), lot.randint(1, 3)))
        case "branches off":
            return other[: start + 1][-length:]
        case "beside":
            return other[start : start + lot.randint(2, 4)][:length]
        case "against":
            return other[start : start + lot.randint(2, 4)][:length][::-1]
        case _:
            return []


def _name(lot: random.Random) -> str:
    field = lot.choice(_FIELDS)
    return f"{lot.choice(_WORK)} {field}" if lot.random() < 0.8 else field.capitalize()


def any_network(seed: int) -> Network:
    """One to nine lines of two to nine stations, some of which they share, in any order: like nothing that is real."""
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
    return Network(tuple(lines), tuple(MapStation(key, names[key]) for key in stations if key in called), title="x")


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
