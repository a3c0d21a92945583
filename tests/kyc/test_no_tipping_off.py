"""
Nobody outside compliance comes upon a suspicious-activity report (AMLR art. 73).

Two proofs. Whatever happens to a report, no row of any other table is written: who reads other
tables reads the same with and without it. And every page, resource, export and pack is walked, by
the roles and by somebody with every permission there is but those of reports, while every customer
has a report; nothing of one may stand there.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from allauth.idp.oidc.models import Token
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from clm.core import audit, files, jobs, records, registries, work
from clm.core.api import clients
from clm.core.api.scopes import known_scopes
from clm.core.models import User
from customers import services as customer_services
from customers.models import Customer, ParkedTransaction, Transaction
from customers.privacy import pack
from customers.transactions.rows import NewTransaction
from kyc import services as kyc_services
from kyc.models import SuspicionGrant, SuspicionReport
from kyc.suspicion import services
from tests.architecture import matrix
from tests.architecture.matrix_samples import SAMPLES
from tests.architecture.test_permission_matrix import is_api, routes
from tests.factories import monitoring, suspicion

pytestmark = pytest.mark.django_db
MARKER = "Perlegravsten"
#: What every page may show, so that a walk which sees nothing is noticed.
ORDINARY = "Fyrvogter"
STATES = ("DRAFT", "PENDING", "APPROVED", "FILED", "WITHDRAWN")
OURS = ("kyc:report", "kyc:reports")


# A report in every state, all that can be done to it, and no trace in any other table -----------


def fingerprint() -> dict[str, tuple[int, str]]:
    """Of each table of others: how many rows there are, and a digest of them all."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition"
            " AND relname NOT LIKE 'kyc\\_suspicion%' ORDER BY relname"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '')"
                f' FROM "{table}" AS t'
            )
            found[table] = cursor.fetchone()
    return found


def page_of(report: SuspicionReport) -> str:
    return reverse("kyc:report", args=[report.pk])


def test_no_other_table_knows(line, karen, make_user, client_for, now, settings):
    aud = make_user("aud", "auditor")
    customer, account = monitoring.saver(at=now)
    monitoring.money(of=account, rows=[(now.date(), 9000)], at=now)
    alert = monitoring.alert(customer=customer, at=now)
    analyst, officer, auditor = (client_for(one) for one in (line, karen, aud))
    for each in (analyst, officer, auditor):
        each.get(reverse("kyc:queue"))  # what a first page writes is written
    audit.seal(at=now)
    before = fingerprint()
    assert before["core_event"][0] > 0
    assert "customers_customer" in before

    assert analyst.post(reverse("kyc:report-start"), {"alert": alert.pk}).status_code == 302
    report = SuspicionReport.objects.get()
    money = Transaction.objects.get(customer=customer)
    filled = {
        "kind": "STR", "reason": MARKER, "indicators": ["CASHX"], "transactions": [money.pk],
        "step": "propose",
    }  # fmt: skip
    assert analyst.post(page_of(report), filled).status_code == 302
    until = now.date().replace(year=2099)
    for client, name, given in (
        (officer, "report-access", {"reader": aud.pk, "reason": MARKER, "until": until}),
        (officer, "send_back", {"reason": MARKER}),
        (analyst, "", filled),
        (officer, "approve", {}),
        (officer, "report-file", {}),
        (officer, "file", {"receipt": "FIU-1", "filed_at": "2026-03-05T09:00"}),
    ):
        if name.startswith("report-"):
            address = reverse(f"kyc:{name}", args=[report.pk])
        else:
            address = (
                reverse("kyc:report-step", args=[report.pk, name]) if name else page_of(report)
            )
        assert client.post(address, given).status_code in {200, 302}, name
    report.refresh_from_db()
    assert (report.state, report.receipt) == ("FILED", "FIU-1")
    for client in (analyst, officer, auditor):
        client.get(reverse("kyc:reports") + "?chain=1")
        assert MARKER in client.get(page_of(report)).content.decode()
    withdrawn = suspicion.report(customer=customer, analyst=line, at=now)
    suspicion.taken_to("WITHDRAWN", of=withdrawn, analyst=line, officer=karen, at=now)
    audit.seal(at=now)
    after = fingerprint()
    # Who is signed in is not about reports.
    unlike = {name for name in before if before[name] != after[name]} - {"django_session"}
    assert unlike == set()
    # The measure does see a row: one event more.
    work.add_task(title="T", record=None, assignee=line, due_at=None, actor=line, at=now)
    after = fingerprint()
    assert {name for name in before if before[name] != after[name]} >= {"core_event", "core_task"}


