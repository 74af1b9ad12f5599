"""From a did:web to the address of its document and back, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.did.did_web import did_from_url, document_url
from openbadges_kit.errors import ResolutionError

EXAMPLES = [
    ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
    ("did:web:example.com:user:alice", "https://example.com/user/alice", "https://example.com/user/alice/did.json"),
    ("did:web:example.com%3A3000", "https://example.com:3000", "https://example.com:3000/.well-known/did.json"),
    ("did:web:127.0.0.1%3A8000:a", "https://127.0.0.1:8000/a/", "https://127.0.0.1:8000/a/did.json"),
]


@pytest.mark.parametrize(("did", "url", "address"), EXAMPLES)
def test_the_document_stands_where_the_method_says(did: str, url: str, address: str) -> None:
    """https://w3c-ccg.github.io/did-method-web/#read-resolve"""
    assert document_url(did) == address
    assert did_from_url(url) == did


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web:a.example:",
        "did:web:a.example:..:b",
        "did:web:a.example:.",
        "did:web:a.example:%2e%2e",
        "did:web:a.example:b%2Fc",
        "did:web:a.example%2Fb",
        "did:web:user%40a.example",
        "did:web:a.example%3Aport",
        "did:web:a.example%23x",
        "did:web:a.example?x",
        "did:web:[::1]",
    ],
)
def test_a_did_that_hides_another_address_is_not_followed(did: str) -> None:
    with pytest.raises(ResolutionError):
        document_url(did)


@given(st.text())
def test_whatever_the_name_the_address_is_below_a_host_by_https(name: str) -> None:
    try:
        address = document_url(f"did:web:{name}")
    except ResolutionError:
        return
    assert address.startswith("https://")
    assert address.endswith("/did.json")
    assert not set(address) & set("@?#\\ \n")
