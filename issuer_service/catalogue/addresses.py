"""The addresses of what is in a catalogue: the IRIs that badges refer to, for as long as there are badges."""

from __future__ import annotations

import re

from issuer_service.errors import Refused

__all__ = ["achievement_iri", "catalogue_iri", "qualification_iri", "slug_of", "ulo_iri"]

_MAX_SLUG = 80


def catalogue_iri(base_url: str, organisation: str, slug: str) -> str:
    """A catalogue of an organisation, both by their names in addresses."""
    return f"{base_url}/catalogues/{organisation}/{slug}"


def qualification_iri(base_url: str, slug: str) -> str:
    """A qualification, whose ULOs stand below it."""
    return f"{base_url}/ulo/{slug}"


def ulo_iri(base_url: str, slug: str, number: str, version: str) -> str:
    """A version of a ULO; its components stand below it."""
    return f"{base_url}/ulo/{slug}/{number}/v{version}"


def achievement_iri(base_url: str, slug: str, version: str) -> str:
    """A version of an achievement that is no whole ULO."""
    return f"{base_url}/achievements/{slug}/v{version}"


def slug_of(title: str, *, field: str) -> str:
    """A name in addresses, made of a title. Raises Refused, naming `field`, for a title that gives none."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_MAX_SLUG].strip("-")
    if not slug:
        raise Refused("needs a letter or a digit, to make an address of", field=field)
    return slug
