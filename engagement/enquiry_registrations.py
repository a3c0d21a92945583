"""What enquiries tell the rest of the house about themselves."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, registries
from clm.core.web import menu, transitions


def register() -> None:
    """Called once, with engagement's other registrations."""
    from engagement import selectors
    from engagement.models import Enquiry, EnquiryMessage
    from engagement.selectors.enquiries import HANDLES
    from engagement.web import enquiry_panels as panels
    from engagement.web import mypage

    lifecycle.register(Enquiry, facts=selectors.enquiry_facts)
    transitions.register(
        Enquiry,
        selector=selectors.visible_enquiries,
        url=lambda enquiry: reverse("engagement:enquiry", args=[enquiry.pk]),
    )
    menu.register(
        menu.MenuItem(
            "enquiries",
            _("Enquiries"),
            "message-2",
            "engagement:enquiries",
            group="stage",
            permission=("engagement.answer_enquiry", HANDLES),
            badge=panels.badge,
            order=31,
            go="q",
        )
    )
    registries.panels.register(
        registries.Panel(
            name="engagement.enquiries",
            title=_("Enquiries"),
            place="customer",
            template="engagement/_customer_enquiries.html",
            context=panels.customer,
            reads=panels.customer_reads,
            permission="engagement.view_enquiry",
            order=25,
        )
    )
    registries.panels.register(
        registries.Panel(
            name="engagement.to_answer",
            title=_("To answer"),
            place="home",
            template="engagement/_home_enquiries.html",
            context=panels.home,
            permission="engagement.answer_enquiry",
            order=12,
        )
    )
    registries.timeline_sources.register(
        registries.TimelineSource(name="enquiries", records=panels.enquiries_of, tell=panels.tell)
    )
    registries.search_sources.register(
        registries.SearchSource(
            name="enquiries",
            label=_("Enquiries"),
            search=panels.search,
            permission="engagement.view_enquiry",
        )
    )
    registries.own_pages.register(mypage.PAGE)
    registries.personal_data.register(
        registries.PersonalData(
            model=Enquiry,
            category=_("Questions and complaints"),
            fields=["kind", "channel", "priority", "subject", "root_cause"],
            blank={"subject": "—"},
            own=["kind", "channel", "subject"],
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=EnquiryMessage,
            category=_("Questions and complaints"),
            fields=["said", "text", "at"],
            customer_path="enquiry__customer",
            blank={"text": "—"},
            own=["said", "text", "at"],
        )
    )
    registries.merge_handlers.register(registries.MergeHandler(model=Enquiry))
