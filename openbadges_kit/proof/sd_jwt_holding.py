"""SD-JWT, as its holder uses it: which parts to show. https://www.rfc-editor.org/rfc/rfc9901#section-7.2"""

from __future__ import annotations

from collections.abc import Collection

from openbadges_kit.errors import ProofGenerationError
from openbadges_kit.proof.sd_jwt import SEPARATOR, SdJwt, parse_sd_jwt

__all__ = ["select_disclosures"]


def select_disclosures(issued: str | SdJwt, *, disclose: Collection[str]) -> str:
    """The token with the disclosures at these JSON pointers, and those around them; without a key binding.

    `parse_sd_jwt(issued).disclosures` has all pointers there are. What lies inside a disclosed place and is
    disclosable by itself stays hidden unless it is named too. Raises ProofGenerationError for a pointer that is
    not disclosable, and like `parse_sd_jwt`.
    """
    token = issued if isinstance(issued, SdJwt) else parse_sd_jwt(issued)
    unknown = [pointer for pointer in disclose if pointer not in token.disclosures]
    if unknown:
        raise ProofGenerationError(f"not disclosable: {', '.join(sorted(unknown))}")
    chosen = [
        disclosure.encoded
        for pointer, disclosure in token.disclosures.items()
        if any(wanted == pointer or wanted.startswith(f"{pointer}/") for wanted in disclose)
    ]
    return SEPARATOR.join([token.jws.compact, *chosen, ""])
