"""What acquisition tells the rest of the house about itself."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import crypto, lifecycle, registries
from clm.core.web import menu, transitions


def register() -> None:
    from acquisition import selectors
    from acquisition.erasing import job as _erasing  # noqa: F401 (registers its kind of job)
    from acquisition.imports import job as _imports  # noqa: F401 (registers its kind of job)
    from acquisition.models import (
        Lead,
        LeadConsent,
        LeadErasure,
        LeadOffer,
        LeadStep,
        LeadTouch,
    )
    from acquisition.services import CPR_CONTEXT
    from acquisition.services.erasures import BLANK
    from acquisition.web import panels

    lifecycle.register(Lead, facts=selectors.lead_facts)
    crypto.register_encrypted(Lead, "cpr_token", CPR_CONTEXT)
    transitions.register(
        Lead,
        selector=selectors.visible_leads,
        url=lambda lead: reverse("acquisition:lead", args=[lead.pk]),
    )
    lifecycle.register(LeadErasure)
    transitions.register(
        LeadErasure,
        selector=selectors.visible_erasures,
        url=lambda _erasure: reverse("acquisition:erasures"),
    )
    menu.register(
        menu.MenuItem(
            "acquisition",
            _("Acquisition"),
            "magnet",
            "acquisition:board",
            group="stage",
            permission="acquisition.view_lead",
            badge=panels.badge,
            order=10,
            go="l",
        )
    )
    registries.panels.register(
        registries.Panel(
            name="acquisition.pipeline",
            title=_("My pipeline"),
            place="home",
            template="acquisition/_home.html",
            context=panels.home,
            permission="acquisition.view_lead",
            order=30,
            zone="side",
        )
    )
    registries.timeline_sources.register(
        registries.TimelineSource(name="acquisition", records=panels.leads_of, tell=panels.tell)
    )
    registries.search_sources.register(
        registries.SearchSource(
            name="leads",
            label=_("Leads"),
            search=panels.search,
            permission="acquisition.view_lead",
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=Lead,
            category=_("Interest shown before becoming a customer"),
            fields=[
                "given_names",
                "family_name",
                "organisation_name",
                "email",
                "phone",
                "note",
                "cpr_token",
                "cpr_index",
                "cpr_masked",
            ],
            blank=BLANK,
            retention="leads",
        )
    )
    for model, fields in (
        (LeadTouch, ["at", "kind", "channel", "product"]),
        (LeadConsent, ["purpose", "channel", "wording", "language", "source", "at"]),
        (LeadStep, ["step", "due_at", "done_at", "outcome"]),
        (LeadOffer, ["incentive", "channel", "made_at"]),
    ):
        registries.personal_data.register(
            registries.PersonalData(
                model=model,
                category=_("Interest shown before becoming a customer"),
                fields=fields,
                customer_path="lead__customer",
                retention="leads",
            )
        )
    registries.merge_handlers.register(registries.MergeHandler(model=Lead))
