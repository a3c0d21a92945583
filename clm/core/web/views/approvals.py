"""Four eyes: who waits for a second person, what was shown then, and how it stands now."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, approvals, lifecycle, rejection
from clm.core.access import note_read
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Approval, Record, User
from clm.core.web import transitions
from clm.core.web.event_words import type_label
from clm.core.web.views.staff import StaffRequest, StaffView
from clm.core.web.views.transition import refusal_response


@dataclass(frozen=True)
class Waiting:
    """An open question with the record it is about."""

    approval: Approval
    record: Record
    what: str
    label: str
    url: str
    mine: bool


@dataclass(frozen=True)
class Difference:
    label: str
    before: Any
    after: Any

    @property
    def changed(self) -> bool:
        return bool(self.before != self.after)


def deciding_steps(approval: Approval) -> list[tuple[str, str, str]]:
    """The transitions that decide a question: name, label and permission."""
    try:
        machine = lifecycle.machine_of(apps.get_model(approval.record_type))
    except (LookupError, ValueError):
        return []
    found = {}
    for name, steps in machine.transitions().items():
        for step in steps:
            if step.custom.get("four_eyes") == approval.action:
                label = str(step.custom.get("label", name))
                found[name] = (name, label, str(step.permission or ""))
    return list(found.values())


def _waiting(approval: Approval, actor: User) -> Waiting | None:
    route = transitions.route_of(approval.record_type)
    if route is None:
        return None
    record = route.selector(actor=actor).filter(pk=approval.record_id).first()
    if record is None:
        return None
    steps = deciding_steps(approval)
    return Waiting(
        approval=approval,
        record=record,
        what=type_label(approval.record_type),
        label=" / ".join(label for _name, label, _permission in steps) or approval.action,
        url=transitions.url_of(record),
        mine=approval.maker_id == actor.pk,
    )


def _may_decide(approval: Approval, actor: User) -> bool:
    return any(
        permission and actors.may(actor=actor, permission=permission)
        for _name, _label, permission in deciding_steps(approval)
    )


def waiting_for(*, actor: User) -> list[Waiting]:
    """Open questions that `actor` may decide and did not ask, oldest first, within reach."""
    open_ones = approvals.waiting().exclude(maker=actor)[:500]
    found = (_waiting(one, actor) for one in open_ones if _may_decide(one, actor))
    return [one for one in found if one is not None]


def asked_by(*, actor: User) -> list[Waiting]:
    """Open questions that `actor` asked."""
    found = (_waiting(one, actor) for one in approvals.waiting().filter(maker=actor)[:200])
    return [one for one in found if one is not None]


def differences(*, approval: Approval, record: Record) -> list[Difference]:
    """What the maker saw beside what stands now, field by field."""
    now = approvals.snapshot(record)
    rows = []
    told = _told(record)
    left_out = {"id", "version", "created_at"} | (told.instead_of if told else frozenset())
    for name, before in approval.shown.items():
        if name in left_out:
            continue
        after = now.get(name, before)
        try:
            field = record._meta.get_field(name.removesuffix("_id"))
        except FieldDoesNotExist:
            label = name
        else:
            label = str(getattr(field, "verbose_name", name))
            words = dict(getattr(field, "flatchoices", ()))
            before, after = (
                str(words.get(one, one)) if isinstance(one, str) else one for one in (before, after)
            )
        rows.append(Difference(label[:1].upper() + label[1:], before, after))
    return rows


def _told(record: Record) -> transitions.Told | None:
    route = transitions.route_of(record._meta.label)
    return route.told if route else None


class ApprovalsView(StaffView):
    """What waits for my decision, and what I asked of others."""

    template_name = "core/approvals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "waiting": waiting_for(actor=self.request.user),
            "asked": asked_by(actor=self.request.user),
        }


class ApprovalView(StaffView):
    """One question: who asked and why, the difference, and the decision."""

    template_name = "core/approval.html"

    def _found(self) -> Waiting:
        user, pk = self.request.user, self.kwargs["pk"]
        approval = Approval.objects.select_related("maker", "checker").filter(pk=pk).first()
        found = _waiting(approval, user) if approval else None
        if approval is None or found is None:
            raise Http404
        # Who can see the record but has no part in deciding it has nothing to look for here.
        if not (found.mine or _may_decide(approval, user)):
            raise Http404
        return found

    def post(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """`reason`: answer no."""
        found = self._found()
        back = reverse("web:approval", args=[found.approval.pk])
        try:
            rejection.reject(
                approval=found.approval,
                actor=request.user,
                at=timezone.now(),
                reason=request.POST.get("reason", ""),
            )
        except TransitionRefused as refusal:
            return refusal_response(
                request,
                title=_("This cannot be rejected yet. What is missing:"),
                reasons=refusal.reasons,
                status=409,
                back=back,
            )
        except approvals.ApprovalRefused as refusal:
            return refusal_response(request, title=str(refusal), reasons=[], status=409, back=back)
        messages.success(request, _("Rejected; whoever asked sees why."))
        return redirect("web:approvals")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self._found()
        approval = found.approval
        note_read(records=found.record)
        told = _told(found.record)
        return {
            **super().get_context_data(**kwargs),
            **(told.context(found.record) if told else {}),
            "told": told.template if told else "",
            "approval": approval,
            "found": found,
            "record": found.record,
            "rows": differences(approval=approval, record=found.record),
        }
