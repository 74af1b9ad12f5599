"""A mail server on this machine that takes mail in over SMTP, and fails as it is told to.

Of our own, on nothing but the standard library: the other side of the conversation, `smtplib`, is not ours, and the
failures that a notice has to survive happen in the middle of a conversation, where no ready-made server lets one in. It
knows what RFC 5321 asks of every server, and STARTTLS and AUTH PLAIN besides.
"""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

__all__ = ["Received", "TestMailServer", "mail_server_running"]


@dataclass(frozen=True)
class Received:
    """A mail that was taken over, with the envelope that it came in."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail itself."""
        message = message_from_bytes(self.data, policy=SMTP)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class TestMailServer:
    """What was taken over, and what to answer: by address of the recipient, or by command."""

    __test__ = False

    port: int = 0
    received: list[Received] = field(default_factory=list)
    refusing: dict[str, str] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    password: str | None = None
    tls: ssl.SSLContext | None = None
    secured: int = 0
    knows_utf8: bool = True

    def messages(self) -> list[EmailMessage]:
        """The mails, as they came."""
        return [one.message for one in self.received]


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.state, self.known = self.server.state, self.server.state.password is None
        self._begin_anew()
        self._say("220 mail.test ready")
        with suppress(OSError):
            while line := self.rfile.readline(2000):
                command, _, rest = line.decode("utf-8").rstrip("\r\n").partition(" ")
                if not self._answer(command.upper(), rest):
                    break

    def finish(self) -> None:
        super().finish()
        if isinstance(self.request, ssl.SSLSocket):
            # The server closes the socket that it opened, and this one lies around it.
            self.request.close()

    def _answer(self, command: str, rest: str) -> bool:
        if command in self.state.failing:
            answer = self.state.failing[command]
            if answer:
                self._say(answer)
            # Without an answer, and with this one, the conversation is over.
            return bool(answer) and not answer.startswith("421")
        match command:
            case "EHLO" | "STARTTLS" | "AUTH":
                self._make_acquaintance(command, rest)
            case "MAIL" if self.known:
                self._begin_anew()
                self.sender = rest[rest.index("<") + 1 : rest.index(">")]
                self._say("250 ok")
            case "RCPT" if self.known:
                return self._add_recipient(rest[rest.index("<") + 1 : rest.index(">")])
            case "DATA" if self.recipients:
                self._say("354 go ahead")
                self._take_over()
            case "NOOP" | "RSET":
                self._begin_anew()
                self._say("250 ok")
            case "QUIT":
                self._say("221 goodbye")
                return False
            case _:
                self._say("503 not now")
        return True

    def _make_acquaintance(self, command: str, rest: str) -> None:
        if command == "EHLO":
            self._begin_anew()
            offers = ["mail.test", "8BITMIME", *(["SMTPUTF8"] if self.state.knows_utf8 else [])]
            offers += ["STARTTLS"] if self.state.tls and not isinstance(self.request, ssl.SSLSocket) else []
            offers += ["AUTH PLAIN"] if self.state.password else []
            self._say("\r\n".join(f"250{' ' if one is offers[-1] else '-'}{one}" for one in offers))
        elif command == "AUTH":
            said = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
            self.known = said[-1] == self.state.password
            self._say("235 welcome" if self.known else f"535 {said[-1]} is not your password")
        elif self.state.tls is not None:
            self._say("220 go ahead")
            self.request = self.state.tls.wrap_socket(self.request, server_side=True)
            self.setup()
            self.state.secured += 1
        else:
            self._say("502 not known here")

    def _add_recipient(self, address: str) -> bool:
        answer = self.state.refusing.get(address, "250 ok")
        if answer.startswith("250"):
            self.recipients.append(address)
        if answer:
            self._say(answer)
        # Without an answer the conversation is over.
        return bool(answer)

    def _take_over(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b".") else line)
        answer = self.state.failing.get("END OF DATA", "250 taken over")
        if answer.startswith("250"):
            self.state.received.append(Received(self.sender, tuple(self.recipients), b"".join(lines)))
        self._say(answer)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.sender, self.recipients = "", list[str]()

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
        self.wfile.flush()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, state: TestMailServer) -> None:
        self.state = state
        super().__init__(("127.0.0.1", state.port), _Conversation)
        state.port = self.server_address[1]


@contextmanager
def mail_server_running(state: TestMailServer | None = None) -> Iterator[TestMailServer]:
    """A server on a port of its own, or on the one that it had."""
    state = state or TestMailServer()
    server = _Server(state)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
