"""The audit browser: events, the access log, and whether both are whole."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from clm.core import jobs, lifecycle
from clm.core.models import AccessLog, Event, Job, Seal, User
from clm.core.web.event_words import tell, type_label
from clm.core.web.paging import keyset
from clm.core.web.views.staff import StaffMixin, StaffRequest, StaffView


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class _Filtered(StaffView):
    """What both logs are filtered by: a period and a person."""

    def period(self, found: QuerySet[Any]) -> QuerySet[Any]:
        get = self.request.GET.get
        if first := _day(get("from", "")):
            found = found.filter(at__gte=_midnight(first))
        if last := _day(get("to", "")):
            found = found.filter(at__lt=_midnight(last + timedelta(days=1)))
        if who := get("who", "").strip():
            people = User.objects.filter(
                Q(username__iexact=who) | Q(first_name__iexact=who) | Q(last_name__iexact=who)
            )
            found = found.filter(actor_id__in=list(people.values_list("pk", flat=True)))
        return found

    def people(self, rows: list[Any]) -> dict[UUID, str]:
        found = User.objects.filter(pk__in={row.actor_id for row in rows})
        return {user.pk: str(user) for user in found}


class AuditView(_Filtered):
    """Events, newest first, by kind of record, action, person, period or one record."""

    template_name = "core/audit.html"
    permission = ("core.view_event", "core.verify_audit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        get = self.request.GET.get
        found = self.period(Event.objects.all())
        if kind := get("type", "").strip():
            found = found.filter(record_type=kind)
        if action := get("action", "").strip():
            found = found.filter(action=action)
        record = get("record", "").strip()
        if record:
            found = found.filter(record_id=_uuid(record) or UUID(int=0))
        page = keyset(queryset=found, request=self.request, order=("-id",))
        people = self.people(page.items)
        check = Job.objects.filter(kind="core.verify_audit").order_by("-created_at").first()
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "rows": [
                (told, people.get(told.event.actor_id, "–")) for told in tell(events=page.items)
            ],
            "types": _types(),
            "filters": self.request.GET,
            "seal": Seal.objects.order_by("-number").first(),
            "check": check,
        }


def _types() -> list[tuple[str, str]]:
    labels = {machine.label for machine in lifecycle.machines()} | {"core.Task"}
    return sorted(((one, type_label(one)) for one in labels), key=lambda pair: pair[1])


class EventView(StaffView):
    """One event with its facts, its words as far as they are not erased, and its link."""

    template_name = "core/event.html"
    permission = ("core.view_event", "core.verify_audit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = get_object_or_404(Event, pk=self.kwargs["pk"])
        around = Event.objects.filter(
            record_id=event.record_id,
            sequence__in=[event.sequence - 1, event.sequence + 1],
        )
        return {
            **super().get_context_data(**kwargs),
            "told": tell(events=[event])[0],
            "event": event,
            "who": User.objects.filter(pk=event.actor_id).first(),
            "before": next((e for e in around if e.sequence < event.sequence), None),
            "after": next((e for e in around if e.sequence > event.sequence), None),
            "hash": bytes(event.hash).hex(),
            "previous": bytes(event.prev_hash).hex(),
        }


class VerifyView(StaffMixin):
    """POST: recompute every chain and seal; the verdict is a job's page."""

    permission = "core.verify_audit"
    http_method_names = ["post"]

    def post(self, request: StaffRequest) -> HttpResponse:
        running = Job.objects.filter(
            kind="core.verify_audit", state__in=[Job.State.QUEUED, Job.State.RUNNING]
        ).first()
        if running is not None and running.created_by_id != request.user.pk:
            running = None
        job = running or jobs.start(
            kind="core.verify_audit", parameters={}, actor=request.user, at=timezone.now()
        )
        messages.info(request, _("The audit trail is being verified."))
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))


class AccessView(_Filtered):
    """Who looked at what."""

    template_name = "core/access.html"
    permission = "core.view_accesslog"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        get = self.request.GET.get
        found = self.period(AccessLog.objects.all())
        if get("kind", "") in AccessLog.Kind.values:
            found = found.filter(kind=get("kind"))
        if record := get("record", "").strip():
            found = found.filter(record_ids__contains=[str(_uuid(record) or record)])
        page = keyset(queryset=found, request=self.request, order=("-id",))
        people = self.people(page.items)
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "rows": [
                (row, people.get(row.actor_id, "–"), type_label(row.record_type))
                for row in page.items
            ],
            "kinds": AccessLog.Kind.choices,
            "filters": self.request.GET,
        }
