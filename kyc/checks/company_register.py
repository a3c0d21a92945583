from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("company_register", label=_("Company register"), kinds=("organisation",))
def company_register(subject: Subject) -> Finding:
    """
    No difference from the company register stands open: what the register says otherwise is
    corrected here or reported there within fourteen days (AMLD art. 30(4), AMLR art. 24).
    """
    if subject.discrepancies:
        return Finding(False, "register_differs", {"count": subject.discrepancies})
    return Finding(True, "register_none")
