"""What a notice says: one template for each purpose and language, and one layout around all of them.

A template makes the plain text. The HTML is made of that text, so that the two cannot differ, and everything in it that
came from people is escaped in one place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

__all__ = ["LANGUAGES", "as_html", "day_in_words", "on_one_line", "span_in_words", "told"]

LANGUAGES: Final = ("nl", "en")
MAX_SUBJECT: Final = 200
_HERE: Final = Path(__file__).resolve().parent / "templates"
_PLAIN: Final = Environment(
    loader=FileSystemLoader(_HERE),
    autoescape=False,  # noqa: S701  # plain text: nothing in it is markup
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_HTML: Final = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
# A line that is an address, or ends in one after a label. Within a sentence an address may be somebody's name.
_LINK: Final = re.compile(r"(?P<label>[^:\n]{1,60}: )?(?P<url>https?://[^\s<>\"']+)")
_MONTHS: Final = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_DAYS: Final = {
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}


def told(purpose: str, language: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """The subject and the plain text. What people wrote is put on one line each."""
    template = _template(purpose, language)
    plain = {name: on_one_line(value) if isinstance(value, str) else value for name, value in values.items()}
    text = template.render(plain)
    subject, _, body = text.partition("\n")
    return subject.strip()[:MAX_SUBJECT], body.strip() + "\n"


def as_html(subject: str, body: str, *, language: str) -> str:
    """The same as HTML: a heading, paragraphs, links."""
    paragraphs = [[_linked(line) for line in part.splitlines()] for part in body.strip().split("\n\n") if part.strip()]
    return _HTML.get_template("layout.html").render(subject=subject, paragraphs=paragraphs, language=language)


def on_one_line(text: str) -> str:
    """A name or a title as one line: with a line of its own it could pass for a part of what we say."""
    return " ".join(text.split())


def day_in_words(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """The day: "donderdag 3 december 2026"."""
    local = moment.astimezone(zone)
    day, month = _DAYS[language].split()[local.weekday()], _MONTHS[language].split()[local.month - 1]
    return f"{day} {local.day} {month} {local.year}"


def span_in_words(begins: datetime, length: timedelta, language: str, zone: ZoneInfo) -> str:
    """From when to when, where the organisation is: "donderdag 3 december 2026, 09:30 tot 13:30 uur"."""
    local, ends = begins.astimezone(zone), (begins + length).astimezone(zone)
    day = day_in_words(begins, language, zone)
    times = (f"{local:%H:%M}", f"{ends:%H:%M}" if ends.date() == local.date() else f"{ends:%d-%m %H:%M}")
    return f"{day}, {times[0]} tot {times[1]} uur" if language == "nl" else f"{day}, {times[0]} to {times[1]}"


@cache
def _template(purpose: str, language: str) -> Template:
    return _PLAIN.get_template(f"{language}/{purpose}.txt")


def _linked(line: str) -> Markup:
    found = _LINK.fullmatch(line)
    if found is None:
        return Markup.escape(line)
    label, url = found["label"] or "", found["url"]
    return Markup('{}<a href="{}">{}</a>').format(label, url, url)
