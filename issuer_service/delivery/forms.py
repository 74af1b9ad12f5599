"""The forms of a badge: JSON, a JWT, and a picture that carries it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from openbadges_kit.baking.png import bake_png
from openbadges_kit.documents import parse_json_object
from openbadges_kit.rendering.badge_image import draw_badge
from openbadges_kit.timestamps import parse_timestamp

__all__ = ["badge_picture", "baked_png", "date_in_words"]

_MONTHS: Final = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}


@lru_cache(maxsize=256)
def _picture(name: str, code: str, issuer: str) -> bytes:
    # Drawing takes a fifth of a second, and all holders of one achievement have the same picture.
    return draw_badge(name, code=code, issuer=issuer)


def badge_picture(document: bytes) -> bytes:
    """The picture of a badge, without the badge in it."""
    credential = parse_json_object(document)
    achievement = credential["credentialSubject"]["achievement"]
    return _picture(achievement["name"], f"ULO {achievement['humanCode']}", credential["issuer"]["name"])


def baked_png(document: bytes) -> bytes:
    """The picture of a badge with the signed badge in it."""
    return bake_png(badge_picture(document), document)


def date_in_words(timestamp: str, language: str) -> str:
    """The day of a timestamp in a badge, for people: "12 maart 2027". `language` is "nl" or "en"."""
    moment = parse_timestamp(timestamp)
    return f"{moment.day} {_MONTHS[language].split()[moment.month - 1]} {moment.year}"
