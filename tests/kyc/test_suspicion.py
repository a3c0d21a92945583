"""A suspicious-activity report from draft to receipt: who may, what is refused, what is written down."""

from datetime import timedelta
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, transaction

from clm.core import audit, lifecycle
from clm.core.models import Event, EventDetail
from customers.models import Transaction
from kyc.models import SuspicionEntry, SuspicionReport, SuspicionWords
from kyc.suspicion import chain, document, selectors, services
from kyc.suspicion.subjects import subject_of
from tests.factories import monitoring, suspicion

pytestmark = pytest.mark.django_db


@pytest.fixture
def saver(now):
    customer, account = monitoring.saver(
        at=now, phones=["+4531415926"], identifiers=[("cpr", "120384-1235")]
    )
    monitoring.money(
        of=account, rows=[(now.date(), 9000), (now.date() - timedelta(days=1), -8500)], at=now,
        counterparty_name="Ukendt & Søn", counterparty_country="LT",
    )  # fmt: skip
    return customer


@pytest.fixture
def draft(saver, line, now):
    ids = list(
        Transaction.objects.filter(customer=saver)
        .order_by("booked_on")
        .values_list("pk", flat=True)
    )
    return suspicion.report(customer=saver, analyst=line, at=now, transactions=ids)


def actions(report):
    return [one.action for one in report.entries.order_by("sequence")]


def test_from_draft_to_receipt(draft, line, karen, now):
    sent = services.propose_report(report=draft, actor=line, at=now)
    approved = services.approve_report(report=sent, actor=karen, at=now)
    content = services.file_content(report=approved, actor=karen, at=now)
    filed = services.file_report(
        report=approved, receipt="FIU-1", filed_at=now, actor=karen, at=now
    )
    assert (filed.state, filed.receipt, filed.approved_by) == ("FILED", "FIU-1", karen)
    assert actions(filed) == ["create", "change", "propose", "approve", "download", "file"]
    root = fromstring(content)
    assert document.faults(root) == []
    assert "120384" not in filed.document
    first, second = root.findall("transaction")
    assert second.findtext("amount_local") == "9000.00"
    assert second.findtext("t_from/from_entity/name") == "Ukendt & Søn"
    assert second.findtext("t_to_my_client/to_account/signatory/t_person/ssn") == "1203841235"
    assert first.findtext("t_to/to_country") == "LT"


def test_what_is_approved_is_what_was_sent(draft, saver, line, karen, now):
    sent = services.propose_report(report=draft, actor=line, at=now)
    before = services.document_of(report=sent)
    type(saver).objects.filter(pk=saver.pk).update(family_name="Other")
    approved = services.approve_report(report=sent, actor=karen, at=now)
    assert services.file_content(report=approved, actor=karen, at=now) == before
    with pytest.raises(Error, match="Cannot update"), transaction.atomic():
        SuspicionReport.objects.filter(pk=sent.pk).update(reason="something else")


def test_nobody_approves_what_they_wrote_or_sent(draft, karen, mads, now):
    written = services.write_report(
        report=draft, changes={"reason": "Rewritten."}, actor=karen, at=now
    )
    sent = services.propose_report(report=written, actor=mads, at=now)
    for officer in (karen, mads):
        with pytest.raises(lifecycle.TransitionRefused, match="Another person"):
            services.approve_report(report=sent, actor=officer, at=now)
        with pytest.raises(Error, match="report_second_person"), transaction.atomic():
            SuspicionReport.objects.filter(pk=sent.pk).update(approved_by=officer)


def test_an_analyst_approves_none_and_others_nothing(
    draft, saver, line, ada, make_user, system, now
):
    sent = services.propose_report(report=draft, actor=line, at=now)
    another = make_user("lone", "compliance_analyst")
    with pytest.raises(PermissionDenied):
        services.approve_report(report=sent, actor=another, at=now)
    root = make_user("root", is_superuser=True)
    for outsider in (ada, root, make_user("aud", "auditor")):
        with pytest.raises(PermissionDenied):
            services.start_report(customer=saver, actor=outsider, at=now)
        assert not selectors.visible_reports(actor=outsider, on=now.date()).exists()
    with pytest.raises(PermissionDenied):
        services.start_report(customer=saver, actor=system, at=now)


