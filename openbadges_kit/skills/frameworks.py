"""References from a learning outcome to public frameworks, as alignments with the frameworks' own addresses.

https://www.imsglobal.org/spec/ob/v3p0/#alignment; how strong a match is, is said in the words of SKOS:
https://www.w3.org/TR/skos-reference/#mapping. A level of EQF or NLQF is that of a qualification, established by
a register; it is never made of a skill level (1-5), and without a register it is not claimed. This file uses
the ESCO classification of the European Commission by its addresses only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.levels import SkillLevel
from openbadges_kit.timestamps import format_timestamp, parse_timestamp
from openbadges_kit.vocabulary import FRAMEWORK_ALIGNMENT, AlignmentTargetType, SkosMatch

if TYPE_CHECKING:
    from openbadges_kit.model.alignment import Alignment

__all__ = [
    "EQF_SCHEME",
    "ESCO_OCCUPATIONS_SCHEME",
    "ESCO_SKILLS_SCHEME",
    "NLQF_FRAMEWORK",
    "NLQF_LEVELS",
    "Framework",
    "FrameworkReference",
    "Registration",
    "SkosMatch",
    "competent_nl",
    "eqf_level",
    "esco_occupation",
    "esco_skill",
    "indicative_level_sentence",
    "industry_standard",
    "is_level_without_register",
    "isced_field",
    "nlqf_level",
    "onet_occupation",
    "sbb_qualification",
]

# Their scheme is http, and so they are spelled: another spelling names something else.
_ESCO: Final = "http://data.europa.eu/esco/"
_EU: Final = "http://data.europa.eu/snb/"
ESCO_SKILLS_SCHEME: Final = _ESCO + "concept-scheme/skills"
ESCO_OCCUPATIONS_SCHEME: Final = _ESCO + "concept-scheme/occupations"
EQF_SCHEME: Final = _EU + "eqf/25831c2"
NLQF_FRAMEWORK: Final = _EU + "qdr/c_5c66dcbc"
NLQF_LEVELS: Final = MappingProxyType({
    "Entry": _EU + "qdr/c_b42dd23b",
    "1": _EU + "qdr/c_3e11a3fd",
    "2": _EU + "qdr/c_c749fa23",
    "3": _EU + "qdr/c_f97cdbb5",
    "4": _EU + "qdr/c_ff656b33",
    "4+": _EU + "qdr/c_c2700f4e",
    "5": _EU + "qdr/c_18c9e9fe",
    "6": _EU + "qdr/c_1711a061",
    "7": _EU + "qdr/c_478359fc",
    "8": _EU + "qdr/c_2835a50f",
})  # fmt: skip
_EQF_LEVELS: Final = MappingProxyType({str(level): f"{_EU}eqf/{level}" for level in range(1, 9)})
_LEVELS: Final = frozenset(NLQF_LEVELS.values()) | frozenset(_EQF_LEVELS.values()) | {NLQF_FRAMEWORK, EQF_SCHEME}

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ISCED_F: Final = re.compile(r"[0-9]{2,4}")
_ONET_SOC: Final = re.compile(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}")
_COMPETENT_NL: Final = "https://linkeddata.competentnl.nl/"
_FULL_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_MATCH_WORDS: Final = MappingProxyType({
    SkosMatch.EXACT: ("Hetzelfde", "The same"),
    SkosMatch.CLOSE: ("Bijna hetzelfde", "Nearly the same"),
    SkosMatch.BROAD: ("Ruimer dan deze leeruitkomst", "Wider than this learning outcome"),
    SkosMatch.NARROW: ("Een deel van deze leeruitkomst", "A part of this learning outcome"),
    SkosMatch.RELATED: ("Verwant", "Related"),
})  # fmt: skip
_INDICATIVE: Final = MappingProxyType({
    "nl": "Indicatief EQF-niveau {level}, niet NLQF-ingeschaald.",
    "en": "Indicative EQF level {level}, not NLQF-inscaled.",
})  # fmt: skip


class Framework(StrEnum):
    """The frameworks, as they stand in `targetFramework`.

    `Kwalificatiedossier` is where SBB publishes the Dutch vocational qualifications; `Norm` is an industry standard,
    and `CASE` an item of a competency framework that somebody else publishes.
    """

    CASE = "CASE"
    COMPETENT_NL = "CompetentNL"
    EQF = "EQF"
    ESCO = "ESCO"
    ISCED_F = "ISCED-F"
    KWALIFICATIEDOSSIER = "Kwalificatiedossier"
    NLQF = "NLQF"
    ONET = "O*NET"
    STANDARD = "Norm"

    @property
    def target_type(self) -> str:
        """The alignment's `targetType`: of these frameworks only CASE has one of its own in Open Badges."""
        if self is Framework.CASE:
            return str(AlignmentTargetType.CF_ITEM)
        if self is Framework.STANDARD:
            return "ext:Regeling"
        return f"ext:{re.sub('[^A-Za-z]', '', self)}Alignment"


