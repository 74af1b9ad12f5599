"""What a report says to people, in Dutch and in English: short, and with what to do where there is something."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem

__all__ = [
    "CHECKS",
    "OUTCOMES",
    "PRESENTATION_VERDICTS",
    "PROBLEMS",
    "VERDICTS",
    "of_finding",
    "of_presentation",
    "of_verdict",
]

_Sentences = Mapping[str, tuple[str, str]]

# Each value is Dutch, then English. {path} and the finding's details may be used.
PROBLEMS: Final[_Sentences] = MappingProxyType({
    Problem.MALFORMED: ("Dit kan niet worden gelezen: {reason}.", "This cannot be read: {reason}."),
    Problem.MISSING: ("{path} ontbreekt.", "{path} is missing."),
    Problem.WRONG_TYPE: ("{path} hoort een {expected} te zijn.", "{path} should be a {expected}."),
    Problem.NOT_A_CREDENTIAL: (
        "Dit is geen Open Badge: {path} noemt geen OpenBadgeCredential.",
        "This is no Open Badge: {path} does not name OpenBadgeCredential.",
    ),
    Problem.NOT_AN_IRI: (
        "{path} is geen volledig adres of kenmerk (https://…, did:…, urn:uuid:…).",
        "{path} is not a full address or identifier (https://…, did:…, urn:uuid:…).",
    ),
    Problem.NOT_A_TIMESTAMP: (
        "{path} is geen datum en tijd met tijdzone, zoals 2026-11-20T09:00:00Z.",
        "{path} is not a date and time with a zone, such as 2026-11-20T09:00:00Z.",
    ),
    Problem.SCHEMA_VIOLATION: (
        "{path} past niet in het schema van Open Badges 3.0: {reason}",
        "{path} does not fit the Open Badges 3.0 schema: {reason}",
    ),
    Problem.STATED_SCHEMA_VIOLATION: (
        "{path} past niet in het schema dat de badge zelf noemt ({schema}): {reason}",
        "{path} does not fit the schema that the badge itself names ({schema}): {reason}",
    ),
    Problem.SCHEMA_NOT_HAD: (
        "{path}: het schema dat de badge noemt kon niet worden gebruikt ({reason}).",
        "{path}: the schema that the badge names could not be used ({reason}).",
    ),
    Problem.SCHEMA_UNKNOWN: (
        "{path}: dit soort schema is hier niet bekend ({value}).",
        "{path}: this kind of schema is not known here ({value}).",
    ),
    Problem.DUPLICATE_ID: (
        "{path} komt twee keer voor: {value}.",
        "{path} occurs twice: {value}.",
    ),
    Problem.DIGEST_MISMATCH: (
        "{path}: wat op {value} staat is niet wat de uitgever heeft ondertekend.",
        "{path}: what stands at {value} is not what the issuer signed.",
    ),
    Problem.DIGEST_UNKNOWN: (
        "{path} is geen controlegetal van een soort die hier bekend is.",
        "{path} is not a digest of a kind that is known here.",
    ),
    Problem.RESOURCE_NOT_HAD: (
        "{path}: wat op {value} staat kon niet worden opgehaald, en is niet vergeleken.",
        "{path}: what stands at {value} could not be had, and was not compared.",
    ),
    Problem.UNKNOWN_RESULT_DESCRIPTION: (
        "{path} verwijst naar een resultaat dat de prestatie niet kent: {value}.",
        "{path} refers to a result description that the achievement does not have: {value}.",
    ),
    Problem.UNKNOWN_LEVEL: (
        "{path} noemt een niveau dat niet bij dit resultaat hoort: {value}.",
        "{path} names a level that does not belong to this result: {value}.",
    ),
    Problem.BELOW_REQUIRED_LEVEL: (
        "{path} staat op afgerond, maar het vereiste niveau is niet gehaald.",
        "{path} says Completed, but the required level was not reached.",
    ),
    Problem.CITIZEN_SERVICE_NUMBER: (
        "{path} bevat een getal dat een burgerservicenummer kan zijn; dat mag niet in een badge staan.",
        "{path} holds a number that may be a Dutch citizen service number (BSN), which must not be in a badge.",
    ),
    Problem.VALUE_NOT_ALLOWED: (
        "{path} is een waarde die dit resultaat niet kent: {value}.",
        "{path} is a value that this result does not have: {value}.",
    ),
    Problem.VALUE_OUT_OF_RANGE: (
        "{path} is {value}; dat hoort een getal van {minimum} tot en met {maximum} te zijn.",
        "{path} is {value}; it should be a number from {minimum} to {maximum}.",
    ),
    Problem.BELOW_REQUIRED_VALUE: (
        "{path} staat op afgerond, maar de vereiste waarde ({required}) is niet gehaald.",
        "{path} says Completed, but the required value ({required}) was not reached.",
    ),
    Problem.NATIONAL_IDENTITY_NUMBER: (
        "{path}: een nationaal identiteitsnummer, zoals het burgerservicenummer, mag niet in een badge staan. "
        "Gebruik een DID of een eigen kenmerk.",
        "{path}: a national identity number must not be in a badge. Use a DID or an identifier of your own.",
    ),
    Problem.LEVEL_NOT_REGISTERED: (
        "{path} noemt een NLQF- of EQF-niveau dat in geen register is vastgesteld. "
        "Geef het registernummer met einddatum, of haal het niveau weg.",
        "{path} names an NLQF or EQF level that no register has established. "
        "Give the register number with its end date, or remove the level.",
    ),
    Problem.MICRO_CREDENTIAL_INCOMPLETE: (
        "{path} ontbreekt. Een EU-microcredential heeft elf verplichte onderdelen; dit is nummer {number}.",
        "{path} is missing. An EU micro-credential has eleven mandatory elements; this is number {number}.",
    ),
    Problem.MICRO_CREDENTIAL_NOT_ASSESSED: (
        "{path} ontbreekt: een EU-microcredential staat voor leeruitkomsten die zijn getoetst en behaald.",
        "{path} is missing: an EU micro-credential stands for learning outcomes that were assessed and reached.",
    ),
    Problem.CONTEXT_ORDER: (
        "{path} hoort {expected} te zijn.",
        "{path} should be {expected}.",
    ),
    Problem.CONTEXT_VERSION: (
        "{path} is een andere versie dan de huidige: {value}.",
        "{path} is another version than the current one: {value}.",
    ),
    Problem.CONTEXT_EARLIER_STATE: (
        "{path}: de handtekening is gezet onder een eerdere stand van de begrippen van Open Badges.",
        "{path}: the signature was made under an earlier state of the Open Badges context.",
    ),
    Problem.CONTEXT_NOT_BUNDLED: (
        "De badge gebruikt begrippen van {value}; die zijn hier niet bekend en worden niet opgehaald.",
        "The badge uses terms of {value}, which are not known here and are never fetched.",
    ),
    Problem.UNMAPPED_TERM: (
        "{path}: geen context geeft dit begrip betekenis, dus geen handtekening dekt het. "
        "Haal het weg of voeg de context toe.",
        "{path}: no context gives this term a meaning, so no signature covers it. "
        "Remove it, or add its context.",
    ),
    Problem.NULL_VALUE: (
        "{path} is leeg (null) en valt buiten de handtekening. Haal het weg.",
        "{path} is null and falls outside the signature. Remove it.",
    ),
    Problem.RELATIVE_IRI: (
        "{path} is geen volledig kenmerk ({value}) en valt buiten de handtekening.",
        "{path} is not a full identifier ({value}) and falls outside the signature.",
    ),
    Problem.NOT_IN_RDF: (
        "{path} valt buiten de handtekening.",
        "{path} falls outside the signature.",
    ),
    Problem.JSON_LITERAL: (
        "{path} is ingevoegde JSON (@json), en dat wordt hier niet ondertekend of nagegaan. Geef het een eigen begrip.",
        "{path} is embedded JSON (@json), which is neither signed nor verified here. Give it terms of its own.",
    ),
    Problem.LANGUAGE_TAG: (
        "{path} is geen taalcode: {value}.",
        "{path} is not a language tag: {value}.",
    ),
    Problem.HIDDEN_MEMBER: (
        "{path} is zo geschreven dat een gegeven van de badge schuilgaat voor wie hem leest. "
        "Gebruik de gewone naam uit de context, op de gewone plaats.",
        "{path} is written so that part of the badge is hidden from whoever reads it. "
        "Use the plain name of its context, in its plain place.",
    ),
    Problem.NOT_JSON_LD: (
        "Dit kan niet als JSON-LD worden verwerkt: {reason}.",
        "This cannot be processed as JSON-LD: {reason}.",
    ),
    Problem.TOO_MUCH_WORK: (
        "Dit document is zo gebouwd dat controleren onredelijk lang duurt; het is geweigerd.",
        "This document is built so that checking it takes unreasonably long; it is refused.",
    ),
    Problem.NO_PROOF: (
        "De badge is niet ondertekend.",
        "The badge is not signed.",
    ),
    Problem.PROOF_UNKNOWN: (
        "{path}: dit soort handtekening is hier niet bekend ({reason}).",
        "{path}: this kind of signature is not known here ({reason}).",
    ),
    Problem.PROOF_INVALID: (
        "De handtekening klopt niet: de badge is na het ondertekenen veranderd, of door een ander ondertekend.",
        "The signature does not hold: the badge was changed after it was signed, or somebody else signed it.",
    ),
    Problem.PROOF_PURPOSE: (
        "{path}: de handtekening is niet gezet om iets te verklaren ({value}).",
        "{path}: the signature was not made to assert something ({value}).",
    ),
    Problem.PROOF_EXPIRED: (
        "De handtekening was geldig tot {value}.",
        "The signature was valid until {value}.",
    ),
    Problem.BASE_PROOF: (
        "{path}: dit is de badge zoals alleen de houder die heeft. "
        "Laat uw wallet er een versie van maken om te tonen.",
        "{path}: this is the badge as only its holder has it. "
        "Have your wallet make a version of it to show.",
    ),
    Problem.PREVIOUS_PROOF: (
        "{path}: de handtekening waarop deze voortbouwt, is niet bevestigd.",
        "{path}: the signature that this one builds on was not confirmed.",
    ),
    Problem.KEY_NOT_HAD: (
        "De sleutel van de uitgever kon niet worden opgehaald ({reason}). Probeer het later opnieuw.",
        "The issuer's key could not be had ({reason}). Try again later.",
    ),
    Problem.KEY_EXPIRED: (
        "De sleutel was op het moment van ondertekenen al verlopen (op {value}).",
        "The key had expired (on {value}) when the badge was signed.",
    ),
    Problem.KEY_COMPROMISED: (
        "De sleutel kan sinds {value} in andere handen zijn, en deze handtekening is niet van daarvoor.",
        "The key may have been in other hands since {value}, and this signature is not from before.",
    ),
    Problem.KEY_NOT_OF_ISSUER: (
        "De sleutel ({value}) is niet van de uitgever die de badge noemt.",
        "The key ({value}) is not one of the issuer that the badge names.",
    ),
    Problem.NOT_A_PRESENTATION: (
        "Dit is geen presentatie van badges: {reason}.",
        "This is no presentation of badges: {reason}.",
    ),
    Problem.WRONG_CHALLENGE: (
        "De presentatie is niet voor deze vraag gemaakt, en kan van een ander afgekeken zijn. Vraag haar opnieuw.",
        "The presentation was not made for this request, and may be a copy of another. Ask for it again.",
    ),
    Problem.WRONG_DOMAIN: (
        "De presentatie is voor een ander gemaakt ({value}).",
        "The presentation was made for somebody else ({value}).",
    ),
    Problem.KEY_NOT_OF_HOLDER: (
        "De sleutel ({value}) is niet van de houder die de presentatie noemt.",
        "The key ({value}) is not one of the holder that the presentation names.",
    ),
    Problem.NOT_YET_VALID: ("De badge geldt pas vanaf {value}.", "The badge is valid only from {value}."),
    Problem.EXPIRED: ("De badge gold tot {value}.", "The badge was valid until {value}."),
    Problem.PERIOD_REVERSED: (
        "{path}: het einde ligt voor het begin.",
        "{path}: the end lies before the beginning.",
    ),
    Problem.REVOKED: (
        "De uitgever heeft deze badge ingetrokken.",
        "The issuer has revoked this badge.",
    ),
    Problem.SUSPENDED: (
        "De uitgever heeft deze badge opgeschort.",
        "The issuer has suspended this badge.",
    ),
    Problem.STATUS_NOT_HAD: (
        "Of de badge is ingetrokken kon niet worden nagegaan ({reason}). Probeer het later opnieuw.",
        "Whether the badge was revoked could not be checked ({reason}). Try again later.",
    ),
    Problem.STATUS_LIST_INVALID: (
        "De statuslijst van de uitgever deugt niet ({reason}).",
        "The issuer's status list is not sound ({reason}).",
    ),
    Problem.STATUS_LIST_ELSEWHERE: (
        "{path}: de lijst die daar staat zegt zelf dat zij op {value} hoort.",
        "{path}: the list that stands there says of itself that it belongs at {value}.",
    ),
    Problem.STATUS_MESSAGE: (
        "De uitgever meldt over deze badge: {value}.",
        "The issuer says about this badge: {value}.",
    ),
    Problem.NEWER_VERSION: (
        "Er is een nieuwere versie van deze badge.",
        "There is a newer version of this badge.",
    ),
    Problem.REFRESH_NOT_HAD: (
        "De nieuwste versie van deze badge kon niet worden opgehaald ({reason}). Probeer het later opnieuw.",
        "The newest version of this badge could not be had ({reason}). Try again later.",
    ),
    Problem.REFRESHED_NOT_VALID: (
        "De nieuwste versie van deze badge is niet geldig ({reason}).",
        "The newest version of this badge is not valid ({reason}).",
    ),
    Problem.STATUS_UNKNOWN: (
        "{path}: deze soort status is hier niet bekend ({value}).",
        "{path}: this kind of status is not known here ({value}).",
    ),
    Problem.ENDORSEMENT_INVALID: (
        "{path}: deze aanbeveling kan niet worden bevestigd ({reason}).",
        "{path}: this endorsement could not be confirmed ({reason}).",
    ),
    Problem.ENDORSEMENT_OF_ANOTHER: (
        "{path}: deze aanbeveling gaat over iets anders ({value}).",
        "{path}: this endorsement is about something else ({value}).",
    ),
    Problem.RECIPIENT_ANOTHER: (
        "De badge is van iemand anders.",
        "The badge is somebody else's.",
    ),
    Problem.RECIPIENT_NOT_NAMED: (
        "De badge zegt niet van wie hij is op een manier die vergeleken kan worden.",
        "The badge does not say whose it is in a way that can be compared.",
    ),
    Problem.REQUIRED_CHECK: (
        "U eist dat dit is nagegaan, en de badge geeft er geen aanleiding toe.",
        "You require that this is checked, and the badge gives nothing to check.",
    ),
    Problem.KEY_NOT_PINNED: (
        "De sleutel ({value}) is niet een van die u van deze uitgever vertrouwt.",
        "The key ({value}) is not one of those that you trust of this issuer.",
    ),
    Problem.ISSUER_NOT_TRUSTED: (
        "De uitgever ({value}) staat niet op uw lijst.",
        "The issuer ({value}) is not on your list.",
    ),
})  # fmt: skip

VERDICTS: Final[_Sentences] = MappingProxyType({
    "valid": ("Deze badge is geldig.", "This badge is valid."),
    "valid-issuer-unknown": (
        "Deze badge is geldig, maar de uitgever staat niet op uw lijst.",
        "This badge is valid, but its issuer is not on your list.",
    ),
    "not-valid": ("Deze badge is niet geldig.", "This badge is not valid."),
    "unsettled": (
        "Of deze badge geldig is kon niet worden vastgesteld.",
        "Whether this badge is valid could not be settled.",
    ),
})  # fmt: skip

PRESENTATION_VERDICTS: Final[_Sentences] = MappingProxyType({
    "valid": ("Wat hier wordt getoond is geldig.", "What is shown here is valid."),
    "valid-issuer-unknown": (
        "Wat hier wordt getoond is geldig, maar niet elke uitgever staat op uw lijst.",
        "What is shown here is valid, but not every issuer is on your list.",
    ),
    "not-valid": ("Wat hier wordt getoond is niet geldig.", "What is shown here is not valid."),
    "unsettled": (
        "Of wat hier wordt getoond geldig is kon niet worden vastgesteld.",
        "Whether what is shown here is valid could not be settled.",
    ),
})  # fmt: skip

CHECKS: Final[_Sentences] = MappingProxyType({
    "structure": ("Opbouw", "Structure"),
    "contexts": ("Begrippen", "Contexts"),
    "schema": ("Schema", "Schema"),
    "proof": ("Handtekening", "Signature"),
    "issuer-binding": ("Sleutel van de uitgever", "The issuer's own key"),
    "validity-period": ("Geldigheidsduur", "Validity period"),
    "status": ("Ingetrokken of opgeschort", "Revoked or suspended"),
    "refresh": ("Nieuwste versie", "Newest version"),
    "related-resources": ("Bijlagen", "Related resources"),
    "endorsements": ("Aanbevelingen", "Endorsements"),
    "recipient": ("Van wie hij is", "Whose it is"),
    "trust": ("Uw lijst van uitgevers", "Your list of issuers"),
})  # fmt: skip

OUTCOMES: Final[_Sentences] = MappingProxyType({
    "passed": ("in orde", "passed"),
    "failed": ("niet in orde", "failed"),
    "not-applicable": ("niet van toepassing", "not applicable"),
    "could-not-check": ("kon niet worden nagegaan", "could not check"),
})  # fmt: skip


def of_finding(finding: Finding, language: Literal["nl", "en"]) -> str:
    """The finding as a sentence."""
    return _pick(PROBLEMS[finding.code], language).format_map({"path": finding.path, **finding.details})


def of_verdict(verdict: str, language: Literal["nl", "en"]) -> str:
    """The verdict as a sentence."""
    return _pick(VERDICTS[verdict], language)


def of_presentation(verdict: str, language: Literal["nl", "en"]) -> str:
    """The verdict on a presentation as a sentence."""
    return _pick(PRESENTATION_VERDICTS[verdict], language)


def _pick(both: tuple[str, str], language: Literal["nl", "en"]) -> str:
    return both[0] if language == "nl" else both[1]
