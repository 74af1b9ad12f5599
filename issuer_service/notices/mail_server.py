"""The mail server that notices go out by. https://www.rfc-editor.org/rfc/rfc5321"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final

from issuer_service.settings import Settings

__all__ = ["Connection", "MailRefused", "MailServer", "ServerFailed", "ServerPutsOff", "mail_server"]

_TIMEOUT_SECONDS: Final = 15.0
_PERMANENT: Final = 500


class MailRefused(Exception):
    """The server will never take this mail; the text says why."""


class ServerPutsOff(Exception):
    """The server does not take this mail now, and may later."""


class ServerFailed(Exception):
    """The server cannot be reached, or takes nothing from us; it is not about one mail."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `sender` is whom it is from."""

    settings: Settings
    sender: Address
    timeout: float = _TIMEOUT_SECONDS

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection, secured and known to the server as the settings say. Raises ServerFailed."""
        with _as_failure():
            client = self._connect()
        try:
            yield Connection(client)
        finally:
            # What was taken over stays taken over, whether or not the goodbye is heard.
            try:
                client.quit()
            except (OSError, smtplib.SMTPException):
                client.close()

    def check(self) -> str:
        """What the server calls itself, after a connection as for sending. Raises ServerFailed."""
        with self.connected() as connection:
            return connection.greeting()

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        host, port = settings.smtp_host or "", settings.smtp_port
        client: smtplib.SMTP | None = None
        try:
            if settings.smtp_security == "tls":
                client = smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=self._trust())
            else:
                client = smtplib.SMTP(host, port, timeout=self.timeout)
            if settings.smtp_security == "starttls":
                # Raises where the server does not offer it: nothing goes out in the clear that was not asked to.
                client.starttls(context=self._trust())
            if settings.smtp_user is not None and settings.smtp_password is not None:
                client.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            client.ehlo_or_helo_if_needed()
        except BaseException:
            if client is not None:
                client.close()
            raise
        return client

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.settings.smtp_ca_file)


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection to the server, to hand in any number of mails."""

    client: smtplib.SMTP

    def send(self, message: EmailMessage, *, sender: str, to: str) -> str:
        """Hand a mail in. Raises MailRefused, ServerPutsOff and ServerFailed; nothing raised, the server has it."""
        try:
            self.client.send_message(message, from_addr=sender, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _about_one_mail(code, words) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefused(f"the server knows no such address: {error}") from error
        except smtplib.SMTPSenderRefused as error:
            raise ServerFailed(f"it refuses our address: {_said(error.smtp_code, error.smtp_error)}") from error
        except smtplib.SMTPDataError as error:
            raise _about_one_mail(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ServerFailed(_words_of(error)) from error
        return "taken over by the mail server"

    def greeting(self) -> str:
        """What the server calls itself."""
        with _as_failure():
            self.client.noop()
        said = (self.client.ehlo_resp or b"").decode(errors="replace").splitlines()
        return said[0][:100] if said else ""


def mail_server(settings: Settings) -> MailServer | None:
    """The server that the settings name; None where they name none."""
    if settings.smtp_host is None or settings.mail_from is None:
        return None
    return MailServer(settings, Address(addr_spec=settings.mail_from))


def _about_one_mail(code: int, words: bytes | str) -> Exception:
    said = _said(code, words)
    return MailRefused(said) if code >= _PERMANENT else ServerPutsOff(said)


@contextmanager
def _as_failure() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        # What the server says of a password may repeat it.
        raise ServerFailed(f"it does not know us by this user and password ({error.smtp_code})") from error
    except smtplib.SMTPNotSupportedError as error:
        raise ServerFailed(f"it does not offer what the settings ask for: {error}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise ServerFailed(_words_of(error)) from error


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:250]


def _words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__
