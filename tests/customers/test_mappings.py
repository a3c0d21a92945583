"""Column mappings: made from a file on the page, kept by name, used by an import."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clm.core import jobs
from clm.core.tables import write_workbook
from customers import services
from customers.models import Customer, ImportMapping

FILE = "KUNDE-NR;Mit navn;Født den;Andet\n7;Hansen;05-03-1980;x\n".encode()


@pytest.fixture
def page(client_for, ola):
    return client_for(ola)


def upload(name="kunder.csv", content=FILE):
    return SimpleUploadedFile(name, content)


def test_a_mapping_is_made_from_a_file_and_read_by_the_next_import(page, ola, now):
    shown = page.post(reverse("customers:mappings"), {"file": upload()})
    assert shown.status_code == 200
    html = shown.content.decode()
    assert "mit navn" in html
    assert "Hansen" in html
    saved = page.post(
        reverse("customers:mapping"),
        {
            "name": " Kerne ",
            "column": ["kunde-nr", "mit navn", "født den", "andet"],
            "sample": ["7", "Hansen", "05-03-1980", "x"],
            "own_0": "external_id", "own_1": "family_name", "own_2": "born_on", "own_3": "",
        },
    )  # fmt: skip
    mapping = ImportMapping.objects.get()
    assert saved.url == f"{reverse('customers:import')}?mapping={mapping.pk}"
    assert mapping.name == "Kerne"
    assert mapping.columns == {
        "kunde-nr": "external_id", "mit navn": "family_name", "født den": "born_on", "andet": "",
    }  # fmt: skip
    assert f'value="{mapping.pk}" selected' in page.get(saved.url).content.decode()
    job = services.start_import(
        file=FILE, file_name="kunder.csv", source="kerne", mapping="Kerne", actor=ola, at=now
    )
    assert jobs.run(job=job, at=now).outcome["created"] == 1
    made = Customer.objects.get(source="kerne")
    assert (made.family_name, str(made.born_on)) == ("Hansen", "1980-03-05")


def test_a_mapped_column_goes_before_a_known_name_and_an_unused_one_stays_unused(ola, now):
    services.save_mapping(name="A", columns={"x": "name", "mail": ""}, actor=ola)
    job = services.start_import(
        file=b"id,navn,mail,x\n1,Wrong,a@example.dk,Right ApS\n", file_name="a.csv", source="s",
        mapping="A", actor=ola, at=now,
    )  # fmt: skip
    assert jobs.run(job=job, at=now).outcome["created"] == 1
    made = Customer.objects.get(source="s")
    assert made.name == "Right ApS"
    assert not made.contact_points.exists()
    # What the mapping names and the file has not takes no known name away.
    other = services.start_import(
        file=b"id,navn\n2,Plain ApS\n",
        file_name="b.csv",
        source="t",
        mapping="A",
        actor=ola,
        at=now,
    )
    assert jobs.run(job=other, at=now).outcome["created"] == 1


def test_a_saved_mapping_is_opened_again_and_its_name_replaces_it(page, ola):
    first = services.save_mapping(name="A", columns={"x": "name"}, actor=ola)
    html = page.get(reverse("customers:mapping"), {"mapping": str(first.pk)}).content.decode()
    assert '<option value="name" selected' in html
    services.save_mapping(name="A", columns={"y": "family_name"}, actor=ola)
    assert ImportMapping.objects.get().columns == {"y": "family_name"}
    for wrong in ("x", str(ola.pk), ""):
        assert page.get(reverse("customers:mapping"), {"mapping": wrong}).status_code == 404


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "family_name or name"),
        ({"a": "born_on"}, "family_name or name"),
        ({"a": "name", "b": "name"}, "Two columns"),
        ({"a": "name", "b": "risk_level"}, "no column"),
    ],
)
def test_a_mapping_that_could_not_import_is_refused_with_its_reason(page, ola, columns, said):
    with pytest.raises(ValidationError, match=said):
        services.save_mapping(name="A", columns=columns, actor=ola)
    answer = page.post(
        reverse("customers:mapping"),
        {"name": "", "column": ["a"], "own_0": "name"},
    )
    assert answer.status_code == 422
    assert not ImportMapping.objects.exists()


def test_a_workbook_shows_its_columns_too(page):
    book = BytesIO()
    write_workbook(out=book, columns=["Navn", "Nr"], rows=iter([["Andersen", "1"]]))
    html = page.post(
        reverse("customers:mappings"), {"file": upload("a.xlsx", book.getvalue())}
    ).content.decode()
    assert "Andersen" in html
    assert '<option value="name" selected' in html


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF"), ("a.csv", b""), ("a.xlsx", b"PK\x03\x04broken"), ("a.csv", b"\xff\xfe\0")],
)
def test_a_file_that_cannot_be_read_is_told_at_the_field(page, name, content):
    answer = page.post(reverse("customers:mappings"), {"file": upload(name, content)})
    assert answer.status_code == 422, answer.content[:200]
