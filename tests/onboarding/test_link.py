"""The customer link: one application, on any phone, until it is taken back."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import requests
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from clm.core import actors, lifecycle
from clm.core.identity import provider
from clm.core.identity.standin import Person, StandIn
from clm.core.lifecycle import TransitionRefused
from clm.core.models import AccessLog, Event, SignInAttempts, User
from customers import services as customer_services
from customers.models import ConsentEntry, Document, Relation
from onboarding import services
from onboarding.models import Application, ApplicationLink, ApplicationTask
from tests import papers
from tests.factories import customers
from tests.factories import onboarding as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(ola: User) -> Application:
    return make.application(at=timezone.now(), officer=ola, answered=False)


@pytest.fixture
def secret(application: Application, ola: User) -> str:
    return services.make_link(application=application, actor=ola, at=timezone.now())[1]


def phone(secret: str, language: str = "en") -> Client:
    """A browser that has opened the link."""
    browser = Client(headers={"Accept-Language": language})
    browser.cookies["django_language"] = language
    answer = browser.post(f"/my/link/{secret}/")
    assert answer["Location"] == "/my/link/", answer.status_code
    return browser


def answers(key: str, **changes: Any) -> dict[str, Any]:
    found = {f"answer-{name}": value for name, value in make.ANSWERS[key].items()}
    plain = {k: ", ".join(v) if isinstance(v, list) else v for k, v in found.items()}
    plain = {k: ("1" if v is True else v) for k, v in plain.items()}
    return plain | {f"answer-{name}": value for name, value in changes.items()}


def acted(application: Application) -> list[str]:
    found = Event.objects.filter(record_id=application.pk, action__startswith="link")
    return list(found.order_by("sequence").values_list("action", flat=True))


def test_an_application_is_filled_in_and_sent_by_phone(
    application: Application, secret: str
) -> None:
    browser = phone(secret)
    place = "/my/link/tasks/person/"
    assert place in browser.get("/my/link/").content.decode()
    for key in ("person", "identity", "reach", "purpose", "tax", "terms"):
        assert browser.get(f"/my/link/tasks/{key}/").status_code == 200
        if key == "identity":
            sent = SimpleUploadedFile("p.jpg", papers.picture())
            answer = browser.post(f"/my/link/tasks/{key}/", {"kind": "passport", "file": sent})
        else:
            answer = browser.post(f"/my/link/tasks/{key}/", answers(key))
        assert answer.status_code == 302, (key, answer.content.decode())
    assert Document.objects.get().customer == application.customer
    for _twice in range(2):
        assert browser.post("/my/link/send/")["Location"] == "/my/link/"
    application.refresh_from_db()
    assert application.state == "SUBMITTED"
    assert Event.objects.filter(record_id=application.pk, action="submit").count() == 1
    page = browser.get("/my/link/").content.decode()
    assert "We are working on it" in page
    assert "KYC" not in page
    # What is sent in is not changed any more, from an old page either.
    assert browser.post(place, answers("person", given_names="Eve"))["Location"] == "/my/link/"
    application.customer.refresh_from_db()
    assert application.customer.given_names == "Mette"
    assert AccessLog.objects.filter(actor__username="customer", route="link:home").exists()


def test_what_is_wrong_stands_beside_it_and_the_rest_is_kept(
    application: Application, secret: str
) -> None:
    browser = phone(secret)
    wrong = browser.post("/my/link/tasks/person/", answers("person", cpr="12"))
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'id="answer-cpr-error"' in page
    assert 'value="Kragh"' in page
    left = browser.post("/my/link/tasks/person/", answers("person", nationalities=""))
    assert left.status_code == 422
    assert 'id="answer-nationalities-error"' in left.content.decode()
    # On another device it is all there.
    assert 'value="Kragh"' in phone(secret).get("/my/link/tasks/person/").content.decode()
    later = browser.post("/my/link/tasks/person/", {**answers("reach"), "later": "1"})
    assert later.status_code == 422, "another task's questions"
    bad = SimpleUploadedFile("p.pdf", b"MZ")
    refused = browser.post("/my/link/tasks/identity/", {"kind": "passport", "file": bad})
    assert "Only PDF files and pictures" in refused.content.decode()
    unsent = browser.post("/my/link/send/")
    assert unsent.status_code == 409
    assert "All required answers are given" in unsent.content.decode()


def test_two_devices_at_once(application: Application, secret: str) -> None:
    one, two = phone(secret), phone(secret)
    version = ApplicationTask.objects.get(application=application, key="tax").version
    said = {**answers("tax"), "version": str(version)}
    assert one.post("/my/link/tasks/tax/", said).status_code == 302
    late = two.post("/my/link/tasks/tax/", {**said, "answer-tax_countries": "SE"})
    assert late.status_code == 409
    assert "another device" in late.content.decode()
    assert 'value="SE"' in late.content.decode()


@pytest.mark.parametrize("how", ["unknown", "revoked", "replaced", "expired", "erased"])
def test_a_link_that_is_no_good_says_one_thing(
    application: Application, secret: str, ola: User, how: str
) -> None:
    browser = phone(secret)
    now = timezone.now()
    if how == "unknown":
        browser = Client()
        secret = "x" * 43
    elif how == "revoked":
        assert services.revoke_link(application=application, actor=ola, at=now)
        assert not services.revoke_link(application=application, actor=ola, at=now)
    elif how == "replaced":
        services.make_link(application=application, actor=ola, at=now)
    elif how == "expired":
        ApplicationLink.objects.update(expires_at=now - timedelta(seconds=1))
    else:
        ApplicationLink.objects.all().delete()
    pages = {
        re.sub(r'name="csrfmiddlewaretoken"[^>]*', "", answer.content.decode()).replace(path, "")
        for path in (f"/my/link/{secret}/", "/my/link/", "/my/link/tasks/person/")
        for answer in [browser.get(path)]
        if answer.status_code == 410
    }
    assert len(pages) == 1
    assert "This link does not work" in pages.pop()
    assert browser.post("/my/link/tasks/tax/", answers("tax")).status_code == 410


def test_a_link_opens_its_application_and_nothing_else(
    application: Application, secret: str, ola: User
) -> None:
    other = make.application(at=timezone.now(), officer=ola, answered=False)
    browser = phone(secret)
    browser.post("/my/link/tasks/tax/", answers("tax"))
    assert not ApplicationTask.objects.get(application=other, key="tax").done_at
    assert browser.get("/my/").status_code == 302
    assert browser.get(f"/onboarding/applications/{application.pk}/").status_code == 302
    assert browser.get("/my/link/tasks/nothing/").status_code == 404
    kept = ApplicationLink.objects.get(application=application)
    assert secret.encode() not in bytes(kept.digest)
    cookie = browser.cookies["clm_link"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/my/link/", True, "Lax")


def test_consents_are_answered_once_by_the_wording_that_was_shown(
    application: Application, secret: str
) -> None:
    browser = phone(secret, "da")
    page = browser.get("/my/link/consents/").content.decode()
    wording = re.search(r'name="wording-marketing" value="([^"]+)"', page)
    assert wording
    said = {"yes-marketing-email": "1", "wording-marketing": "made-up"}
    assert browser.post("/my/link/consents/", said).status_code == 409
    assert not ConsentEntry.objects.exists()
    for channel in ("email", "sms"):
        said = {f"yes-marketing-{channel}": "1", "wording-marketing": wording[1]}
        assert browser.post("/my/link/consents/", said)["Location"] == "/my/link/"
    entry = ConsentEntry.objects.get()
    assert (entry.channel, entry.decision, entry.wording_version, entry.language) == (
        "email", "given", wording[1], "da",
    )  # fmt: skip
    assert entry.source == "application-link"


def test_coming_going_and_staying_away_are_told(
    application: Application, secret: str, ola: User
) -> None:
    browser = phone(secret)
    browser.get("/my/link/")
    browser.get("/my/link/")
    link = ApplicationLink.objects.get()
    themself = actors.themself(customer_id=application.customer_id)
    later = timezone.now() + timedelta(hours=2)
    services.note_visit(link=link, actor=themself, at=later)
    answer = browser.post("/my/link/later/")
    assert "See you later" in answer.content.decode()
    assert browser.get("/my/link/").status_code == 410
    assert services.note_abandoned(at=later + timedelta(hours=23)) == 0
    assert [services.note_abandoned(at=later + timedelta(hours=25)) for _ in range(2)] == [1, 0]
    assert acted(application) == [
        "link_made", "link_opened", "link_returned", "link_left", "link_abandoned",
    ]  # fmt: skip


def test_tries_are_counted_by_address(secret: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("onboarding.web.link.TRIES", 2)
    browser = Client()
    codes = [browser.get(f"/my/link/{'x' * 40}{n}/").status_code for n in range(3)]
    assert codes == [410, 410, 429]
    assert SignInAttempts.objects.count() == 1


def test_who_may_make_one(application: Application, max_: User, ola: User) -> None:
    now = timezone.now()
    themself = actors.themself(customer_id=application.customer_id)
    for nobody in (max_, themself):
        with pytest.raises(PermissionDenied):
            services.make_link(application=application, actor=nobody, at=now)
    lifecycle.perform(record=application, name="withdraw", actor=ola, at=now)
    with pytest.raises(TransitionRefused):
        services.make_link(application=application, actor=ola, at=now)


def test_the_officer_sees_it_once(application: Application, ola: User) -> None:
    browser, page = Client(), f"/onboarding/applications/{application.pk}/"
    browser.force_login(ola)
    made = browser.post(f"{page}link/").content.decode()
    address = re.search(r'value="(http://testserver/my/link/[^"]+)"', made)
    assert address
    assert phone(address[1].rsplit("/", 2)[1]).get("/my/link/").status_code == 200
    assert "/my/link/" not in browser.get(page).content.decode()
    assert browser.post(f"{page}link/revoke/")["Location"] == page
    assert Client().get(address[1]).status_code == 410


def test_a_system_makes_a_link_and_takes_it_back(
    application: Application, ola: User, ada: User, client_for: Any
) -> None:
    place = f"/api/v1/applications/{application.pk}/links/"
    made = client_for(ola).post(place)
    assert made.status_code == 201, made.content
    assert made["Cache-Control"] == "no-store"
    secret = made.json()["url"].rstrip("/").rpartition("/")[2]
    assert phone(secret).get("/my/link/").status_code == 200
    # Its address is told once.
    (seen,) = client_for(ola).get(place).json()["results"]
    assert seen["created_by"] == str(ola.pk)
    assert secret not in str(seen)
    for revoked in (True, False):
        assert client_for(ola).post(f"{place}revoke/").json() == {"revoked": revoked}
    assert phone_fails(secret)
    lifecycle.perform(
        record=application, name="withdraw", actor=ola, at=timezone.now(), reason="changed mind"
    )
    assert client_for(ola).post(place).status_code == 409


def phone_fails(secret: str) -> bool:
    return Client().post(f"/my/link/{secret}/").status_code == 410


@pytest.fixture
def eid(settings: Any) -> Iterator[StandIn]:
    """An identity provider over real HTTP, at which one may be Mette or Bo."""
    people = [
        Person("Mette", claims={"dk.cpr": make.ANSWERS["person"]["cpr"]}),
        Person("Bo", claims={"dk.cpr": "0101701111", "name": "Bo Berg"}),
        Person("Ida", claims={"dk.cpr": "060514-4001", "name": "Ida Berg"}),
    ]
    back = ["http://testserver/my/link/identity/back/"]
    with StandIn(
        client_id="bank", client_secret="s", redirects=back, people=lambda: people
    ) as found:
        settings.EID_ISSUER = found.issuer
        settings.EID_CLIENT_ID, settings.EID_CLIENT_SECRET = "bank", "s"
        provider._known.clear()
        yield found


def show(browser: Client, person: int, level: str = "substantial", role: str = "") -> Any:
    """Go to the provider, be somebody there, and come back."""
    where = browser.get("/my/link/identity/", {"as": role} if role else {})["Location"]
    there = requests.post(
        where, data={"person": person, "level": level}, allow_redirects=False, timeout=5
    )
    return browser.get(there.headers["Location"].removeprefix("http://testserver"))


def test_who_it_is_stays_with_the_application(
    application: Application, secret: str, eid: StandIn, ola: User, client_for: Any
) -> None:
    browser = phone(secret)
    assert 'href="/my/link/identity/"' in browser.get("/my/link/").content.decode()
    browser.post("/my/link/tasks/person/", answers("person"))
    other = show(browser, 1)
    assert other.status_code == 409
    assert "another person’s" in other.content.decode()
    assert not application.identities.exists()
    came = show(browser, 0)
    assert came["Location"] == "/my/link/", came.content.decode()
    (kept,) = client_for(ola).get(f"/api/v1/applications/{application.pk}/").json()["identities"]
    assert kept["assurance"] == "substantial"
    assert kept["provider"] == eid.issuer
    assert kept["transaction_id"]
    assert "You have shown who you are" in browser.get("/my/link/").content.decode()
    page = client_for(ola).get(f"/onboarding/applications/{application.pk}/").content.decode()
    assert kept["transaction_id"] in page
    # The way back is good once, and in this browser.
    assert browser.get("/my/link/identity/back/?state=x&code=y").status_code == 400


def test_a_number_that_was_not_known_is_learnt(
    application: Application, secret: str, eid: StandIn
) -> None:
    application.customer.identifiers.all().delete()
    assert show(phone(secret), 1)["Location"] == "/my/link/"
    assert application.customer.identifiers.get().masked.startswith("010170")


def test_a_guardian_shows_who_they_are_for_a_child(eid: StandIn, ola: User, now: datetime) -> None:
    """By the child's link, at the provider, named; checked by the officer they are the guardian."""
    mother = customers.customer(emails=["mette@example.dk"])
    customer_services.add_identifier(
        customer=mother, kind="cpr", value="0101701111", actor=actors.system_user(), at=now
    )
    child = customers.customer(born_on=date(2014, 5, 6), stage="ONBOARDING")
    application = make.application(customer=child, at=timezone.now(), officer=ola, answered=False)
    assert application.template.kind == "young_person"
    browser = phone(services.make_link(application=application, actor=ola, at=timezone.now())[1])
    assert "?as=guardian" in browser.get("/my/link/").content.decode()
    # By the child's own way the mother's number would have become the child's.
    assert show(browser, 1).status_code == 409
    assert not child.identifiers.exists()
    # And a child is nobody's guardian.
    assert show(browser, 2, role="guardian").status_code == 409
    assert show(browser, 1, role="guardian")["Location"] == "/my/link/"
    kept = application.identities.get()
    assert (kept.role, kept.name, kept.assurance) == ("guardian", "Bo Berg", "substantial")
    named = ApplicationTask.objects.get(application=application, key="guardian")
    assert named.answers["guardian_name"] == "Bo Berg"
    assert "Bo Berg" in browser.get("/my/link/").content.decode()
    page = Client()
    page.force_login(ola)
    place = f"/onboarding/applications/{application.pk}/"
    assert "As guardian, Bo Berg showed who they are" in page.get(place).content.decode()
    check = ApplicationTask.objects.get(application=application, key="guardian_check")
    for _twice in range(2):
        services.complete_check(task=check, note="", actor=ola, at=timezone.now())
        check.refresh_from_db()
    relation = Relation.objects.get(other=child, kind="guardian")
    assert relation.customer == mother
