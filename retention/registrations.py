"""What retention tells the rest of the house about itself."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, registries
from clm.core.web import menu, transitions


def register() -> None:
    from retention import selectors
    from retention.models import SaveCase
    from retention.web import panels

    lifecycle.register(SaveCase, facts=selectors.save_case_facts)
    transitions.register(
        SaveCase,
        selector=selectors.visible_cases,
        url=lambda case: reverse("retention:case", args=[case.pk]),
    )
    menu.register(
        menu.MenuItem(
            "retention",
            _("Retention"),
            "lifebuoy",
            "retention:board",
            group="stage",
            permission="retention.view_savecase",
            badge=panels.badge,
            order=40,
            go="r",
        )
    )
    registries.panels.register(
        registries.Panel(
            name="retention.save_case",
            title=_("Do next"),
            place="customer",
            template="retention/_customer.html",
            context=panels.customer,
            reads=panels.customer_reads,
            permission="retention.view_savecase",
            order=10,
        )
    )
    registries.panels.register(
        registries.Panel(
            name="retention.queue",
            title=_("Customers to save"),
            place="home",
            template="retention/_home.html",
            context=panels.home,
            permission="retention.assign_savecase",
            order=15,
        )
    )
    registries.timeline_sources.register(
        registries.TimelineSource(name="retention", records=panels.cases_of, tell=panels.tell)
    )
    registries.search_sources.register(
        registries.SearchSource(
            name="save-cases",
            label=_("Save cases"),
            search=panels.search,
            permission="retention.view_savecase",
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=SaveCase,
            category=_("Attempts to keep the customer"),
            fields=["reason_code", "reasons", "probability", "value", "wants_to_leave"],
            blank={"reasons": []},
        )
    )
    registries.merge_handlers.register(registries.MergeHandler(model=SaveCase))
