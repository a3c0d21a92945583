"""The Robinson list: who is found on it, what it writes, and that it can be taken up again."""

import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clm.core import events, jobs
from clm.core.models import Job
from clm.core.tables import Place, Row, write_workbook
from customers import selectors, services
from customers.consent import job as robinson
from customers.consent.robinson import Listed, match, understand
from customers.lifecycle import Stage
from customers.models import ConsentEntry, RobinsonList, RobinsonMark
from customers.privacy import pack
from tests.factories import customers as make

HOME = {"line1": "Nørregade 12, 2. tv.", "postal_code": "8000", "city": "Aarhus C"}
NUMBERS = ("1203841234", "0101700006", "0101700014", "0101700022", "0101700030", "0101700049")


def person(number="", **fields):
    return make.customer(
        stage=Stage.ACTIVE, identifiers=[("cpr", number)] if number else [], **fields
    )


@pytest.fixture
def load(db, karen, now):
    def run(content, on=date(2026, 1, 1), name="list.csv", at=now, **options):
        raw = content.encode() if isinstance(content, str) else content
        job = services.start_robinson_import(
            file=raw, file_name=name, listed_on=on, actor=karen, at=at, **options
        )
        return jobs.run(job=job, at=at)

    return run


def numbers(*found):
    return "cpr\n" + "".join(f"{one}\n" for one in found)


def ledger(customer):
    return list(customer.consents.order_by("at", "id").values_list("decision", "source"))


def listed(**values):
    columns = dict(enumerate(values))
    return understand(Row(2, Place(0, 3), list(values.values())), columns)


# Who is meant ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        {"cpr": "120384-1234"},
        {"cpr": "1203841234", "name": "Anybody", "address": "Elsewhere 1", "postal_code": "1000"},
        {"name": "Åse Marie Holm Sørensen", "address": "nørregade 12", "postal_code": "8000"},
        {"name": "Holm Sørensen, Aase Marie", "address": "Nørregade 12 st.", "postal_code": "8000"},
        {"family_name": "HOLM SØRENSEN", "given_names": "Åse Marie", "address": "Nørregade 12",
         "postal_code": "8000"},
    ],
)  # fmt: skip
def test_a_customer_is_found_by_number_or_exactly_by_name_and_place(db, row):
    ase = person(NUMBERS[0], given_names="Åse Marie", family_name="Holm Sørensen", addresses=[HOME])
    assert match([listed(**row)]) == {ase.pk}


@pytest.mark.parametrize(
    "row",
    [
        {"cpr": NUMBERS[1], "name": "Åse Holm", "address": "Nørregade 12", "postal_code": "8000"},
        {"name": "Åse Holm", "address": "Nørregade 14", "postal_code": "8000"},
        {"name": "Åse Holm", "address": "Nørregade 12", "postal_code": "8200"},
        {"name": "Åse Marie Holm", "address": "Nørregade 12", "postal_code": "8000"},
        {"name": "Holms Enke", "address": "Nørregade 12", "postal_code": "8000"},
    ],
)
def test_who_is_not_meant_is_not_found(db, row):
    person(NUMBERS[0], given_names="Åse", family_name="Holm", addresses=[HOME])
    make.customer(stage=Stage.ACTIVE, kind="organisation", name="Holms Enke", addresses=[HOME])
    assert match([listed(**row)]) == set()


def test_a_number_that_nobody_holds_is_looked_for_by_name_among_those_without_one(db):
    ase = person(given_names="Åse", family_name="Holm", addresses=[HOME])
    row = listed(cpr=NUMBERS[1], name="Åse Holm", address="Nørregade 12", postal_code="8000")
    assert match([row]) == {ase.pk}


def test_matching_costs_the_same_number_of_statements_however_many_there_are(db):
    place = {"address": "Nørregade 12", "postal_code": "8000"}

    def cost(people):
        with CaptureQueriesContext(connection) as captured:
            match(people)
        return len(captured)

    one: list[Listed] = [listed(name="Åse Holm", **place), listed(cpr=NUMBERS[0])]
    person(NUMBERS[0], given_names="Åse", family_name="Holm", addresses=[HOME])
    many = [listed(name=f"Åse Holm{n}", **place) for n in range(200)]
    assert cost(one) == cost([*one, *many])


# What it writes --------------------------------------------------------------------------------


