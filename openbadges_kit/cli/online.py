"""A fetch for `--online`: https only, to public addresses only, bounded in size, time and redirects.

What is fetched is named by the badge, which a stranger wrote. Without these bounds, verifying a badge would let
that stranger make this machine call its own network (SSRF).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from openbadges_kit.documents import MAX_DOCUMENT_BYTES
from openbadges_kit.errors import ResolutionError

__all__ = ["OnlineFetch", "is_public"]

MAX_REDIRECTS: Final = 3
MAX_SECONDS: Final = 10.0
MAX_URL_CHARACTERS: Final = 2048
_CHUNK: Final = 64 * 1024
_ACCEPT: Final = "application/vc, application/did+json, application/json, application/vc+jwt;q=0.9, */*;q=0.1"
# An IPv4 address behind a translator's prefix, https://www.rfc-editor.org/rfc/rfc6052#section-2.1
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class _Target(NamedTuple):
    host: str
    port: int
    path: str


def is_public(address: IpAddress) -> bool:
    """May a stranger's URL make us connect to this address?"""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour is not None or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@dataclass(frozen=True, slots=True)
class OnlineFetch:
    """Gives the bytes behind an https URL. Its parts are arguments for those who test it."""

    may_connect: Callable[[IpAddress], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    max_seconds: float = MAX_SECONDS

    def __call__(self, url: str) -> bytes:
        """The bytes behind `url`. Raises ResolutionError when they cannot be had, or must not be asked for."""
        deadline = time.monotonic() + self.max_seconds
        for _ in range(MAX_REDIRECTS + 1):
            target = _parse(url)
            try:
                connection = _PinnedConnection(target, self._address_of(target), self.tls, deadline)
                try:
                    body, location = _get(connection, target, deadline)
                finally:
                    connection.close()
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise ResolutionError(f"{url} could not be fetched: {str(error) or type(error).__name__}") from error
            if location is None:
                return body
            url = urljoin(url, location)
        raise ResolutionError(f"more than {MAX_REDIRECTS} redirects, the last to {url}")

    def _address_of(self, target: _Target) -> str:
        """The address to connect to: looked up once, so that what was checked is what is connected to."""
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            # One private address among public ones is an attack, not a choice.
            if not self.may_connect(ipaddress.ip_address(address.partition("%")[0])):
                raise ResolutionError(f"{target.host} is at {address}, which is not a public address")
        if not addresses:
            raise ResolutionError(f"{target.host} has no address")
        return addresses[0]


class _PinnedConnection(http.client.HTTPSConnection):
    """Connects to a given address, and asks for the certificate of the name."""

    def __init__(self, target: _Target, address: str, tls: ssl.SSLContext, deadline: float) -> None:
        super().__init__(target.host, target.port, timeout=_seconds_left(deadline), context=tls)
        self._address = address
        self._tls = tls
        # http.client forgets its socket once the answer says that it is the last one.
        self.tls_socket: ssl.SSLSocket | None = None

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), timeout=self.timeout)
        try:
            self.sock = self.tls_socket = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _get(connection: _PinnedConnection, target: _Target, deadline: float) -> tuple[bytes, str | None]:
    """The body, or where to look instead."""
    connection.request("GET", target.path, headers={"Accept": _ACCEPT, "Accept-Encoding": "identity"})
    response = connection.getresponse()
    if response.status in {301, 302, 303, 307, 308}:
        location = response.headers.get("Location")
        if not location:
            raise ResolutionError(f"https://{target.host}{target.path} redirects to nowhere")
        return b"", location
    if response.status != http.client.OK:
        raise ResolutionError(f"https://{target.host}{target.path} answers {response.status}")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise ResolutionError(f"https://{target.host}{target.path} is compressed, and was not asked to be")
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > MAX_DOCUMENT_BYTES:
            raise ResolutionError(f"https://{target.host}{target.path} is larger than {MAX_DOCUMENT_BYTES} bytes")
        # A timeout is per read: a server that sends a byte a second would never run into it.
        if connection.tls_socket is not None:
            connection.tls_socket.settimeout(_seconds_left(deadline))
    return bytes(body), None


def _seconds_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left


def _parse(url: str) -> _Target:
    if len(url) > MAX_URL_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
        raise ResolutionError("not an address that can be fetched")
    try:
        parts = urlsplit(url)
        port = parts.port or http.client.HTTPS_PORT
    except ValueError as error:
        raise ResolutionError(f"{url} is not an address: {error}") from error
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or parts.password is not None:
        raise ResolutionError(f"{url} is not fetched: only https addresses are, without a user name")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(parts.hostname, port, path)