# The walk --------------------------------------------------------------------------------------


def parked(system: User, now: Any) -> Any:
    row = NewTransaction(
        place=0, external_id="2", account="nobody", booked_on=now.date(), amount=Decimal(-5),
        currency="DKK",
    )  # fmt: skip
    customer_services.receive_batch(rows=[row], source="test", refused=0, actor=system, at=now)
    return ParkedTransaction.objects.get()


@pytest.fixture
def world(ada, line, karen, make_user, now, system) -> dict[str, Any]:
    """A record of each kind, and a report in some state about every customer there is."""
    found: dict[str, Any] = {}
    derived = {
        "parked transaction": lambda: parked(system, now),
        "model version": lambda: found["churn score"].model_version,
        "other bank": lambda: found["other account"].bank,
        "account consent": lambda: found["other account"].consent,
        "watchlist": lambda: found["hit"].watchlist,
        "watchlist version": lambda: found["hit"].watchlist.versions.get(),
        "case": lambda: found["hit"].case,
        "journey": lambda: found["touchpoint"].journey,
    }
    for kind, make in SAMPLES.items():
        if kind not in derived and kind != "suspicion report":
            found[kind] = make(ada, now)
    found |= {kind: make() for kind, make in derived.items()}
    Customer.objects.update(occupation=ORDINARY)
    found["reports"] = []
    for number, customer in enumerate(Customer.everyone.order_by("pk")):
        report = suspicion.report(
            customer=customer, analyst=line, at=now, reason=f"{MARKER} reason",
            action=f"{MARKER} action",
        )  # fmt: skip
        services.give_access(
            report=report, reader=make_user(f"reader{number}", "auditor"),
            reason=f"{MARKER} grant", until=now.date(), actor=karen, at=now,
        )  # fmt: skip
        state = STATES[number % len(STATES)]
        found["reports"].append(
            suspicion.taken_to(state, of=report, analyst=line, officer=karen, at=now)
        )
    SuspicionGrant.objects.update(withdrawn_at=now)
    assert {one.state for one in found["reports"]} == set(STATES)
    return found


def traces(world: dict[str, Any]) -> tuple[str, ...]:
    ids = [str(one.pk) for one in world["reports"]]
    return (
        MARKER, "FIU-2026-77", *ids, *(one.replace("-", "") for one in ids),
        *(one.reference for one in world["reports"]),
    )  # fmt: skip


def addresses(world: dict[str, Any]) -> Iterator[tuple[bool, str, bool]]:
    """Every GET address of pages and API, with a record of its kind, and with a report's id."""
    report = world["reports"][0]
    for route in routes():
        row = matrix.ROWS.get(route.key)
        if row is None or route.method != "GET":
            continue
        record = world.get(row.record)
        keys = [record.pk] if record is not None else []
        for key in dict.fromkeys([*keys, report.pk]):
            parts = {name: row.more.get(name, key) for name in route.parts}
            parts = {n: world["customer"].pk if str(v) == matrix.NO_SUCH else v
                     for n, v in parts.items()}  # fmt: skip
            address = reverse(route.name, kwargs=parts)
            query = row.query.format(pk=key) if row.query else ""
            yield is_api(route), f"{address}?{query}" if query else address, key == report.pk
            if not route.parts:
                break