def test_a_list_is_written_to_the_ledger_and_the_next_one_takes_off_who_is_gone(load, now):
    first, second, third = (person(number) for number in NUMBERS[:3])
    job = load(numbers(*NUMBERS[:5]))
    assert job.state == Job.State.DONE, job.message
    assert job.outcome == {"people": 5, "customers": 3, "added": 3, "removed": 0, "failed": 0}
    assert ledger(first) == [("robinson", "Robinson list of 2026-01-01")]
    answer = selectors.may_contact(customer=first, purpose="marketing", channel="post", at=now)
    assert [one.code for one in answer.reasons] == ["robinson"]
    assert not job.file
    again = load(numbers(*NUMBERS[:5]))
    assert (again.outcome["added"], again.outcome["removed"]) == (0, 0)
    assert ConsentEntry.objects.count() == 3

    later = now + timedelta(days=30)
    job = load(numbers(*NUMBERS[1:6]), on=date(2026, 3, 1), at=now + timedelta(days=30))
    assert (job.outcome["added"], job.outcome["removed"]) == (0, 1)
    assert ledger(first)[1] == ("unlisted", "Robinson list of 2026-03-01")
    ask = {"purpose": "marketing", "channel": "post", "at": later}
    assert selectors.may_contact(customer=first, **ask).allowed
    assert not selectors.may_contact(customer=second, **ask).allowed
    assert ledger(third) == ledger(second) == [("robinson", "Robinson list of 2026-01-01")]
    assert not RobinsonMark.objects.exists(), "the ledger says it"
    event = events.for_record(first).first()
    assert event is not None
    assert (event.action, event.payload["decision"]) == ("robinson", "unlisted")


def test_a_shorter_list_waits_for_a_person(load):
    first = person(NUMBERS[0])
    load(numbers(*NUMBERS[:5]))
    job = load(numbers(*NUMBERS[1:4]), on=date(2026, 2, 1))
    assert job.state == Job.State.FAILED
    assert "20" in job.message
    assert len(ledger(first)) == 1
    assert load(numbers(*NUMBERS[1:5]), on=date(2026, 2, 1)).state == Job.State.DONE
    assert len(ledger(first)) == 2
    job = load(numbers(NUMBERS[5]), on=date(2026, 2, 2), force=True)
    assert job.state == Job.State.DONE
    assert RobinsonList.objects.filter(applied_at=None).count() == 0


def test_an_older_list_does_not_replace_a_newer_one(load):
    person(NUMBERS[0])
    load(numbers(NUMBERS[0]), on=date(2026, 2, 1))
    assert load(numbers(NUMBERS[0]), on=date(2026, 1, 1)).state == Job.State.FAILED


@pytest.fixture
def start(karen, now, monkeypatch):
    """A list under way, a customer a step."""
    monkeypatch.setattr(robinson, "CUSTOMERS", 1)

    def begin(on, *found, **options):
        return services.start_robinson_import(
            file=numbers(*found).encode(), file_name="a.csv", listed_on=on, actor=karen, at=now,
            force=True, **options,
        )  # fmt: skip

    return begin


def until(job, phase, at):
    while job.cursor.get("phase") != phase:
        assert jobs.run_step(job_id=job.pk, at=at), job.message
        job.refresh_from_db()


def test_of_two_lists_at_once_the_newer_alone_is_put_in_force(load, start, now):
    """The older would take off whom the newer has found on the list already."""
    people = [person(number) for number in NUMBERS[:3]]
    load(numbers(*NUMBERS[:3]), on=date(2026, 1, 1))
    older = start(date(2026, 2, 1), NUMBERS[5])
    until(older, "remove", now)
    jobs.run_step(job_id=older.pk, at=now)
    newer = start(date(2026, 3, 1), *NUMBERS[:3])
    until(newer, "remove", now)
    older = jobs.run(job=older, at=now)
    assert (older.state, "2026-03-01" in older.message) == (Job.State.FAILED, True)
    late = jobs.run(job=start(date(2026, 2, 1), NUMBERS[5]), at=now)
    assert late.state == Job.State.FAILED, "nor one that is begun meanwhile"
    assert jobs.run(job=newer, at=now).state == Job.State.DONE
    assert [ledger(one)[-1][0] for one in people] == ["robinson"] * 3


def test_of_two_lists_with_one_date_the_one_begun_later_goes_on(load, start, now):
    first = start(date(2026, 2, 1), NUMBERS[0])
    until(first, "read", now)
    assert load(numbers(NUMBERS[1]), on=date(2026, 3, 1), dry_run=True).state == Job.State.DONE
    tried = start(date(2026, 3, 1), NUMBERS[1], dry_run=True)
    until(tried, "add", now)
    until(first, "add", now)
    second = start(date(2026, 2, 1), NUMBERS[0])
    until(second, "read", now + timedelta(minutes=1))
    assert jobs.run(job=second, at=now).state == Job.State.DONE
    assert jobs.run(job=first, at=now).state == Job.State.FAILED


def test_a_list_that_came_to_nothing_leaves_no_file_and_no_trace_of_anybody(
    load, start, karen, now, settings, django_capture_on_commit_callbacks
):
    """Most people on the list are strangers to the bank."""
    customer = person(NUMBERS[0])
    book = io.BytesIO()
    write_workbook(out=book, columns=["a"], rows=iter([[1]]))
    with django_capture_on_commit_callbacks(execute=True):
        refused = load(book.getvalue(), name="a.xlsx")
        called_off = start(date(2026, 2, 1), *NUMBERS)
        jobs.cancel(job=called_off, actor=karen, at=now)
        stopped = start(date(2026, 2, 1), NUMBERS[0])
        until(stopped, "add", now)
        jobs.cancel(job=stopped, actor=karen, at=now)
        jobs.run_step(job_id=stopped.pk, at=now)
    for job in (refused, called_off, stopped):
        job.refresh_from_db()
        assert (job.state in {"FAILED", "CANCELLED"}, job.file) == (True, ""), job.message
    assert kept_files(settings) == []
    assert RobinsonMark.objects.filter(customer=customer).exists(), "until the next list"
    assert "customers.RobinsonMark" not in {
        one["model"] for own in (True, False) for one in pack.collect(customer=customer, own=own)
    }


