"""The administrator's history pages: who changed which field from what to what."""

import pytest

from clm.core import lifecycle
from customers import services
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


def test_a_change_is_told_field_by_field(client_for, admin_, aarhus, ada):
    client = client_for(admin_)
    client.post(f"/admin/core/user/{ada.pk}/change/", {
        "username": "ada", "first_name": "Ada", "last_name": "Holm", "branch": str(aarhus.pk),
        "language": "en", "is_active": "on",
    })  # fmt: skip
    ada.refresh_from_db()
    assert ada.last_name == "Holm"
    page = client.get(f"/admin/core/user/{ada.pk}/history/").content.decode()
    row = next(one for one in page.split("<tr>") if "Last name" in one)
    cells = [cell.partition("</td>")[0] for cell in row.split("<td>")[2:]]
    assert cells == ["Admin Test", "Last name", "Test", "Holm"]
    assert "argon2" not in page
    assert "md5$" not in page


def test_references_and_choices_are_words_in_the_readers_language(
    client_for, make_user, aarhus, odense, ada, bo, now
):
    both = make_user(
        "eva", "administrator", "compliance_officer", branch=aarhus, is_staff=True, language="da"
    )
    customer = make.customer(branch=aarhus, adviser=ada)
    services.change_customer(
        customer=customer, changes={"adviser": bo, "branch": odense}, actor=ada, at=now
    )
    lifecycle.perform(record=customer, name="start_onboarding", actor=ada, at=now)
    page = client_for(both).get(f"/admin/customers/customer/{customer.pk}/history/")
    text = page.content.decode()
    assert "Ændringer" in text
    assert "Bo Test" in text
    assert "Odense" in text
    # The stage is an event, not a change of a field.
    assert "Hændelser" in text


def test_a_history_is_no_way_round_the_reach(client_for, make_user, odense, aarhus, ada):
    elsewhere = make_user("eva", "administrator", "adviser", branch=odense, is_staff=True)
    near = make_user("ida", "administrator", "adviser", branch=aarhus, is_staff=True)
    customer = make.customer(branch=aarhus, adviser=ada)
    address = f"/admin/customers/customer/{customer.pk}/history/"
    assert client_for(elsewhere).get(address).status_code in {302, 404}
    assert client_for(near).get(address).status_code == 200
