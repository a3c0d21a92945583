"""The AML wall, seen in the SQL: sales and service read nothing of risk, restrictions or KYC."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.lifecycle import Stage
from customers.models import Customer
from customers.selectors.customers import COMMERCIAL_FIELDS
from engagement import selectors as engagement
from engagement.web import action_panels, enquiry_panels, feedback_panels
from engagement.web import panels as engagement_panels
from retention import selectors as retention
from retention.web import panels as retention_panels
from tests.factories import customers
from tests.factories.engagement import enquiry, interaction
from tests.factories.retention import save_case

FORBIDDEN_COLUMNS = ("risk_level", "restriction", "kyc_cleared_at", "kyc_review_on")


def _touched(sql: str) -> Iterator[str]:
    yield from (name for name in FORBIDDEN_COLUMNS if f'"{name}"' in sql)
    if '"kyc_' in sql:
        yield "a table of kyc"


def _readings(actor, case, now):
    """Every way in which engagement and retention read, each run to its end."""
    request: Any = SimpleNamespace(user=actor)
    list(engagement.visible_interactions(actor=actor))
    list(engagement.of_customer(customer_id=case.customer_id, actor=actor))
    list(engagement.left_alone(actor=actor, at=now))
    engagement.needing_adviser(actor=actor, at=now)
    engagement.last_contacts(customer_ids=[case.customer_id])
    engagement_panels.customer(request, case.customer)
    _all_of(engagement_panels.interactions_of, case.customer, actor)
    for tab in engagement.TABS:
        str(list(engagement.enquiry_queue(actor=actor, tab=tab)))
    engagement.enquiry_counts(actor=actor)
    engagement.waiting_for(actor=actor)
    list(engagement.own_enquiries(customer=case.customer))
    engagement.service_level(customer=case.customer, at=now)
    engagement.enquiry_facts(records=list(engagement.visible_enquiries(actor=actor)), at=now)
    enquiry_panels.customer(request, case.customer)
    enquiry_panels.home(request)
    str(list(engagement.answers(actor=actor, band="bad")))
    list(engagement.visible_actions(actor=actor))
    list(engagement.open_actions(actor=actor))
    engagement.measured(at=now)
    engagement.lessons()
    action_panels.customer(request, case.customer)
    engagement.figures(at=now)
    engagement.trend(measure="nps", at=now)
    feedback_panels.customer(request, case.customer)
    _all_of(enquiry_panels.enquiries_of, case.customer, actor)
    list(retention.visible_cases(actor=actor))
    str(retention.visible_cases(actor=actor).first())
    retention.open_case_of(customer_id=case.customer_id, actor=actor)
    list(retention.queue(actor=actor))
    retention.waiting_for(actor=actor)
    retention.board(actor=actor)
    retention.results(actor=actor)
    retention.save_case_facts(records=[case], at=now)
    retention.playbook_for(reasons=case.reasons)
    retention.insight_of(customer_id=case.customer_id)
    retention.due_for_review(on=now.date())
    list(retention.cases_of(customer_id=case.customer_id, actor=actor))
    retention_panels.customer(request, case.customer)
    _all_of(retention_panels.cases_of, case.customer, actor)


def _all_of(records, customer, actor):
    for queryset in records(customer=customer, actor=actor, before=None, limit=5):
        list(queryset.all())


@pytest.mark.parametrize("who", ["ada", "rikke"])
def test_no_selector_of_engagement_and_retention_reads_compliance_facts(request, who, now):
    actor = request.getfixturevalue(who)
    customer = customers.customer(stage=Stage.ACTIVE, adviser=actor, at=now)
    case = save_case(customer=customer, owner=actor, at=now)
    interaction(customer=customer, at=now)
    enquiry(customer=customer, at=now)
    with CaptureQueriesContext(connection) as captured:
        _readings(actor, case, now)
    assert captured.captured_queries
    for query in captured.captured_queries:
        assert not list(_touched(query["sql"])), query["sql"]


def test_the_commercial_view_has_no_compliance_field():
    assert not set(COMMERCIAL_FIELDS) & set(FORBIDDEN_COLUMNS)


def test_the_forbidden_columns_are_still_called_so():
    names = {field.attname for field in Customer._meta.concrete_fields}
    assert set(FORBIDDEN_COLUMNS) <= names


def test_of_kyc_a_proposal_asks_the_one_permitted_question(ada, now):
    """Whether we may deal with the customer: three columns of that one question, and no other."""
    customer = customers.customer(stage=Stage.ACTIVE, adviser=ada, at=now)
    customers.product(at=now)
    with CaptureQueriesContext(connection) as captured:
        people = engagement.commercial_customers(customer_ids=[customer.pk])
        assert engagement.reckon(people=people, at=now)[customer.pk]
    asked = [one["sql"] for one in captured.captured_queries if list(_touched(one["sql"]))]
    assert len(asked) == 1
    assert "risk_level" not in asked[0]
    assert '"kyc_' not in asked[0].replace('"kyc_cleared_at"', "").replace('"kyc_review_on"', "")
