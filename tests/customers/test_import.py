import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from clm.core import audit, files, jobs, lifecycle
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Job
from customers import services
from customers.imports import job as import_job
from customers.imports.columns import ALIASES, cell_text, is_plain
from customers.lifecycle import BatchState, Stage
from customers.models import Customer, ImportBatch, ImportMapping, SourceRecord

pytestmark = pytest.mark.django_db

HEADER = "external_id,given_names,family_name,cpr,email,phone,born_on\n"
GOOD = HEADER + (
    "1,Mette,Sørensen,120384-1234,mette@example.dk,29110418,1984-03-12\n"
    '2,Ib,"Holm, ""den ældre""",,,,\n'
)


def faults(job: Job) -> list[tuple[int | None, str, str]]:
    return list(job.errors.order_by("line", "id").values_list("line", "column", "code"))


# What goes in ----------------------------------------------------------------------------------


def test_good_rows_become_customers_that_wait_for_admission(run_import, aarhus):
    job = run_import(GOOD)
    assert (job.state, job.done, job.total, faults(job)) == ("DONE", 2, 2, [])
    assert job.outcome["created"] == 2
    mette = Customer.objects.get(family_name="Sørensen")
    assert mette.stage == Stage.UNADMITTED
    assert mette.source == "core"
    assert mette.identifiers.get().masked == "120384-••••"
    assert Customer.objects.get(given_names="Ib").family_name == 'Holm, "den ældre"'


def test_the_same_file_again_changes_nothing(run_import):
    run_import(GOOD)
    versions = sorted(Customer.objects.values_list("pk", "version"))
    job = run_import(GOOD)
    assert job.outcome == {"created": 0, "changed": 0, "unchanged": 2, "linked": 0, "failed": 0}
    assert sorted(Customer.objects.values_list("pk", "version")) == versions
    assert SourceRecord.objects.count() == 2


def test_a_changed_row_changes_its_customer(run_import):
    run_import(GOOD)
    job = run_import(
        GOOD.replace("mette@example.dk", "ny@example.dk").replace("Mette,", "Mette K,")
    )
    assert (job.outcome["changed"], job.outcome["unchanged"]) == (1, 1)
    mette = Customer.objects.get(family_name="Sørensen")
    assert mette.given_names == "Mette K"
    assert mette.contact_points.get(kind="email", valid_to=None).value == "ny@example.dk"


def test_a_known_number_from_another_system_is_linked_not_doubled(run_import):
    run_import(GOOD)
    job = run_import("id,efternavn,cpr-nr\nX9,Sørensen,1203841234\n", source="cards")
    assert job.outcome["linked"] == 1
    assert Customer.objects.count() == 2


def test_without_an_id_the_number_is_the_key_and_is_not_kept_in_clear(run_import):
    text = "family_name,cpr\nSørensen,1203841234\n"
    run_import(text)
    assert run_import(text).outcome["unchanged"] == 1
    assert "1203841234" not in SourceRecord.objects.get().external_id


def test_a_dry_run_finds_everything_and_writes_nothing(run_import):
    job = run_import(GOOD + "3,,,bad,,,\n", dry_run=True)
    assert job.outcome["created"] == 2
    assert job.outcome["failed"] == 1
    assert not Customer.objects.exists()
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_dialects_of_csv(run_import, delimiter, ending, mark):
    text = "Kundenummer,Fornavn,Efternavn,Fødselsdato\n7,Åse,Ærø,12-03-1984".replace(",", delimiter)
    job = run_import(mark + text.replace("\n", ending).encode())
    assert job.outcome["created"] == 1, faults(job)
    assert str(Customer.objects.get().born_on) == "1984-03-12"


def test_a_saved_mapping_and_unknown_columns(run_import):
    ImportMapping.objects.create(
        name="old core", columns={"KUNDE": "external_id", "EN": "family_name"}
    )
    job = run_import("KUNDE,EN,Hobby\n1,Holm,Skak\n", mapping="old core")
    assert job.outcome["created"] == 1
    assert "hobby" in job.message
    assert run_import("a,family_name\n1,Holm\n", mapping="none such").state == "FAILED"


def test_a_field_with_line_breaks_keeps_the_line_numbers_right(run_import):
    job = run_import('external_id,family_name,occupation\n1,Holm,"a\nb\nc"\n2,,x\n')
    assert job.outcome["created"] == 1
    assert [line for line, _column, _code in faults(job)] == [5]


# Bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("9,A,B,310284-1234,,,", "identifiers", "identifiers"),
        ("9,A,B,,not-an-address,,", "email", "emails"),
        ("9,A,B,,,12,", "phone", "phones"),
        ("9,A,B,,,,31-02-1984", "born_on", "date"),
        ("9,A,B,,,,1.000,50", "", "columns"),
        ("9,A,B,,,,tomorrow", "born_on", "date"),
        ("9,A,B,,,,2999-01-01", "born_on", "born_on"),
        ("9,A,,,,,", "family_name", "family_name"),
        ("9,A\0,B,,,,", "given_names", "nul"),
        (",A,B,,,,", "external_id", "no_key"),
        ("9,A,B,,,", "", "columns"),
        (f"9,A,{'x' * 200_000},,,,", "family_name", "too_long"),
        (f"9,A,{'x' * 300},,,,", "family_name", "family_name"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_bad_row_comes_back_and_the_others_go_in(run_import, row, column, code):
    job = run_import(f"{GOOD}{row}\n3,After,Wards,,,,\n")
    assert job.state == "DONE"
    assert job.outcome["created"] == 3
    assert faults(job) == [(4, column, code)]
    assert row[:30] not in job.errors.get().detail


def test_a_row_in_another_encoding_is_named(run_import):
    job = run_import(GOOD.encode() + "3,Åse,Ærø,,,,\n".encode("latin-1") + b"4,B,C,,,,\n")
    assert job.outcome["created"] == 3
    assert {fault[2] for fault in faults(job)} == {"encoding"}


def test_an_open_quote_ends_the_reading_at_its_line(run_import):
    job = run_import(GOOD + '3,"Open,Quote,,,,\n4,A,B,,,,\n5,C,D,,,,\n')
    assert job.outcome["created"] == 2
    assert faults(job) == [(4, "", "quote")]
    assert job.state == "DONE"


def test_one_id_twice_in_a_file(run_import):
    job = run_import(GOOD + "1,Other,Person,,,,\n" + GOOD.splitlines()[1] + "\n")
    assert faults(job) == [(4, "external_id", "duplicate")]
    assert (job.outcome["created"], job.outcome["unchanged"]) == (2, 1)


def test_numbers_of_two_customers_in_one_row(run_import):
    run_import("external_id,family_name,cpr\n1,A,120384-1234\n2,B,130384-1234\n")
    run_import("external_id,name,cvr\n3,C ApS,13585628\n")
    job = run_import("external_id,family_name,cpr,cvr\n9,D,1203841234,13585628\n", source="other")
    assert faults(job) == [(2, "", "identifiers")]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n\n", b"\xef\xbb\xbf", "external_id,family_name\n1,Ø\n".encode("utf-16"),
        b"a,b,a\n1,2,3\n", b"a,,b\n1,2,3\n", b'"a,b\n1,2\n', b"colour,size\nred,2\n",
        "kundenr,fødselsdato\n".encode("latin-1"), b"PK\x03\x04\x00\x00zip",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_fails_with_a_sentence(run_import, content):
    job = run_import(content)
    assert job.state == "FAILED"
    assert job.message.endswith(".")
    assert "unexpected" not in job.message
    assert not Customer.objects.exists()


def test_only_tables_and_only_with_a_source(run_import):
    from django.core.exceptions import ValidationError

    for options in ({"file_name": "a.pdf"}, {"source": " "}):
        with pytest.raises(ValidationError):
            run_import(GOOD, **options)


def test_the_same_rows_from_a_workbook_and_from_json_lines(run_import):
    header, *rows = list(csv.reader(io.StringIO(GOOD)))
    book = io.BytesIO()
    with Workbook(book) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    by_sheet = run_import(book.getvalue(), file_name="a.xlsx", source="sheet")
    assert by_sheet.outcome["created"] == 2, faults(by_sheet)
    assert Customer.objects.get(given_names="Mette").born_on == date(1984, 3, 12)
    lines = "".join(json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in rows)
    by_line = run_import(lines, file_name="a.jsonl", source="lines")
    assert (by_line.outcome["created"], by_line.outcome["linked"]) == (1, 1), faults(by_line)


def test_every_bad_row_comes_back_in_a_file_too(run_import):
    job = run_import("external_id,family_name,born_on\n1,Holm,1984-02-31\n2,,\n3,Ærø,\n")
    assert job.outcome["created"] == 1
    text = files.read(key=job.result_file).decode("utf-8-sig")
    assert [row["line"] for row in csv.DictReader(io.StringIO(text))] == ["2", "3"]
    assert job.result_name == "customers-errors.csv"


def test_without_the_permission_nothing_starts(run_import, ada):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        run_import(GOOD, actor=ada)


# Chunks, kills, release ------------------------------------------------------------------------


def many(count: int) -> str:
    return "external_id,family_name\n" + "".join(f"{i},Nr {i}\n" for i in range(count))


def test_a_job_goes_on_where_its_last_whole_step_ended(ola, now, monkeypatch):
    monkeypatch.setattr(import_job, "CHUNK", 7)
    job = services.start_import(
        file=many(40).encode(), file_name="c.csv", source="core", actor=ola, at=now
    )
    assert jobs.run_step(job_id=job.pk, at=now)
    assert jobs.run_step(job_id=job.pk, at=now)
    assert Customer.objects.count() == 7
    # A step that dies leaves nothing: the cursor and the rows stand and fall together.
    monkeypatch.setattr(files, "open_file", lambda **_: (_ for _ in ()).throw(OSError("gone")))
    assert not jobs.run_step(job_id=job.pk, at=now)
    assert Customer.objects.count() == 7
    monkeypatch.undo()
    monkeypatch.setattr(import_job, "CHUNK", 7)
    done = jobs.run(job=job, at=now)
    assert (done.state, done.done, Customer.objects.count()) == ("DONE", 40, 40)


def test_lines_are_counted_across_chunks(ola, now, monkeypatch):
    monkeypatch.setattr(import_job, "CHUNK", 3)
    text = "external_id,family_name\n" + "".join(
        f'{i},"Nr\n{i}"\n' if i % 2 else f"{i},\n\n" for i in range(10)
    )
    job = services.start_import(
        file=text.encode(), file_name="c.csv", source="core", actor=ola, at=now
    )
    done = jobs.run(job=job, at=now)
    lines = text.split("\n")
    expected = [n for n, line in enumerate(lines, 1) if line.endswith(",") and line[0].isdigit()]
    assert [fault[0] for fault in faults(done)] == expected


def test_an_import_is_released_by_somebody_else_and_then_admitted(
    run_import, ola, make_user, now, system
):
    run_import(GOOD)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.customers) == (BatchState.PENDING, 2)
    one = Customer.objects.first()
    assert one is not None
    with pytest.raises(TransitionRefused, match="second person"):
        lifecycle.perform(record=one, name="admit_existing", actor=system, at=now)
    with pytest.raises(TransitionRefused):
        lifecycle.perform(record=batch, name="release", actor=ola, at=now)
    second = make_user("eva", "onboarding_officer")
    batch = lifecycle.perform(record=batch, name="release", actor=second, at=now)
    from clm.core import events

    released = events.for_record(batch).first()
    assert released is not None
    for _twice in range(2):
        services.admit_batch(event=released, at=now)
    job = Job.objects.get(kind="customers.admit")
    assert jobs.run(job=job, at=now).done == 2
    assert set(Customer.objects.values_list("stage", "kyc_review_on")) == {
        (Stage.ACTIVE, batch.review_on)
    }