def walk(
    client: Client, world: dict[str, Any], *, of_the_api: bool | None = None, guess: bool = True
) -> int:
    """
    Look at everything; on how many pages an ordinary word stood.

    :param guess: also with a report's id wherever an id stands in an address
    """
    told, seen = traces(world), 0
    for api, address, with_report in addresses(world):
        if of_the_api not in {None, api} or (with_report and not guess):
            continue
        answer = client.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        text = content.decode("utf-8", "replace")
        assert answer.status_code < 500, address
        # An address that was asked for may be told back (a form's action, a problem's instance).
        text = text.replace(address, "") if with_report else text
        left = [one for one in told if one in text and not (with_report and one in address)]
        assert not left, f"{address} tells {left}"
        seen += ORDINARY in text
    return seen


def everything_but(make_user: Any) -> User:
    """Staff with every permission there is, but those of reports; with the auditor's role."""
    user: User = make_user("outsider", "auditor", is_staff=True)
    about_reports = Q(content_type__model__startswith="suspicion")
    user.user_permissions.set(Permission.objects.exclude(about_reports))
    return user


def test_somebody_with_every_other_permission_finds_none(world, make_user, client_for, karen):
    client = client_for(everything_but(make_user))
    assert walk(client, world) > 5
    report = world["reports"][0]
    for typed in (report.reference, str(report.pk), MARKER, world["customer"].display_name):
        answer = client.post(reverse("web:command"), {"q": typed})
        assert answer.status_code == 200
        assert "/kyc/reports/" not in answer.content.decode()
    # The common page of transitions knows of no report, whoever asks.
    parts = ["kyc", "suspicionreport", report.pk, "withdraw"]
    for each in (client, client_for(karen)):
        assert each.post(reverse("web:transition", args=parts)).status_code == 404
    # The walk of somebody who may see it does find it.
    with pytest.raises(AssertionError, match=r"/kyc/.+ tells \['"):
        walk(client_for(karen), world, of_the_api=False)


def test_no_role_outside_compliance_finds_any(world, make_user, client_for, aarhus):
    for role in ("adviser", "manager", "onboarding_officer", "auditor", "administrator"):
        is_staff = role == "administrator"
        client = client_for(make_user(f"the-{role}", role, branch=aarhus, is_staff=is_staff))
        walk(client, world, guess=False)
        for name in OURS:
            args = [world["reports"][0].pk] if name == "kyc:report" else []
            answer = client.get(reverse(name, args=args))
            wanted = 403 if role != "auditor" else (404 if args else 200)
            assert answer.status_code == wanted, role


def test_a_client_of_the_api_with_every_scope_finds_none(world):
    oauth = clients.create_client(
        name="All", scopes=sorted(known_scopes()), reach="all", branch=None, secret="s"
    )
    token = Token(client=oauth, type=Token.Type.ACCESS_TOKEN)
    token.set_value("all")
    token.set_scopes(sorted(known_scopes()))
    token.save()
    assert walk(Client(headers={"Authorization": "Bearer all"}), world, of_the_api=True) > 0


@pytest.mark.filterwarnings("ignore:The default scheme will be changed")
def test_no_page_of_the_administrators_workbench_tells(world, make_user, client_for, settings):
    client, told = client_for(everything_but(make_user)), traces(world)
    looked = 0
    for model in admin.site._registry:
        assert not model.__name__.startswith("Suspicion"), "reports have no page there"
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{name}_changelist")]
        ours = apps.get_app_config(model._meta.app_label).name in settings.CLM_APPS
        for record in model._default_manager.all()[: 2 if ours else 0]:
            pages += [reverse(f"{name}_{page}", args=[record.pk]) for page in ("change", "history")]
        for page in pages:
            text = client.get(page).content.decode()
            assert not [one for one in told if one in text], page
            looked += ORDINARY in text
    assert looked > 0


# What is made in files -------------------------------------------------------------------------


