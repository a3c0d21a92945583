"""The team: what each has on the desk, sharing waiting cases out, and who is away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import access, actors
from clm.core.web.views import StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from kyc import services
from kyc.selectors import team


class TeamView(StaffView):
    """Who works on cases, with their load; POST switches sharing of new cases on or off."""

    permission = "kyc.assign_case"
    template_name = "kyc/team.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        return super().get_context_data(
            desks=team.desks(at=timezone.now()),
            shares_out=team.shares_out(),
            may_change=actors.may(actor=actor, permission="kyc.change_caseteam"),
            **kwargs,
        )

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        switched_on = request.POST.get("shares_out") == "on"
        services.set_sharing(switched_on=switched_on, actor=request.user, at=timezone.now())
        messages.success(
            request,
            _("New cases are shared out as they come.")
            if switched_on
            else _("New cases wait until somebody takes them."),
        )
        return HttpResponseRedirect(reverse("kyc:team"))


class CaseWorkerView(StaffMixin):
    """POST `person` with `away_until` and `hours_a_week`."""

    permission = "kyc.assign_case"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        key = request.POST.get("person", "")
        user = next((one for one in team.case_workers() if str(one.pk) == key), None)
        if user is None:
            return HttpResponseRedirect(reverse("kyc:team"))
        hours = request.POST.get("hours_a_week", "")
        try:
            away = parse_date(request.POST.get("away_until", "") or "")
            if request.POST.get("away_until") and away is None:
                raise ValueError
            services.set_case_worker(
                user=user, away_until=away,
                hours_a_week=int(hours) if hours else None, actor=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except (ValueError, ValidationError):
            messages.error(request, _("A day, and hours from 0 to 60."))
        else:
            messages.success(request, _("Saved for %(name)s.") % {"name": user})
        return HttpResponseRedirect(reverse("kyc:team"))


class ShareOutView(StaffView):
    """Waiting cases and who would get each; POST does what was shown."""

    permission = "kyc.assign_case"
    template_name = "kyc/share_out.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = team.waiting_cases(actor=self.request.user)
        plan = team.plan(cases=list(waiting[: team.AT_ONCE]), at=timezone.now())
        access.note_read(records=[one.case for one in plan.rows], kind="list")
        given = [one for one in plan.rows if one.user]
        return super().get_context_data(
            rows=plan.rows,
            given=len(given),
            desks=[(one, *plan.after[one.user.pk]) for one in plan.before],
            **kwargs,
        )

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        pairs = dict(filter(None, map(_pair, request.POST.getlist("pair")[: team.AT_ONCE])))
        outcome = services.share_out(pairs=pairs, actor=request.user, at=timezone.now())
        done = len(outcome.done)
        if done:
            messages.success(
                request,
                ngettext("%(n)s case shared out.", "%(n)s cases shared out.", done) % {"n": done},
            )
        if outcome.refused:
            left = len(outcome.refused)
            reasons = sorted({one for each in outcome.refused.values() for one in each})
            text = ngettext("%(n)s case was left.", "%(n)s cases were left.", left)
            messages.error(request, " ".join([text % {"n": left}, _("Missing:"), *reasons]))
        return HttpResponseRedirect(reverse("kyc:queue") + "?tab=team")


def _pair(text: str) -> tuple[UUID, UUID] | None:
    case, _colon, person = text.partition(":")
    try:
        return UUID(case), UUID(person)
    except ValueError:
        return None
