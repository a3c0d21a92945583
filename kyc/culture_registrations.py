"""What compliance culture and early warning show on other pages."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, registries
from clm.core.kpis import register_folder
from clm.core.web import menu, transitions
from kyc.culture.selectors import SEES


def register() -> None:
    """Called once, with kyc's other registrations."""
    from kyc import kpis
    from kyc.culture.selectors import policy_facts, visible_policies
    from kyc.culture.services import replace_policy
    from kyc.models import PolicyText
    from kyc.web import culture, warning

    lifecycle.register(PolicyText, facts=policy_facts, beside={"approve": replace_policy})
    transitions.register(
        PolicyText,
        selector=visible_policies,
        url=lambda policy: f"{reverse('kyc:policies')}#policy-{policy.pk}",
    )
    registries.panels.register(
        registries.Panel(
            name="kyc.policies",
            title=_("To attest"),
            place="home",
            template="kyc/_home_policies.html",
            context=culture.home_policies,
            order=5,
            zone="side",
        )
    )
    registries.panels.register(
        registries.Panel(
            name="kyc.warning",
            title=_("Compliance early warning"),
            place="home",
            template="kyc/_home_warning.html",
            context=warning.home_warning,
            permission=SEES,
            order=14,
            zone="top",
        )
    )
    menu.register(
        menu.MenuItem(
            "culture",
            _("Compliance"),
            "scale",
            "kyc:culture",
            group="discipline",
            permission=SEES,
            order=11,
        )
    )
    register_folder(package=kpis)
