"""What analytics tells the rest of the house about itself."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, registries
from clm.core.kpis import register_folder
from clm.core.web import menu, transitions
from customers import reasons


def register() -> None:
    """Called once by the app's config."""
    from analytics import features, jobs, kpis, models, selectors, services  # noqa: F401 (kinds of job)
    from analytics.web import figures, panels

    lifecycle.register(models.ModelVersion, beside={"approve": services.retire_model_in_use})
    for feature in features.words():
        reasons.features.register(feature)
    transitions.register(
        models.ModelVersion,
        selector=selectors.visible_models,
        url=lambda record: reverse("analytics:model", args=[record.pk]),
    )
    registries.personal_data.register(
        registries.PersonalData(
            models.ChurnScore,
            _("What was computed"),
            ["scored_on", "probability", "band", "reasons"],
            blank={"reasons": []},
        )
    )
    registries.merge_handlers.register(registries.MergeHandler(models.ChurnScore, clash="stay"))
    registries.panels.register(
        registries.Panel(
            name="analytics.funnel",
            title=_("Customers by stage"),
            place="home",
            template="analytics/_stages.html",
            context=panels.stages,
            permission="analytics.view_churnscore",
            order=20,
        )
    )
    registries.panels.register(
        registries.Panel(
            name="analytics.figures",
            title=_("Key figures"),
            place="home",
            template="analytics/_home_figures.html",
            context=figures.home_figures,
            permission="analytics.view_kpivalue",
            order=12,
            zone="top",
        )
    )
    register_folder(package=kpis)
    menu.register(
        menu.MenuItem(
            "figures",
            _("Key figures"),
            "chart-bar",
            "analytics:kpis",
            group="discipline",
            permission="analytics.view_kpivalue",
            order=31,
        )
    )
    menu.register(
        menu.MenuItem(
            "analytics",
            _("Analytics"),
            "chart-dots",
            "analytics:churn",
            group="discipline",
            permission="analytics.view_modelversion",
            order=30,
        )
    )
