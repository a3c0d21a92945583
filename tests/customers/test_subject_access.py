import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from clm.core import files, jobs
from clm.core.documents import latinised
from clm.core.models import AccessLog
from customers import services
from customers.lifecycle import Stage
from customers.models import Customer, Relation
from customers.privacy import pack
from tests.factories import customers as make

pytestmark = pytest.mark.django_db


def opened(raw: bytes) -> tuple[dict[str, Any], bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        assert packed.namelist() == ["data.json", "pack.pdf"]
        return json.loads(packed.read("data.json")), packed.read("pack.pdf")


def test_the_pack_holds_what_every_room_knows_and_no_number_in_clear(mette, ada, now):
    job = services.start_subject_access(customer=mette, actor=ada, at=now)
    done = jobs.run(job=job, at=now)
    assert done.state == "DONE", done.message
    data, document = opened(files.read(key=done.result_file))
    held = {one["model"]: one["records"] for one in data["held"]}
    assert {"customers.Customer", "customers.ContactPoint", "customers.Holding"} <= set(held)
    names = {one["field"]: one["value"] for one in held["customers.Customer"][0]}
    assert names["family_name"] == "Sørensen"
    text = json.dumps(data, ensure_ascii=False)
    assert "mette@example.dk" in text
    assert "1203841234" not in text.replace("-", "")
    assert document.startswith(b"%PDF")
    assert b"pdfuaid" in document, "PDF/UA says so in its metadata"


def test_what_others_have_to_do_with_a_customer_is_in_both_packs(mette, now):
    ward = make.customer(at=now)
    Relation.objects.create(
        kind="guardian", customer=mette, other=ward, valid_from=now.date(), recorded_at=now
    )
    for one in (mette, ward):
        assert "customers.Relation" in {held["model"] for held in pack.collect(customer=one)}


def test_what_stayed_with_a_merged_record_is_in_the_pack(mette, karen, now):
    stays, goes = (
        make.customer(
            at=now, stage=Stage.ACTIVE, given_names="Mette", family_name=name,
            addresses=[{"kind": "home", "line1": street, "city": "Odense"}],
        )
        for name, street in (("Sørensen", "Vestergade 31"), ("Sorensen", "Søgade 2"))
    )  # fmt: skip
    services.merge_customers(
        survivor=stays, absorbed=goes, actor=karen, at=now, reason="the same person"
    )
    stays = Customer.objects.get(pk=stays.pk)
    assert not stays.addresses.filter(line1="Søgade 2").exists()
    text = json.dumps(pack.collect(customer=stays), default=str, ensure_ascii=False)
    assert {"Søgade 2", "Sorensen"} <= set(re.findall(r'"value": "([^"]+)"', text))


def test_the_pack_is_the_same_for_the_same_instant(mette, now):
    first, again = (opened(pack.archive(customer=mette, at=now)) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("language", ["da", "en"])
def test_it_is_in_the_customers_language(mette, ada, now, language):
    mette = services.change_customer(
        customer=mette, changes={"language": language}, actor=ada, at=now
    )
    data, _document = opened(pack.archive(customer=mette, at=now))
    labels = {one["label"] for entry in data["held"] for row in entry["records"] for one in row}
    assert ("efternavn" in {label.lower() for label in labels}) == (language == "da")


def test_names_in_any_script_can_be_printed(make_user, aarhus, now, system):
    customer = services.create_customer(
        kind="person", given_names="习近平 محمد", family_name="Ærø-Ωmega 😀 \u202e", branch=aarhus,
        source="test", actor=system, at=now,
    )  # fmt: skip
    assert opened(pack.archive(customer=customer, at=now))[1].startswith(b"%PDF")
    assert latinised("Ærø Ωμ Жук, 5 €") == "Ærø Ωμ Жук, 5 €"
    assert "U+4E60" in latinised("习")


def test_only_who_may_and_only_within_reach(mette, bo, ada, now):
    with pytest.raises(PermissionDenied):
        services.start_subject_access(customer=mette, actor=bo, at=now)
    job = services.start_subject_access(customer=mette, actor=ada, at=now)
    jobs.run(job=job, at=now)
    job.refresh_from_db()
    assert AccessLog.objects.filter(kind="export", record_ids=[str(mette.pk)]).count() == 1
    with pytest.raises(PermissionDenied):
        jobs.open_result(job=job, actor=bo)
