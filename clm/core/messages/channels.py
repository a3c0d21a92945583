"""The channels: e-mail by SMTP; text messages and push by a signed webhook."""

import base64
import json
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings

from clm.core import addresses, crypto
from clm.core.messages.webhook import post
from clm.core.messages.wire import Refused, Unreachable

__all__ = ["Parcel", "Refused", "Unreachable", "available", "push_reference", "send"]
TIMEOUT = 10
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Parcel:
    """
    One message to one person.

    :param id: the same however often it is tried
    :param channel: `email`, `sms` or `push`
    :param address: an e-mail address, a phone number (E.164), or a `push_reference`
    """

    id: UUID
    channel: str
    address: str
    subject: str
    text: str
    language: str
    at: datetime


def push_reference(*, customer_id: UUID) -> str:
    """
    How a customer is called towards the app that takes pushes: `push_` and 43 characters.

    Always the same for one customer and no use elsewhere: nothing leads back from it to the
    customer's id, and no other interface takes it. The app is told it by the API (`messages:read`).
    """
    found = crypto.blind_index(value=str(customer_id), purpose="messages.push")
    return "push_" + base64.urlsafe_b64encode(found).decode().rstrip("=")


def available(channel: str) -> bool:
    """Whether the channel is set up."""
    return bool(_where(channel))


def send(parcel: Parcel) -> None:
    """
    Send it.

    :raises Refused: it will never go: the address or the set-up is wrong
    :raises Unreachable: it may go later
    """
    where = _where(parcel.channel)
    if not where:
        raise Refused(f"The channel {parcel.channel} is not set up.")
    if parcel.channel == "email":
        _mail(parcel, where)
        return
    body = {
        "id": str(parcel.id),
        "type": f"message.{parcel.channel}",
        "at": parcel.at.isoformat(),
        "data": {
            "to": parcel.address,
            "title": parcel.subject,
            "text": parcel.text,
            "language": parcel.language,
        },
    }
    post(
        url=where, secret=settings.CLM_MESSAGE_SECRET, message_id=str(parcel.id),
        body=json.dumps(body, ensure_ascii=False).encode(), at=parcel.at,
    )  # fmt: skip


def _where(channel: str) -> str:
    found = {
        "email": settings.CLM_SMTP_URL,
        "sms": settings.CLM_SMS_URL,
        "push": settings.CLM_PUSH_URL,
    }
    return str(found.get(channel, ""))


def _mail(parcel: Parcel, where: str) -> None:
    """STARTTLS or TLS from the beginning; in the clear to this very machine in a local run only."""
    server = urlsplit(where)
    host = server.hostname or ""
    local = settings.CLM_LOCAL and host in addresses.LOOPBACK
    message = EmailMessage()
    try:
        message["From"], message["To"] = settings.CLM_MAIL_FROM, parcel.address
        message["Subject"] = parcel.subject
        message["Message-ID"] = f"<{parcel.id}@{settings.CLM_MAIL_FROM.rpartition('@')[2]}>"
        message["Date"] = format_datetime(parcel.at)
        message["Content-Language"] = parcel.language
        message.set_content(parcel.text)
    except ValueError as error:
        raise Refused("The address or the subject is none that can be sent.") from error
    context = ssl.create_default_context()
    port = server.port or _PORTS.get(server.scheme, 587)
    try:
        opened = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
            if server.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=TIMEOUT)
        )
        with opened as smtp:
            if server.scheme != "smtps" and not local:
                smtp.starttls(context=context)
            if server.username:
                smtp.login(unquote(server.username), unquote(server.password or ""))
            smtp.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
        codes = [code for code, _words in getattr(error, "recipients", {}).values()]
        if codes and all(500 <= code < 600 for code in codes):
            raise Refused("The mail server refuses the address.") from error
        raise Unreachable("The mail server does not take it now.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable("The mail server does not answer.") from error
