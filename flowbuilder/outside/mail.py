"""``nodes.services.mail.Mail``: one server, one sender and listed recipients, all of them the administrator's."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

import aiosmtplib
from django.conf import settings

from nodes.base import NodeError
from nodes.services.mail import Letter

log = logging.getLogger(__name__)
SECONDS = 30
LONGEST = 2**20
USUAL = {"smtp": 587, "smtps": 465}
HERE = {"127.0.0.1", "localhost", "::1"}


class NodeMail:
    """``FLOWBUILDER_MAIL_SERVER``, ``FLOWBUILDER_MAIL_FROM`` and ``FLOWBUILDER_MAIL_RECIPIENTS`` decide everything."""

    async def send(self, letter: Letter) -> str:
        if not settings.FLOWBUILDER_MAIL_SERVER or not settings.FLOWBUILDER_MAIL_FROM:
            raise NodeError(
                "No mail server is set up: an administrator sets FLOWBUILDER_MAIL_SERVER, FLOWBUILDER_MAIL_FROM and "
                "FLOWBUILDER_MAIL_RECIPIENTS."
            )
        for address in letter.to:
            if not allowed(address, settings.FLOWBUILDER_MAIL_RECIPIENTS):
                raise NodeError(
                    f"'{address}' may not get mail from here: an administrator lists recipients, or whole domains such as "
                    "@example.com, in FLOWBUILDER_MAIL_RECIPIENTS."
                )
        if len(letter.text) > LONGEST:
            raise NodeError(f"The letter has {len(letter.text)} characters; {LONGEST} are sent.")
        message = message_of(letter, settings.FLOWBUILDER_MAIL_FROM)
        await _handed_over(message, settings.FLOWBUILDER_MAIL_SERVER)
        return str(message["Message-ID"])


def allowed(address: str, listed: Sequence[str]) -> bool:
    """By the whole address, or by ``@domain``; case says nothing."""
    wanted = address.lower()
    domain = wanted[wanted.rindex("@") :]
    return bool({wanted, domain} & {each.strip().lower() for each in listed})


def message_of(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(letter.to)
    message["Subject"] = " ".join(letter.subject.split())
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip(" >") or "localhost")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note answers it
    message.set_content(letter.text.replace("\0", ""))
    return message


async def _handed_over(message: EmailMessage, server: str) -> None:
    parts = urlsplit(server)
    host = parts.hostname or ""
    here = host in HERE
    try:
        await aiosmtplib.send(
            message,
            hostname=host,
            port=parts.port or USUAL.get(parts.scheme, 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            # To another machine a letter travels encrypted, or not at all.
            start_tls=None if here or parts.scheme == "smtps" else True,
            timeout=SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        refused = ", ".join(each.recipient for each in error.recipients)
        raise NodeError(f"The mail server refuses {refused}.") from error
    except aiosmtplib.SMTPAuthenticationError as error:
        raise NodeError(
            "The mail server refuses the installation's user; an administrator looks at FLOWBUILDER_MAIL_SERVER."
        ) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        log.warning("mail: %s", type(error).__name__)
        raise NodeError("The mail server did not take the letter; try again later.") from error
