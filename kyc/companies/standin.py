"""
A stand-in for the Business Authority's register service, over real HTTP.

For the demo and for tests, on this machine only: it listens on loopback and knows the companies
that it is given.
"""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from clm.core.standin import StandInHandler, StandInServer
from kyc.companies.cvr import BANDS, PATH, written
from kyc.registers import Extract, Owner


class StandIn(StandInServer):
    """
    The server; `with StandIn(of=…) as register:` gives it on a free port, at `register.address`.

    :param of: what the register says of a number; None for one that it does not know
    """

    def __init__(
        self, *, of: Callable[[str], Extract | None], port: int = 0, user: str = "",
        password: str = "",
    ) -> None:  # fmt: skip
        super().__init__(port=port, handler=Handler)
        self.of = of
        self.user = user
        self.password = password


class Handler(StandInHandler):
    """Answers one connection."""

    stand_in: StandIn

    def handle_request(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.stand_in.requests.append(f"{self.command} {self.path}")
        if self.stand_in.instead is not None and self.stand_in.instead(self, self.path):
            return
        if not self._is_known():
            self.answer(401, {"error": "unauthorised"})
        elif self.command != "POST" or self.path != PATH:
            self.answer(404, {"error": "not found"})
        else:
            must = json.loads(raw)["query"]["bool"]["must"]
            number = must[0]["term"]["Vrvirksomhed.cvrNummer"]
            found = self.stand_in.of(number)
            self.answer(200, None, raw=written(company(number, found) if found else {}))

    def _is_known(self) -> bool:
        if not self.stand_in.user:
            return True
        token = f"{self.stand_in.user}:{self.stand_in.password}".encode()
        wanted = f"Basic {base64.b64encode(token).decode()}"
        return hmac.compare_digest(self.headers.get("Authorization", ""), wanted)


def company(number: str, said: Extract) -> dict[str, Any]:
    """A statement in the service's own words."""
    since = {"gyldigFra": "2020-01-01", "gyldigTil": None}
    over = {"gyldigFra": "2010-01-01", "gyldigTil": "2019-12-31"}

    def relation(name: str, title: str, kind: str, value: str) -> Mapping[str, Any]:
        return {
            "deltager": {"enhedstype": "PERSON", "navne": [{"navn": name, "periode": since}]},
            "organisationer": [
                {
                    "organisationsNavn": [{"navn": title, "periode": since}],
                    "medlemsData": [
                        {"attributter": [{"type": kind, "vaerdier": [
                            {"vaerdi": value, "periode": since}]}]}
                    ],
                }
            ],
        }  # fmt: skip

    owners = [
        relation(one.name, "Reelle ejere", "EJERANDEL_PROCENT", f"{_band(one) / 100:.4f}")
        for one in said.owners or ()
    ]
    directors = [relation(one, "Direktion", "FUNKTION", "DIR") for one in said.directors or ()]
    return {
        "cvrNummer": int(number),
        "navne": [{"navn": "Gammelt Navn ApS", "periode": over},
                  {"navn": said.name or "", "periode": since}],
        "beliggenhedsadresse": [{"fritekst": said.address or "", "periode": since}],
        "virksomhedMetadata": {"sammensatStatus": said.status or "NORMAL"},
        "deltagerRelation": [*owners, *directors],
    }  # fmt: skip


def _band(owner: Owner) -> float:
    return max((one for one in BANDS if one <= owner.share_from + 0.01), default=0.0)
