"""`--online`: what a stranger's badge can make this machine fetch, and what not."""

from __future__ import annotations

import contextlib
import http.server
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from openbadges_kit.cli.online import MAX_REDIRECTS, OnlineFetch, is_public
from openbadges_kit.documents import MAX_DOCUMENT_BYTES
from openbadges_kit.errors import ResolutionError


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "255.255.255.255", "192.0.0.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_an_address_of_ones_own_network_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://badges.example/list",
        "file:///etc/passwd",
        "ftp://badges.example/list",
        "https://",
        "https:///list",
        "https://user@badges.example/list",
        "https://user:secret@badges.example/list",
        "https://badges.example:99999/list",
        "https://badges.example/a b",
        "https://badges.example/\r\nHost: other",
        "https://bädges.example/list",
        "https://badges.example/" + "x" * 3000,
        "did:web:badges.example",
        "",
    ],
    ids=lambda url: url[:40],
)
def test_an_address_that_is_no_plain_https_address_is_not_fetched(url: str) -> None:
    with pytest.raises(ResolutionError):
        OnlineFetch()(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_this_machine_is_not_asked_by_whatever_name(host: str) -> None:
    with pytest.raises(ResolutionError, match=r"not a public address|could not be fetched"):
        OnlineFetch()(f"https://{host}/list")


def test_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def two_addresses(host: str, port: int, **_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(2, 1, 6, "", ("93.184.215.14", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
    with pytest.raises(ResolutionError, match=r"10\.0\.0\.1"):
        OnlineFetch()("https://badges.example/list")


class _Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/document":
                self._answer(200, b'{"id": "urn:x"}')
            case "/moved":
                self._answer(302, b"", Location="/document")
            case "/away":
                self._answer(302, b"", Location="http://localhost/document")
            case "/nowhere":
                self._answer(302, b"")
            case "/round":
                self._answer(302, b"", Location="/round")
            case "/large":
                self._answer(200, b" " * (MAX_DOCUMENT_BYTES + 1))
            case "/packed":
                self._answer(200, b"\x1f\x8b", **{"Content-Encoding": "gzip"})
            case "/slow":
                self.send_response(200)
                self.end_headers()
                with contextlib.suppress(OSError):
                    for _ in range(200):
                        self.wfile.write(b" ")
                        time.sleep(0.05)
            case _:
                self._answer(404, b"not here")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name it has there
        """Say nothing."""


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
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
    path = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, OnlineFetch]]:
    """A server on this machine, and a fetch that may ask it and knows its certificate."""
    pem = _certificate(tmp_path_factory.mktemp("tls"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as httpd:
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        trusting = ssl.create_default_context(cafile=str(pem))
        fetch = OnlineFetch(may_connect=lambda address: address.is_loopback, tls=trusting, max_seconds=1.0)
        yield f"https://localhost:{httpd.server_port}", fetch
        httpd.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/document", "/moved"])
def test_a_document_is_fetched_also_where_it_moved_to(path: str, server: tuple[str, OnlineFetch]) -> None:
    base, fetch = server
    assert fetch(base + path) == b'{"id": "urn:x"}'


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/missing", "answers 404"),
        ("/away", "only https"),
        ("/nowhere", "redirects to nowhere"),
        ("/round", f"more than {MAX_REDIRECTS} redirects"),
        ("/large", "larger than"),
        ("/packed", "compressed"),
        ("/slow", "too long|timed out"),
    ],
)
def test_what_is_no_plain_answer_is_an_error(path: str, message: str, server: tuple[str, OnlineFetch]) -> None:
    base, fetch = server
    with pytest.raises(ResolutionError, match=message):
        fetch(base + path)


def test_a_certificate_of_another_name_or_of_nobody_is_not_taken(server: tuple[str, OnlineFetch]) -> None:
    base, fetch = server
    with pytest.raises(ResolutionError, match="certificate"):
        fetch(base.replace("localhost", "127.0.0.1") + "/document")
    with pytest.raises(ResolutionError, match="certificate"):
        OnlineFetch(may_connect=lambda _: True)(base + "/document")


def test_a_private_address_is_refused_before_anything_is_sent(server: tuple[str, OnlineFetch]) -> None:
    base, fetch = server
    with pytest.raises(ResolutionError, match="not a public address"):
        OnlineFetch(tls=fetch.tls)(base + "/document")
