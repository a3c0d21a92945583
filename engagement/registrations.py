"""What engagement tells the rest of the house about itself."""

from django.utils.translation import gettext_lazy as _

from clm.core import registries
from clm.core.web import menu


def register() -> None:
    from engagement import action_registrations, enquiry_registrations, feedback_registrations
    from engagement.models import Interaction
    from engagement.web import panels

    menu.register(
        menu.MenuItem(
            "engagement",
            _("Engagement"),
            "heart-handshake",
            "engagement:index",
            group="stage",
            permission="engagement.view_interaction",
            order=30,
            go="e",
        )
    )
    registries.panels.register(
        registries.Panel(
            name="engagement.needing",
            title=_("Customers who need me"),
            place="home",
            template="engagement/_home.html",
            context=panels.home,
            permission="engagement.add_interaction",
            order=10,
        )
    )
    registries.panels.register(
        registries.Panel(
            name="engagement.last_contact",
            title=_("Contact"),
            place="customer",
            template="engagement/_customer.html",
            context=panels.customer,
            reads=panels.customer_reads,
            permission="engagement.view_interaction",
            order=30,
        )
    )
    registries.timeline_sources.register(
        registries.TimelineSource(
            name="engagement", records=panels.interactions_of, entry=panels.entry
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=Interaction,
            category=_("Conversations with the bank"),
            fields=["at", "channel", "purpose", "outcome", "sentiment", "text"],
            blank={"text": ""},
            own=["at", "channel", "purpose"],
        )
    )
    registries.merge_handlers.register(registries.MergeHandler(model=Interaction))
    enquiry_registrations.register()
    feedback_registrations.register()
    action_registrations.register()
