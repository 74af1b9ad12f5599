"""A notice as an e-mail: plain text and HTML, and where there is one a calendar file.

Its Message-ID follows from the notice, so that a mail that had to be sent again is recognised as the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from issuer_service.notices.texts import as_html, on_one_line

__all__ = ["Letter", "as_message"]

# In seven bits every server takes it, also one that does not offer 8BITMIME.
_POLICY: Final = SMTP.clone(cte_type="7bit")
_METHOD: Final = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letter:
    """What of a notice goes into a mail. `issuer` is shown as its sender, at the installation's address."""

    notice_id: str
    issuer: str
    name: str
    email: str
    language: str
    subject: str
    body: str
    calendar: str = ""


def as_message(letter: Letter, *, sender: Address, now: datetime) -> EmailMessage:
    """The mail. Raises ValueError for an address that is none; what is in a header is on one line, whoever wrote it."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(on_one_line(letter.issuer), addr_spec=sender.addr_spec)
    message["To"] = Address(on_one_line(letter.name), addr_spec=_address(letter.email))
    message["Subject"] = on_one_line(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.notice_id}@{sender.domain}>"
    # Nobody's holiday answers this: https://www.rfc-editor.org/rfc/rfc3834#section-5
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    message.add_alternative(as_html(letter.subject, letter.body, language=letter.language), subtype="html")
    if letter.calendar:
        # Mail programs act on it by its method: https://www.rfc-editor.org/rfc/rfc6047#section-2.4
        method = _METHOD.search(letter.calendar)
        message.add_attachment(
            letter.calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename="agenda.ics" if letter.language == "nl" else "calendar.ics",
            params={"charset": "utf-8", **({"method": method[1]} if method else {})},
        )
    # At the end: what is there when a part is added, goes along with the part.
    message["Content-Language"] = letter.language
    return message


def _address(text: str) -> str:
    # A space or a control character in it is no address of anybody, and may be the beginning of another header.
    if not text.isprintable() or " " in text:
        raise ValueError("not an e-mail address")
    try:
        return Address(addr_spec=text).addr_spec
    except (ValueError, IndexError, HeaderParseError) as error:
        raise ValueError("not an e-mail address") from error
