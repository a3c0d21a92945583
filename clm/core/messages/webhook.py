"""
A signed POST to a public address (Standard Webhooks).

The host's addresses are looked up once, every one of them must be public, and the connection goes
to one of those that were looked at: a name that leads elsewhere a moment later leads nowhere.
Redirects are not followed.
"""

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from clm.core import addresses
from clm.core.messages.wire import Refused, Unreachable

TIMEOUT = 10


def signature(*, secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over id, time and body, as the specification has it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def post(*, url: str, secret: str, message_id: str, body: bytes, at: datetime) -> None:
    """
    Post the body, signed.

    :raises Refused: the address is not a public one by HTTPS, there is no secret, or 4xx but 408
        and 429
    :raises Unreachable: no answer, or one that asks to come again
    """
    if not secret:
        raise Refused("There is no secret to sign messages with.")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not addresses.may_be_asked(url):
        raise Refused("Messages are posted over HTTPS.")
    local = parts.scheme == "http"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = host if local else _public(host, port)
    timestamp = int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "Host": host if parts.port is None else f"{host}:{port}",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(
            secret=secret, message_id=message_id, timestamp=timestamp, body=body
        ),
    }
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = (
        http.client.HTTPConnection(address, port, timeout=TIMEOUT)
        if local
        else _Pinned(host, port, address)
    )
    try:
        connection.request("POST", target, body=body, headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable("The receiver of messages does not answer.") from error
    finally:
        connection.close()
    if 200 <= status < 300:
        return
    if 400 <= status < 500 and status not in (408, 429):
        raise Refused(f"The receiver of messages refuses it ({status}).")
    raise Unreachable(f"The receiver of messages does not take it now ({status}).")


def _public(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable("The receiver of messages is not found.") from error
    leads_to = [str(one[4][0]) for one in found]
    if not leads_to or not all(addresses.is_public(one) for one in leads_to):
        raise Refused("The receiver of messages has no public address.")
    return leads_to[0]


class _Pinned(http.client.HTTPSConnection):
    """Goes to the address that was looked at, and checks the certificate by the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT, context=self._tls)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), TIMEOUT)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
