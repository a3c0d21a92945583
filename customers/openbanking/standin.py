"""
A stand-in for another bank's account interface (Berlin Group, AIS 1.3), over real HTTP.

For the demo and for tests, on this machine only: it listens on loopback and knows nobody. Each
consent has two accounts with the same invented payments every time they are asked for. The
customer's authorisation is a page with two buttons.
"""

import html
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from clm.core.standin import StandInHandler, StandInServer

PAGE = 40
#: Day of the month, text, counterparty, amount, ISO 20022 code of the bank transaction.
PAYMENTS = (
    (1, "Husleje", "Boligselskabet Fjorden", -780_000, "PMNT-ICDT-STDO"),
    (2, "El", "Nordlys Energi", -64_250, "PMNT-RDDT-ESDD"),
    (5, "Dagligvarer", "Købmand Hald", -41_385, "PMNT-CCRD-POSD"),
    (9, "Månedskort", "Bybus", -40_000, "PMNT-CCRD-POSD"),
    (14, "Dagligvarer", "Købmand Hald", -52_710, "PMNT-CCRD-POSD"),
    (19, "Træning", "Vandhallen", -22_900, "PMNT-RDDT-ESDD"),
    (23, "Dagligvarer", "Købmand Hald", -38_995, "PMNT-CCRD-POSD"),
    (28, "Løn", "Østkystens Værft A/S", 2_764_300, "PMNT-RCDT-SALA"),
)
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>
<h1>{name}</h1><p>{said}</p>{form}</html>"""
_FORM = """<form method="post"><button name="answer" value="valid">Approve</button>
<button name="answer" value="rejected">Refuse</button></form>"""


class StandIn(StandInServer):
    """
    The server; `with StandIn() as bank:` gives it on a free port, at `bank.address`.

    :param today: the day up to which there are payments
    :param keep: a file in which the consents outlive the process
    """

    def __init__(
        self, *, port: int = 0, name: str = "Sundbank", today: date | None = None,
        keep: Path | None = None,
    ) -> None:  # fmt: skip
        super().__init__(port=port, handler=Handler)
        self.name = name
        self.today = today
        self.keep = keep
        self.authorise_at_once = False
        self.consents: dict[str, dict[str, Any]] = {}
        if keep is not None and keep.exists():
            self.consents = json.loads(keep.read_text())

    def day(self) -> date:
        return self.today or datetime.now(tz=UTC).date()

    def ask(self, request_id: str, body: Mapping[str, Any]) -> str:
        """A consent; the same request again is the same consent."""
        identifier = f"c-{request_id}"
        with self.lock:
            self.consents.setdefault(
                identifier,
                {
                    "status": "valid" if self.authorise_at_once else "received",
                    "access": sorted(body.get("access", {})),
                    "validUntil": body.get("validUntil", ""),
                },
            )
        self._save()
        return identifier

    def set_status(self, identifier: str, status: str) -> None:
        with self.lock:
            self.consents[identifier]["status"] = status
        self._save()

    def _save(self) -> None:
        if self.keep is not None:
            self.keep.write_text(json.dumps(self.consents))


class Handler(StandInHandler):
    """Answers one connection."""

    stand_in: StandIn

    def handle_request(self) -> None:
        bank = self.stand_in
        parts = urlsplit(self.path)
        bank.requests.append(f"{self.command} {self.path}")
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        steps = [one for one in parts.path.split("/") if one]
        if steps[:1] == ["authorise"] and len(steps) == 2:
            self._authorise(steps[1], raw)
            return
        if bank.instead is not None and bank.instead(self, parts.path):
            return
        if steps[:2] == ["v1", "consents"]:
            self._consents(steps[2:], raw)
        elif steps[:2] == ["v1", "accounts"]:
            self._accounts(steps[2:], {k: v[0] for k, v in parse_qs(parts.query).items()})
        else:
            self.refuse(404, "RESOURCE_UNKNOWN")

    def _consents(self, steps: list[str], raw: bytes) -> None:
        bank = self.stand_in
        if self.command == "POST" and not steps:
            identifier = bank.ask(self.headers.get("X-Request-ID", ""), json.loads(raw))
            self.answer(
                201,
                {
                    "consentStatus": bank.consents[identifier]["status"],
                    "consentId": identifier,
                    "_links": {"scaRedirect": {"href": f"{bank.address}/authorise/{identifier}"}},
                },
            )
        elif not steps or steps[0] not in bank.consents:
            self.refuse(403, "CONSENT_UNKNOWN")
        elif self.command == "DELETE":
            bank.set_status(steps[0], "terminatedByTpp")
            self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.answer(200, {"consentStatus": bank.consents[steps[0]]["status"]})

    def _accounts(self, steps: list[str], query: Mapping[str, str]) -> None:
        identifier = self.headers.get("Consent-ID", "")
        known = self.stand_in.consents.get(identifier)
        if known is None:
            self.refuse(403, "CONSENT_UNKNOWN")
        elif known["status"] != "valid":
            code = "CONSENT_EXPIRED" if known["status"] == "expired" else "CONSENT_INVALID"
            self.refuse(401, code)
        elif not steps:
            self.answer(200, {"accounts": [_account(identifier, number) for number in (1, 2)]})
        elif steps[1:] == ["balances"]:
            self.answer(200, _balances(steps[0], self.stand_in.day()))
        elif steps[1:] == ["transactions"]:
            self._transactions(steps[0], query)
        else:
            self.refuse(404, "RESOURCE_UNKNOWN")

    def _transactions(self, resource: str, query: Mapping[str, str]) -> None:
        since = date.fromisoformat(query.get("dateFrom", "2000-01-01"))
        rows = payments(resource, since, self.stand_in.day())
        start = int(query.get("page", "0")) * PAGE
        body: dict[str, Any] = {"booked": rows[start : start + PAGE], "pending": [], "_links": {}}
        if start + PAGE < len(rows):
            following = int(query.get("page", "0")) + 1
            path = f"/v1/accounts/{resource}/transactions?dateFrom={since}&page={following}"
            body["_links"]["next"] = {"href": path}
        self.answer(200, {"transactions": body})

    def _authorise(self, identifier: str, raw: bytes) -> None:
        bank = self.stand_in
        said, form = "This bank does not know the consent.", ""
        if identifier in bank.consents:
            said, form = "Another bank asks to read your accounts here.", _FORM
            answer = parse_qs(raw.decode()).get("answer", [""])[0]
            if self.command == "POST" and answer in {"valid", "rejected"}:
                bank.set_status(identifier, answer)
                said, form = "Thank you. You can close this page.", ""
        self.show(_PAGE.format(name=html.escape(bank.name), said=said, form=form))

    def refuse(self, status: int, code: str) -> None:
        self.answer(status, {"tppMessages": [{"category": "ERROR", "code": code}]})


def payments(resource: str, since: date, until: date) -> list[dict[str, Any]]:
    """The invented payments of an account, the same for the same days."""
    if not resource.endswith("-1"):
        return []
    found = []
    day = since
    while day <= until:
        for on, text, other, ore, code in PAYMENTS:
            if day.day == on:
                found.append(_payment(resource, day, text, other, ore, code))
        day += timedelta(days=1)
    return found


def _payment(
    resource: str, day: date, text: str, other: str, ore: int, code: str
) -> dict[str, Any]:
    side = "debtor" if ore > 0 else "creditor"
    return {
        "transactionId": f"{resource[-12:]}-{day:%Y%m%d}-{abs(ore)}",
        "bookingDate": day.isoformat(),
        "valueDate": day.isoformat(),
        "transactionAmount": {"amount": f"{ore / 100:.2f}", "currency": "DKK"},
        f"{side}Name": other,
        f"{side}Account": {
            "iban": f"DK{50 + len(other) % 40}0040044011{len(text):02d}{len(other):04d}"
        },
        "remittanceInformationUnstructured": text,
        "bankTransactionCode": code,
    }


def _account(consent: str, number: int) -> dict[str, Any]:
    digits = int.from_bytes(consent.encode()[-6:], "big") % 10**8
    return {
        "resourceId": f"{consent[-12:]}-{number}",
        "iban": f"DK760040{digits:08d}{number:02d}",
        "currency": "DKK",
        "name": "Lønkonto" if number == 1 else "Opsparing",
        "cashAccountType": "CACC" if number == 1 else "SVGS",
    }


def _balances(resource: str, today: date) -> dict[str, Any]:
    amount = "18230.55" if resource.endswith("-1") else "142000.00"
    return {
        "balances": [
            {
                "balanceAmount": {"currency": "DKK", "amount": amount},
                "balanceType": "closingBooked",
                "referenceDate": today.isoformat(),
            }
        ]
    }
