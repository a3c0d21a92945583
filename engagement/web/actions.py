"""Pages of the next best action: mine, why, what was learnt; and an adviser's answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from clm.core import access, actors
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.web.paging import keyset
from clm.core.web.views import StaffRequest, StaffView, safe_next
from clm.core.web.views.staff import StaffMixin
from customers import selectors as customers
from customers.models import Customer
from engagement import selectors, services
from engagement.lifecycle import ActionState
from engagement.models import NextBestAction, Refusal
from engagement.nba import HELD_OUT_ONE_IN, STAGES, group_of
from engagement.web.action_words import labels, told


class ActionsView(StaffView):
    """What is proposed, what advisers taught, and what it changes."""

    permission = "engagement.view_nextbestaction"
    template_name = "engagement/actions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, mine = self.request.user, self.request.GET.get("whose", "") != "all"
        found = selectors.visible_actions(actor=actor).filter(state=ActionState.PROPOSED)
        if mine and actors.may(actor=actor, permission="engagement.answer_nextbestaction"):
            found = found.filter(customer__adviser=actor)
        page = keyset(queryset=found, request=self.request, order=("-score", "-id"))
        access.note_read(records=page.items, kind="list")
        return super().get_context_data(
            page=page,
            mine=mine,
            lessons=[
                {"lesson": one, "reasons": [(Refusal(code).label, count)
                                            for code, count in sorted(one.reasons.items()) if code]}
                for one in selectors.lessons()
            ],
            uplift=selectors.measured(at=timezone.now()),
            one_in=HELD_OUT_ONE_IN,
            **kwargs,
        )  # fmt: skip


class WhyView(StaffView):
    """Every offer of the catalogue through the stages, for one customer, as of now."""

    permission = "engagement.view_nextbestaction"
    template_name = "engagement/why.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = customers.visible_customers(actor=self.request.user)
        customer: Customer = get_object_or_404(visible, pk=self.kwargs["customer"])
        access.note_read(records=customer)
        people = selectors.commercial_customers(customer_ids=[customer.pk])
        weighed = selectors.reckon(people=people, at=timezone.now()).get(customer.pk, [])
        # The address's own part of the same name gives way to the record.
        return super().get_context_data(
            **{
                **kwargs,
                "customer": customer,
                "held_out": group_of(customer.pk) == "held_out",
                "stages": [labels()[one] for one in STAGES],
                "candidates": [{"candidate": one, "told": told(one)} for one in weighed],
            }
        )


class AnswerView(StaffMixin):
    """POST `do` (accept, defer, reject) with `until` or `refusal`: the adviser's answer."""

    permission = "engagement.answer_nextbestaction"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, pk: UUID, **_kwargs: Any) -> HttpResponse:
        visible = selectors.visible_actions(actor=request.user)
        action: NextBestAction = get_object_or_404(visible, pk=pk)
        back = safe_next(request, reverse("customers:customer", args=[action.customer_id]))
        given: dict[str, Any] = {
            "action": action, "actor": request.user, "at": timezone.now(),
            "version": _number(request.POST.get("version", "")),
        }  # fmt: skip
        do = request.POST.get("do", "")
        try:
            if do == "accept":
                services.accept_action(**given)
                said = _("The offer is on the record. Call, and note what came of it.")
            elif do == "defer":
                until = _date(request.POST.get("until", ""))
                services.defer_action(until=until or timezone.localdate(), **given)
                said = _("Put off.")
            else:
                services.reject_action(refusal=request.POST.get("refusal", ""), **given)
                said = _("Noted, and learnt from.")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        except StaleVersion as error:
            messages.error(request, str(error))
        else:
            messages.success(request, said)
        return HttpResponseRedirect(back)


class ProposeView(StaffMixin):
    """POST: propose for all customers now; the job shows how far it is."""

    permission = "engagement.add_nextbestaction"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        job = services.start_proposing(actor=request.user, at=timezone.now())
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _date(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
