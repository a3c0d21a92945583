"""Match review: customer and listed party side by side, and the decision."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import access, actors, lifecycle
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.models import User
from clm.core.web.charts import Part, waterfall
from clm.core.web.views import StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from clm.core.web.views.transition import refusal_response
from kyc import selectors, services, words
from kyc.lifecycle import AT_WORK, CaseState
from kyc.models import Hit, HitState, ReasonCode
from kyc.web.fields import rows


@dataclass(frozen=True)
class Place:
    """Where a hit stands among the open ones."""

    number: int
    total: int
    previous: str
    next: str


class HitView(StaffView):
    """The comparison; the decide bar for those who may decide."""

    permission = "kyc.view_hit"
    template_name = "kyc/hit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        hit = get_object_or_404(
            selectors.visible_hits(actor=actor).select_related(
                "case", "case__assignee", "previous", "previous__decided_by"
            ),
            pk=self.kwargs["pk"],
        )
        access.note_read(records=hit)
        at_work = hit.case.state in AT_WORK
        may_decide = actors.may(actor=actor, permission="kyc.decide_hit")
        return super().get_context_data(
            hit=hit,
            rows=rows(hit=hit),
            chart=score_chart(hit),
            changed=changed_facts(hit),
            earlier=selectors.earlier_decisions(hit=hit),
            place=place_of(hit, actor),
            reasons=ReasonCode.choices,
            may_decide=may_decide and at_work and hit.status == HitState.OPEN,
            may_undo=may_decide
            and hit.case.state in (*AT_WORK, CaseState.PENDING_APPROVAL)
            and hit.status != HitState.OPEN,
            **kwargs,
        )


class DecideView(StaffMixin):
    """POST `decision` (`false_match`, `look`, `true_match`), `reason_code`, `comment`."""

    permission = "kyc.decide_hit"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        hits = selectors.visible_hits(actor=request.user).select_related("case")
        hit = get_object_or_404(hits, pk=kwargs["pk"])
        here = reverse("kyc:hit", args=[hit.pk])
        onward = next_url(hit, request.user)
        try:
            if request.POST.get("decision") == "look":
                return self._look_into(hit, onward)
            services.decide_hit(
                hit=hit,
                decision=request.POST.get("decision", ""),
                reason_code=request.POST.get("reason_code", ""),
                comment=request.POST.get("comment", "")[:2000],
                actor=request.user,
                at=timezone.now(),
                version=_version(request),
            )
        except TransitionRefused as refusal:
            title = _("The decision is not possible yet. What is missing:")
            return refusal_response(
                request, title=title, reasons=refusal.reasons, status=409, back=here
            )
        except StaleVersion as stale:
            return refusal_response(request, title=str(stale), reasons=[], status=409, back=here)
        messages.success(request, _("Decided. You can undo it until a second person acts."))
        return HttpResponseRedirect(onward)

    def _look_into(self, hit: Hit, onward: str) -> HttpResponse:
        case = hit.case
        if case.state == CaseState.TRIAGE:
            lifecycle.perform(
                record=case, name="investigate", actor=self.request.user, at=timezone.now()
            )
        messages.success(self.request, _("The case is being investigated."))
        return HttpResponseRedirect(onward)


class UndoView(StaffMixin):
    """POST: take the decision back."""

    permission = "kyc.decide_hit"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **kwargs: Any) -> HttpResponse:
        hit = get_object_or_404(selectors.visible_hits(actor=request.user), pk=kwargs["pk"])
        here = reverse("kyc:hit", args=[hit.pk])
        try:
            services.undo_hit(hit=hit, actor=request.user, at=timezone.now())
        except TransitionRefused as refusal:
            title = _("The decision stands. What is missing to undo it:")
            return refusal_response(
                request, title=title, reasons=refusal.reasons, status=409, back=here
            )
        except PermissionDenied:
            raise
        messages.success(request, _("The decision is undone."))
        return HttpResponseRedirect(here)


def open_hits(actor: User) -> list[tuple[UUID, UUID]]:
    """The open hits in the order in which they are due, each with its case; at most 500."""
    return list(
        selectors.visible_hits(actor=actor)
        .filter(status=HitState.OPEN, case__state__in=AT_WORK)
        .order_by("case__due_at", "case_id", "-score", "pk")
        .values_list("pk", "case_id")[:500]
    )


def place_of(hit: Hit, actor: User) -> Place | None:
    keys = [pk for pk, _case in open_hits(actor)]
    if hit.pk not in keys:
        return None
    at = keys.index(hit.pk)
    return Place(
        number=at + 1,
        total=len(keys),
        previous=reverse("kyc:hit", args=[keys[at - 1]]) if at else "",
        next=reverse("kyc:hit", args=[keys[at + 1]]) if at + 1 < len(keys) else "",
    )


def next_url(hit: Hit, actor: User) -> str:
    """Where a decision leads: the case's next hit; without one the case, to be proposed."""
    for pk, case_id in open_hits(actor):
        if case_id == hit.case_id and pk != hit.pk:
            return reverse("kyc:hit", args=[pk])
    return reverse("kyc:case", args=[hit.case_id])


def score_chart(hit: Hit) -> Any:
    """The score as the sum of its features, with the threshold through all of them."""
    parts = [
        Part(words.feature(one["code"], one["facts"]), one["points"]) for one in hit.explanation
    ]
    return waterfall(
        parts, title=_("Score"), threshold=round(float(hit.threshold) * 100), width=334
    )


def changed_facts(hit: Hit) -> list[str]:
    """What changed since this pair was decided before: of the listed party, and of the customer."""
    if hit.previous is None:
        return []
    before, now = hit.previous.facts, hit.facts
    labels = {"names": _("Names"), "born": _("Born"), "countries": _("Countries")}
    found = [str(labels[key]) for key in labels if before.get(key) != now.get(key)]
    mine, own = before.get("customer"), now.get("customer")
    if mine and own:
        customers = {
            "names": _("The customer's name"),
            "born": _("The customer's date of birth"),
            "countries": _("The customer's countries"),
        }
        found += [str(customers[key]) for key in customers if mine.get(key) != own.get(key)]
    return found or [_("Facts about the customer")]


def _version(request: StaffRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
