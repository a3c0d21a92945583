"""
One question to a register over HTTPS.

Certificates are verified, redirects are not followed, and an answer has a size and a time it must
come in. Whatever is wrong is one exception that names no number.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

import requests

from clm.core import addresses
from kyc.companies import RegisterTrouble

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 20.0
MOST_BYTES = 5 * 1024 * 1024


def ask(*, address: str, path: str, body: Mapping[str, Any], user: str, password: str) -> Any:
    """
    The register's answer to a question, as JSON.

    :raises RegisterTrouble: it does not answer, or not as agreed
    """
    if not addresses.may_be_asked(address):
        raise RegisterTrouble("https")
    until = time.monotonic() + ANSWER_SECONDS
    try:
        with requests.Session() as session:
            # No proxy and no password file of the machine's has a say in this.
            session.trust_env = False
            with session.post(
                f"{address.rstrip('/')}{path}", json=dict(body), stream=True,
                auth=(user, password) if user else None, allow_redirects=False,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            ) as response:  # fmt: skip
                if response.status_code != requests.codes.ok:
                    raise RegisterTrouble(f"status {response.status_code}")
                raw = bytearray()
                for piece in response.iter_content(1 << 16):
                    raw += piece
                    if len(raw) > MOST_BYTES:
                        raise RegisterTrouble("size")
                    if time.monotonic() > until:
                        raise RegisterTrouble("time")
        return json.loads(bytes(raw))
    except (requests.RequestException, ValueError, RecursionError) as error:
        raise RegisterTrouble(type(error).__name__) from None