@dataclass(frozen=True, slots=True)
class Registration:
    """The register that vouches for a level: that of inscaled courses, or that of formal qualifications.

    `number` is the course's in the NLQF register, with the end of its inscaling in `until`; or, with
    `formal`, the code of the formal qualification that the achievement is a part of, which needs no end.
    """

    number: str
    until: datetime | None = None
    formal: bool = False

    def __post_init__(self) -> None:
        """Raise MalformedDocument without a number, or without an end where one is needed."""
        if not self.number.strip():
            raise MalformedDocument("a level needs the number under which it is registered")
        if self.until is None and not self.formal:
            raise MalformedDocument("the inscaling of a course that is not formal has an end, and it is not given")


@dataclass(frozen=True, slots=True)
class FrameworkReference:
    """A node of a framework, in the words of the framework; `match` says how well it fits what refers to it.

    `label_language` is the language of those words, where it is another than that of what refers to it.
    """

    framework: Framework
    iri: str
    code: str
    label: str
    description: str = ""
    match: SkosMatch | None = None
    registration: Registration | None = None
    label_language: str = ""

    def __post_init__(self) -> None:
        """Raise MalformedDocument for an address that is not absolute, or without a label to show."""
        if not _FULL_ADDRESS.fullmatch(self.iri):
            raise MalformedDocument(f"{self.iri!r} is not a full address")
        if not self.label.strip():
            raise MalformedDocument(f"the reference to {self.iri} has no label, and wallets show only that")

    def plain(self, language: str = "nl") -> FrameworkReference:
        """The same, with the match said in words: its alignment needs no context but that of Open Badges.

        A verifier that does not know the extension cannot check a signature over its terms; this one everybody can.
        A level keeps its registration, because without it it is not signed.
        """
        if self.match is None:
            return self
        words = _MATCH_WORDS[self.match][0 if language == "nl" else 1]
        said = f"{words} (SKOS {self.match.rpartition('#')[2]})."
        return replace(self, match=None, description=f"{self.description} {said}".strip())

    @property
    def alignment(self) -> Alignment:
        """The reference as an alignment.

        With a match or a registration it is a FrameworkAlignment as well: the credential then needs the
        context of the extension, see `extension.py`.
        """
        given: dict[str, Any] = {"target_description": self.description} if self.description else {}
        if self.match is not None:
            given["match"] = str(self.match)
        if self.registration is not None:
            number = "qualificationCode" if self.registration.formal else "registerNumber"
            given[number] = self.registration.number
            if self.registration.until is not None:
                given["registeredUntil"] = format_timestamp(self.registration.until)
        if self.match is not None or self.registration is not None:
            given["type"] = ["Alignment", FRAMEWORK_ALIGNMENT]
        # The guards ask about levels, and need no data model for it: whoever only verifies is spared loading it.
        from openbadges_kit.model.alignment import Alignment  # noqa: PLC0415

        return Alignment(
            target_type=self.framework.target_type,
            target_framework=str(self.framework),
            target_code=self.code,
            target_name=self.label,
            target_url=self.iri,
            **given,
        )


def esco_skill(uuid: str, label: str, *, match: SkosMatch | None = None, description: str = "") -> FrameworkReference:
    """A skill or an item of knowledge of ESCO, by the last part of its address. Raises MalformedDocument."""
    return FrameworkReference(Framework.ESCO, f"{_ESCO}skill/{_esco_id(uuid)}", uuid, label, description, match)


def esco_occupation(
    uuid: str, label: str, *, match: SkosMatch | None = None, description: str = ""
) -> FrameworkReference:
    """An occupation of ESCO, by the last part of its address. Raises MalformedDocument."""
    return FrameworkReference(Framework.ESCO, f"{_ESCO}occupation/{_esco_id(uuid)}", uuid, label, description, match)


def isced_field(code: str, label: str) -> FrameworkReference:
    """A field of education, ISCED-F 2013, by its two to four digits. Raises MalformedDocument."""
    if not _ISCED_F.fullmatch(code):
        raise MalformedDocument(f"{code!r} is no field of ISCED-F: two to four digits")
    return FrameworkReference(Framework.ISCED_F, f"{_EU}isced-f/{code}", code, label)


