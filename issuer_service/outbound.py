"""Calls to other hosts: https only, to public addresses only, bounded in size and time, no redirects.

Some of the addresses are written by a tenant (a webhook). Without these bounds a tenant could make this service
call the network that it stands in (SSRF). An installation may allow networks of its own by configuration.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final
from urllib.parse import SplitResult, urlsplit

from issuer_service.errors import Refused, Unavailable
from openbadges_kit.cli.online import IpAddress, is_public

__all__ = ["PAUSES", "Answer", "Network", "Outbound"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_SECONDS: Final = 10.0
MAX_BYTES: Final = 1024 * 1024
MAX_URL_CHARACTERS: Final = 2048
_CHUNK: Final = 64 * 1024

PAUSES: Final = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 24 * 3600, 48 * 3600)
)
"""How long is waited after each attempt that failed; after the last one it is given up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What another host answered."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Outbound:
    """Calls other hosts. `allowed` are networks that may be called though they are not public, also by http.

    `tls` says whom to trust; None is whom this machine trusts.
    """

    allowed: tuple[Network, ...] = ()
    tls: ssl.SSLContext | None = None
    max_seconds: float = MAX_SECONDS

    def call(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """The answer, whatever its status. Raises Refused for an address that is never called, and Unavailable."""
        deadline = time.monotonic() + self.max_seconds
        parts = check_url(url)
        try:
            connection = self._connect(parts, deadline)
            try:
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                sent = {"Host": parts.netloc, "Accept-Encoding": "identity", "Connection": "close", **(headers or {})}
                connection.request(method, target, body=body, headers=sent)
                return _answer(connection, deadline)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unavailable(f"{parts.hostname} could not be reached: {str(error) or type(error).__name__}") from error

    def _connect(self, parts: SplitResult, deadline: float) -> http.client.HTTPConnection:
        host = parts.hostname or ""
        secure = parts.scheme == "https"
        port = parts.port or (http.client.HTTPS_PORT if secure else http.client.HTTP_PORT)
        address = self._address_of(host, port, secure=secure)
        connection = http.client.HTTPConnection(host, port, timeout=_seconds_left(deadline))
        # Connected here, to the address that was checked: looked up a second time it could be another one.
        plain = socket.create_connection((address, port), timeout=_seconds_left(deadline))
        try:
            connection.sock = self._trust().wrap_socket(plain, server_hostname=host) if secure else plain
        except BaseException:
            plain.close()
            raise
        return connection

    def _trust(self) -> ssl.SSLContext:
        return self.tls or _trust_of_this_machine()

    def _address_of(self, host: str, port: int, *, secure: bool) -> str:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for text in found:
            # One private address among public ones is an attack, not a choice.
            if not self._may_call(ipaddress.ip_address(text.partition("%")[0]), secure=secure):
                raise Refused(f"{host} is not a public address that is called by https", field="url")
        return found[0]

    def _may_call(self, address: IpAddress, *, secure: bool) -> bool:
        return any(address in network for network in self.allowed) or (secure and is_public(address))


@cache
def _trust_of_this_machine() -> ssl.SSLContext:
    # Read once and only when somebody is called: it takes as long as a hundred signatures.
    return ssl.create_default_context()


def check_url(url: str) -> SplitResult:
    """The parts of an address that could be called. Raises Refused."""
    if len(url) > MAX_URL_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
        raise Refused("this is no address that can be called", field="url")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise Refused("this is no address", field="url") from error
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username is not None or parts.password:
        raise Refused("give an https address without a user name", field="url")
    return parts


def _answer(connection: http.client.HTTPConnection, deadline: float) -> Answer:
    # http.client forgets its socket once the answer says that it is the last one.
    sock = connection.sock
    response = connection.getresponse()
    received = bytearray()
    while chunk := response.read1(_CHUNK):
        received += chunk
        if len(received) > MAX_BYTES:
            raise ValueError(f"its answer is larger than {MAX_BYTES} bytes")
        # A timeout is per read: a server that sends a byte a second would never run into it.
        sock.settimeout(_seconds_left(deadline))
    return Answer(response.status, bytes(received))


def _seconds_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
