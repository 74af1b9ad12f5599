"""Makes the pictures of the documentation: `python -m tests.pictures`."""

from __future__ import annotations

from pathlib import Path

from issuer_service.metro_map.svg import draw
from issuer_service.metro_map.views import Standing, person_view, with_next
from tests.service.metro_map.networks import EXAMPLE

__all__ = ["PICTURES", "main"]

_FOLDER = Path(__file__).resolve().parent.parent / "docs" / "explanation"


def _metro_map() -> str:
    known = {
        "wat": Standing.EARNED,
        "veilig": Standing.EARNED,
        "meten": Standing.RECOGNISED,
        "tanken": Standing.EXPIRED,
        "onderhoud": Standing.IN_PROGRESS,
    }
    view = person_view(EXAMPLE, with_next(EXAMPLE, ["wagenpark", "monteur"], known), "en")
    return draw(view, key="metro-map").file() + "\n"


PICTURES = {_FOLDER / "metro-map.svg": _metro_map}


def main() -> None:
    """Write every picture where it stands."""
    for path, make in PICTURES.items():
        path.write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