def competent_nl(iri: str, label: str, *, code: str = "", match: SkosMatch | None = None) -> FrameworkReference:
    """A capability, area of knowledge or occupation of CompetentNL. Raises MalformedDocument for another host.

    Its addresses have no one form, so they are taken as they are given and none is made up.
    """
    if not iri.startswith(_COMPETENT_NL):
        raise MalformedDocument(f"{iri!r} is no address of CompetentNL ({_COMPETENT_NL}…)")
    return FrameworkReference(Framework.COMPETENT_NL, iri, code or re.split("[/#]", iri)[-1], label, "", match)


def onet_occupation(code: str, label: str, *, match: SkosMatch | None = None) -> FrameworkReference:
    """An occupation of O*NET by its O*NET-SOC code (`49-9021.00`). Raises MalformedDocument."""
    if not _ONET_SOC.fullmatch(code):
        raise MalformedDocument(f"{code!r} is no O*NET-SOC code, as 49-9021.00 is")
    return FrameworkReference(Framework.ONET, f"https://www.onetonline.org/link/summary/{code}", code, label, "", match)


def sbb_qualification(iri: str, label: str, *, code: str, match: SkosMatch | None = None) -> FrameworkReference:
    """A qualification, core task or work process of SBB, by its address and its code. Raises MalformedDocument."""
    return FrameworkReference(Framework.KWALIFICATIEDOSSIER, iri, code, label, "", match)


def industry_standard(iri: str, label: str, *, code: str, match: SkosMatch | None = None) -> FrameworkReference:
    """A standard or scheme of an industry, or a part of one, by its address and number. Raises MalformedDocument."""
    return FrameworkReference(Framework.STANDARD, iri, code, label, "", match)


def eqf_level(level: int, *, registration: Registration) -> FrameworkReference:
    """A level of the European Qualifications Framework, of a qualification that a register knows.

    Raises MalformedDocument for what is none of 1 to 8, and for a SkillLevel: those are of another scale.
    """
    key = _level_key(level, _EQF_LEVELS, "EQF")
    return FrameworkReference(Framework.EQF, _EQF_LEVELS[key], key, f"EQF {key}", registration=registration)


def nlqf_level(level: int | str, *, registration: Registration) -> FrameworkReference:
    """A level of the Dutch framework (`Entry`, 1 to 8, `4+`), of what was inscaled or is formal.

    Raises MalformedDocument for another level, and for a SkillLevel: those are of another scale.
    """
    key = _level_key(level, NLQF_LEVELS, "NLQF")
    return FrameworkReference(Framework.NLQF, NLQF_LEVELS[key], key, f"NLQF {key}", registration=registration)


def indicative_level_sentence(level: int, language: str = "nl") -> str:
    """All that may be said of a level that no register knows, for `criteria.narrative`. Said only if asked for.

    Raises MalformedDocument for what is none of 1 to 8, for a SkillLevel, and for a language other than nl and en.
    """
    if language not in _INDICATIVE:
        raise MalformedDocument(f"the sentence is there in nl and en, not in {language!r}")
    return _INDICATIVE[language].format(level=_level_key(level, _EQF_LEVELS, "EQF"))


def is_level_without_register(alignment: JsonObject, *, now: datetime) -> bool:
    """Does this alignment on the wire claim a level of EQF or NLQF that no register vouches for at `now`?"""
    framework, kind = str(alignment.get("targetFramework")).strip().upper(), str(alignment.get("targetType"))
    if not (
        _is_level(alignment.get("targetUrl"))
        or framework in {Framework.EQF, Framework.NLQF}
        or kind in {Framework.EQF.target_type, Framework.NLQF.target_type}
    ):
        return False
    if FRAMEWORK_ALIGNMENT not in as_list(alignment.get("type")):
        return True
    if _says_something(alignment.get("qualificationCode")):
        return False
    try:
        until = parse_timestamp(alignment.get("registeredUntil"))
    except MalformedDocument:
        return True
    return not _says_something(alignment.get("registerNumber")) or until < now


def _is_level(url: object) -> bool:
    return isinstance(url, str) and url in _LEVELS


def _says_something(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _esco_id(uuid: str) -> str:
    if not _UUID.fullmatch(uuid):
        raise MalformedDocument(f"{uuid!r} is no identifier of ESCO: a UUID in lower case")
    return uuid


def _level_key(level: int | str, levels: Mapping[str, str], framework: str) -> str:
    if isinstance(level, SkillLevel):
        raise MalformedDocument(f"a skill level is no level of {framework}: the scales have no relation")
    key = str(level)
    if isinstance(level, bool) or key not in levels:
        raise MalformedDocument(f"{level!r} is no level of {framework}: {', '.join(levels)}")
    return key
