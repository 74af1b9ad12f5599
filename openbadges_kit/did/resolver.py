"""From the URL of a verification method to the method, by way of its controller's document.

https://www.w3.org/TR/controller-document/#retrieve-verification-method. Nothing is fetched here:
documents come from a mapping or from the `fetch` that the caller gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from openbadges_kit.did import did_jwk, did_key, did_web
from openbadges_kit.documents import JsonObject, as_list, parse_json_object
from openbadges_kit.errors import KeyMaterialError, MalformedDocument, ProofVerificationError, ResolutionError
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.vocabulary import ProofPurpose

__all__ = ["Fetch", "Resolver", "offline", "remember"]

Fetch = Callable[[str], bytes]
"""Gives the bytes behind an https URL, or raises ResolutionError. It bounds size, time and address."""

NO_DOCUMENTS: Final[Mapping[str, JsonObject]] = {}
# A badge needs a few: its issuer's keys, a list, those of its endorsers. One that names hundreds of
# addresses wants to use its verifier for calling them.
MAX_FETCHES: Final = 32
# Over plain HTTP anybody on the way can put another key in the document; within one machine nobody is on the way.
_OF_ONE_KEY: Final = (did_key.PREFIX, did_jwk.PREFIX)
_FETCHED: Final = re.compile(r"https://.+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?(/.*)?")


def offline(url: str) -> bytes:
    """The fetch of a verifier that stays offline: it has nothing."""
    raise ResolutionError(f"{url} was not fetched: this verification is offline")


def remember(fetch: Fetch, *, max_fetches: int = MAX_FETCHES) -> Fetch:
    """The same fetch, asking once for each address, failures included, and for `max_fetches` at most.

    For the length of one verification: kept longer, it would not see a key or a badge being revoked.
    """
    answers: dict[str, bytes | ResolutionError] = {}

    def fetch_once(url: str) -> bytes:
        if url not in answers:
            if len(answers) >= max_fetches:
                raise ResolutionError(f"{url} was not fetched: this document refers to more than {max_fetches} others")
            try:
                answers[url] = fetch(url)
            except ResolutionError as error:
                answers[url] = error
        answer = answers[url]
        if isinstance(answer, ResolutionError):
            raise ResolutionError(str(answer)) from answer
        return answer

    return fetch_once


class Resolver:
    """Knows controller documents: did:key and did:jwk from the DID itself, the rest given or fetched.

    `documents` maps a DID or URL to its document and comes before `fetch`.
    """

    def __init__(self, documents: Mapping[str, JsonObject] = NO_DOCUMENTS, fetch: Fetch = offline) -> None:
        self._documents = documents
        self._fetch = fetch
        self._remembered: dict[tuple[str, ProofPurpose], VerificationMethod] | None = None

    def for_one_batch(self) -> Resolver:
        """The same resolver, reading each verification method of the given documents once."""
        resolver = Resolver(self._documents, self._fetch)
        resolver._remembered = {}
        return resolver

    def for_one_verification(self, *, online: bool = True) -> Resolver:
        """The same resolver, fetching each document once (see `remember`), or none when it is not `online`."""
        resolver = Resolver(self._documents, remember(self._fetch) if online else offline)
        resolver._remembered = self._remembered
        return resolver

    def resolve(self, url: str) -> JsonObject:
        """The controller document of a DID or URL (a fragment is cut off).

        Raises ResolutionError when it cannot be had or is not this controller's own.
        """
        subject = url.partition("#")[0]
        document = self._document(subject)
        # Without this, a document served under one name could speak for another.
        if document.get("id") != subject:
            raise ResolutionError(f"the document found for {subject} is that of {document.get('id')!r}")
        return document

    def verification_method(self, url: str, *, purpose: ProofPurpose) -> VerificationMethod:
        """The verification method behind `url`, when its controller allows it for `purpose`.

        A did:key or did:jwk without a fragment means the only method it has. Raises ResolutionError when
        the document cannot be had or read (could not check), and ProofVerificationError when the document
        is there and does not name the method for this purpose.
        """
        if self._remembered is not None and (known := self._remembered.get((url, purpose))) is not None:
            return known
        document = self.resolve(url)
        named = url
        if "#" not in url and url.startswith(_OF_ONE_KEY):
            url = document["verificationMethod"][0]["id"]
        found = [method for method in _methods(document) if method["id"] == url]
        if not found:
            raise ProofVerificationError(f"{document['id']} has no verification method {url}")
        if url not in _allowed(document, purpose):
            raise ProofVerificationError(f"{document['id']} does not allow {url} for {purpose}")
        try:
            method = VerificationMethod.parse(found[0])
        except (KeyMaterialError, MalformedDocument) as error:
            raise ResolutionError(f"{url} cannot be read: {error}") from error
        if method.controller != document["id"]:
            raise ProofVerificationError(f"{url} says that {method.controller} controls it, not {document['id']}")
        # What is fetched may be another document the next time.
        if self._remembered is not None and document["id"] in self._documents:
            self._remembered[named, purpose] = method
        return method

    def method_with_key(self, controller: str, key: PublicKey, *, purpose: ProofPurpose) -> VerificationMethod:
        """The controller's own verification method that has this very key.

        A key that came with a token, or from an address of its own, says nothing about whose it is: the
        controller's document has to. Raises ResolutionError when that cannot be had, and
        ProofVerificationError when the key is not in it or not for this purpose.
        """
        document = self.resolve(controller)
        allowed = _allowed(document, purpose)
        for listed in _methods(document):
            try:
                method = VerificationMethod.parse(listed)
            except (KeyMaterialError, MalformedDocument):
                continue  # a key of a kind that is not known here is not this key
            if method.public_key == key and method.id in allowed and method.controller == document["id"]:
                return method
        raise ProofVerificationError(f"the key {key.thumbprint} is none that {document['id']} allows for {purpose}")

    def allows(self, controller: str, method: str, *, purpose: ProofPurpose) -> bool:
        """Does the controller's own document name this verification method, whosever it is, for `purpose`?

        https://www.w3.org/TR/controller-document/#verification-relationships: so an issuer without keys of its
        own says whose keys speak for it. Raises ResolutionError when the document cannot be had.
        """
        named = _allowed(self.resolve(controller), purpose)
        # A did:key or did:jwk without a fragment means the only method it has, in the list as in a proof.
        return method in named or (method.startswith(_OF_ONE_KEY) and method.partition("#")[0] in named)

    def published_jwk(self, url: str) -> PublicKey | None:
        """The key when a bare JWK stands at `url`, and None when a document of another kind does.

        Whose key it is, is not said: see `method_with_key`. Raises ResolutionError.
        """
        document = self._document(url)
        if "kty" not in document:
            return None
        try:
            return PublicKey.from_jwk(document)
        except KeyMaterialError as error:
            raise ResolutionError(f"the JWK at {url} cannot be used: {error}") from error

    def _document(self, subject: str) -> JsonObject:
        if subject in self._documents:
            return self._documents[subject]
        if subject.startswith(did_key.PREFIX):
            return did_key.resolve_did_key(subject)
        if subject.startswith(did_jwk.PREFIX):
            return did_jwk.resolve_did_jwk(subject)
        if subject.startswith(did_web.PREFIX):
            return self._fetch_document(did_web.document_url(subject))
        if _FETCHED.fullmatch(subject):
            return self._fetch_document(subject)
        raise ResolutionError(f"{subject} is of no known DID method")

    def _fetch_document(self, url: str) -> JsonObject:
        try:
            return parse_json_object(self._fetch(url))
        except MalformedDocument as error:
            raise ResolutionError(f"what stands at {url} is no document: {error}") from error


def _methods(document: JsonObject) -> Iterator[JsonObject]:
    """Every method of a document, also one that stands under its purpose only, with its full URL as id."""
    purposes = (entry for purpose in ProofPurpose for entry in as_list(document.get(purpose)))
    for method in (*as_list(document.get("verificationMethod")), *purposes):
        if isinstance(method, dict):
            yield {**method, "id": _absolute(method.get("id"), document["id"])}


def _allowed(document: JsonObject, purpose: ProofPurpose) -> list[object]:
    entries = as_list(document.get(purpose))
    return [_absolute(entry.get("id") if isinstance(entry, dict) else entry, document["id"]) for entry in entries]


def _absolute(url: object, base: str) -> object:
    return base + url if isinstance(url, str) and url.startswith("#") else url
