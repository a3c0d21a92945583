"""Holdings that come to their end: prepared in time, renewed for another term."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from clm.core import actors, records, work
from clm.core.models import Task, User
from customers.models import Holding
from customers.selectors.transactions import maturing_holdings


def renew_holding(
    *,
    holding: Holding,
    matures_on: date,
    actor: User,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Holding:
    """
    Give a holding a later maturity; told on the customer's chain, and its task is done.

    The same day again is no change.

    :raises ValidationError: closed, without a maturity, or the day is not later
    :raises StaleVersion: `version` is no longer the one in force
    """
    with transaction.atomic():
        locked = (
            Holding.objects.select_for_update(of=("self",))
            .select_related("customer")
            .get(pk=holding.pk)
        )
        before = locked.matures_on
        if locked.closed_on is not None:
            raise ValidationError({"matures_on": _("A closed holding is not renewed.")})
        if before is None:
            raise ValidationError({"matures_on": _("This holding has no end to be renewed.")})
        if matures_on == before and locked.renewed_on is not None:
            return locked
        if matures_on <= before or matures_on <= at.date():
            raise ValidationError(
                {"matures_on": _("The new end must lie after the present one, and after today.")}
            )
        renewed = records.change(
            record=locked,
            changes={"matures_on": matures_on, "renewed_on": timezone.localdate(at)},
            actor=actor,
            at=at,
            version=version,
            reason=reason,
            payload={"customer_id": str(locked.customer_id), "from": before, "to": matures_on},
        )
        records.note(
            record=locked.customer,
            action="holding_renewed",
            actor=actor,
            at=at,
            reason=reason,
            payload={"holding_id": str(locked.pk), "from": before, "to": matures_on},
        )
        for task in Task.objects.filter(url=task_url(holding=locked), done_at=None):
            work.finish_task(task=task, actor=actor, at=at)
        return renewed


def announce_maturities(*, at: datetime, limit: int = 2_000) -> int:
    """
    Give advisers a task for each holding that comes to its end within its product's notice.

    One task a maturity: a renewed holding is announced anew before its next end.
    """
    today = timezone.localdate(at)
    with transaction.atomic():
        due: Sequence[Holding] = list(
            maturing_holdings(until=today + timedelta(days=400))
            .exclude(reminded_for=F("matures_on"))
            .annotate(
                prepared_from=ExpressionWrapper(
                    F("matures_on") - F("product__notice_days"), output_field=DateField()
                )
            )
            .filter(prepared_from__lte=today)
            .select_for_update(of=("self",), skip_locked=True)[:limit]
        )
        records.create_many(
            records=[_task(holding, today, at) for holding in due],
            actor=actors.system_user(),
            at=at,
            payloads=[{"holding_id": str(holding.pk)} for holding in due],
        )
        Holding.objects.filter(pk__in=[one.pk for one in due]).update(reminded_for=F("matures_on"))
    return len(due)


def task_url(*, holding: Holding) -> str:
    """Where the holding is renewed; it also tells its task from others."""
    page = reverse("customers:customer", args=[holding.customer_id])
    return f"{page}?tab=holdings#holding-{holding.pk}"


def _task(holding: Holding, today: date, at: datetime) -> Task:
    ends = holding.matures_on or today
    # Half the notice is left to act in; what is late already is due at once.
    due = max(ends - timedelta(days=holding.product.notice_days // 2), today)
    title = _("Renew or close: %(product)s ends %(day)s") % {
        "product": holding.product,
        "day": formats.date_format(ends, "j F Y"),
    }
    return Task(
        title=title[:200],
        record_type="customers.Customer",
        record_id=holding.customer_id,
        assignee=holding.customer.adviser,
        due_at=datetime.combine(due, time(16), tzinfo=timezone.get_current_timezone()),
        url=task_url(holding=holding),
    )
