"""One step for the chosen cases: shown first, with what is refused and why; done when confirmed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core import access
from clm.core.web.views import StaffRequest, safe_next
from clm.core.web.views.staff import StaffMixin
from kyc import selectors, services
from kyc.models import Case, ReasonCode
from kyc.services.together import ACTIONS, DISMISS, MOST, PROPOSE, Line


class TogetherView(StaffMixin):
    """POST `action` and `case` several times; with `confirmed` it is done."""

    permission = "kyc.decide_hit"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        back = safe_next(request, reverse("kyc:queue"))
        action = request.POST.get("action", "")
        seen = dict(filter(None, map(_seen, request.POST.getlist("case")[:MOST])))
        cases = list(
            selectors.visible_cases(actor=request.user)
            .filter(pk__in=list(seen))
            .order_by("due_at", "pk")
        )
        if action not in ACTIONS or not cases:
            messages.error(request, _("Choose at least one case."))
            return HttpResponseRedirect(back)
        access.note_read(records=cases, kind="list")
        fault = self._fault(action) if request.POST.get("confirmed") else ""
        if fault or not request.POST.get("confirmed"):
            return self._preview(request, cases, action, back, fault)
        lines = services.act_on_cases(
            cases=cases, action=action, actor=request.user, at=timezone.now(),
            reason_code=request.POST.get("reason_code", ""),
            reason=request.POST.get("reason", "")[:2000],
            versions={pk: version for pk, version in seen.items() if version},
        )  # fmt: skip
        self._tell(request, lines)
        return HttpResponseRedirect(back)

    def _preview(
        self, request: StaffRequest, cases: list[Case], action: str, back: str, fault: str
    ) -> HttpResponse:
        lines = services.preview_of(
            cases=cases, action=action, actor=request.user, at=timezone.now()
        )
        return render(
            request,
            "kyc/together.html",
            {
                "action": action,
                "title": titles()[action],
                "fits": [one for one in lines if one.done],
                "refused": [one for one in lines if not one.done],
                "asks_code": action == DISMISS,
                "asks_reason": action in (DISMISS, PROPOSE),
                "reasons": ReasonCode.choices,
                "reason_code": request.POST.get("reason_code", ""),
                "reason": request.POST.get("reason", ""),
                "fault": fault,
                "back": back,
            },
            status=422 if fault else 200,
        )

    def _fault(self, action: str) -> str:
        code = self.request.POST.get("reason_code", "")
        reason = self.request.POST.get("reason", "").strip()
        if action == DISMISS and code not in ReasonCode.values:
            return _("Choose a reason.")
        if (action == DISMISS and code == ReasonCode.OTHER) or action == PROPOSE:
            return "" if reason else _("Say what the reason is.")
        return ""

    def _tell(self, request: StaffRequest, lines: list[Line]) -> None:
        done = sum(bool(one.done) for one in lines)
        if done:
            text = ngettext("Done for %(n)s case.", "Done for %(n)s cases.", done)
            messages.success(request, text % {"n": done})
        for one in lines:
            if one.refused:
                messages.error(request, f"{one.case.customer}: {' '.join(one.refused)}")


def titles() -> dict[str, str]:
    """What each action is called on its page and its button."""
    return {
        "dismiss": _("Hits are other people"),
        "propose_clearance": _("Propose clearance"),
        "clear": _("Clear"),
    }


def _seen(text: str) -> tuple[UUID, int] | None:
    """A case as the form has it: its id, on confirming with the version that was shown."""
    key, _colon, version = text.partition(":")
    try:
        return UUID(key), int(version or 0)
    except ValueError:
        return None
