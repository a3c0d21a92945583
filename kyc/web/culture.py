"""Compliance culture on one page; policies and their attestation; samples and their examination."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clm.core import access, actors
from clm.core.kpis import visible_kpis
from clm.core.web.charts import Part, Series, bars, line
from clm.core.web.views import StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from clm.core.web.words import measure, number
from kyc.culture import selectors, services
from kyc.culture.selectors import Quality
from kyc.models import PolicyText, QualityReview


class CultureView(StaffView):
    """For management: who has attested, how good decisions are, where work is late."""

    permission = selectors.SEES
    template_name = "kyc/culture.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, at = self.request.user, timezone.now()
        duties = selectors.duties(at=at)
        roles = selectors.by_role(duties)
        samples = selectors.quality(months=12, at=at)
        every = Quality(
            sum(one.examined for _sample, one in samples),
            sum(one.errors for _sample, one in samples),
        )
        units = selectors.late_by_unit(actor=actor, at=at)
        steps = selectors.escalations(actor=actor, at=at)
        standing, since = selectors.escalated_now(actor=actor)
        done = sum(one.attested_at is not None for one in duties)
        return super().get_context_data(
            figures=[
                (one, measure(one.compute(at=at), one.unit))
                for one in visible_kpis(actor=actor)
                if one.family == "compliance"
            ],
            attested=done,
            to_attest=len(duties),
            overdue=[one for one in duties if one.overdue],
            roles_chart=_roles_chart(roles),
            quality=every,
            samples=samples,
            quality_chart=_quality_chart(samples),
            kinds=[
                (QualityReview.ErrorKind(kind).label, count)
                for kind, count in sorted(
                    selectors.error_kinds().items(), key=lambda pair: (-pair[1], pair[0])
                )
            ],
            units=units,
            late=sum(one.late for one in units),
            units_chart=_units_chart(units),
            people=selectors.late_by_person(actor=actor, at=at),
            escalated=standing,
            since=since,
            escalations_chart=bars(
                [Part(date_format(month, "M Y"), count) for month, count in steps],
                title=_("Escalations"), width=420, unit=_("Cases"),
            ),
            **kwargs,
        )  # fmt: skip


class PoliciesView(StaffView):
    """What somebody is to attest; for who publishes, a form for the next version."""

    template_name = "kyc/policies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        return super().get_context_data(
            duties=selectors.duties(at=timezone.now(), user=actor),
            to_come=selectors.policies_to_come(actor=actor),
            may_publish=actors.may(actor=actor, permission="kyc.add_policytext"),
            roles=[(name, role.label) for name, role in settings.CLM_ROLES.items()],
            told=self.request.POST,
            chosen=self.request.POST.getlist("roles"),
            **kwargs,
        )

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        """Write the next version of a policy; a second person publishes it."""
        told = request.POST
        if not actors.may(actor=request.user, permission="kyc.add_policytext"):
            raise PermissionDenied
        try:
            policy = services.draft_policy(
                code=told.get("code", ""), title_da=told.get("title_da", ""),
                title_en=told.get("title_en", ""), text_da=told.get("text_da", ""),
                text_en=told.get("text_en", ""), roles=told.getlist("roles"),
                due_on=_day(told.get("due_on", "")), actor=request.user, at=timezone.now(),
            )  # fmt: skip
        except ValidationError as exc:
            return self.render_to_response(self.get_context_data(faults=exc.messages), status=422)
        messages.success(request, _("%(policy)s is a draft.") % {"policy": policy})
        return HttpResponseRedirect(reverse("kyc:policies"))


class AttestView(StaffMixin):
    """POST: attest a policy."""

    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        policy = PolicyText.objects.filter(pk=_key(request.POST.get("policy", ""))).first()
        try:
            if policy is None:
                raise ValidationError(_("This version is not yours to attest."))
            services.attest(policy=policy, actor=request.user, at=timezone.now())
        except ValidationError as exc:
            messages.error(request, " ".join(exc.messages))
        else:
            messages.success(request, _("Attested: %(policy)s") % {"policy": policy})
        return HttpResponseRedirect(reverse("kyc:policies"))


class QualityView(StaffView):
    """Samples of cleared cases; POST draws the one of last month."""

    permission = "kyc.decide_hit"
    template_name = "kyc/quality.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        at = timezone.now()
        open_ones = list(
            selectors.visible_reviews(actor=actor).filter(verdict="").order_by("sample", "pk")[:100]
        )
        done = list(
            selectors.visible_reviews(actor=actor)
            .exclude(verdict="").order_by("-examined_at")[:50]
        )  # fmt: skip
        access.note_read(records=[one.case for one in [*open_ones, *done]], kind="list")
        return super().get_context_data(
            open_ones=[
                (one, actor.pk not in selectors.had_a_hand_in(case=one.case)) for one in open_ones
            ],
            done=done,
            samples=list(reversed(selectors.quality(months=12, at=at))),
            kinds=QualityReview.ErrorKind.choices,
            month=services.last_month(at=at),
            may_draw=actors.may(actor=actor, permission="kyc.add_qualitysample"),
            **kwargs,
        )

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        text = request.POST.get("percent", "")
        at = timezone.now()
        try:
            services.draw_sample(
                month=services.last_month(at=at), actor=request.user, at=at,
                percent=int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0,
            )  # fmt: skip
        except ValidationError as exc:
            messages.error(request, " ".join(exc.messages))
        except IntegrityError:
            messages.error(request, _("The month was drawn already."))
        else:
            messages.success(request, _("The sample is drawn."))
        return HttpResponseRedirect(reverse("kyc:quality"))


class ExamineView(StaffMixin):
    """POST `review`, `verdict`, `error_kind` and `comment`."""

    permission = "kyc.decide_hit"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        reviews = selectors.visible_reviews(actor=request.user)
        review = reviews.filter(pk=_key(request.POST.get("review", ""))).first()
        if review is not None:
            try:
                services.examine(
                    review=review, verdict=request.POST.get("verdict", ""),
                    error_kind=request.POST.get("error_kind", ""),
                    comment=request.POST.get("comment", "")[:2000], actor=request.user,
                    at=timezone.now(),
                )  # fmt: skip
            except ValidationError as exc:
                messages.error(request, " ".join(exc.messages))
            else:
                messages.success(request, _("Examined."))
        return HttpResponseRedirect(reverse("kyc:quality"))


def home_policies(request: Any, customer: Any = None) -> dict[str, Any] | None:
    """Policies that the person has yet to attest; nothing when there are none."""
    waiting = [
        one
        for one in selectors.duties(at=timezone.now(), user=request.user)
        if one.attested_at is None
    ]
    return {"duties": waiting} if waiting else None


def _roles_chart(roles: dict[str, tuple[int, int]]) -> Any:
    return bars(
        [
            Part(
                str(settings.CLM_ROLES[name].label), round(100 * done / every),
                text=_("%(done)s of %(every)s") % {"done": number(done), "every": number(every)},
                kind="data" if done == every else "bad",
            )
            for name, (done, every) in roles.items()
        ],
        title=_("Attested, by role"), width=420, unit="%",
    )  # fmt: skip


def _quality_chart(samples: list[Any]) -> Any:
    told = [(sample, found) for sample, found in samples if found.examined]
    if len(told) < 2:
        return None
    return line(
        [date_format(sample.month, "M Y") for sample, _found in told],
        [Series(_("Error rate, %"), [round(100 * found.rate, 1) for _sample, found in told])],
        title=_("Error rate by month"), width=420,
    )  # fmt: skip


def _units_chart(units: list[Any]) -> Any:
    return bars(
        [
            Part(one.name or _("No branch"), one.late, kind="bad" if one.late else "data")
            for one in units
        ],
        title=_("Late, by unit"), width=420, unit=_("Cases and reviews"),
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise ValidationError({"due_on": _("Say by which day.")})
    return found


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
