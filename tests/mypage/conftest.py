"""A person at My page: a browser without JavaScript, and the stand-in over real HTTP."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.test import Client

from clm.core.identity import provider as talk
from clm.core.identity.standin import Person, StandIn
from clm.core.models import Branch, User
from customers.lifecycle import Stage
from customers.models import Customer
from tests.factories import customers as make

BACK = "http://testserver/my/login/back/"
NUMBERS = {"Mette": "1203841234", "Bo": "0101701111", "Stranger": "2402921238"}


@pytest.fixture
def eid(settings: Any) -> Iterator[StandIn]:
    """The stand-in, and the settings that go with it."""
    people = [Person(name, claims={"dk.cpr": number}) for name, number in NUMBERS.items()]
    with StandIn(
        client_id="bank", client_secret="s3cret", redirects=[BACK], people=lambda: people
    ) as provider:
        settings.EID_ISSUER = provider.issuer
        settings.EID_CLIENT_ID, settings.EID_CLIENT_SECRET = "bank", "s3cret"
        talk._known.clear()
        yield provider


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, eid: StandIn) -> None:
        self.eid = eid
        self.browser = Client()

    def start(self) -> str:
        """Press the link; the address of the provider."""
        answer = self.browser.get("/my/login/start/")
        assert answer.status_code == 302, answer.content
        return str(answer["Location"])

    def choose(self, where: str, name: str = "Mette", level: str = "substantial") -> str:
        """Be somebody over there; the address that leads back."""
        number = list(NUMBERS).index(name)
        answer = requests.post(
            where, data={"person": number, "level": level}, allow_redirects=False, timeout=5
        )
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def come_back(self, where: str, **changes: str) -> Any:
        """Follow the way back, with parts of the answer changed."""
        found = dict(parse_qsl(urlsplit(where).query)) | changes
        return self.browser.get("/my/login/back/", {k: v for k, v in found.items() if v})

    def sign_in(self, name: str = "Mette", level: str = "substantial") -> Any:
        return self.come_back(self.choose(self.start(), name, level))

    def get(self, path: str, **query: str) -> Any:
        return self.browser.get(path, query)

    def post(self, path: str, **data: str) -> Any:
        return self.browser.post(path, data)

    @property
    def is_in(self) -> bool:
        return bool(self.browser.get("/my/").status_code == 200)


@pytest.fixture
def visitor(eid: StandIn, mette: Customer) -> Visitor:
    return Visitor(eid)


@pytest.fixture
def another(eid: StandIn) -> Callable[[], Visitor]:
    return lambda: Visitor(eid)


@pytest.fixture
def mette(ada: User, aarhus: Branch) -> Customer:
    return make.customer(
        stage=Stage.AT_RISK, adviser=ada, branch=aarhus, given_names="Mette",
        family_name="Sørensen", language="en", emails=["mette@example.dk"],
        occupation="Nurse", identifiers=[("cpr", NUMBERS["Mette"])],
    )  # fmt: skip


@pytest.fixture
def bo_hald(bo: User, odense: Branch) -> Customer:
    """Another customer, another adviser, another branch."""
    return make.customer(
        stage=Stage.ACTIVE, adviser=bo, branch=odense, given_names="Bo", family_name="Hald",
        language="en", identifiers=[("cpr", NUMBERS["Bo"])],
    )  # fmt: skip
