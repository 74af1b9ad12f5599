"""Who issues, made, endorses or received something: https://www.imsglobal.org/spec/ob/v3p0/#profile."""

from __future__ import annotations

from openbadges_kit.documents import JsonObject
from openbadges_kit.model.identity import IdentifierEntry
from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, Number, OneOrMany

__all__ = ["Address", "GeoCoordinates", "Image", "Profile"]


class Image(JsonObjectModel):
    """https://www.imsglobal.org/spec/ob/v3p0/#image"""

    id: str
    type: OneOrMany[str] = "Image"
    caption: LanguageText | None = None


class GeoCoordinates(JsonObjectModel):
    """A place on earth, in degrees: https://www.imsglobal.org/spec/ob/v3p0/#geocoordinates"""

    type: OneOrMany[str] = "GeoCoordinates"
    latitude: Number
    longitude: Number


class Address(JsonObjectModel):
    """https://www.imsglobal.org/spec/ob/v3p0/#address; `address_country_code` is of ISO 3166-1, as in `NL`."""

    type: OneOrMany[str] = ["Address"]
    address_country: str | None = None
    address_country_code: str | None = None
    address_region: str | None = None
    address_locality: str | None = None
    street_address: str | None = None
    post_office_box_number: str | None = None
    postal_code: str | None = None
    geo: GeoCoordinates | None = None


class Profile(JsonObjectModel):
    """An issuer, a creator or a recipient; not a user account.

    The fields from `family_name` on are for people, and belong in no badge by default.
    """

    id: str
    type: OneOrMany[str] = ["Profile"]
    name: LanguageText | None = None
    url: str | None = None
    phone: str | None = None
    description: LanguageText | None = None
    endorsement: OneOrMany[JsonObject] | None = None
    """Endorsements as their issuers signed them; `EndorsementCredential.from_json` reads one."""
    endorsement_jwt: OneOrMany[str] | None = None
    image: Image | str | None = None
    email: str | None = None
    address: Address | None = None
    other_identifier: OneOrMany[IdentifierEntry] | None = None
    official: str | None = None
    parent_org: Profile | None = None
    family_name: str | None = None
    given_name: str | None = None
    additional_name: str | None = None
    patronymic_name: str | None = None
    honorific_prefix: str | None = None
    honorific_suffix: str | None = None
    family_name_prefix: str | None = None
    date_of_birth: str | None = None
