"""What customers do with their link and officers beside it, on a phone and at a desk."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from clm.core.models import Event, User
from customers import services as shared
from customers.models import Document
from onboarding import services
from onboarding.models import Application, ApplicationLink
from tests import browser as real
from tests import papers
from tests.factories import customers
from tests.factories import onboarding as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), real.needs_chromium]
PHONE, DESK = (390, 844), (1440, 900)
Opens = Callable[..., Page]


@pytest.fixture(scope="module")
def running() -> Iterator[Browser]:
    """One browser for all journeys: each person in them has a context of their own."""
    with real.browser() as one:
        yield one


@pytest.fixture
def opens(running: Browser, live_server: Any) -> Iterator[Opens]:
    """Somebody at a device of theirs; at the end nobody's browser has complained."""
    pages: list[Page] = []

    def one(user: User | None = None, *, language: str = "da", **look: Any) -> Page:
        size = look.pop("size", DESK)
        page = real.page_for(
            user, running=running, base_url=live_server.url, language=language,
            theme=look.pop("theme", "light"), width=size[0], height=size[1],
        )  # fmt: skip
        page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": live_server.url}]
        )
        page.set_default_timeout(20_000)
        pages.append(page)
        return page

    yield one
    told = [said for page in pages for said in page.problems]  # type: ignore[attr-defined]
    for page in pages:
        page.context.close()
    # What the bank refuses (409, 410, 422) the browser calls an error of its own.
    assert [said for said in told if not re.search(r"status of 4(09|10|22)", said)] == []


@pytest.fixture
def application(ola: User) -> Application:
    return make.application(at=timezone.now(), officer=ola, answered=False)


def link_to(application: Application, officer: User) -> str:
    _link, secret = services.make_link(application=application, actor=officer, at=timezone.now())
    return f"/my/link/{secret}/"


