"""From the URL of a verification method to the method, by way of its controller's document.

https://www.w3.org/TR/controller-document/#retrieve-verification-method. Nothing is fetched here:
documents come from a mapping or from the `fetch` that the caller gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from openbadges_kit.did import did_key, did_web
from openbadges_kit.documents import JsonObject, as_list, parse_json_object
from openbadges_kit.errors import KeyMaterialError, MalformedDocument, ProofVerificationError, ResolutionError
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.vocabulary import ProofPurpose

__all__ = ["Fetch", "Resolver", "offline"]

Fetch = Callable[[str], bytes]
"""Gives the bytes behind an https URL, or raises ResolutionError. It bounds size, time and address."""

NO_DOCUMENTS: Final[Mapping[str, JsonObject]] = {}


def offline(url: str) -> bytes:
    """The fetch of a verifier that stays offline: it has nothing."""
    raise ResolutionError(f"{url} was not fetched: this verification is offline")


class Resolver:
    """Knows controller documents: did:key from the DID itself, the rest given or fetched.

    `documents` maps a DID or URL to its document and comes before `fetch`.
    """

    def __init__(self, documents: Mapping[str, JsonObject] = NO_DOCUMENTS, fetch: Fetch = offline) -> None:
        self._documents = documents
        self._fetch = fetch

    def resolve(self, url: str) -> JsonObject:
        """The controller document of a DID or URL (a fragment is cut off).

        Raises ResolutionError when it cannot be had or is not this controller's own.
        """
        subject = url.partition("#")[0]
        if subject in self._documents:
            document = self._documents[subject]
        elif subject.startswith(did_key.PREFIX):
            document = did_key.resolve_did_key(subject)
        elif subject.startswith(did_web.PREFIX):
            document = self._fetch_document(did_web.document_url(subject))
        elif subject.startswith("https://"):
            document = self._fetch_document(subject)
        else:
            raise ResolutionError(f"{subject} is of no known DID method")
        # Without this, a document served under one name could speak for another.
        if document.get("id") != subject:
            raise ResolutionError(f"the document found for {subject} is that of {document.get('id')!r}")
        return document

    def verification_method(self, url: str, *, purpose: ProofPurpose) -> VerificationMethod:
        """The verification method behind `url`, when its controller allows it for `purpose`.

        Raises ResolutionError when the document cannot be had or read (could not check), and
        ProofVerificationError when the document is there and does not name the method for this purpose.
        """
        document = self.resolve(url)
        allowed = as_list(document.get(purpose))
        embedded = [method for method in allowed if isinstance(method, dict)]
        listed = [method for method in as_list(document.get("verificationMethod")) if isinstance(method, dict)]
        found = [method for method in (*listed, *embedded) if _absolute(method.get("id"), document["id"]) == url]
        if not found:
            raise ProofVerificationError(f"{document['id']} has no verification method {url}")
        references = [_absolute(m.get("id") if isinstance(m, dict) else m, document["id"]) for m in allowed]
        if url not in references:
            raise ProofVerificationError(f"{document['id']} does not allow {url} for {purpose}")
        try:
            method = VerificationMethod.parse({**found[0], "id": url})
        except (KeyMaterialError, MalformedDocument) as error:
            raise ResolutionError(f"{url} cannot be read: {error}") from error
        if method.controller != document["id"]:
            raise ProofVerificationError(f"{url} says that {method.controller} controls it, not {document['id']}")
        return method

    def _fetch_document(self, url: str) -> JsonObject:
        try:
            return parse_json_object(self._fetch(url))
        except MalformedDocument as error:
            raise ResolutionError(f"what stands at {url} is no document: {error}") from error


def _absolute(url: object, base: str) -> object:
    return base + url if isinstance(url, str) and url.startswith("#") else url
