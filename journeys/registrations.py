"""What journeys tells the rest of the house about itself."""

from django.utils.translation import gettext_lazy as _

from clm.core import partitions, registries
from clm.core.web import menu


def register() -> None:
    """Called once by the app's config."""
    from journeys.exports import job  # noqa: F401 (registers its kind of job)
    from journeys.models import Touchpoint
    from journeys.web import panels

    partitions.register_by_time("journeys_touchpoint", "at")
    registries.personal_data.register(
        registries.PersonalData(
            Touchpoint,
            _("What the customer went through"),
            ["at", "activity", "channel", "sentiment"],
            blank={"actor": "", "attributes": {}},
        )
    )
    registries.merge_handlers.register(registries.MergeHandler(Touchpoint))
    registries.panels.register(
        registries.Panel(
            name="journeys.path",
            title=_("Journeys"),
            place="customer-tab",
            template="journeys/_path.html",
            context=panels.path_of,
            permission="journeys.view_touchpoint",
            order=70,
        )
    )
    menu.register(
        menu.MenuItem(
            "journeys",
            _("Journeys"),
            "route",
            "journeys:journeys",
            group="discipline",
            permission="journeys.view_journey",
            order=20,
        )
    )
