"""What next best actions tell the rest of the house about themselves."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, registries
from clm.core.web import transitions


def register() -> None:
    """Called once, with engagement's other registrations."""
    from engagement import action_job, selectors  # noqa: F401 (the job registers its kind)
    from engagement.models import NextBestAction
    from engagement.web import action_panels as panels

    lifecycle.register(NextBestAction)
    transitions.register(
        NextBestAction,
        selector=selectors.visible_actions,
        url=lambda action: reverse("customers:customer", args=[action.customer_id]),
    )
    registries.panels.register(
        registries.Panel(
            name="engagement.next",
            title=_("What to do next"),
            place="customer",
            template="engagement/_customer_action.html",
            context=panels.customer,
            reads=panels.customer_reads,
            permission="engagement.view_nextbestaction",
            order=20,
        )
    )
    registries.panels.register(
        registries.Panel(
            name="engagement.proposals",
            title=_("What to offer next"),
            place="home",
            template="engagement/_home_actions.html",
            context=panels.home,
            permission="engagement.answer_nextbestaction",
            order=14,
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=NextBestAction,
            category=_("What the bank proposed"),
            fields=["product", "value", "propensity", "score", "refusal", "proposed_on"],
            blank={"explanation": {}},
        )
    )
    # Where both records have an open proposal the merged record keeps its own, which expires.
    registries.merge_handlers.register(registries.MergeHandler(model=NextBestAction, clash="stay"))
