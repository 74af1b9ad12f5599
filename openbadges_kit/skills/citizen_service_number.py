"""Could this text hold a Dutch citizen service number (BSN)?

Only who the law names may use the number, and consent does not change that (UAVG, article 46). It has eight
or nine digits and passes the "11-test"; so does one number of nine digits in eleven that is none. The rule
therefore refuses too much rather than too little where people are written about, and leaves alone what is
clearly something else:

- A number counts when it stands on its own: eight or nine digits, or nine written as `123456782`,
  `123 456 782`, `123.456.782`, `123-456-782` or `1234.56.782`, with no letter, digit or underscore at
  either end, and no part of a decimal.
- Eight digits do not count when they are a day of the calendar (`20261120`, `20112026`); nor do they, or nine
  in groups, as the end of a longer number (`06-12345678`, `+31 201 234 567`).
- UUIDs are passed over: one group of them may be eight digits by chance. So are URLs (http, https, did,
  urn, data, mailto, tel), which are full of numbers of other things - except the id of a person, where the
  number would be the person's.
- After the words `bsn`, `burgerservicenummer` or `sofinummer` a number counts wherever it stands, in a URL
  and against letters too.

Which members of a credential are looked at: `guards.py`. The number itself is in no finding and no log.
https://wetten.overheid.nl/BWBR0040940/#Hoofdstuk4_Artikel46
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["holds_citizen_service_number", "is_citizen_service_number"]

_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_DIGITS_FEWEST, _DIGITS_MOST = 8, 9

_URL: Final = re.compile(r"(?:https?|did|urn|data|mailto|tel):[^\s<>\"]+", re.IGNORECASE)
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_ON_ITS_OWN: Final = re.compile(
    r"(?<![0-9A-Za-z_])(?<![0-9][.,])"
    r"([0-9]{8,9}|[0-9]{3}([ .-])[0-9]{3}\2[0-9]{3}(?!\2[0-9])|[0-9]{4}\.[0-9]{2}\.[0-9]{3}(?!\.[0-9]))"
    r"(?![0-9A-Za-z_]|[.,][0-9])"
)
_LABELLED: Final = re.compile(
    r"(?:bsn|burger ?service ?-?nummer|sofi-?nummer)[^0-9]{0,12}([0-9](?:[ .-]?[0-9]){7,8})(?![0-9])", re.IGNORECASE
)
_END_OF_A_LONGER_NUMBER: Final = re.compile(r"[0-9][ ./-]")
_DAY: Final = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}"
)


def is_citizen_service_number(digits: str) -> bool:
    """Do these eight or nine digits pass the 11-test? Eight have lost the zero in front."""
    if not (_DIGITS_FEWEST <= len(digits) <= _DIGITS_MOST and digits.isascii() and digits.isdigit()):
        return False
    padded = digits.zfill(_DIGITS_MOST)
    # 000000000 passes, and is nobody's.
    return int(padded) != 0 and sum(w * int(d) for w, d in zip(_WEIGHTS, padded, strict=True)) % 11 == 0


def holds_citizen_service_number(text: str, *, of_a_person: bool = False) -> bool:
    """Is there a number in the text that may be one, by the rule above?

    `of_a_person` says that the text is itself somebody's identifier, so that URLs are not passed over.
    """
    if any(is_citizen_service_number(_digits(match[1])) for match in _LABELLED.finditer(text)):
        return True
    rest = _UUID.sub(" ", text)
    if not of_a_person:
        rest = _URL.sub(" ", rest)
    for match in _ON_ITS_OWN.finditer(rest):
        digits = _digits(match[1])
        # Nine digits in one piece are too telling to be the end of something else.
        in_one_piece = match[1] == digits and len(digits) == _DIGITS_MOST
        before = rest[max(0, match.start() - 2) : match.start()]
        if not in_one_piece and (_DAY.fullmatch(digits) or _END_OF_A_LONGER_NUMBER.fullmatch(before)):
            continue
        if is_citizen_service_number(digits):
            return True
    return False


def _digits(written: str) -> str:
    return "".join(character for character in written if character.isdigit())
