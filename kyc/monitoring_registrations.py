"""What transaction monitoring tells the rest of the house; to most of it, nothing."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle, registries
from clm.core.web import transitions

# No one but compliance is told that there is an alert (AMLR art. 73): neither its content nor
# its number stands in what is gathered about a customer. Erasure finds it all the same.
_RETENTION = "due-diligence"


def register() -> None:
    """Called once, with kyc's other registrations."""
    from kyc import selectors, services
    from kyc.models import Alert, MonitoringDue, MonitoringRule, ReplayExample

    lifecycle.register(
        Alert,
        beside={
            "escalate": services.open_case_on_alert,
            "dismiss": services.dismissed_by_a_person,
        },
    )
    lifecycle.register(
        MonitoringRule, facts=selectors.rule_facts, beside={"approve": services.replace_rule}
    )
    transitions.register(
        Alert,
        selector=selectors.visible_alerts,
        url=lambda alert: reverse("kyc:alert", args=[alert.pk]),
    )
    transitions.register(
        MonitoringRule,
        selector=selectors.visible_rules,
        url=lambda rule: reverse("kyc:rule", args=[rule.kind]) if rule.kind else "",
    )
    for model, blank in (
        (Alert, {"facts": {}, "reasons": []}),
        (ReplayExample, {"facts": {}}),
        (MonitoringDue, {}),
    ):
        registries.personal_data.register(
            registries.PersonalData(
                model, _("Due diligence"), [], retention=_RETENTION, blank=blank, secret=True
            )
        )
    registries.merge_handlers.register(registries.MergeHandler(Alert))
    registries.merge_handlers.register(registries.MergeHandler(ReplayExample))
    # The survivor may be due already; once is enough.
    registries.merge_handlers.register(registries.MergeHandler(MonitoringDue, clash="stay"))
