"""Relations between customers: added, changed from a day on, ended."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, work
from clm.core.models import Task, User
from customers.models import Customer, PartyKind, Relation, RelationKind
from customers.models.relations import BETWEEN_PERSONS, MUTUAL, OF_ORGANISATIONS
from customers.selectors.relations import owned_share
from customers.services.parts import touch


def add_relation(
    *,
    kind: str,
    customer: Customer,
    other: Customer,
    actor: User,
    at: datetime,
    share: Decimal | None = None,
    votes: Decimal | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    source: str = "",
    reason: str = "",
) -> Relation:
    """
    Record that `customer` is `kind` to `other`: event `change` on both.

    Shares of a company that add up to more than the whole are recorded as told, and make a task
    for its adviser: which of them is wrong is for a person to find out.

    :param share: per cent of the capital; `votes` per cent of the votes, as many where left out
    :raises ValidationError: by field; :raises PermissionDenied:
    """
    _permit(actor, "customers.add_relation")
    relation = Relation(
        kind=kind, customer=customer, other=other, share=share, votes=votes, source=source,
        valid_from=valid_from or timezone.localdate(at), valid_to=valid_to, recorded_at=at,
    )  # fmt: skip
    with transaction.atomic():
        ends = _locked(customer, other)
        _check(relation)
        relation.save(force_insert=True)
        _tell(relation, ends, "added", actor, at, reason)
        _look_at_sum(other, actor, at)
    return relation


def change_relation(
    *,
    relation: Relation,
    share: Decimal | None,
    votes: Decimal | None,
    on: date,
    actor: User,
    at: datetime,
    source: str = "",
    reason: str = "",
) -> Relation:
    """
    An owner's shares from a day on: the row so far ends there and a new one begins. From the
    day on which the row itself began, it is put right in place. Without a difference nothing is
    written.

    :returns: the row that holds from that day
    :raises ValidationError: by field; :raises PermissionDenied:
    """
    _permit(actor, "customers.change_relation")
    if relation.kind != RelationKind.OWNERSHIP:
        raise ValidationError({"kind": _("Only an owner has shares to change.")})
    if relation.valid_to is not None:
        raise ValidationError({"valid_to": _("The relation has ended.")})
    if on < relation.valid_from:
        raise ValidationError({"on": _("A relation cannot change before it begins.")})
    if (relation.share, relation.votes) == (share, votes):
        return relation
    with transaction.atomic():
        ends = _locked(relation.customer, relation.other)
        if on == relation.valid_from:
            new = relation
            new.share, new.votes, new.source = share, votes, source or relation.source
            _check(new)
            new.save(update_fields=["share", "votes", "source"])
        else:
            relation.valid_to = on
            relation.save(update_fields=["valid_to"])
            new = Relation(
                kind=relation.kind, customer=relation.customer, other=relation.other,
                share=share, votes=votes, source=source or relation.source, valid_from=on,
                recorded_at=at,
            )  # fmt: skip
            _check(new)
            new.save(force_insert=True)
        _tell(new, ends, "changed", actor, at, reason)
        _look_at_sum(new.other, actor, at)
    return new


def end_relation(
    *, relation: Relation, on: date, actor: User, at: datetime, reason: str = ""
) -> Relation:
    """
    Record that it no longer holds from a day on; ended already, it stays as it is.

    :raises ValidationError: the day lies before its beginning; :raises PermissionDenied:
    """
    _permit(actor, "customers.change_relation")
    if on < relation.valid_from:
        raise ValidationError({"on": _("A relation cannot end before it begins.")})
    with transaction.atomic():
        ends = _locked(relation.customer, relation.other)
        locked = Relation.objects.select_for_update().get(pk=relation.pk)
        if locked.valid_to is not None:
            return locked
        locked.valid_to = on
        locked.save(update_fields=["valid_to"])
        _tell(locked, ends, "ended", actor, at, reason)
        _look_at_sum(locked.other, actor, at)
    return locked


def _permit(actor: User, permission: str) -> None:
    if not actors.may(actor=actor, permission=permission):
        raise PermissionDenied(_("You may not change relations."))


def _locked(one: Customer, other: Customer) -> list[Customer]:
    """Both ends, always in the same order, so that two writers never wait for each other."""
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk, other.pk])
    return list(rows.order_by("pk"))


def _check(relation: Relation) -> None:
    kinds = {relation.customer.kind, relation.other.kind}
    if relation.kind in BETWEEN_PERSONS and kinds != {PartyKind.PERSON}:
        raise ValidationError({"other": _("This is a relation between two persons.")})
    if relation.kind in OF_ORGANISATIONS and relation.other.kind != PartyKind.ORGANISATION:
        raise ValidationError({"other": _("Only an organisation has owners and directors.")})
    if relation.kind in MUTUAL:
        turned = Relation.objects.filter(
            kind=relation.kind, customer=relation.other, other=relation.customer, valid_to=None
        )
        if relation.valid_to is None and turned.exists():
            raise ValidationError({"other": _("This relation is recorded already.")})
    relation.full_clean()


def _tell(
    relation: Relation, ends: list[Customer], what: str, actor: User, at: datetime, reason: str
) -> None:
    payload: dict[str, Any] = {
        "relation_id": str(relation.pk),
        "relation_kind": str(relation.kind),
        "relation": what,
    }
    for end in ends:
        touch(customer=end, parts=["relations"], actor=actor, at=at, reason=reason, payload=payload)


def _look_at_sum(company: Customer, actor: User, at: datetime) -> None:
    """A task where more than the whole is held, one at a time; done when the sum is right again."""
    total = owned_share(company=company, on=timezone.localdate(at))
    url = f"{reverse('customers:customer', args=[company.pk])}?tab=relations"
    asked = Task.objects.filter(record_id=company.pk, url=url, done_at=None).first()
    if total <= 1:
        if asked is not None:
            work.finish_task(task=asked, actor=actor, at=at)
        return
    if asked is not None:
        return
    percent = format(Decimal(total.numerator * 100) / Decimal(total.denominator), "f")
    work.add_task(
        title=_("The recorded shares add up to %(sum)s %%: find out which is wrong")
        % {"sum": percent},
        record=company,
        assignee=company.adviser,
        due_at=None,
        actor=actor,
        at=at,
        url=url,
    )
