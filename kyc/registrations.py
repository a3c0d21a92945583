"""What kyc tells the rest of the house about itself."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, registries
from clm.core.web import menu, transitions

SEES_CASES = "kyc.view_case"


def register() -> None:
    """Called once by the app's config."""
    from kyc import jobs, selectors  # noqa: F401 (jobs registers its kinds)
    from kyc.casefile import job  # noqa: F401 (so does the case file)
    from kyc.culture_registrations import register as register_culture
    from kyc.models import (
        Case,
        Check,
        FileGap,
        Hit,
        RegisterDiscrepancy,
        RiskAssessment,
        RiskModel,
        Trigger,
    )
    from kyc.monitoring_registrations import register as register_monitoring
    from kyc.rating import jobs as _rating  # noqa: F401
    from kyc.rating import stocktake as _stocktake  # noqa: F401
    from kyc.rating.selectors import visible_risk_models
    from kyc.services.risk_models import replace_risk_model
    from kyc.suspicion.registrations import register as register_suspicion
    from kyc.web import panels

    lifecycle.register(Case, facts=selectors.case_facts)
    transitions.register(
        Case,
        selector=selectors.visible_cases,
        url=lambda case: reverse("kyc:case", args=[case.pk]),
    )
    lifecycle.register(RiskModel, beside={"approve": replace_risk_model})
    transitions.register(
        RiskModel,
        selector=visible_risk_models,
        url=lambda model: reverse("kyc:risk-model", args=[model.pk]),
    )
    menu.register(
        menu.MenuItem(
            "kyc",
            _("KYC"),
            "shield-check",
            "kyc:queue",
            group="discipline",
            permission="kyc.view_case",
            badge=panels.badge,
            order=10,
            go="k",
        )
    )
    for panel in (
        registries.Panel(
            name="kyc.today",
            title=_("Compliance today"),
            place="home",
            template="kyc/_home_today.html",
            context=panels.home_today,
            permission="kyc.decide_hit",
            order=10,
            zone="top",
        ),
        registries.Panel(
            name="kyc.queue",
            title=_("My KYC queue"),
            place="home",
            template="kyc/_home_queue.html",
            context=panels.home_queue,
            permission="kyc.decide_hit",
            order=11,
        ),
        registries.Panel(
            name="kyc.lists",
            title=_("List changes"),
            place="home",
            template="kyc/_home_lists.html",
            context=panels.home_lists,
            permission="kyc.decide_hit",
            order=12,
            zone="side",
        ),
        registries.Panel(
            name="kyc.risk",
            title=_("Portfolio risk"),
            place="home",
            template="kyc/_home_risk.html",
            context=panels.home_risk,
            permission="kyc.decide_hit",
            order=13,
            zone="side",
        ),
        registries.Panel(
            name="kyc.customer",
            title=_("KYC"),
            place="customer-tab",
            template="kyc/_customer_tab.html",
            context=panels.customer_tab,
            permission="kyc.view_case",
            order=50,
        ),
    ):
        registries.panels.register(panel)
    registries.timeline_sources.register(
        registries.TimelineSource(name="kyc", records=panels.cases_of, tell=panels.tell)
    )
    # Nobody but compliance is told that there is a case; and of one that alerts have opened nobody
    # at all, nor of the check on alerts (AMLR art. 73).
    alerted = Q(case__trigger=Trigger.ALERT)
    for entry in (
        registries.PersonalData(
            Case,
            _("Due diligence"),
            ["trigger", "state", "risk"],
            retention="due-diligence",
            told_to=SEES_CASES,
            silent=Q(trigger=Trigger.ALERT),
        ),
        registries.PersonalData(
            Hit,
            _("Due diligence"),
            ["name", "score", "facts", "status", "reason_code", "comment"],
            blank={"name": "—", "facts": {}, "explanation": {}, "comment": ""},
            told_to=SEES_CASES,
            silent=alerted,
        ),
        registries.PersonalData(
            Check,
            _("Due diligence"),
            ["kind", "result", "code", "facts"],
            blank={"facts": {}},
            told_to=SEES_CASES,
            silent=alerted | Q(kind="transactions"),
        ),
        registries.PersonalData(
            RiskAssessment,
            _("Due diligence"),
            ["level", "score", "factors"],
            told_to=SEES_CASES,
            silent=alerted,
        ),
        registries.PersonalData(
            RegisterDiscrepancy,
            _("Due diligence"),
            ["register", "kind", "ours", "theirs", "outcome", "comment"],
            blank={"ours": "", "theirs": "", "comment": ""},
            retention="due-diligence",
            told_to=SEES_CASES,
        ),
        registries.PersonalData(
            FileGap,
            _("Due diligence"),
            ["code", "level", "found_at"],
            told_to=SEES_CASES,
            silent=Q(code="check.transactions"),
        ),
    ):
        registries.personal_data.register(entry)
    registries.merge_handlers.register(registries.MergeHandler(FileGap, stays=True))
    registries.merge_handlers.register(registries.MergeHandler(RegisterDiscrepancy, clash="stay"))
    for model in (Case, Hit, Check, RiskAssessment):
        registries.merge_handlers.register(
            registries.MergeHandler(model, follows="" if model is Case else "case")
        )
    register_monitoring()
    register_suspicion()
    register_culture()
