"""What onboarding tells the rest of the house about itself."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, registries
from clm.core.kpis import register_folder
from clm.core.web import menu, transitions


def register() -> None:
    from onboarding import assistant, jobs, kpis, selectors  # noqa: F401 (jobs registers its kinds)
    from onboarding.models import (
        Application,
        ApplicationIdentity,
        ApplicationTask,
        ApplicationTemplate,
        CustomerQuestion,
        RefusalLetter,
        WelcomePlan,
    )
    from onboarding.services.templates import replace_template
    from onboarding.web import mypage, panels, template_words

    lifecycle.register(Application, facts=selectors.application_facts)
    transitions.register(
        Application,
        selector=selectors.visible_applications,
        url=lambda application: reverse("onboarding:application", args=[application.pk]),
    )
    lifecycle.register(ApplicationTemplate, beside={"approve": replace_template})
    transitions.register(
        ApplicationTemplate,
        selector=selectors.visible_templates,
        url=lambda template: reverse("onboarding:template", args=[template.pk]),
        told=transitions.Told(
            template="onboarding/_template_asked.html",
            context=template_words.approval_words,
            instead_of=frozenset({"data", "simulation", "name"}),
        ),
    )
    menu.register(
        menu.MenuItem(
            "onboarding",
            _("Onboarding"),
            "user-plus",
            "onboarding:queue",
            group="stage",
            permission="onboarding.view_application",
            badge=panels.badge,
            order=20,
            go="o",
        )
    )
    registries.panels.register(
        registries.Panel(
            name="onboarding.queue",
            title=_("Onboarding"),
            place="home",
            template="onboarding/_home.html",
            context=panels.home,
            permission="onboarding.view_application",
            order=20,
        )
    )
    registries.panels.register(
        registries.Panel(
            name="onboarding.application",
            title=_("Application"),
            place="customer",
            template="onboarding/_customer.html",
            context=panels.of_customer,
            reads=panels.of_customer_reads,
            permission="onboarding.view_application",
            order=20,
        )
    )
    registries.timeline_sources.register(
        registries.TimelineSource(
            name="onboarding", records=panels.applications_of, tell=panels.tell
        )
    )
    registries.search_sources.register(
        registries.SearchSource(
            name="applications",
            label=_("Applications"),
            search=panels.search,
            permission="onboarding.view_application",
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=Application,
            category=_("What the customer applied for"),
            fields=["product", "kyc_outcome", "refusal_ground", "refusal_words"],
            blank={"refusal_words": ""},
            own=["product"],
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            # Not their own to fetch: an officer's notes on a check stand among the answers.
            model=ApplicationTask,
            category=_("Answers given in an application"),
            fields=["answers"],
            blank={"answers": {}},
            customer_path="application__customer",
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=ApplicationIdentity,
            category=_("How the customer showed who they are"),
            fields=["at", "provider", "assurance", "transaction_id", "role", "name"],
            own="*",
            blank={"transaction_id": "", "name": "", "number_index": None},
            customer_path="application__customer",
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=RefusalLetter,
            category=_("Letters that say no, and what was said against them"),
            fields=["text_da", "text_en", "contest", "answer"],
            own=["text_da", "text_en", "contest", "answer"],
            blank={"text_da": "", "text_en": "", "contest": "", "answer": ""},
            customer_path="application__customer",
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=CustomerQuestion,
            category=_("What the customer asked about an application"),
            fields=["text", "reply"],
            own=["text", "reply"],
            blank={"text": "…", "reply": ""},
            customer_path="application__customer",
        )
    )
    registries.personal_data.register(
        registries.PersonalData(
            model=WelcomePlan,
            category=_("What the customer did for the first time"),
            fields=["login_at", "payment_at", "salary_at", "card_at"],
            own=["login_at", "payment_at", "salary_at", "card_at"],
            blank={"login_at": None, "payment_at": None, "salary_at": None, "card_at": None},
            customer_path="application__customer",
        )
    )
    assistant.register()
    registries.merge_handlers.register(registries.MergeHandler(model=Application))
    registries.own_pages.register(mypage.PAGE)
    register_folder(package=kpis)