def kept_files(settings):
    return [one for one in Path(settings.CLM_FILES_DIR).rglob("*") if one.is_file()]


def test_faults_are_named_by_line_and_take_nobody_off(load):
    first = person(NUMBERS[0])
    load(numbers(*NUMBERS[:5]))
    job = load(numbers("9999999999", *NUMBERS[1:5], ""), on=date(2026, 2, 1))
    assert [(one.line, one.column) for one in job.errors.order_by("line")] == [(2, "cpr")]
    assert "9999" not in str(job.errors.values_list("detail"))
    assert len(ledger(first)) == 1
    job = load(numbers("9999999999", *NUMBERS[1:5]), on=date(2026, 2, 1), force=True)
    assert job.outcome["removed"] == 1
    job = load("name,address,postal_code\nÅse Holm,,8000\n", on=date(2026, 2, 1), force=True)
    assert [one.code for one in job.errors.all()] == ["incomplete"]


def test_a_dry_run_counts_and_writes_nothing(load):
    person(NUMBERS[0])
    job = load(numbers(*NUMBERS[:2]), dry_run=True)
    assert (job.outcome["customers"], job.outcome["added"]) == (1, 1)
    assert not ConsentEntry.objects.exists()
    assert not RobinsonList.objects.exists()


@pytest.mark.parametrize("stop", range(1, 9))
def test_a_job_that_dies_goes_on_where_it_was(load, karen, now, monkeypatch, stop):
    monkeypatch.setattr(robinson, "ROWS", 2)
    monkeypatch.setattr(robinson, "CUSTOMERS", 1)
    people = [person(number) for number in NUMBERS[:4]]
    load(numbers(*NUMBERS[:4]))
    job = services.start_robinson_import(
        file=numbers(*NUMBERS[1:5]).encode(), file_name="a.csv", listed_on=date(2026, 2, 1),
        actor=karen, at=now,
    )  # fmt: skip
    for _step in range(stop):
        jobs.run_step(job_id=job.pk, at=now)
    # The first worker is gone; somebody imports the file again, then its lease lapses.
    load(numbers(*NUMBERS[1:5]), on=date(2026, 2, 1))
    jobs.run(job=job, at=now + timedelta(hours=1))
    assert [[line[0] for line in ledger(one)] for one in people] == [
        ["robinson", "unlisted"], ["robinson"], ["robinson"], ["robinson"],
    ]  # fmt: skip


def test_what_cannot_be_a_list_is_refused(load, karen, now):
    assert load("a,b\n1,2\n").state == Job.State.FAILED
    assert load("cpr\n").state == Job.State.FAILED
    for options in ({"file_name": "a.pdf", "listed_on": now.date()},
                    {"file_name": "a.csv", "listed_on": now.date() + timedelta(days=2)}):  # fmt: skip
        with pytest.raises(ValidationError):
            services.start_robinson_import(file=b"", actor=karen, at=now, **options)


# By command and page ---------------------------------------------------------------------------


def test_the_command_prints_one_json_document(db, tmp_path, capsys):
    person(NUMBERS[0])
    file = tmp_path / "robinson.jsonl"
    file.write_text("".join(json.dumps({"cpr": one}) + "\n" for one in NUMBERS))
    call_command("import_robinson", str(file), "--json", "--dry-run", "--date", "2026-01-01")
    assert not ConsentEntry.objects.exists()
    capsys.readouterr()
    call_command("import_robinson", str(file), "--json", "--date", "2026-01-01")
    found = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["people"], found["added"]) == (6, 6, 1)
    file.write_text(json.dumps({"cpr": NUMBERS[5]}) + "\n")
    with pytest.raises(CommandError, match="20 %"):
        call_command("import_robinson", str(file), "--date", "2026-02-01")
    call_command("import_robinson", str(file), "--date", "2026-02-01", "--force")
    assert "1 no longer on it" in capsys.readouterr().out


def test_the_page_starts_an_import(client_for, karen, ada, tmp_path):
    file = tmp_path / "r.csv"
    file.write_text(numbers(NUMBERS[0]))
    with file.open("rb") as stream:
        sent = {"file": stream, "listed_on": "2026-01-01"}
        assert client_for(karen).post("/customers/robinson/", sent).status_code == 302
    job = Job.objects.get(kind="customers.robinson")
    assert job.parameters == {"listed_on": "2026-01-01", "dry_run": False, "force": False}
    assert client_for(ada).get("/customers/robinson/").status_code == 403
