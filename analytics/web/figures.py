"""Key figures, what each means and how it went; the benefits; the general ledger's extract."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from analytics.figures import selectors, services
from analytics.figures.importing import Fault
from analytics.models import LedgerItem
from clm.core import actors
from clm.core.lifecycle import StaleVersion
from clm.core.tables import UnreadableFile
from clm.core.web.charts import Chart, Series, line, spark
from clm.core.web.views import StaffFormView, StaffView
from clm.core.web.words import dated

_SPARK, _LINE, _FAULTS = 30, 120, 50
_MONTHS = 13
_MOST_BYTES = 10 * 1024 * 1024


class KpisView(StaffView):
    """Every key figure that the reader may see, by family."""

    template_name = "analytics/kpis.html"
    permission = "analytics.view_kpivalue"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.figures(actor=self.request.user, on=timezone.localdate())
        families = [
            (label, [(one, _spark(one)) for one in found if one.kpi.family == family])
            for family, label in selectors.FAMILIES.items()
        ]
        return super().get_context_data(
            families=[(label, rows) for label, rows in families if rows],
            alarming=[one for one in found if one.alarming],
            **kwargs,
        )


class BenefitsView(StaffView):
    """What the platform is there for, each benefit with its figures."""

    template_name = "analytics/benefits.html"
    permission = "analytics.view_kpivalue"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = selectors.figures(actor=self.request.user, on=timezone.localdate())
        found = {one.kpi.name: one for one in figures}
        return super().get_context_data(
            benefits=[
                (label, [(found[name], _spark(found[name])) for name in names if name in found])
                for label, names in selectors.BENEFITS
            ],
            **kwargs,
        )


class TargetForm(forms.Form):
    """What is wanted of a figure; a share is given in per cent."""

    target = forms.FloatField(label=gettext_lazy("Target"), required=False, localize=True)
    alert = forms.FloatField(
        label=gettext_lazy("Alert"),
        required=False,
        localize=True,
        help_text=gettext_lazy("Who answers for the figure gets a task when it becomes worse."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class KpiView(StaffFormView):
    """One key figure: what it means, how it went, what is wanted of it."""

    template_name = "analytics/kpi.html"
    permission = "analytics.view_kpivalue"
    form_class = TargetForm

    @cached_property
    def figure(self) -> selectors.Figure:
        found = selectors.figure(
            actor=self.request.user, name=self.kwargs["name"], on=timezone.localdate()
        )
        if found is None:
            raise Http404
        return found

    @property
    def scale(self) -> int:
        return 100 if self.figure.kpi.unit == "share" else 1

    def get_initial(self) -> dict[str, Any]:
        target = self.figure.target
        if target is None:
            return {}
        return {
            "target": _scaled(target.target, self.scale),
            "alert": _scaled(target.alert, self.scale),
            "version": target.version,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figure = self.figure
        return super().get_context_data(
            figure=figure,
            kpi=figure.kpi,
            family=selectors.FAMILIES[figure.kpi.family],
            chart=_line(figure),
            page=figure.kpi.url(),
            owner=settings.CLM_ROLES[figure.kpi.owner].label,
            may_change=_may_change(self.request.user),
            **kwargs,
        )

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _may_change(self.request.user):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        given = form.cleaned_data
        try:
            services.set_target(
                name=self.figure.kpi.name,
                target=_scaled(given["target"], 1 / self.scale),
                alert=_scaled(given["alert"], 1 / self.scale),
                version=given["version"],
                actor=self.request.user,
                at=timezone.now(),
            )
        except StaleVersion:
            form.add_error(
                None, _("Somebody has changed the target meanwhile; load the page again.")
            )
            return self.form_invalid(form)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
            return self.form_invalid(form)
        messages.success(self.request, _("The target is set."))
        return HttpResponseRedirect(reverse("analytics:kpi", args=[self.figure.kpi.name]))


class LedgerForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Extract of the general ledger"),
        help_text=gettext_lazy("CSV, XLSX or JSON Lines with month, item, amount and currency."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > _MOST_BYTES:
            raise ValidationError(_("The file is larger than 10 MB."))
        return file


class LedgerView(StaffFormView):
    """The latest thirteen months of the ledger, and the next extract."""

    template_name = "analytics/ledger.html"
    permission = "analytics.view_ledgerfigure"
    form_class = LedgerForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ledger = selectors.visible_ledger(actor=self.request.user)
        months = sorted(
            ledger.order_by("-month").values_list("month", flat=True).distinct()[:_MONTHS]
        )
        amounts = {(one.item, one.month): one for one in ledger.filter(month__in=months)}
        rows = [
            (label, [amounts.get((item, month)) for month in months])
            for item, label in LedgerItem.choices
        ]
        return super().get_context_data(
            months=months,
            rows=[(label, cells) for label, cells in rows if any(cells)],
            items=LedgerItem.choices,
            may_import=_may_import(self.request.user),
            **kwargs,
        )

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _may_import(self.request.user):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        at = timezone.now()
        try:
            taken = services.import_ledger(
                stream=file, name=file.name, actor=self.request.user, at=at
            )
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        text = _("%(added)d amounts are new, %(changed)d changed, %(known)d were known.")
        told = text % {"added": taken.added, "changed": taken.changed, "known": taken.known}
        if not taken.faults:
            messages.success(self.request, told)
            return HttpResponseRedirect(reverse("analytics:ledger"))
        left = ngettext("%(n)d row was left out.", "%(n)d rows were left out.", len(taken.faults))
        return self.render_to_response(
            self.get_context_data(
                form=self.form_class(),
                told=f"{told} {left % {'n': len(taken.faults)}}",
                faults=[_told(one) for one in taken.faults[:_FAULTS]],
                more=max(0, len(taken.faults) - _FAULTS),
            )
        )


def _may_change(user: Any) -> bool:
    return actors.may(actor=user, permission="analytics.change_kpitarget")


def _may_import(user: Any) -> bool:
    return actors.may(actor=user, permission="analytics.import_ledger")


def _told(fault: Fault) -> tuple[int, str, str]:
    return fault.line, fault.column, fault.reason


def _scaled(value: float | None, by: float) -> float | None:
    return None if value is None else round(value * by, 10)


def _spark(figure: selectors.Figure) -> Chart | str:
    values = [one.value for one in figure.values[-_SPARK:]]
    if len(values) < 2:
        return ""
    target = figure.target.target if figure.target else None
    return spark(values, title=str(figure.kpi.label), target=target)


def _line(figure: selectors.Figure) -> Chart | SafeString | str:
    shown = figure.values[-_LINE:]
    if len(shown) < 2:
        return ""
    by = 100 if figure.kpi.unit == "share" else 1
    name = f"{figure.kpi.label}, %" if by == 100 else str(figure.kpi.label)
    series = [Series(name, [round(one.value * by, 4) for one in shown])]
    if figure.target and figure.target.target is not None:
        series.append(Series(_("Target"), [round(figure.target.target * by, 4)] * len(shown)))
    return line(
        [dated(one.on, "j M y") for one in shown], series, title=str(figure.kpi.label),
        width=640,
    )  # fmt: skip


def home_figures(request: Any, customer: Any = None) -> dict[str, Any] | None:
    """The figures with a target, for Home: what is not as wanted comes first."""
    wanted = selectors.wanted_figures(actor=request.user, on=timezone.localdate())
    found = [one for one in wanted if one.met is not None]
    found.sort(key=lambda one: (not one.alarming, one.met))
    return {"figures": [(one, _spark(one)) for one in found[:8]]} if found else None
