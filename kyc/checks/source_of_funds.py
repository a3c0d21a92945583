from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("source_of_funds", label=_("Source of funds"))
def source_of_funds(subject: Subject) -> Finding:
    """
    Under enhanced due diligence an accepted document says where the funds come from (AMLR art.
    34(4)); without one a person asks for it.
    """
    if subject.funds_shown:
        return Finding(True, "funds_shown")
    if subject.needs_funds:
        return Finding(False, "funds_missing")
    return Finding(True, "funds_not_asked")
