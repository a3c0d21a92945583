"""Computing key figures, setting their targets, taking in the general ledger."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from analytics.figures.importing import Amount, Fault, currency_of_ledger, read
from analytics.figures.selectors import is_worse, last_value
from analytics.models import KpiTarget, KpiValue, LedgerFigure
from clm.core import actors, records, work
from clm.core.kpis import Kpi, kpis
from clm.core.models import User


@dataclass
class Taken:
    """What became of an extract of the ledger."""

    added: int = 0
    changed: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)


def compute_figures(*, at: datetime, only: Iterable[str] = ()) -> int:
    """
    Compute every key figure as of `at` and keep it as the day's value; how many there are.

    A figure with nothing to be computed from keeps none for the day. Who answers for a figure
    that has become worse than its alert gets a task, once for each time it does.
    """
    wanted = set(only)
    done = 0
    targets = {one.name: one for one in KpiTarget.objects.all()}
    for kpi in kpis:
        if wanted and kpi.name not in wanted:
            continue
        value = kpi.compute(at=at)
        if value is None:
            continue
        on = timezone.localdate(at)
        target = targets.get(kpi.name)
        with transaction.atomic():
            before = last_value(name=kpi.name, until=on)
            KpiValue.objects.update_or_create(
                name=kpi.name, on=on, defaults={"value": value, "computed_at": at}
            )
            if target is not None and target.alert is not None:
                good = before is None or not is_worse(kpi, before, than=target.alert)
                if good and is_worse(kpi, value, than=target.alert):
                    _tell_owner(kpi, target, at)
        done += 1
    return done


def look_back(*, months: int, at: datetime) -> None:
    """Fill in what the figures that tell of the past were at the ends of the months before `at`."""
    day = timezone.localdate(at).replace(day=1)
    for _month in range(months):
        end = day - timedelta(days=1)
        then = timezone.make_aware(datetime.combine(end, time(23)))
        known = set(KpiValue.objects.filter(on=end).values_list("name", flat=True))
        KpiValue.objects.bulk_create(
            KpiValue(name=kpi.name, on=end, value=value, computed_at=at)
            for kpi in kpis
            if kpi.dated and kpi.name not in known
            if (value := kpi.compute(at=then)) is not None
        )
        day = end.replace(day=1)


def set_target(
    *,
    name: str,
    target: float | None,
    alert: float | None,
    actor: User,
    at: datetime,
    version: int | None = None,
) -> KpiTarget:
    """
    Say what is wanted of a key figure, and from where on its owner is told.

    :raises django.core.exceptions.ValidationError: no such figure, or the alert is better than
        the target
    """
    kpi = kpis.get(name)
    if kpi is None:
        raise ValidationError({"name": _("There is no such key figure.")})
    if target is not None and alert is not None and is_worse(kpi, target, than=alert):
        raise ValidationError({"alert": _("An alert lies on the bad side of the target.")})
    known = KpiTarget.objects.filter(name=name).first()
    changes = {"target": target, "alert": alert}
    if known is None:
        made = KpiTarget(name=name, **changes)
        return records.create(record=made, actor=actor, at=at, payload=changes)
    return records.change(record=known, changes=changes, actor=actor, at=at, version=version)


def import_ledger(*, stream: IO[bytes], name: str, actor: User, at: datetime) -> Taken:
    """
    Take in an extract of the general ledger; a second time changes nothing.

    Good rows are kept, each bad one comes back with its line, column and reason. Of two rows
    about the same month and item the later holds.

    :raises clm.core.tables.UnreadableFile: the file as a whole cannot be used
    """
    return add_amounts(rows=list(read(stream=stream, name=name)), actor=actor, at=at)


def add_amounts(*, rows: list[tuple[int, Amount | Fault]], actor: User, at: datetime) -> Taken:
    """Amounts of the ledger with the lines they stand on; see `import_ledger`."""
    taken = Taken(faults=[one for _line, one in rows if isinstance(one, Fault)])
    good: dict[tuple[str, date], Amount] = {}
    with transaction.atomic():
        currency = currency_of_ledger()
        for line, one in rows:
            if isinstance(one, Fault):
                continue
            currency = currency or one.currency
            if one.currency != currency:
                reason = _("The ledger is kept in %(currency)s.") % {"currency": currency}
                taken.faults.append(Fault(line, "currency", reason))
                continue
            good[one.item, one.month] = one
        months = {month for _item, month in good}
        known = {
            (one.item, one.month): one
            for one in LedgerFigure.objects.select_for_update().filter(month__in=months)
        }
        new = [LedgerFigure(**good[key]._asdict()) for key in good.keys() - known.keys()]
        new.sort(key=lambda one: (one.month, one.item))
        records.create_many(records=new, actor=actor, at=at)
        taken.added = len(new)
        for key in good.keys() & known.keys():
            if known[key].amount == good[key].amount:
                taken.known += 1
                continue
            records.change(
                record=known[key], changes={"amount": good[key].amount}, actor=actor, at=at
            )
            taken.changed += 1
    taken.faults.sort(key=lambda one: one.line)
    return taken


def _tell_owner(kpi: Kpi, target: KpiTarget, at: datetime) -> None:
    system = actors.system_user()
    for person in User.objects.filter(is_active=True, is_robot=False, groups__name=kpi.owner):
        with override(person.language or None):
            title = _("%(figure)s is worse than its alert") % {"figure": kpi.label}
        work.add_task(
            title=title, record=target, assignee=person, due_at=None, actor=system, at=at,
            url=reverse("analytics:kpi", args=[kpi.name]),
        )  # fmt: skip
