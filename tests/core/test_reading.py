"""Reading together gives what reading alone gives, for every kind of column, in one statement."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from clm.core import reading, work
from clm.core.models import Event, Task, User
from customers.models import Address, ContactPoint, Customer, CustomerInsight, Holding, Identifier
from customers.services import set_insight
from tests.factories import customers as make

pytestmark = pytest.mark.django_db

#: What a text on its way through an array could trip over.
HOSTILE = ["NULL", "", "{}", '"a","b"', "back\\slash", "line\nbreak", '{NULL,"x"}', "Ærø 漢 'q'"]


@pytest.fixture
def mette(ada, now):
    customer = make.customer(
        given_names="Mette", family_name='S"{ø},\\', born_on=now.date(), nationalities=["DK", "SE"],
        emails=["m@example.dk"], identifiers=[("cpr", "120384-1234")], adviser=ada, at=now,
    )  # fmt: skip
    make.holding(of=customer, balance=Decimal("-0.10"), at=now)
    set_insight(
        customer_id=customer.pk, churn_probability=0.1, churn_band="low", value=Decimal("1e9"),
        churn_reasons=[{"label": 'a "b" \\ ', "points": -0.5}, None], at=now,
    )  # fmt: skip
    for index, title in enumerate(HOSTILE):
        due = now + timedelta(microseconds=index) if index else None
        Task.objects.create(title=title, assignee=ada, due_at=due, created_at=now, updated_at=now)
    return customer


def _asked():
    return [
        Customer.objects.select_related("adviser__branch", "insight").order_by("pk"),
        Holding.objects.select_related("product").defer("reference"),
        Identifier.objects.all(),
        CustomerInsight.objects.all(),
        Address.objects.all(),
        Event.objects.order_by("-at", "-sequence")[:5],
        Task.objects.order_by("-pk"),
        Task.objects.values("title", "due_at").order_by("pk"),
        Task.objects.values_list("assignee", "title").annotate(n=Count("pk")).order_by("title"),
        ContactPoint.objects.values_list("value", flat=True),
        Customer.objects.none(),
        User.objects.filter(pk__in=[]),
        User.objects.filter(username="nobody"),
        Customer.objects.prefetch_related("holdings").order_by("pk"),
    ]


def _plain(row, deep=True):
    """A row with all that came along, with the types."""
    if not hasattr(row, "_state"):
        return repr(row)
    fields = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    shown = {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in fields.items()
    }
    cached = row._state.fields_cache if deep else {}
    along = {name: one and _plain(one, deep=name == "adviser") for name, one in cached.items()}
    return repr(sorted(shown.items())), sorted(along.items())


def test_together_gives_what_each_gives_alone_in_one_statement(mette):
    together, alone = _asked(), _asked()
    with CaptureQueriesContext(connection) as captured:
        reading.together(*together, "a word", *together)
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        held = [[_plain(row) for row in queryset] for queryset in together]
    assert len(captured) == 1  # the holdings that the last one fetches along
    assert held == [[_plain(row) for row in queryset] for queryset in alone]
    assert sum(map(bool, held)) >= 10


def test_what_is_read_already_is_not_read_again(ada):
    tasks = work.open_tasks(actor=ada)
    reading.together(tasks)
    with CaptureQueriesContext(connection) as captured:
        reading.together(tasks)
        list(tasks)
    assert not captured.captured_queries


def test_relations_are_the_querysets_that_are_held(mette):
    open_ones = mette.holdings.filter(closed_on=None)
    reading.hold(mette, holdings=open_ones)
    assert mette.holdings.all() is open_ones
    tasks = reading.shared(mette, "tasks", Task.objects.all)
    assert reading.shared(mette, "tasks", Task.objects.all) is tasks
