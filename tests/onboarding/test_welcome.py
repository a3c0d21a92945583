"""After activation: messages that are really sent, and what is done for the first time."""

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client

from clm.core import deliveries, events, messages
from clm.core.messages import Parcel, Refused, Unreachable
from clm.core.messages.webhook import post
from clm.core.models import Event, User
from customers import services as customers
from customers.models import Customer, SignIn
from onboarding import selectors, services
from onboarding.models import Application, WelcomeMessage, WelcomePlan
from tests.factories import customers as customer_make
from tests.factories import onboarding as make

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + base64.b64encode(b"x" * 24).decode()
#: A Tuesday at noon.
AT = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)


class Mailbox:
    """A mail server of ten lines: takes what it is given, or refuses as it is told."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.refuse = b""
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._talk, "127.0.0.1", 0)
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                body = b""
                while (part := await reader.readline()) != b".\r\n":
                    body += part
                self.got.append(message_from_bytes(body))
            if word == b"RCPT" and self.refuse:
                writer.write(self.refuse)
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 fine\r\n")
        writer.close()

    def stop(self) -> None:
        self._server.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    settings.CLM_SMTP_URL = f"smtp://127.0.0.1:{box.port}"
    settings.CLM_MAIL_FROM, settings.CLM_LOCAL = "bank@example.dk", True
    yield box
    box.stop()


class _Hook(BaseHTTPRequestHandler):
    got: list[tuple[dict[str, str], bytes]] = []
    status = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((dict(self.headers), body))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *args: Any) -> None: ...


@pytest.fixture
def hook(settings: Any) -> Iterator[type[_Hook]]:
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.CLM_PUSH_URL = f"http://127.0.0.1:{server.server_port}/push"
    settings.CLM_MESSAGE_SECRET, settings.CLM_LOCAL = SECRET, True
    _Hook.got, _Hook.status = [], 204
    yield _Hook
    server.shutdown()
    server.server_close()


@pytest.fixture
def plan(ola: User) -> WelcomePlan:
    customer = customer_make.customer(
        stage="ACTIVE", at=AT, emails=["mette@example.dk"], language="da"
    )
    application = make.application(customer=customer, at=AT, officer=ola, answered=False)
    return begun(application)


def begun(application: Application) -> WelcomePlan:
    identifier = events.append(
        drafts=[events.Draft("onboarding.Application", application.pk, "activate")],
        actor=User.objects.get(username="system"), at=AT, follow=False,
    )[0]  # fmt: skip
    event = Event.objects.get(pk=identifier)
    for _twice in range(2):
        services.begin_welcome(event=event, at=AT)
    return WelcomePlan.objects.get(application=application)


def send_due(at: datetime) -> int:
    return sum(
        services.send_message(message_id=one, clock=lambda: at)
        for one in messages.claim(model=WelcomeMessage, at=at)
    )


def ends(plan: WelcomePlan) -> dict[str, str]:
    return dict(plan.messages.values_list("step", "sending"))


def customer_of(plan: WelcomePlan) -> Customer:
    return plan.application.customer


def test_an_activation_begins_one_plan_and_the_first_message_goes(
    plan: WelcomePlan, mailbox: Mailbox
) -> None:
    assert set(ends(plan).values()) == {"waiting"}
    assert send_due(AT) == 1
    (mail,) = mailbox.got
    assert (mail["To"], mail["From"]) == ("mette@example.dk", "bank@example.dk")
    assert "Velkommen" in mail["Subject"]
    message = plan.messages.get(step="welcome")
    assert mail["Message-ID"] == f"<{message.pk}@bank.example.dk>".replace("bank.", "")
    assert (message.sending, message.channel, message.done_at) == ("sent", "email", AT)
    # A worker that died after sending tries the same message, and a second copy finds it done.
    assert not services.send_message(message_id=message.pk, clock=lambda: AT)
    assert send_due(AT) == 0
    told = Event.objects.get(record_id=plan.application_id, action="welcome_sent")
    assert "mette" not in json.dumps(told.payload)


def test_marketing_needs_a_consent_at_the_hour_it_goes(
    plan: WelcomePlan, mailbox: Mailbox, system: User
) -> None:
    later = plan.messages.get(step="salary").due_at
    plan.messages.exclude(step="salary").delete()
    assert send_due(later) == 0
    message = plan.messages.get(step="salary")
    assert message.sending == "skipped"
    assert "consent" in message.note.lower()
    assert mailbox.got == []
    WelcomeMessage.objects.filter(pk=message.pk).update(sending="waiting", due_at=later)
    customers.record_consent(
        customer=customer_of(plan), purpose="marketing", channel="email", decision="given",
        source="test", wording_version="marketing-1", language="da", actor=system, at=AT,
    )  # fmt: skip
    assert send_due(later) == 1
    assert len(mailbox.got) == 1


def test_nobody_is_written_to_at_night(plan: WelcomePlan, mailbox: Mailbox) -> None:
    night = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    assert send_due(night) == 0
    message = plan.messages.get(step="welcome")
    assert (message.sending, message.due_at) == ("waiting", datetime(2026, 3, 4, 7, tzinfo=UTC))
    assert send_due(message.due_at) == 1


@pytest.mark.parametrize(
    ("at", "selling", "moment"),
    [
        ((3, 11), False, (3, 11)), ((3, 6), False, (3, 7)), ((3, 21), False, (4, 7)),
        ((7, 11), False, (7, 11)), ((7, 11), True, (9, 8)), ((3, 18), True, (4, 8)),
    ],
)  # fmt: skip
def test_quiet_hours(at: Any, selling: bool, moment: Any) -> None:
    """March 2026, UTC; Copenhagen is an hour ahead, the 7th is a Saturday."""
    asked, told = (datetime(2026, 3, day, hour, tzinfo=UTC) for day, hour in (at, moment))
    assert messages.next_moment(at=asked, selling=selling) == told


def test_what_is_done_already_is_not_asked_for(
    plan: WelcomePlan, mailbox: Mailbox, hook: type[_Hook]
) -> None:
    SignIn.objects.create(
        customer=customer_of(plan), at=AT + timedelta(days=1), outcome="in", assurance="high"
    )
    assert services.note_milestones(at=AT + timedelta(days=2)) == plan.pk
    assert services.note_milestones(at=AT + timedelta(days=2), after=plan.pk) is None
    plan.refresh_from_db()
    assert plan.login_at == AT + timedelta(days=1)
    assert plan.payment_at is None
    later = plan.messages.get(step="card-in-use").due_at
    plan.messages.filter(step="welcome").delete()
    assert send_due(later) == 2
    assert ends(plan)["first-login"] == "skipped"
    headers, body = hook.got[0]
    data = json.loads(body)
    reference = messages.push_reference(customer_id=customer_of(plan).pk)
    assert data["data"]["to"] == reference
    assert str(customer_of(plan).pk) not in body.decode()
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.digest(b"x" * 24, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert headers["webhook-id"] == data["id"]


def test_what_cannot_go_is_tried_again_or_given_up(
    plan: WelcomePlan, mailbox: Mailbox, hook: type[_Hook], settings: Any
) -> None:
    message = plan.messages.get(step="welcome")
    mailbox.refuse = b"451 later\r\n"
    assert send_due(AT) == 0
    message.refresh_from_db()
    assert (message.sending, message.attempts) == ("waiting", 1)
    assert message.due_at > AT
    mailbox.refuse = b"550 nobody here\r\n"
    assert send_due(message.due_at) == 0
    message.refresh_from_db()
    assert message.sending == "failed"
    parcel = Parcel(message.pk, "push", "x", "T", "t", "en", AT)
    for status, error in ((302, Unreachable), (410, Refused), (503, Unreachable)):
        hook.status = status
        with pytest.raises(error):
            messages.send(parcel)
    settings.CLM_LOCAL = False
    for url in ("http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/"):
        with pytest.raises(Refused):
            post(url=url, secret=SECRET, message_id="m", body=b"{}", at=AT)
    with pytest.raises(Refused):
        messages.send(Parcel(message.pk, "email", "a@b.dk\r\nBcc: c@d.dk", "T", "t", "en", AT))


def test_adoption_is_counted_and_shown(plan: WelcomePlan, client_for: Any, ola: User) -> None:
    at = AT + timedelta(days=40)
    assert selectors.adoption(at=AT).shares["payment"] is None
    assert selectors.adoption(at=at).shares["payment"] == 0
    WelcomePlan.objects.filter(pk=plan.pk).update(payment_at=AT + timedelta(days=4), version=2)
    found = selectors.adoption(at=at)
    assert (found.plans, found.shares["payment"], found.days) == (1, 1.0, 4.0)
    client: Client = client_for(ola)
    assert client.get("/onboarding/welcome/").status_code == 200
    page = client.get(f"/onboarding/applications/{plan.application_id}/").content.decode()
    assert "First payment" in page


def test_the_whole_way_from_approval(ola: User) -> None:
    application = make.application(at=AT, officer=ola, state="APPROVED")
    deliveries.deliver_due(at=AT)
    application.refresh_from_db()
    assert application.state == "ACTIVATED"
    assert WelcomePlan.objects.get().application == application