def results(world: dict[str, Any], user: User, now: Any) -> Iterator[tuple[str, bytes]]:
    """The files of every job that gathers things about customers."""
    customer = world["alert"].customer
    for job in (
        customer_services.start_subject_access(customer=customer, actor=user, at=now),
        customer_services.start_export(format="jsonl", filters={}, actor=user, at=now),
        kyc_services.start_case_file(case=world["case"], actor=user, at=now),
    ):
        done = jobs.run(job=job, at=now)
        assert done.state == "DONE", done.message
        yield done.kind, files.read(key=done.result_file)


def unpacked(raw: bytes) -> str:
    if not raw.startswith(b"PK"):
        return raw.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return "".join(packed.read(one).decode("utf-8", "replace") for one in packed.namelist())


def test_no_file_tells(world, make_user, karen, now):
    told = traces(world)
    for user in (everything_but(make_user), karen):
        for kind, raw in results(world, user, now):
            text = unpacked(raw)
            assert not [one for one in told if one in text], kind
            # A case file is about one case; the others do hold what they may.
            assert ORDINARY in text or kind == "kyc.case_file"
    customer = world["alert"].customer
    for own in (False, True):
        held = pack.collect(customer=customer, reader=None if own else karen, own=own)
        assert ORDINARY in json.dumps(held, default=str)
        assert "uspicion" not in json.dumps(held, default=str)
        # What the PDF is made of.
        content = json.dumps(pack._content(customer, held, now, own), default=str)
        assert not [one for one in told if one in content]


# Merging and erasing ---------------------------------------------------------------------------


def test_a_merge_neither_moves_nor_mentions_them(line, system, ada, now):
    from kyc.suspicion import selectors
    from tests.factories import customers

    stays, goes = (customers.customer(branch=ada.branch, adviser=ada, at=now) for _ in range(2))
    report = suspicion.report(customer=goes, analyst=line, at=now)
    merge = customer_services.merge_customers(
        survivor=stays, absorbed=goes, actor=system, at=now, reason="one person"
    )
    assert not [name for name in merge.moved if "uspicion" in name]
    report.refresh_from_db()
    assert report.customer_id == goes.pk
    assert selectors.customer_now(report=report) == stays
    assert selectors.reports_about(customer=stays, actor=line) == [report]
    assert selectors.reports_about(customer=stays, actor=ada) == []


def test_erasure_finds_them_and_empties_them(line, karen, now):
    customer, account = monitoring.saver(at=now)
    monitoring.money(of=account, rows=[(now.date(), 9000)], at=now)
    report = suspicion.report(customer=customer, analyst=line, at=now, reason=MARKER)
    report = suspicion.taken_to("PENDING", of=report, analyst=line, officer=karen, at=now)
    services.return_report(report=report, actor=karen, at=now, reason=f"{MARKER}: too short")
    filed = suspicion.report(customer=customer, analyst=line, at=now, reason=MARKER)
    suspicion.taken_to("FILED", of=filed, analyst=line, officer=karen, at=now)
    for entry in registries.personal_data:
        if entry.model.__name__.startswith("Suspicion"):
            assert entry.secret
            assert not entry.told(customers=[customer.pk], reader=karen).exists()
            entry.held(customers=[customer.pk]).update(**entry.blank)
    with connection.cursor() as cursor:
        for model in apps.get_app_config("kyc").get_models():
            if model.__name__.startswith("Suspicion"):
                table = model._meta.db_table
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s',
                               [f"%{MARKER}%"])  # fmt: skip
                assert cursor.fetchone()[0] == 0, table
    assert audit.verify().broken == []


def test_what_is_written_about_a_report_is_never_in_the_log(line, now):
    """Also by who forgets: the common services themselves keep it apart."""
    from clm.core.models import Event
    from tests.factories import customers

    report = suspicion.report(customer=customers.customer(at=now), analyst=line, at=now)
    before = Event.objects.count()
    records.change(record=report, changes={"reason": MARKER}, actor=line, at=now)
    assert Event.objects.count() == before
    assert hashlib.sha256(b"").digest() != bytes(report.entries.latest("sequence").hash)
