"""Every badge that a catalogue gives is verified by other implementations, with no more than the published contexts."""

from __future__ import annotations

from typing import Any, Final

import pytest

from openbadges_kit.issuance import issue, prepare
from openbadges_kit.model.profile import Profile
from tests.interop.packages import run_node
from tests.interop.test_interop import CREATED, DID, KEY_URL, PEERS, _documents
from tests.kit.samples import ISSUER_KEY
from tests.kit.skills.catalogue_badges import badges, selected

NAMES: Final = selected()


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    issuer = Profile(id=DID, name="Voorbeeld Opleider", address={"type": ["Address"], "addressCountryCode": "NL"})
    unsecured = {name: document for name, document in badges(issuer) if name in NAMES}
    signed = {
        name: issue(prepare(document, verification_method=KEY_URL, created=CREATED), signing_key=ISSUER_KEY)
        for name, document in unsecured.items()
    }
    data = [{"credential": document, "documents": _documents()} for document in signed.values()]
    return dict(zip(signed, run_node("verify.mjs", data), strict=True))


def test_they_are_all_verified(answers: dict[str, Any]) -> None:
    assert len(answers) == len(NAMES) > 30
    for name, answer in answers.items():
        for peer in PEERS:
            assert answer[peer]["verified"], (name, peer, answer[peer]["errors"])


def test_they_fit_the_schemas_that_the_peer_takes(answers: dict[str, Any]) -> None:
    assert [name for name, answer in answers.items() if not answer["verifierCore"]["fitsSchema"]] == []
