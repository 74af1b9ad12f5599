"""A key in an HSM signs like one in memory, and never comes out of it. SoftHSM stands in for the HSM."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import KeyMaterialError, ProofGenerationError
from openbadges_kit.issuance import issue, issue_vc_jwt, prepare
from openbadges_kit.keys.pkcs11_key import _public_key, open_pkcs11_key, open_pkcs11_token
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.proof.cryptosuite import ECDSA_RDFC_2019, EDDSA_RDFC_2022
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import ISSUER_KEY, NOW, P256_KEY, unsigned

PIN = "5678"
CURVES = {"Ed25519": "1.3.101.112", "P-256": "secp256r1", "P-384": "secp384r1"}


def _softhsm() -> str:
    tool = shutil.which("softhsm2-util")
    prefix = Path(tool).resolve().parent.parent if tool else Path()
    found = [*prefix.glob("lib*/softhsm/libsofthsm2.so"), *prefix.glob("lib/*/softhsm/libsofthsm2.so")] if tool else []
    if not found:
        pytest.skip("SoftHSM is not installed (Debian and Ubuntu: apt install softhsm2)")
    return str(found[0])


@contextmanager
def softhsm_token(folder: Path) -> Iterator[dict[str, str]]:
    """A token without keys, in that folder."""
    pytest.importorskip("pkcs11", reason="the extra is not installed: pip install openbadges-kit[pkcs11]")
    library = _softhsm()
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        made = ["softhsm2-util", "--init-token", "--free", "--label", "issuer", "--so-pin", "1234", "--pin", PIN]
        subprocess.run(made, check=True, capture_output=True)
        _read_anew(library)
        yield {"library": library, "token_label": "issuer", "pin": PIN}


def _read_anew(library: str) -> None:
    """A process that has loaded the library keeps the tokens of an earlier test until it begins anew."""
    import pkcs11  # noqa: PLC0415

    pkcs11.lib(library).reinitialize()


def generated_keys(token: dict[str, str], labels: dict[str, str]) -> None:
    """Keys on the token, by label the curve, as those who guard it make them."""
    import pkcs11  # noqa: PLC0415

    opened = pkcs11.lib(token["library"]).get_token(token_label=token["token_label"])
    with opened.open(rw=True, user_pin=token["pin"]) as session:
        for label, curve in labels.items():
            _generate(pkcs11, session, label, curve)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A token with a key of each curve, under the curve's name."""
    with softhsm_token(tmp_path_factory.mktemp("softhsm")) as made:
        generated_keys(made, {curve: curve for curve in CURVES})
        yield made


def _generate(pkcs11: Any, session: Any, label: str, curve: str) -> None:
    from pkcs11.util.ec import encode_named_curve_parameters  # noqa: PLC0415  # it may not be installed

    edwards = curve == "Ed25519"
    parameters = session.create_domain_parameters(
        pkcs11.KeyType.EC_EDWARDS if edwards else pkcs11.KeyType.EC,
        {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(CURVES[curve])},
        local=True,
    )
    mechanism = pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN if edwards else None
    parameters.generate_keypair(mechanism=mechanism, store=True, label=label)


@pytest.mark.parametrize(("label", "suite"), [("Ed25519", EDDSA_RDFC_2022), ("P-256", ECDSA_RDFC_2019)])
def test_a_badge_signed_by_the_hsm_verifies(token: dict[str, str], label: str, suite: Any) -> None:
    with open_pkcs11_key(**token, key_label=label) as key:
        assert key.public_key.algorithm == label
        method = verification_method_of(key.public_key)
        issuer = {"id": did_of(key.public_key), "type": ["Profile"], "name": "Fietsschool"}
        document = unsigned(issuer=issuer)
        prepared = prepare(document, verification_method=method, created=NOW, cryptosuite=suite)
        badge = issue(prepared, signing_key=key)
        compact = issue_vc_jwt(prepared, verification_method=method, signing_key=key)
    assert verify(badge, now=NOW).verified
    assert verify(compact, now=NOW).verified
    assert not verify(badge | {"name": "Een ander"}, now=NOW).verified


def test_keys_of_one_token_sign_side_by_side(token: dict[str, str]) -> None:
    with open_pkcs11_token(**token) as opened:
        keys = [opened.key("Ed25519"), opened.key("P-256"), opened.key("Ed25519")]
        for key in keys:
            key.public_key.verify_signature(signature=key.sign(b"data"), data=b"data")


def test_once_the_session_is_over_nothing_is_signed(token: dict[str, str]) -> None:
    with open_pkcs11_key(**token, key_label="P-256") as key:
        pass
    with pytest.raises(ProofGenerationError):
        key.sign(b"data")


@pytest.mark.parametrize(
    "changes",
    [
        {"pin": "0000"},
        {"token_label": "another"},
        {"library": "/nowhere/libnothing.so"},
        {"key_label": "another"},
        {"key_label": "P-384"},
    ],
    ids=["wrong PIN", "no such token", "no such library", "no such key", "a key of another kind"],
)
def test_a_key_that_cannot_be_used_is_told_without_the_pin(token: dict[str, str], changes: dict[str, str]) -> None:
    with pytest.raises(KeyMaterialError) as refused, open_pkcs11_key(**{**token, "key_label": "P-256", **changes}):
        pytest.fail("it was opened")
    assert PIN not in str(refused.value)
    assert "0000" not in str(refused.value)


def test_without_the_extra_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    opening = open_pkcs11_key(library="", token_label="", pin="", key_label="")
    with pytest.raises(KeyMaterialError, match=r"openbadges-kit\[pkcs11\]"), opening:
        pytest.fail("it was opened")


class TestPublicHalf:
    """The public key is read in every way that tokens write it."""

    def test_with_and_without_its_wrapping(self) -> None:
        x, y = (P256_KEY.public_key.jwk[name] for name in ("x", "y"))
        point = b"\x04" + base64url.decode(x) + base64url.decode(y)
        p256 = bytes.fromhex("06082a8648ce3d030107")
        assert _public_key(p256, point) == _public_key(p256, b"\x04\x41" + point) == P256_KEY.public_key
        raw = ISSUER_KEY.public_key.key_bytes
        for parameters in (bytes.fromhex("06032b6570"), b"\x13\x0cedwards25519"):
            assert _public_key(parameters, raw) == _public_key(parameters, b"\x04\x20" + raw) == ISSUER_KEY.public_key

    @pytest.mark.parametrize("point", [b"", b"\x04", b"\x04\x41" + bytes(65), bytes(33)])
    def test_what_is_no_point_is_refused(self, point: bytes) -> None:
        with pytest.raises(KeyMaterialError):
            _public_key(bytes.fromhex("06082a8648ce3d030107"), point)

    def test_a_key_of_another_kind_is_told_to_be_one(self) -> None:
        with pytest.raises(KeyMaterialError, match=str(KeyAlgorithm.P256)):
            _public_key(b"", b"")
