"""Home: what needs me, from every app that registered a panel; and what the bell counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import registries, work
from clm.core.models import Task
from clm.core.web import menu, words
from clm.core.web.views.approvals import waiting_for
from clm.core.web.views.staff import StaffMixin, StaffRequest, StaffView, safe_next


@dataclass(frozen=True)
class Placed:
    """A panel with what its template needs."""

    panel: registries.Panel
    context: dict[str, Any]


def greeting(*, name: str, now: datetime) -> str:
    """Good morning, good afternoon or good evening, to somebody by name."""
    hour = timezone.localtime(now).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def day_sentence(
    *, tasks: int, late: int, approvals: int, now: datetime, told: Sequence[str] = ()
) -> str:
    """What the day holds, in one sentence; `told` is what the panels say of it."""
    parts = [words.dated(timezone.localtime(now), "l j F Y"), *told]
    if approvals:
        parts.append(
            ngettext("%(n)s approval waits for you", "%(n)s approvals wait for you", approvals)
            % {"n": approvals}
        )
    if tasks:
        due = ngettext("%(n)s task is due today", "%(n)s tasks are due today", tasks)
        parts.append(due % {"n": tasks})
        if late:
            parts.append(ngettext("%(n)s is late", "%(n)s are late", late) % {"n": late})
    if not (tasks or approvals or told):
        parts.append(_("nothing is due today"))
    return " · ".join(parts)


def panels_for(*, request: StaffRequest, place: str) -> list[Placed]:
    """The panels of a place that the person may see, in their order, empty ones left out."""
    shown = []
    for panel in registries.panels_at(place):
        if not menu.may_open(actor=request.user, permission=panel.permission):
            continue
        context = panel.context(request, None)
        if context is not None:
            shown.append(Placed(panel, dict(context)))
    return shown


class HomeView(StaffView):
    """The page one starts the day on."""

    template_name = "core/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        user = self.request.user
        day_end = timezone.localtime(now).replace(hour=23, minute=59, second=59)
        due = work.open_tasks(actor=user).filter(due_at__lte=day_end)
        panels = panels_for(request=self.request, place="home")
        starts = (placed.context["start"] for placed in panels if placed.context.get("start"))
        zones = {
            zone: [placed for placed in panels if placed.panel.zone == zone]
            for zone in ("top", "main", "side")
        }
        return {
            **super().get_context_data(**kwargs),
            "greeting": greeting(name=user.first_name or str(user), now=now),
            "sentence": day_sentence(
                tasks=due.count(),
                late=due.filter(due_at__lt=now).count(),
                approvals=len(waiting_for(actor=user)),
                now=now,
                told=[str(p.context["day"]) for p in panels if p.context.get("day")],
            ),
            "tasks": work.open_tasks(actor=user)[:8],
            "panels": panels,
            "zones": zones,
            "start": next(starts, None),
            "first_steps": _first_steps(self.request),
        }


def _first_steps(request: StaffRequest) -> list[menu.Entry]:
    """Pages to begin with where nothing waits."""
    groups = menu.visible(request=request)
    entries = [e for g in groups for e in g.entries if not e.current and g.name != "system"]
    return entries[:4]


class BadgesView(StaffMixin):
    """The counts of the rail and the bell, out of the way of the page itself."""

    def get(self, request: StaffRequest) -> HttpResponse:
        tasks = work.open_tasks(actor=request.user)
        soon = timezone.now() + timedelta(days=1)
        count = tasks.filter(due_at__lte=soon).count() + len(waiting_for(actor=request.user))
        return render(
            request,
            "core/_badges.html",
            {"badges": menu.badges(request=request), "bell": count},
        )


class NotificationsView(StaffView):
    """Everything that waits for one person: approvals and tasks by deadline."""

    template_name = "core/notifications.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "tasks": work.open_tasks(actor=self.request.user)[:200],
            "approvals": waiting_for(actor=self.request.user),
        }


class FinishTaskView(StaffMixin):
    """POST: this task of mine is done."""

    http_method_names = ["post"]

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        task = get_object_or_404(Task, pk=pk, assignee=request.user)
        work.finish_task(task=task, actor=request.user, at=timezone.now())
        messages.success(request, _("Done: %(title)s") % {"title": task.title})
        return HttpResponseRedirect(safe_next(request))
