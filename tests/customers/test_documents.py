"""A document from the asking to its end, over every way in."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clm.core import actors, files, lifecycle, registries, uploads
from clm.core.lifecycle import TransitionRefused
from clm.core.models import AccessLog, Branch, Event, User
from customers import selectors, services
from customers.lifecycle import Stage
from customers.models import Customer, Document
from tests import papers
from tests.factories import customers as make

pytestmark = pytest.mark.django_db
PNG = papers.picture(form="PNG")
ZONE = "P<DNKSOERENSEN<<METTE<<<<<<<<<<<<<<<<<<<<<<<\n1234567897DNK8403124F3103050<<<<<<<<<<<<<<<8"


@pytest.fixture
def mette(ada: User, aarhus: Branch, now: datetime) -> Customer:
    return make.customer(
        stage=Stage.ONBOARDING, adviser=ada, branch=aarhus, at=now, given_names="Mette",
        family_name="Sørensen", born_on=date(1984, 3, 12),
    )  # fmt: skip


@pytest.fixture
def hand_in(mette: Customer, ola: User, now: datetime) -> Callable[..., Document]:
    def upload(**what: Any) -> Document:
        given: dict[str, Any] = {"kind": "income", "file": PNG, "customer": mette, "at": now}
        return services.upload_document(**{**given, "actor": ola, **what})

    return upload


def events_of(document: Document) -> list[str]:
    found = Event.objects.filter(record_id=document.pk).order_by("sequence")
    return list(found.values_list("action", flat=True))


def test_what_is_asked_for_is_handed_in_and_accepted(
    mette: Customer, ola: User, now: datetime, hand_in: Any
) -> None:
    asked = services.request_document(
        customer=mette, kind="income", note="Your last payslip", actor=ola, at=now
    )
    assert services.request_document(
        customer=mette, kind="income", note="Your last payslip ", actor=ola, at=now
    ) == asked  # fmt: skip
    with pytest.raises(TransitionRefused, match="file is attached"):
        lifecycle.perform(record=asked, name="upload", actor=ola, at=now)
    document = hand_in()
    assert document == asked
    assert files.read(key=document.file)[:2] == b"\xff\xd8"
    done = lifecycle.perform(record=document, name="accept", actor=ola, at=now)
    assert (done.state, events_of(done)) == ("ACCEPTED", ["create", "change", "upload", "accept"])


def test_rejected_with_a_reason_it_is_asked_for_again(
    mette: Customer, ola: User, now: datetime, hand_in: Any
) -> None:
    document = hand_in()
    with pytest.raises(TransitionRefused):
        lifecycle.perform(record=document, name="reject", actor=ola, at=now)
    lifecycle.perform(record=document, name="reject", actor=ola, at=now, reason="Too dark")
    again = Document.objects.get(again_of=document)
    assert (again.state, again.kind) == ("REQUESTED", "income")
    assert selectors.rejection_reasons(documents=[again]) == {document.pk: "Too dark"}
    with pytest.raises(ValidationError, match="could not be used"):
        hand_in()
    assert hand_in(file=papers.picture("blue")) == again
    assert files.read(key=document.file), "what was rejected is kept"


def test_the_same_file_again_is_the_same_document(
    mette: Customer, hand_in: Any, ola: User, now: datetime
) -> None:
    first = hand_in()
    assert hand_in() == first
    other = hand_in(customer=make.customer(at=now))
    assert other != first
    assert [one.is_elsewhere for one in selectors.documents_of(customer=mette)] == [True]  # type: ignore[attr-defined]


def test_a_refused_file_leaves_nothing(mette: Customer, hand_in: Any) -> None:
    with pytest.raises(uploads.UploadRefused):
        hand_in(file=b"MZ")
    with pytest.raises(ValidationError):
        hand_in(kind="nonsense")
    assert not Document.objects.exists()


def test_there_is_an_end_to_what_waits(mette: Customer, hand_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("customers.services.documents.MOST_WAITING", 1)
    hand_in()
    with pytest.raises(ValidationError, match="many files"):
        hand_in(file=papers.picture("blue"))
    assert Document.objects.count() == 1


def test_the_zone_says_when_it_expires_and_what_differs(
    mette: Customer, hand_in: Any, ola: User, now: datetime
) -> None:
    passport = hand_in(kind="passport", zone_lines=ZONE)
    assert (passport.expires_on, passport.issuer, passport.number_end) == (
        date(2031, 3, 5), "DNK", "6789",
    )  # fmt: skip
    assert passport.zone_differs == []
    other = make.customer(given_names="Else", family_name="Holm", born_on=date(1990, 1, 1), at=now)
    assert hand_in(customer=other, kind="passport", zone_lines=ZONE).zone_differs == [
        "name", "born_on",
    ]  # fmt: skip
    for bad, field in (
        ({"zone_lines": ZONE.replace("8403124", "8403125")}, "zone_lines"),
        ({"zone_lines": papers.ANNA}, "expires_on"),
        ({"zone_lines": ZONE, "expires_on": date(2030, 1, 1)}, "expires_on"),
        ({"zone_lines": ZONE, "kind": "income"}, "zone_lines"),
    ):
        with pytest.raises(ValidationError) as caught:
            hand_in(**{"kind": "passport", "file": papers.picture("blue"), **bad})
        assert list(caught.value.message_dict) == [field]


def test_a_passport_without_an_end_is_not_accepted(hand_in: Any, ola: User, now: datetime) -> None:
    passport = hand_in(kind="passport")
    with pytest.raises(TransitionRefused, match="date of expiry is known"):
        lifecycle.perform(record=passport, name="accept", actor=ola, at=now)
    services.describe_document(
        document=passport, expires_on=now.date() + timedelta(days=30), actor=ola, at=now
    )
    lifecycle.perform(record=passport, name="accept", actor=ola, at=now)
    with pytest.raises(TransitionRefused):
        services.describe_document(
            document=passport, expires_on=now.date() + timedelta(days=99), actor=ola, at=now
        )


def test_its_end_is_announced_once_and_comes(
    mette: Customer, hand_in: Any, ola: User, now: datetime
) -> None:
    ends = now.date() + timedelta(days=90)
    passport = hand_in(kind="passport", expires_on=ends)
    lifecycle.perform(record=passport, name="accept", actor=ola, at=now)
    assert services.announce_expiring(at=now) == 0
    soon = now + timedelta(days=31)
    assert [services.announce_expiring(at=soon) for _ in range(2)] == [1, 0]
    event = Event.objects.get(record_id=passport.pk, action="expiring")
    assert event.payload["customer_id"] == str(mette.pk)
    assert services.expire_documents(at=now + timedelta(days=90)) == 0
    over = now + timedelta(days=91)
    assert services.expire_documents(at=over) == 1
    assert not selectors.standing(customer=mette, kinds=["passport"], on=over.date()).exists()


def test_who_may_not_does_not(mette: Customer, hand_in: Any, max_: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        hand_in(actor=max_)
    with pytest.raises(PermissionDenied):
        services.request_document(customer=mette, kind="income", actor=max_, at=now)
    themself = actors.themself(customer_id=mette.pk)
    assert hand_in(actor=themself).state == "UPLOADED"
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=Document.objects.get(), name="accept", actor=themself, at=now)


def test_erasure_takes_the_file(
    mette: Customer, hand_in: Any, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    from customers.services.documents import drop_documents

    document = hand_in(kind="passport", zone_lines=ZONE)
    other = hand_in(customer=make.customer(at=now))
    with django_capture_on_commit_callbacks(execute=True):
        drop_documents(customer_ids=[mette.pk])
    with pytest.raises(FileNotFoundError):
        files.read(key=document.file)
    document.refresh_from_db()
    assert (document.file, document.digest, document.number_end) == ("", None, "")
    assert files.read(key=other.file)
    entry = registries.personal_data.get(Document)
    assert entry is not None
    assert entry.own == "*"


# Pages -----------------------------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_tab_takes_shows_and_gives(mette: Customer, ola: User, bo: User, now: datetime) -> None:
    page, browser = f"/customers/{mette.pk}/", signed_in(ola)
    sent = SimpleUploadedFile("pas.jpg", papers.picture(), "text/html")
    answer = browser.post(f"{page}documents/", {"kind": "passport", "file": sent,
                                                 "zone_lines": ZONE})  # fmt: skip
    assert answer["Location"] == f"{page}?tab=documents"
    document = Document.objects.get()
    shown = browser.get(f"{page}?tab=documents").content.decode()
    assert "•••• 6789" in shown
    assert "accept" in shown
    file = browser.get(f"/customers/documents/{document.pk}/file/")
    assert file["Content-Disposition"].startswith('attachment; filename="passport-')
    assert (file["X-Content-Type-Options"], file["Content-Type"]) == ("nosniff", "image/jpeg")
    assert b"".join(file)[:2] == b"\xff\xd8"
    assert AccessLog.objects.filter(kind="export", record_ids__contains=[str(document.pk)]).exists()
    assert signed_in(bo).get(f"/customers/documents/{document.pk}/file/").status_code == 404
    bad = SimpleUploadedFile("pas.jpg", b"MZ")
    told = browser.post(f"{page}documents/", {"kind": "income", "file": bad}, follow=True)
    assert "Only PDF files and pictures" in told.content.decode()


def test_the_api_takes_lists_and_gives(mette: Customer, ola: User, now: datetime) -> None:
    browser, here = signed_in(ola), f"/api/v1/customers/{mette.pk}/documents/"
    asked = browser.post(f"{here}ask/", {"kind": "income", "note": "Payslip"}, "application/json")
    assert asked.status_code == 201, asked.content
    sent = SimpleUploadedFile("a.pdf", papers.pdf())
    made = browser.post(here, {"kind": "income", "file": sent, "request": asked.json()["id"]})
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["pages"]) == ("UPLOADED", 1)
    assert made.json()["id"] == asked.json()["id"]
    again = browser.post(
        here, {"kind": "income", "file": SimpleUploadedFile("b.pdf", papers.pdf(pages=2)),
               "request": asked.json()["id"]},
    )  # fmt: skip
    assert again.status_code == 409
    bad = browser.post(here, {"kind": "tax", "file": SimpleUploadedFile("a.pdf", b"")})
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (422, "empty")
    listed = browser.get(here).json()["results"]
    assert [one["id"] for one in listed] == [made.json()["id"]]
    one = f"/api/v1/documents/{made.json()['id']}/"
    assert b"".join(browser.get(f"{one}file/"))[:5] == b"%PDF-"
    tag = browser.get(one)["ETag"]
    done = browser.patch(
        one, {"expires_on": "2099-01-01"}, "application/json", headers={"If-Match": tag}
    )
    assert done.json()["expires_on"] == "2099-01-01", done.content
    assert "is_elsewhere" not in done.json()


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n--x--", b"\xff" * 50])
def test_the_api_answers_bad_forms(mette: Customer, ola: User, body: bytes) -> None:
    answer = signed_in(ola).generic(
        "POST", f"/api/v1/customers/{mette.pk}/documents/", body,
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert answer.status_code == 400, answer.content
