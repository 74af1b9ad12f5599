"""An issuer whose name is its domain (did:web), with one key for files and one for wallets."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from openbadges_kit import (
    ResolutionError,
    VerificationMethod,
    ecdsa_key,
    ed25519_key,
    issue,
    issue_vc_jwt,
    prepare,
    verify,
)
from openbadges_kit.did.did_web import did_from_url, document_url
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3


def main() -> None:
    """Publish the keys, sign twice, verify as somebody who has only the network."""
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    issuer = did_from_url("https://opleider.example.org/badges")
    for_files, for_wallets = ed25519_key(bytes(32)), ecdsa_key(bytes(range(1, 33)))  # os.urandom(32) for real ones
    methods = [
        VerificationMethod(f"{issuer}#files", issuer, for_files.public_key),
        VerificationMethod(f"{issuer}#wallets", issuer, for_wallets.public_key),
    ]
    served = {
        document_url(issuer): {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": issuer,
            "verificationMethod": [method.to_json() for method in methods],
            "assertionMethod": [method.id for method in methods],
        }
    }
    print("Serve this document at", *served)

    unsigned = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
        "id": "https://opleider.example.org/badges/5b7f1c0e",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Een lekke band plakken",
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Voorbeeld Opleider"},
        "validFrom": "2026-11-20T09:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:4f0c6c1a-55f2-4c7f-8ddf-2f5a7d0f0b11",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://skills.example.org/ulo/bicycles/1.4/v1",
                "type": ["Achievement"],
                "name": "Een lekke band plakken",
                "description": "Plakt een lekke band.",
                "criteria": {"narrative": "Laat het zien aan de werkbank."},
            },
        },
    }
    prepared = prepare(unsigned, verification_method=methods[0].id, created=now)
    file = issue(prepared, signing_key=for_files)
    token = issue_vc_jwt(prepared, verification_method=methods[1].id, signing_key=for_wallets, with_vc_claim=True)

    def fetch(url: str) -> bytes:  # bounded and over https, for a real one: openbadges_kit.cli.online.OnlineFetch
        if url not in served:
            raise ResolutionError(f"{url} is not here")
        return json.dumps(served[url]).encode()

    print("The file:", verify(file, now=now, fetch=fetch).summary("en"))
    print("The token:", verify(token, now=now, fetch=fetch).summary("en"))
    print("Without the network:", verify(token, now=now).summary("en"))
    served.clear()
    print("Without the document:", *verify(file, now=now, fetch=fetch).reasons("en"))


if __name__ == "__main__":
    main()