def test_a_draft_says_what_is_missing(saver, line, now):
    draft = services.start_report(customer=saver, actor=line, at=now)
    root = selectors.tree_of(report=draft, reporter=line, at=now)
    paths = {one.path: str(one) for one in document.faults(root)}
    assert paths == {"report/reason": "is missing", "report/report_indicators": "is missing"}
    with pytest.raises(lifecycle.TransitionRefused, match="Nothing is missing"):
        services.propose_report(report=draft, actor=line, at=now)


def test_money_of_another_currency_needs_a_rate(draft, line, now):
    as_euro = list(selectors.transactions_in(report=draft))
    for one in as_euro:
        one.currency = "EUR"
    subject = subject_of(customer=draft.customer, on=now.date())

    def built(rates):
        draft.rates = rates
        return document.build(
            report=draft, subject=subject, transactions=as_euro, reporter=None, at=now
        )

    assert {one.path for one in document.faults(built({}))} == {
        "report/transaction[1]/amount_local", "report/transaction[2]/amount_local"
    }  # fmt: skip
    told = built({"EUR": "7.46"})
    assert document.faults(told) == []
    assert Decimal(told.findtext("transaction/amount_local")) == Decimal("63410.00")
    assert told.findtext(".//from_foreign_currency/foreign_amount") == "8500.00"


def test_the_file_is_for_officers_once_it_is_approved(draft, line, karen, now):
    sent = services.propose_report(report=draft, actor=line, at=now)
    with pytest.raises(lifecycle.TransitionRefused, match="approved"):
        services.file_content(report=sent, actor=karen, at=now)
    approved = services.approve_report(report=sent, actor=karen, at=now)
    with pytest.raises(PermissionDenied):
        services.file_content(report=approved, actor=line, at=now)


def test_an_auditor_reads_the_one_that_was_opened(draft, saver, line, karen, make_user, now):
    aud = make_user("aud", "auditor")
    other = suspicion.report(customer=saver, analyst=line, at=now)
    grant = services.give_access(
        report=draft, reader=aud, reason="yearly audit", until=now.date(), actor=karen, at=now
    )
    assert list(selectors.visible_reports(actor=aud, on=now.date())) == [draft]
    assert not selectors.visible_reports(actor=aud, on=now.date() + timedelta(days=1)).exists()
    services.withdraw_access(grant=grant, actor=karen, at=now)
    assert not selectors.visible_reports(actor=aud, on=now.date()).exists()
    assert actions(draft)[-2:] == ["grant", "revoke"]
    assert other not in selectors.visible_reports(actor=aud, on=now.date())
    with pytest.raises(ValidationError):
        services.give_access(
            report=draft, reader=line, reason="x", until=now.date(), actor=karen, at=now
        )


def test_its_chain_is_its_own_and_names_what_was_bent(draft, line, karen, now):
    services.withdraw_report(report=draft, actor=line, at=now, reason="it was explained")
    assert not Event.objects.filter(record_id=draft.pk).exists()
    assert not EventDetail.objects.filter(record_id=draft.pk).exists()
    audit.seal(at=now)
    assert audit.verify().broken == []
    assert chain.faults() == []
    with pytest.raises(Error, match=r"permission denied|Cannot update"), transaction.atomic():
        SuspicionEntry.objects.filter(report=draft).update(action="nothing")
    SuspicionWords.objects.filter(entry__report=draft).update(content={"reason": "another"})
    assert chain.faults() == ["words of entry 3 edited"]
    # Who reads the verdict is not told of what.
    (told,) = audit.verify().broken
    assert set(told) == {"what"}


def test_a_tail_that_is_cut_off_differs_from_the_copy(draft, now):
    audit.seal(at=now)
    line = chain._file().read_text(encoding="utf-8")
    assert str(draft.pk) not in line
    chain._file().write_text(line.replace('"sequence": 2', '"sequence": 3'), encoding="utf-8")
    assert chain.faults() == ["entry 3 differs from its exported copy"]