def goes_in(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/my/link/")
    return page


def answers(page: Page, key: str, **changes: str) -> None:
    """Fill in the task on the page by its fields' names, and go on."""
    for name, value in {**make.ANSWERS[key], **changes}.items():
        field = page.locator(f"[name='answer-{name}']")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "checkbox":
            field.set_checked(bool(value))
        else:
            field.fill(", ".join(value) if isinstance(value, list) else str(value))
    page.locator("main form .btn-primary").click()
    page.wait_for_load_state()


def clean(page: Page, name: str) -> None:
    real.screenshot(page, name=f"link-{name}")
    assert (real.axe(page), real.overflow(page) <= 0) == ([], True), name


def test_left_on_a_phone_and_taken_up_at_a_desk(
    opens: Opens, application: Application, ola: User
) -> None:
    address = link_to(application, ola)
    phone = goes_in(opens(size=PHONE, theme="dark"), address)
    phone.get_by_role("link", name="Fortsæt: Hvem du er").click()
    clean(phone, "person-da-dark")
    # Something is wrong: it says so beside the field, and the rest stays.
    answers(phone, "person", cpr="12")
    expect(phone.locator("#answer-cpr-error")).to_be_visible()
    expect(phone.locator("[name='answer-family_name']")).to_have_value("Kragh")
    answers(phone, "person")
    phone.goto("/my/link/")
    clean(phone, "home-da-dark")
    phone.get_by_role("button", name="Fortsæt senere").click()
    expect(phone.locator("h1")).to_have_text("På gensyn")
    assert phone.goto("/my/link/").status == 410  # type: ignore[union-attr]
    desk = goes_in(opens(language="en"), address)
    expect(desk.get_by_text(re.compile(r"^1 of \d+$"))).to_be_visible()
    clean(desk, "home-en")
    desk.get_by_role("link", name="Who you are").click()
    expect(desk.locator("[name='answer-given_names']")).to_have_value("Mette")
    told = Event.objects.filter(record_id=application.pk, action__startswith="link_")
    acts = list(told.order_by("sequence").values_list("action", flat=True))
    assert acts == ["link_made", "link_opened", "link_left"]


def test_sent_in_twice_is_sent_in_once(opens: Opens, ola: User) -> None:
    application = make.application(at=timezone.now(), officer=ola)
    one = goes_in(opens(size=PHONE, language="en"), link_to(application, ola))
    two = one.context.new_page()
    two.goto("/my/link/")
    for tab in (one, two):
        tab.get_by_role("button", name="Send it in").click()
        expect(tab.get_by_text("We are working on it")).to_be_visible()
    assert Event.objects.filter(record_id=application.pk, action="submit").count() == 1
    clean(one, "sent-en")


def test_a_document_is_refused_and_sent_again(
    opens: Opens, application: Application, ola: User, tmp_path: Any
) -> None:
    picture, better = tmp_path / "dark.jpg", tmp_path / "better.jpg"
    picture.write_bytes(papers.picture())
    better.write_bytes(papers.picture((9, 90, 200)))
    phone = goes_in(opens(size=PHONE), link_to(application, ola))
    phone.goto("/my/link/tasks/identity/")
    phone.select_option("[name=kind]", "passport")
    phone.set_input_files("[name=file]", str(picture))
    phone.get_by_role("button", name="Send").click()
    phone.wait_for_url(lambda url: "identity" not in url)
    officer = opens(ola, language="en")
    officer.goto(f"/customers/{application.customer_id}/?tab=documents")
    officer.locator("#main").get_by_role("button", name=re.compile("^Reject")).first.click()
    asked = officer.locator("dialog[open]")
    asked.get_by_label("Reason").fill("Billedet er for mørkt")
    asked.get_by_role("button", name=re.compile("^Reject")).click()
    expect(officer.locator("#main").get_by_text("Asked for").first).to_be_visible()
    phone.goto("/my/link/tasks/identity/")
    expect(phone.get_by_text("Billedet er for mørkt")).to_be_visible()
    clean(phone, "again-da")
    phone.select_option("[name=kind]", "passport")
    phone.set_input_files("[name=file]", str(better))
    phone.get_by_role("button", name="Send").click()
    phone.wait_for_url(lambda url: "identity" not in url)
    phone.goto("/my/link/tasks/identity/")
    expect(phone.get_by_text("Billedet er for mørkt")).to_have_count(0)
    states = Document.objects.order_by("created_at").values_list("state", flat=True)
    assert list(states) == ["REJECTED", "UPLOADED"]


def test_a_link_that_ran_out_is_replaced(opens: Opens, application: Application, ola: User) -> None:
    address = link_to(application, ola)
    ApplicationLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    phone = opens(size=PHONE, theme="dark")
    assert phone.goto(address).status == 410  # type: ignore[union-attr]
    expect(phone.locator("h1")).to_have_text("Dette link virker ikke")
    clean(phone, "gone-da-dark")
    desk = opens(ola, language="en")
    desk.goto(f"/onboarding/applications/{application.pk}/")
    desk.get_by_role("button", name="Make a link").click()
    made = desk.locator("#new-link").input_value()
    goes_in(phone, made)
    expect(phone.get_by_text(re.compile(r"^0 af \d+$"))).to_be_visible()


def test_two_officers_on_one_application(
    opens: Opens, application: Application, ola: User, make_user: Any, aarhus: Any
) -> None:
    pia = make_user("pia", "onboarding_officer", branch=aarhus)
    place = f"/onboarding/applications/{application.pk}/?task=reach"
    first, second = opens(ola, language="en"), opens(pia, language="en")
    for desk in (first, second):
        desk.goto(place)
    for desk, mail in ((first, "first@example.dk"), (second, "second@example.dk")):
        desk.fill("[name='answer-email']", mail)
        desk.fill("[name='answer-residence_country']", "DK")
        desk.locator("#main").get_by_role("button", name="Save and go on").click()
        desk.wait_for_load_state()
    # The second is told, and what the first wrote stands.
    expect(second.locator("#toasts")).to_contain_text("changed")
    application.customer.refresh_from_db()
    mails = application.customer.contact_points.filter(kind="email", valid_to=None)
    assert list(mails.values_list("value", flat=True)) == ["first@example.dk"]


def test_a_company_with_three_owners(opens: Opens, ola: User) -> None:
    company = customers.customer(
        kind="organisation", stage="ONBOARDING", name="Tre Søstre ApS", at=timezone.now()
    )
    application = make.application(customer=company, at=timezone.now(), answered=False)
    phone = goes_in(opens(size=PHONE), link_to(application, ola))
    expect(phone.get_by_text(re.compile(r"^\d af \d+$"))).to_be_visible()
    phone.goto("/my/link/tasks/structure/")
    phone.fill("[name='answer-beneficial_owners']", "Anna, Berit og Clara Holm, en tredjedel hver")
    phone.fill("[name='answer-signatories']", "Anna Holm")
    clean(phone, "owners-da")
    phone.locator("main form .btn-primary").click()
    phone.wait_for_url(lambda url: "structure" not in url)
    now = timezone.now()
    for name in ("Anna", "Berit", "Clara"):
        owner = customers.customer(given_names=name, family_name="Holm", at=now)
        shared.add_relation(
            customer=owner, other=company, kind="ownership", share=Decimal("33.33"),
            actor=ola, at=now,
        )  # fmt: skip
    desk = opens(ola, language="da")
    desk.goto(f"/customers/{company.pk}/?tab=relations")
    for name in ("Anna Holm", "Berit Holm", "Clara Holm"):
        expect(desk.locator("#main").get_by_text(name).first).to_be_visible()
    real.screenshot(desk, name="owners")


def test_a_young_person_names_their_guardian(opens: Opens, ola: User, tmp_path: Any) -> None:
    child = customers.customer(
        stage="ONBOARDING", given_names="Ida", born_on=date(2014, 5, 1), at=timezone.now()
    )
    application = make.application(customer=child, at=timezone.now(), answered=False)
    assert application.template.kind == "young_person"
    phone = goes_in(opens(size=PHONE), link_to(application, ola))
    phone.get_by_role("link", name="Hvem der har ansvaret for dig").click()
    # Who is responsible is not left out.
    phone.locator("main form .btn-primary").click()
    expect(phone.locator("#answer-guardian_name-error")).to_be_visible()
    clean(phone, "guardian-da")
    phone.fill("[name='answer-guardian_name']", "Karla Holm")
    phone.select_option("[name='answer-guardian_relation']", "parent")
    phone.select_option("[name='answer-custody']", "sole")
    for one in phone.locator("main input:not([type=hidden])[name^='answer-']").all():
        kind = one.get_attribute("type")
        if kind == "checkbox":
            one.check()
        elif not one.input_value():
            one.fill("karla@example.dk" if kind == "email" else "29110418")
    phone.locator("main form .btn-primary").click()
    phone.wait_for_url(lambda url: not url.endswith("/guardian/"))
    assert application.tasks.get(key="guardian").done_at