@pytest.mark.parametrize("part", [1, 3, 1000])
def test_however_a_file_is_cut_the_same_comes_of_it(ola, now, monkeypatch, part):
    monkeypatch.setattr(import_job, "CHUNK", 7)
    monkeypatch.setattr(import_job, "PART", part)
    text = HEADER + "".join(
        f"{number % 17},Ib,Nr {number % 17},,,{'12' if number == 9 else ''},\n"
        for number in range(20)
    )
    job = services.start_import(
        file=text.encode(), file_name="c.csv", source="core", actor=ola, at=now
    )
    done = jobs.run(job=job, at=now)
    # Three ids stand in the file twice with the same content; one row has no phone number.
    assert done.outcome == {"created": 16, "changed": 0, "unchanged": 3, "linked": 0, "failed": 1}
    assert (done.done, faults(done)) == (20, [(11, "phone", "phones")])
    assert audit.verify().broken == []


cells = st.text(st.characters(max_codepoint=255) | st.sampled_from("'=\0\ud800 ½-0123456789"))


@given(name=st.sampled_from(sorted(ALIASES)), text=cells)
def test_a_plain_cell_is_read_as_any_other(name, text):
    if is_plain([text]):
        assert cell_text(name, text) == text.strip()


def test_a_workbook_that_is_refused_is_not_left_unpacked(run_import, settings):
    book = io.BytesIO()
    with Workbook(book) as sheets:
        sheets.add_worksheet().write_row(0, 0, ["nothing", "known"])
    job = run_import(book.getvalue(), file_name="a.xlsx")
    assert job.state == "FAILED"
    kept = [one.name for one in Path(settings.CLM_FILES_DIR).rglob("*") if one.is_file()]
    assert kept == [job.file.rpartition("/")[2]], "what was sent, to be looked at, and no more"
