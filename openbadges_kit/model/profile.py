"""Who issues or made an achievement: https://www.imsglobal.org/spec/ob/v3p0/#profile."""

from __future__ import annotations

from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, OneOrMany

__all__ = ["Address", "Image", "Profile"]


class Image(JsonObjectModel):
    """https://www.imsglobal.org/spec/ob/v3p0/#image"""

    id: str
    type: str = "Image"
    caption: str | None = None


class Address(JsonObjectModel):
    """https://www.imsglobal.org/spec/ob/v3p0/#address"""

    type: OneOrMany[str] = ["Address"]
    address_country: str | None = None
    address_country_code: str | None = None
    address_locality: str | None = None
    street_address: str | None = None
    postal_code: str | None = None


class Profile(JsonObjectModel):
    """An issuer, a creator or a recipient; not a user account."""

    id: str
    type: OneOrMany[str] = ["Profile"]
    name: LanguageText | None = None
    url: str | None = None
    description: LanguageText | None = None
    image: Image | str | None = None
    email: str | None = None
    address: Address | None = None
    official: str | None = None
