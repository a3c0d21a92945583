"""What journeys tells the rest of the house about itself."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, partitions, registries
from clm.core.web import menu, transitions


def register() -> None:
    """Called once by the app's config."""
    from journeys import selectors
    from journeys.deliverables import job as _deliverables  # noqa: F401 (registers its kind of job)
    from journeys.exports import job as _exports  # noqa: F401 (so does the export of maps)
    from journeys.models import MappingProject, Touchpoint
    from journeys.web import panels

    lifecycle.register(MappingProject, facts=selectors.project_facts)
    transitions.register(
        MappingProject,
        selector=selectors.visible_projects,
        url=lambda project: reverse("journeys:project", args=[project.pk]),
    )

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
