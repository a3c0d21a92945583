"""What offboarding tells the rest of the house about itself."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, registries
from clm.core.web import menu, transitions


def register() -> None:
    from offboarding import selectors
    from offboarding.models import OWN_GROUNDS, Closure, ClosureObligation
    from offboarding.web import mypage, panels

    lifecycle.register(Closure, facts=selectors.closure_facts)
    transitions.register(
        Closure,
        selector=selectors.visible_closures,
        url=lambda closure: reverse("offboarding:closure", args=[closure.pk]),
    )
    menu.register(
        menu.MenuItem(
            "offboarding",
            _("Offboarding"),
            "door-exit",
            "offboarding:list",
            group="stage",
            permission="offboarding.view_closure",
            badge=panels.badge,
            order=50,
            go="o",
        )
    )
    registries.panels.register(
        registries.Panel(
            name="offboarding.closure",
            title=_("Closure"),
            place="customer",
            template="offboarding/_customer.html",
            context=panels.customer,
            reads=panels.customer_reads,
            permission="offboarding.view_closure",
            order=20,
        )
    )
    registries.panels.register(
        registries.Panel(
            name="offboarding.waiting",
            title=_("Closures that wait"),
            place="home",
            template="offboarding/_home.html",
            context=panels.home,
            permission="offboarding.settle_closure",
            order=25,
        )
    )
    registries.timeline_sources.register(
        registries.TimelineSource(name="offboarding", records=panels.closures_of, tell=panels.tell)
    )
    registries.search_sources.register(
        registries.SearchSource(
            name="closures",
            label=_("Closures"),
            search=panels.search,
            permission="offboarding.view_closure",
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=Closure,
            category=_("Ending the relationship"),
            fields=["ground", "note", "exit_reason", "exit_comment", "new_bank"],
            blank={"note": "", "exit_comment": "", "new_bank": ""},
            own=["exit_reason", "new_bank"],
            own_where={"ground__in": OWN_GROUNDS},
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=ClosureObligation,
            category=_("Ending the relationship"),
            fields=["kind", "status", "reason"],
            customer_path="closure__customer",
            blank={"reason": "—"},
        )
    )
    registries.merge_handlers.register(registries.MergeHandler(model=Closure))
    registries.own_pages.register(mypage.PAGE)
