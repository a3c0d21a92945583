"""How another bank can misbehave: each may answer in its stead, and says whether it has."""

import time
from collections.abc import Callable
from datetime import timedelta

from customers.openbanking.standin import Handler, payments

Misbehaviour = Callable[[Handler, str], bool]


def slow(_handler: Handler, _path: str) -> bool:
    time.sleep(3)
    return False


def drip(handler: Handler, _path: str) -> bool:
    """A byte now and then: no single wait is long, all of them are."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    try:
        for _number in range(1000):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True
    return True


def malformed(handler: Handler, _path: str) -> bool:
    handler.answer(200, None, raw=b'{"accounts": [')
    return True


def misshapen(handler: Handler, _path: str) -> bool:
    handler.answer(200, {"accounts": {"iban": 7}, "consentStatus": 7, "transactions": []})
    return True


def huge(handler: Handler, _path: str) -> bool:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    try:
        for _number in range(4096):
            handler.wfile.write(b" " * 65536)
    except OSError:
        return True
    return True


def cut(handler: Handler, _path: str) -> bool:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"accounts": []}')
    handler.close_connection = True
    return True


def html(handler: Handler, _path: str) -> bool:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "4")
    handler.end_headers()
    handler.wfile.write(b"<p/>")
    return True


def status(code: int) -> Misbehaviour:
    def answer(handler: Handler, _path: str) -> bool:
        handler.refuse(code, "INTERNAL_SERVER_ERROR")
        return True

    return answer


def redirect(handler: Handler, _path: str) -> bool:
    handler.send_response(302)
    handler.send_header("Location", f"{handler.stand_in.address}/v1/accounts")
    handler.send_header("Content-Length", "0")
    handler.end_headers()
    return True


def expire_midway(handler: Handler, path: str) -> bool:
    """The first page of transactions is given, then the consent is over."""
    if "page=" in handler.path:
        handler.refuse(401, "CONSENT_EXPIRED")
        return True
    return False


def loop(handler: Handler, path: str) -> bool:
    """The last page leads back to the first."""
    if path.endswith("/transactions"):
        resource = path.split("/")[3]
        rows = payments(
            resource, handler.stand_in.day() - timedelta(days=60), handler.stand_in.day()
        )
        link = (
            f"/v1/accounts/{resource}/transactions?page={'b' if 'page=a' in handler.path else 'a'}"
        )
        handler.answer(200, {"transactions": {"booked": rows, "_links": {"next": {"href": link}}}})
        return True
    return False


def twice(handler: Handler, path: str) -> bool:
    """Every page is given twice, under two addresses."""
    if path.endswith("/transactions"):
        resource = path.split("/")[3]
        rows = payments(
            resource, handler.stand_in.day() - timedelta(days=60), handler.stand_in.day()
        )
        links = {}
        if "again" not in handler.path:
            links = {"next": {"href": f"/v1/accounts/{resource}/transactions?again=1"}}
        handler.answer(200, {"transactions": {"booked": rows, "_links": links}})
        return True
    return False


def elsewhere(handler: Handler, path: str) -> bool:
    """The next page lies on another machine."""
    if path.endswith("/transactions"):
        link = {"next": {"href": "http://169.254.169.254/v1/accounts/x/transactions"}}
        handler.answer(200, {"transactions": {"booked": [], "_links": link}})
        return True
    return False
