"""Making the value that the rules choose the customer's, or asking a person."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from clm.core import records, work
from clm.core.models import Task, User
from customers.models import Address, Customer
from customers.selectors import golden
from customers.services.parties import change_customer
from customers.services.parts import lock
from customers.services.sources import note_by_hand
from customers.single_view.labels import field_label
from customers.single_view.survivorship import FIELDS, Choice, same

#: Days in which a person is to decide between sources.
DECIDE_WITHIN = timedelta(days=5)


def settle(*, customer: Customer, actor: User, at: datetime) -> list[str]:
    """
    Make the chosen value of each field the customer's; a conflict opens a task instead.

    :returns: the fields that changed
    """
    with transaction.atomic():
        locked = lock(customer=customer)
        rules = golden.rules_in_force()
        found = golden.provenance(customer=locked, rules=rules)
        places = list(Address.objects.filter(customer=locked, valid_to=None).order_by("kind"))
        now = golden.standing(customer=locked, addresses=places)
        changes = {
            name: choice.value
            for name, choice in found.items()
            if not choice.conflict and not same(choice.value, now.get(name))
        }
        if changes:
            change_customer(
                customer=locked,
                changes=as_changes(changes, places),
                actor=actor,
                at=at,
                by_hand=False,
            )
        ask_about(customer=locked, found=found, actor=actor, at=at)
    return sorted(changes)


def ask_about(
    *, customer: Customer, found: Mapping[str, Choice], actor: User, at: datetime
) -> list[Task]:
    """A task for each field whose sources conflict; tasks about fields that no longer do are done."""
    waiting = {task.url: task for task in Task.objects.filter(record_id=customer.pk, done_at=None)}
    opened = []
    for name in FIELDS:
        url = value_url(customer=customer, field=name)
        choice = found.get(name)
        if choice is not None and choice.conflict:
            if url not in waiting:
                opened.append(_task(customer, name, url, actor, at))
        elif url in waiting:
            work.finish_task(task=waiting[url], actor=actor, at=at)
    return opened


def decide_value(
    *,
    customer: Customer,
    field: str,
    value: Any,
    actor: User,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> Customer:
    """
    A person's decision between what sources say: keep what stands, or take another value.

    :param value: one of the values that a source gives
    :raises ValidationError: no such value, or no reason
    """
    if not reason.strip():
        raise ValidationError({"reason": _("A reason is needed.")})
    with transaction.atomic():
        locked = lock(customer=customer, version=version)
        given = golden.candidates(customers=[locked]).get(field, [])
        if not any(same(one.value, value) for one in given):
            raise ValidationError({"value": _("No source gives this value.")})
        places = list(Address.objects.filter(customer=locked, valid_to=None).order_by("kind"))
        now = golden.standing(customer=locked, addresses=places).get(field)
        replaced = not same(now, value)
        if replaced:
            changes = as_changes({field: value}, places)
            locked = change_customer(
                customer=locked, changes=changes, actor=actor, at=at, reason=reason, by_hand=False
            )
        note_by_hand(customer=locked, values={field: value}, actor=actor, at=at)
        records.note(
            record=locked,
            action="value_decided",
            actor=actor,
            at=at,
            reason=reason.strip(),
            payload={"field": field, "replaced": replaced},
        )
        ask_about(customer=locked, found=golden.provenance(customer=locked), actor=actor, at=at)
    return locked


def value_url(*, customer: Customer, field: str) -> str:
    """The page on which a person decides about a field; also how its task is known again."""
    return reverse("customers:value", args=[customer.pk, field])


def as_changes(values: Mapping[str, Any], places: list[Address]) -> dict[str, Any]:
    """Plain values as `change_customer` takes them; other addresses in force are kept."""
    changes = {name: value for name, value in values.items() if name != "address"}
    if isinstance(changes.get("born_on"), str):
        changes["born_on"] = date.fromisoformat(changes["born_on"])
    if "address" in values:
        address = {name: values["address"].get(name, "") for name in golden.ADDRESS_PARTS}
        others = [
            {name: getattr(one, name) for name in golden.ADDRESS_PARTS}
            for one in places
            if one.kind != address["kind"]
        ]
        changes["addresses"] = [address, *others]
    return changes


def _task(customer: Customer, name: str, url: str, actor: User, at: datetime) -> Task:
    language = customer.adviser.language if customer.adviser else "da"
    with override(language):
        title = _("Sources disagree: %(field)s of %(customer)s") % {
            "field": field_label(name),
            "customer": customer.display_name,
        }
    return work.add_task(
        title=title[:200], record=customer, assignee=customer.adviser, due_at=at + DECIDE_WITHIN,
        actor=actor, at=at, url=url,
    )  # fmt: skip
