"""The connection to the mail server is as the settings ask, or there is none; and the doctor says which."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr, ValidationError

from issuer_service.notices.mail_server import MailRefused, MailServer, ServerFailed, mail_server
from issuer_service.operations.doctor import Finding, Level, examine
from tests.service.conftest import ON_ONE_DATABASE, World, settings_for
from tests.service.mail_server import TestMailServer, mail_server_running
from tests.service.notices.posting import FROM, announced, send, with_mail

PASSWORD = SecretStr("a password of some length")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def reaching(mail: TestMailServer, **more: Any) -> MailServer:
    given = {"smtp_host": "localhost", "smtp_port": mail.port, "smtp_security": "none", "mail_from": FROM, **more}
    server = mail_server(settings_for("sqlite://", **given))
    assert server is not None
    return server


def secured(certificate: Path, **more: Any) -> TestMailServer:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    return TestMailServer(tls=tls, **more)


def letter() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Groeten"
    message.set_content("Dag,\n.\n.. en dag\n")
    return message


def test_a_secured_connection_knows_the_server_by_its_certificate_and_the_server_us_by_our_password(
    certificate: Path,
) -> None:
    known = {"smtp_user": "badges", "smtp_password": PASSWORD}
    with mail_server_running(secured(certificate, password=PASSWORD.get_secret_value())) as mail:
        trusted = {"smtp_security": "starttls", "smtp_ca_file": str(certificate)}
        with reaching(mail, **trusted, **known).connected() as connection:
            connection.send(letter(), sender=FROM, to="jan@post.example")
        assert mail.secured == 1
        assert mail.received[0].data.endswith(b"Dag,\r\n.\r\n.. en dag\r\n")
        with pytest.raises(ServerFailed, match="certificate"), reaching(mail, smtp_security="starttls").connected():
            pass
        wrong = {"smtp_user": "badges", "smtp_password": SecretStr("another one")}
        with pytest.raises(ServerFailed, match="user and password") as refused:
            reaching(mail, **trusted, **wrong).check()
        # The server repeated it; we do not.
        assert "another one" not in str(refused.value)


def test_nothing_goes_out_in_the_clear_where_a_secured_connection_is_asked_for() -> None:
    with mail_server_running() as mail:
        with pytest.raises(ServerFailed, match="STARTTLS"):
            reaching(mail, smtp_security="starttls").check()
        with pytest.raises(ServerFailed):
            MailServer(reaching(mail, smtp_security="tls").settings, reaching(mail).sender, timeout=0.3).check()
    assert mail.received == []


def test_an_address_beyond_ascii_is_delivered_where_the_server_knows_such() -> None:
    with mail_server_running() as mail:
        with reaching(mail).connected() as connection:
            connection.send(letter(), sender=FROM, to="jörg@post.example")
        assert mail.received[0].recipients == ("jörg@post.example",)
        mail.knows_utf8 = False
        with reaching(mail).connected() as connection, pytest.raises(MailRefused, match="SMTPUTF8"):
            connection.send(letter(), sender=FROM, to="jörg@post.example")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mail_from": None}, "MAIL_FROM"),
        ({"mail_from": "Opleider <badges@opleider.example>"}, "should be an address"),
        ({"smtp_user": "badges"}, "both, or neither"),
        ({"smtp_host": "mail.example", "smtp_user": "badges", "smtp_password": PASSWORD}, "in the clear"),
        ({"time_zone": "Europe/Atlantis"}, "no such zone"),
    ],
)
def test_settings_that_cannot_work_are_refused_when_a_command_starts(given: dict[str, Any], said: str) -> None:
    usual = {"smtp_host": "localhost", "smtp_security": "none", "mail_from": FROM}
    with pytest.raises(ValidationError, match=said):
        settings_for("sqlite://", **{**usual, **given})


@ON_ONE_DATABASE
def test_the_doctor_says_whether_mail_goes_out(world: World, mail: TestMailServer) -> None:
    def found() -> list[Finding]:
        return [one for one in examine(world.installation) if one.about in {"mail", "notices"}]

    announced(world)
    (without,) = found()
    assert (without.level, "2 notices stay in the outbox" in without.found) == (Level.WARNING, True)
    with_mail(world, mail)
    (well,) = found()
    assert (well.level, well.found) == (
        Level.WELL,
        f"127.0.0.1:{mail.port} (mail.test) takes mail from us, in the clear",
    )
    mail.refusing = {f"deelnemer{n}@post.example": "550 no such user" for n in (0, 1)}
    send(world)
    assert [(one.level, one.found) for one in found()][1:] == [(Level.WARNING, "2 were given up")]
    mail.failing = {"EHLO": "421 not today"}
    (unwell,) = found()
    assert unwell.level is Level.PROBLEM
