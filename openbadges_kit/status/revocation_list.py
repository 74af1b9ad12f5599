"""1EdTechRevocationList, read only: https://www.imsglobal.org/spec/vcrl/v1p0/.

A plain JSON document that lists what was revoked. Nothing signs it: what vouches for it is that the badge names
its address, and that it names the badge's issuer. New badges use a status list, which tells nothing about others.
"""

from __future__ import annotations

from dataclasses import dataclass

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import StatusListError

__all__ = ["Revocation", "find_revocation"]


@dataclass(frozen=True, slots=True)
class Revocation:
    """That a badge was revoked, and why, where the list says so."""

    reason: str = ""


def find_revocation(revocation_list: JsonObject, *, credential_id: object, issuer: str) -> Revocation | None:
    """The revocation of this credential, or None when the list does not have it.

    Raises StatusListError when the list is another issuer's or no list, and for a credential without an id.
    """
    stated = revocation_list.get("issuer")
    # Without this, an issuer's list at a shared address could be taken for another's.
    if (stated.get("id") if isinstance(stated, dict) else stated) != issuer:
        raise StatusListError(f"it is not a list of {issuer}")
    # The specification's examples write the plural, its model the singular.
    lists = [revocation_list[name] for name in ("revokedCredentials", "revokedCredential") if name in revocation_list]
    if not lists:
        raise StatusListError("it holds no revokedCredentials")
    if not isinstance(credential_id, str):
        raise StatusListError("the badge has no id by which it could be found in the list")
    for revoked in (entry for one in lists for entry in as_list(one)):
        entry = {"id": revoked} if isinstance(revoked, str) else revoked
        if not isinstance(entry, dict):
            raise StatusListError("an entry of the list is neither an id nor an object")
        if entry.get("id") == credential_id and entry.get("revoked", True) is not False:
            reason = entry.get("revocationReason")
            return Revocation(reason if isinstance(reason, str) else "")
    return None
