"""A badge on paper: a PDF/A-3a that screen readers can read (PDF/UA-1), with the signed badge attached to it.

PDF/A-3 is ISO 19005-3, PDF/UA-1 is ISO 14289-1.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from issuer_service.delivery.forms import date_in_words
from openbadges_kit.documents import parse_json_object
from openbadges_kit.rendering.qr_code import draw_qr_code
from openbadges_kit.timestamps import parse_timestamp

if TYPE_CHECKING:
    from typst import Fonts

__all__ = ["TEMPLATE", "certificate_pdf", "certificate_says"]

TEMPLATE: Final = Path(__file__).with_name("certificate.typ")
_NOT_IN_A_FONT: Final = "\N{WHITE SQUARE}"
_WORDS: Final = {
    "nl": {
        "title": "Certificaat",
        "awarded_to": "Uitgereikt aan",
        "badge": "voor de badge",
        "by": "Toegekend door",
        "on": "op",
        "until": "geldig tot en met",
        "shown": "Wat is aangetoond",
        "component": "Onderdeel",
        "level": "Behaald niveau",
        "verify": "Controleren",
        "scan": "Of deze badge echt is en nog geldt, staat op deze pagina. Scan de code, of typ het adres over:",
        "file": "De ondertekende badge zit als bijlage badge.json in de PDF. Wie hem heeft, controleert hem hier:",
        "qr_code": "QR-code van de pagina van deze badge:",
        "number": "Nummer van de badge:",
        "attached": "De ondertekende badge",
    },
    "en": {
        "title": "Certificate",
        "awarded_to": "Presented to",
        "badge": "for the badge",
        "by": "Awarded by",
        "on": "on",
        "until": "valid until",
        "shown": "What was shown",
        "component": "Component",
        "level": "Level reached",
        "verify": "How to verify",
        "scan": "Whether this badge is real and still holds is shown on this page. Scan the code, or type the address:",
        "file": "The signed badge is in the PDF, as its attachment badge.json. Whoever has it verifies it here:",
        "qr_code": "QR code of the page of this badge:",
        "number": "Number of the badge:",
        "attached": "The signed badge",
    },
}
_DOMAINS: Final = {
    "nl": {"RO": "verantwoordelijkheid", "VO": "vaardigheid", "KO": "kennis"},
    "en": {"RO": "responsibility", "VO": "skill", "KO": "knowledge"},
}


def certificate_pdf(document: bytes, *, page: str, verifier: str, holder: str | None, language: str) -> bytes:
    """The certificate of a signed badge. The same arguments give the same bytes with the same typst.

    `page` is the address that shows whether the badge still holds, `verifier` the one where a file is verified.
    `holder` is the name to put on it; the badge itself has none, so that only who hands it to its holder can know it.
    `language` is "nl" or "en".
    """
    import typst  # noqa: PLC0415  # eighty megabytes, and only who makes a certificate needs them

    def written(*, only_latin: bool) -> bytes:
        said = certificate_says(
            document, page=page, verifier=verifier, holder=holder, language=language, only_latin=only_latin
        )
        return typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=_fonts(),
            ignore_system_fonts=True,  # what is installed here is no part of the badge
            sys_inputs={"said": json.dumps(said), "badge": document.decode()},
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(moment.timestamp()),  # of the badge, and not of the clock
        )

    moment = parse_timestamp(parse_json_object(document)["validFrom"])
    try:
        return written(only_latin=False)
    except typst.TypstError:
        # Letters of many scripts in one word may each have a font, and the word none. Every badge has a certificate.
        return written(only_latin=True)


def certificate_says(
    document: bytes, *, page: str, verifier: str, holder: str | None, language: str, only_latin: bool = False
) -> dict[str, Any]:  # JSON
    """What stands on the certificate, as the template's data.

    Letters that no font has (or, `only_latin`, those that are not of western Europe) are set as a square; a name with
    such a letter becomes "", a line to write it on by hand.
    """
    badge = parse_json_object(document)
    achievement = badge["credentialSubject"]["achievement"]
    words = _WORDS[language]
    has_letter = _is_latin if only_latin else _has_a_font
    name = None if holder is None else _spelt(holder, has_letter)
    valid_from = parse_timestamp(badge["validFrom"])
    dates = f"{words['on']} {date_in_words(badge['validFrom'], language)}"
    if "validUntil" in badge:
        dates += f", {words['until']} {date_in_words(badge['validUntil'], language)}"
    return {
        "language": language,
        "achievement_language": achievement.get("inLanguage", language)[:2].lower(),
        "words": words,
        "holder": "" if name is not None and _NOT_IN_A_FONT in name else name,
        "achievement": _spelt(achievement["name"], has_letter) or words["title"],
        "description": _spelt(achievement["description"], has_letter),
        "issuer": _spelt(badge["issuer"]["name"], has_letter),
        "date": [valid_from.year, valid_from.month, valid_from.day],
        "dates": dates,
        "shown": [
            {name: _spelt(text, has_letter) for name, text in row.items()}
            for row in _shown(badge["credentialSubject"], _DOMAINS[language])
        ],
        "page": page,
        "verifier": verifier,
        "qr_code": draw_qr_code(page),
        "number": badge["id"],
    }


def _shown(subject: dict[str, Any], domains: dict[str, str]) -> list[dict[str, str]]:
    """The sentences of the components with the levels that were reached; then whatever else was judged."""
    achievement = subject["achievement"]
    descriptions = {item["id"]: item for item in achievement.get("resultDescription", [])}
    reached = {
        one["resultDescription"]: _level(one, descriptions[one["resultDescription"]])
        for one in subject.get("result", [])
    }
    rows = []
    for alignment in achievement.get("alignment", []):
        domain = alignment.get("targetCode", "").rpartition("/")[2][:2]
        rows.append(
            {
                "sentence": alignment.get("targetDescription") or alignment["targetName"],
                # A component is of a domain, and a reference (a level of the NLQF, a skill of ESCO) of a framework.
                "belongs": domains.get(domain) or alignment.get("targetFramework", ""),
                "level": reached.pop(f"{alignment['targetUrl']}/result", ""),
            }
        )
    rest = [
        {"sentence": descriptions[about]["name"], "belongs": "", "level": level} for about, level in reached.items()
    ]
    return rows + rest


def _level(result: dict[str, Any], description: dict[str, Any]) -> str:
    levels: dict[str, str] = {level["id"]: level["name"] for level in description.get("rubricCriterionLevel", [])}
    # Of a set of criteria: that the item was proved, and not at which level.
    return levels.get(result.get("achievedLevel", ""), str(result.get("value", "")))


def _spelt(text: str, has_letter: Callable[[str], bool]) -> str:
    one_line = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(one if has_letter(one) else _NOT_IN_A_FONT for one in one_line)


def _is_latin(character: str) -> bool:
    return character <= "\u00ff" and character.isprintable()


@lru_cache(maxsize=4096)
def _has_a_font(character: str) -> bool:
    # Asked of typst itself, in two milliseconds and once: a table of ours would differ from its fonts at an upgrade.
    import typst  # noqa: PLC0415

    if character.isascii() and character.isprintable():
        return True
    try:
        typst.compile(
            b'#set document(title: "x")\n#set text(font: "Libertinus Serif")\n#sys.inputs.one #strong(sys.inputs.one)',
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"one": character},
            pdf_standards=["a-3a", "ua-1"],
            timestamp=0,
        )
    except typst.TypstError:
        return False
    return True


@cache
def _fonts() -> Fonts:
    from typst import Fonts  # noqa: PLC0415

    return Fonts(include_system_fonts=False)
