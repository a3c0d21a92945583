"""Pages of feedback: what customers think, the answers behind it, surveys, imports."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clm.core import access, actors
from clm.core.models import Job
from clm.core.web.charts import Chart, Series, line
from clm.core.web.paging import keyset
from clm.core.web.refusals import spread
from clm.core.web.views import StaffFormView, StaffRequest, StaffView
from clm.core.web.views.staff import StaffMixin
from clm.core.web.words import dated
from customers import selectors as customers
from customers.models import Customer
from customers.web.imports import FileJobView, TableFileForm
from engagement import selectors, services
from engagement.feedback_job import COLUMNS
from engagement.measures import ENOUGH
from engagement.models import Measure, Origin, Survey

_BANDS = {
    "good": gettext_lazy("Happy"),
    "between": gettext_lazy("In between"),
    "bad": gettext_lazy("Unhappy"),
}


class FeedbackView(StaffView):
    """Every measure with its interval, the trend of one, themes, surveys."""

    permission = "engagement.view_feedback"
    template_name = "engagement/feedback.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        measure = self.request.GET.get("measure", "")
        measure = measure if measure in Measure.values else Measure.NPS.value
        return super().get_context_data(
            figures=selectors.figures(at=now),
            measure=Measure(measure),
            chart=_chart(measure, selectors.trend(measure=measure, at=now)),
            themes=list(selectors.themes()[:12]),
            surveys=list(selectors.visible_surveys(actor=self.request.user).order_by("name")[:50]),
            enough=ENOUGH,
            **kwargs,
        )


class AnswersView(StaffView):
    """The answers behind a figure, a theme or a customer, within reach."""

    permission = "engagement.view_feedback"
    template_name = "engagement/answers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET
        chosen = {name: query.get(name, "") for name in ("measure", "band", "origin")}
        found = selectors.answers(
            actor=self.request.user, theme=_key(query.get("theme", "")),
            customer=_key(query.get("customer", "")), **chosen,
        )  # fmt: skip
        page = keyset(queryset=found, request=self.request, order=("-said_at", "-id"))
        access.note_read(records=page.items, kind="list")
        return super().get_context_data(
            page=page,
            measures=Measure.choices,
            bands=_BANDS.items(),
            origins=Origin.choices,
            themes=[(str(one.pk), str(one)) for one in selectors.themes()[:12]],
            theme=query.get("theme", ""),
            **chosen,
            **kwargs,
        )


class SurveyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Survey
        fields = ("name", "measure", "question_da", "question_en", "days", "is_open")


class SurveyFormView(StaffFormView):
    """A new survey, or one corrected."""

    permission = "engagement.change_survey"
    form_class = SurveyForm
    template_name = "engagement/survey_form.html"

    @cached_property
    def survey(self) -> Survey | None:
        key = self.kwargs.get("pk")
        return get_object_or_404(Survey, pk=key) if key else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.survey}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(survey=self.survey, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        given: dict[str, Any] = {"actor": self.request.user, "at": timezone.now()}
        try:
            if self.survey is None:
                done = services.add_survey(**form.cleaned_data, **given)
            else:
                fresh = Survey.objects.get(pk=self.survey.pk)
                done = services.change_survey(survey=fresh, changes=form.cleaned_data, **given)
        except ValidationError as error:
            spread(form, error)
            return self.form_invalid(form)
        messages.success(self.request, _("The survey is saved."))
        return HttpResponseRedirect(reverse("engagement:survey", args=[done.pk]))


class InviteForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("By"),
        choices=[("email", gettext_lazy("E-mail")), ("sms", gettext_lazy("Text message"))],
    )
    limit = forms.IntegerField(
        label=gettext_lazy("How many customers"), min_value=1, max_value=2000, initial=200,
        help_text=gettext_lazy(
            "Only who has agreed to surveys, and was not asked for 90 days; outside quiet hours."
        ),
    )  # fmt: skip


class SurveyView(StaffView):
    """One survey: its figure, its trend, who is asked."""

    permission = "engagement.view_survey"
    template_name = "engagement/survey.html"
    form: BaseForm | None = None

    @cached_property
    def survey(self) -> Survey:
        return get_object_or_404(
            selectors.visible_surveys(actor=self.request.user), pk=self.kwargs["pk"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, survey = timezone.now(), self.survey
        may_send = survey.is_open and actors.may(
            actor=self.request.user, permission="engagement.change_survey"
        )
        return super().get_context_data(
            survey=survey,
            figure=selectors.figures(at=now, survey=survey)[0],
            chart=_chart(survey.measure,
                         selectors.trend(measure=survey.measure, at=now, survey=survey)),
            asked=selectors.sendings(survey=survey),
            invite_form=(self.form or InviteForm()) if may_send else None,
            **kwargs,
        )  # fmt: skip


class InviteView(SurveyView):
    """POST `channel` and `limit`: ask customers."""

    permission = "engagement.change_survey"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = form = InviteForm(request.POST)
        if form.is_valid():
            try:
                asked, passed = services.invite(
                    survey=self.survey, actor=request.user, at=timezone.now(), **form.cleaned_data
                )
            except ValidationError as error:
                spread(form, error)
            else:
                said = ngettext("%(n)s customer is asked.", "%(n)s customers are asked.", asked)
                reasons = "; ".join(f"{words}: {count}" for words, count in passed.items())
                if reasons:
                    reasons = " " + _("Passed over: %(reasons)s.") % {"reasons": reasons}
                messages.success(request, said % {"n": asked} + reasons)
                return HttpResponseRedirect(reverse("engagement:survey", args=[self.survey.pk]))
        return self.render_to_response(self.get_context_data(), status=422)


class HandOverView(StaffMixin):
    """POST `survey`: a link for one customer, shown once to whoever hands it over."""

    permission = "engagement.add_interaction"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, customer: UUID, **_kwargs: Any) -> HttpResponse:
        visible = customers.visible_customers(actor=request.user)
        whose: Customer = get_object_or_404(visible, pk=customer)
        survey = get_object_or_404(Survey, pk=_key(request.POST.get("survey", "")))
        try:
            made = services.hand_over_survey(
                survey=survey, customer=whose, actor=request.user, at=timezone.now()
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            path = reverse("survey:answer", args=[services.secret_of(invitation=made)])
            link = request.build_absolute_uri(path)
            messages.success(
                request, _("Give this link to the customer: %(link)s") % {"link": link}
            )
        return HttpResponseRedirect(reverse("customers:customer", args=[whose.pk]))


class FeedbackFileForm(forms.Form):
    file = TableFileForm.base_fields["file"]
    origin = forms.ChoiceField(
        label=gettext_lazy("Where it was heard"),
        choices=[one for one in Origin.choices if one[0] != Origin.SURVEY],
        help_text=gettext_lazy("Of the rows that name none."),
    )
    dry_run = TableFileForm.base_fields["dry_run"]


class FeedbackImportView(FileJobView):
    template_name = "engagement/feedback_import.html"
    permission = "engagement.add_feedback"
    form_class = FeedbackFileForm
    kinds = ("engagement.feedback",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "columns": sorted(COLUMNS.items())}

    def start(self, data: dict[str, Any]) -> Job:
        return services.start_feedback_import(
            file=data["file"].file,
            file_name=data["file"].name,
            origin=data["origin"],
            dry_run=data["dry_run"],
            actor=self.request.user,
            at=timezone.now(),
        )


class ThemesView(StaffMixin):
    """POST: look for themes anew; the job shows when they are there."""

    permission = "engagement.change_survey"
    http_method_names = ["post"]
    request: StaffRequest

    def post(self, request: StaffRequest, **_kwargs: Any) -> HttpResponse:
        job = services.start_themes(actor=request.user, at=timezone.now())
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))


def _chart(measure: str, months: list[Any]) -> Chart | None:
    """The trend with its interval; nothing where no month has enough answers."""
    if not any(one.figure.value is not None for one in months):
        return None
    times = 1 if measure == Measure.NPS else 100

    def row(name: str) -> list[float | None]:
        values = [getattr(one.figure, name) for one in months]
        return [None if value is None else round(value * times, 1) for value in values]

    return line(
        [dated(one.first, "b Y") for one in months],
        [
            Series(str(Measure(measure).label), row("value")),
            Series(_("Lower end"), row("low")),
            Series(_("Upper end"), row("high")),
        ],
        title=str(Measure(measure).label),
        from_zero=measure != Measure.NPS,
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
