"""Signing in with the identity provider: OpenID Connect's code flow with PKCE, state and nonce.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth, https://www.rfc-editor.org/rfc/rfc7636
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import NotKnown
from issuer_service.installation import Installation
from issuer_service.people.tables import ExternalIdentity, Membership, Person
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.web.identity import IdentityProvider

__all__ = ["Begun", "begin", "finish"]

_PATIENCE: Final = timedelta(minutes=10)
CALLBACK: Final = "/login/callback"


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what its cookie must bring back."""

    address: str
    cookie: str


def begin(here: Installation, provider: IdentityProvider) -> Begun:
    """Begin signing in. Raises Unavailable when the provider cannot be reached."""
    state, nonce, verifier = (here.randomness(32).hex() for _ in range(3))
    address = prepare_grant_uri(
        provider.endpoint("authorization_endpoint"),
        client_id=here.settings.identity_client_id,
        response_type="code",
        redirect_uri=here.base_url + CALLBACK,
        scope="openid email",
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    ends = int((here.now() + _PATIENCE).timestamp())
    return Begun(str(address), _sealed(here, {"state": state, "nonce": nonce, "verifier": verifier, "ends": ends}))


def finish(here: Installation, provider: IdentityProvider, *, code: str, state: str, cookie: str) -> dict[str, Any]:
    """The verified claims of who signed in. Raises NotKnown when anything is not as it was begun."""
    begun = _opened(here, cookie)
    if begun["ends"] <= here.now().timestamp() or not hmac.compare_digest(state.encode(), begun["state"].encode()):
        raise NotKnown("this sign-in was not begun here, or took too long; begin again")
    answer = provider.exchange(
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": here.base_url + CALLBACK,
            "code_verifier": begun["verifier"],
        }
    )
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise NotKnown("the identity provider did not say who this is")
    client_id = here.settings.identity_client_id
    claims = provider.verify_jwt(token, audience=client_id, now=here.now())
    checked = CodeIDToken(claims, {}, params={"nonce": begun["nonce"], "client_id": client_id})
    try:
        checked.validate_nonce()
        checked.validate_azp()
        checked.validate_auth_time()
    except JoseError as error:
        raise NotKnown("this sign-in is not the one that was begun here") from error
    return claims


def people_of(
    session: Session, claims: dict[str, Any], *, issuer: str, now: datetime, randomness: Randomness
) -> list[tuple[str, str]]:
    """Whose records, at which organisations, this sign-in opens: linked before, or by a verified e-mail address.

    Raises NotKnown when there are none.
    """
    subject = str(claims["sub"])
    linked = set(
        session.scalars(
            select(ExternalIdentity.person_id).where(
                ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject
            )
        )
    )
    email = claims.get("email")
    # An address that the provider did not verify is one that anybody could have typed.
    if isinstance(email, str) and claims.get("email_verified") is True:
        for person_id in session.scalars(select(Person.id).where(Person.email == email.lower())):
            if person_id not in linked:
                linked.add(person_id)
                session.add(
                    ExternalIdentity(
                        id=random_uuid(randomness), issuer=issuer, subject=subject, person_id=person_id, linked_at=now
                    )
                )
    rows = session.execute(
        select(Membership.person_id, Membership.organisation_id)
        .where(Membership.person_id.in_(linked))
        .distinct()
        .order_by(Membership.organisation_id)
    ).all()
    if not rows:
        raise NotKnown("nobody here has this account's address; ask your administrator to add it")
    return [(row.person_id, row.organisation_id) for row in rows]


def _key(here: Installation) -> bytes:
    return hashlib.sha256(b"sign-in|" + here.settings.secret.get_secret_value().encode()).digest()


def _sealed(here: Installation, values: dict[str, Any]) -> str:
    body = urlsafe_b64encode(json.dumps(values).encode()).decode()
    return f"{body}.{hmac.digest(_key(here), body.encode(), 'sha256').hex()}"


def _opened(here: Installation, cookie: str) -> dict[str, Any]:
    body, _, tag = cookie.partition(".")
    if not hmac.compare_digest(tag.encode(), hmac.digest(_key(here), body.encode(), "sha256").hex().encode()):
        raise NotKnown("this sign-in was not begun here; begin again")
    values: dict[str, Any] = json.loads(urlsafe_b64decode(body))
    return values
