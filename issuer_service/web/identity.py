"""Access tokens and sign-ins of one identity provider that this installation trusts.

A token that is a JWT is verified here with the provider's published keys; another one is put to the provider's
introspection endpoint (RFC 7662), which is how SURFconext gives tokens out. Where these endpoints are, the
provider says itself: https://openid.net/specs/openid-connect-discovery-1_0.html
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from urllib.parse import quote, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from issuer_service.errors import NotKnown, Unavailable
from issuer_service.outbound import Outbound
from issuer_service.settings import Settings

__all__ = ["ALGORITHMS", "IdentityProvider", "KnownSubject"]

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "Ed25519", "EdDSA")
"""Signatures with a published key. None with a shared secret: whoever could verify could then also sign."""

_KEY_TYPES: Final = frozenset({"RSA", "EC", "OKP"})
_LEEWAY_SECONDS: Final = 30
_KEYS_FRESH: Final = timedelta(hours=1)
# Without this, tokens with made-up key ids would have us call the provider once for each.
_REFRESH_PAUSE: Final = timedelta(minutes=1)
_INTROSPECTION_FRESH: Final = timedelta(seconds=30)
_MAX_REMEMBERED: Final = 1000
_MAX_TOKEN: Final = 16 * 1024
_JWT_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class KnownSubject:
    """Whom the provider says that this is, and which scopes it gave."""

    issuer: str
    subject: str
    scopes: frozenset[str]


class IdentityProvider:
    """What is known of the provider, kept between requests and renewed when it is time. Safe among threads."""

    def __init__(self, settings: Settings, outbound: Outbound) -> None:
        self._settings = settings
        self._outbound = outbound
        self._lock = Lock()
        self._found: dict[str, Any] | None = None
        self._keys: KeySet | None = None
        self._keys_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._remembered: dict[str, tuple[datetime, KnownSubject]] = {}

    @property
    def configured(self) -> bool:
        """Is a provider trusted at all?"""
        return self._settings.identity_issuer is not None

    @property
    def signs_people_in(self) -> bool:
        """Can people sign in on the pages with it?"""
        return self.configured and self._settings.identity_client_id is not None

    @property
    def issuer(self) -> str:
        """The provider's name, which is an address. Raises Unavailable when none is configured."""
        if self._settings.identity_issuer is None:
            raise Unavailable("no identity provider is configured")
        return self._settings.identity_issuer

    def endpoint(self, name: str) -> str:
        """An address of the provider's, by its name in the discovery document. Raises Unavailable."""
        found = self._discovered().get(name)
        if not isinstance(found, str):
            raise Unavailable(f"the identity provider does not say where its {name} is")
        return found

    def subject_of(self, token: str, *, now: datetime) -> KnownSubject:
        """Who shows this access token. Raises NotKnown for one that does not hold, Unavailable."""
        if not self.configured or len(token) > _MAX_TOKEN or not token.isascii():
            raise NotKnown("this token is not known")
        if token.count(".") == _JWT_PARTS - 1:
            claims = self.verify_jwt(token, audience=self._settings.identity_audience, now=now)
            return KnownSubject(self.issuer, str(claims["sub"]), _scopes(claims))
        return self._introspected(token, now=now)

    def verify_jwt(self, token: str, *, audience: str | None, now: datetime) -> dict[str, Any]:
        """The claims of a token of the provider's for this audience.

        Raises NotKnown when its signature, issuer, audience or time is not right. Which, is not told.
        """
        if audience is None:
            raise NotKnown("this installation has no audience that tokens could be for")
        try:
            read = jwt.decode(
                token, lambda guest: self._key_set(guest.headers().get("kid"), now), algorithms=list(ALGORITHMS)
            )
            registry = jwt.JWTClaimsRegistry(
                now=int(now.timestamp()),
                leeway=_LEEWAY_SECONDS,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": audience},
                exp={"essential": True},
                sub={"essential": True},
            )
            registry.validate(read.claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise NotKnown("this token does not hold") from error
        return dict(read.claims)

    def exchange(self, form: dict[str, str]) -> dict[str, Any]:
        """Put a form to the token endpoint in the name of this client. Raises NotKnown when it is refused."""
        return self._post(self.endpoint("token_endpoint"), form)

    def _introspected(self, token: str, *, now: datetime) -> KnownSubject:
        digest = hashlib.sha256(token.encode()).hexdigest()
        with self._lock:
            until, known = self._remembered.get(digest, (now, None))
        if known is not None and now < until:
            return known
        if self._settings.identity_client_id is None:
            raise NotKnown("this token is not known")
        claims = self._post(
            self.endpoint("introspection_endpoint"), {"token": token, "token_type_hint": "access_token"}
        )
        # https://www.rfc-editor.org/rfc/rfc7662#section-2.2: only `active` must be there.
        ends = claims.get("exp")
        if (
            claims.get("active") is not True
            or not isinstance(claims.get("sub"), str)
            or claims.get("iss", self.issuer) != self.issuer
            or not _is_for(claims.get("aud"), self._settings.identity_audience)
            or (isinstance(ends, int | float) and ends <= now.timestamp())
        ):
            raise NotKnown("this token does not hold")
        subject = KnownSubject(self.issuer, claims["sub"], _scopes(claims))
        fresh_until = now + _INTROSPECTION_FRESH
        if isinstance(ends, int | float):
            fresh_until = min(fresh_until, now + timedelta(seconds=ends - now.timestamp()))
        with self._lock:
            if len(self._remembered) >= _MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[digest] = (fresh_until, subject)
        return subject

    def _key_set(self, kid: object, now: datetime) -> KeySet:
        """The provider's keys; fetched anew when they are old, or when this one is not among them."""
        with self._lock:
            known = self._keys is not None and any(key.kid == kid for key in self._keys)
            old = self._keys_at is None or now - self._keys_at >= _KEYS_FRESH
            may_try = self._tried_at is None or now - self._tried_at >= _REFRESH_PAUSE
            if (old or not known) and may_try:
                self._tried_at = now
                try:
                    self._keys, self._keys_at = self._fetch_keys(), now
                except Unavailable:
                    # Keys that were good an hour ago are better than nobody being let in.
                    if self._keys is None:
                        raise
            if self._keys is None:
                raise Unavailable("the identity provider's keys could not be had; try again in a minute")
            return self._keys

    def _fetch_keys(self) -> KeySet:
        document = self._get(self.endpoint("jwks_uri"))
        keys = document.get("keys")
        if not isinstance(keys, list):
            raise Unavailable("the identity provider's key set has no keys")
        usable = [key for key in keys if isinstance(key, dict) and key.get("kty") in _KEY_TYPES and "kid" in key]
        try:
            return KeySet.import_key_set({"keys": usable})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Unavailable("the identity provider's key set cannot be read") from error

    def _discovered(self) -> dict[str, Any]:
        if self._found is None:
            found = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            # Another's document would send people's tokens elsewhere.
            if found.get("issuer") != self.issuer:
                raise Unavailable("the identity provider's own document names another issuer")
            self._found = found
        return self._found

    def _get(self, url: str) -> dict[str, Any]:
        answer = self._outbound.call("GET", url, headers={"Accept": "application/json"})
        return _object(answer.status, answer.body)

    def _post(self, url: str, form: dict[str, str]) -> dict[str, Any]:
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        secret = self._settings.identity_client_secret
        if secret is not None:
            # https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
            pair = f"{quote(self._settings.identity_client_id or '')}:{quote(secret.get_secret_value())}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form = {**form, "client_id": self._settings.identity_client_id or ""}
        answer = self._outbound.call("POST", url, headers=headers, body=urlencode(form).encode())
        return _object(answer.status, answer.body)


def _object(status: int, body: bytes) -> dict[str, Any]:
    if status >= 500:  # noqa: PLR2004  # the provider's own trouble
        raise Unavailable(f"the identity provider answered {status}")
    if status >= 300:  # noqa: PLR2004  # no redirect is followed
        raise NotKnown("the identity provider refused this")
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unavailable("the identity provider did not answer with JSON") from error
    if not isinstance(read, dict):
        raise Unavailable("the identity provider did not answer with a JSON object")
    return read


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    scope = claims.get("scope", "")
    return frozenset(scope.split() if isinstance(scope, str) else [])


def _is_for(audience: object, expected: str | None) -> bool:
    if expected is None:
        return False
    return audience == expected or (isinstance(audience, list) and expected in audience)
