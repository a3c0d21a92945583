from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("transactions", label=_("Transaction monitoring"))
def transactions(subject: Subject) -> Finding:
    """
    Alerts on the customer's transactions that nobody has judged yet are looked at by a person
    (AMLR art. 26).
    """
    if subject.alerts:
        return Finding(False, "alerts_open", {"count": subject.alerts})
    return Finding(True, "alerts_none")
