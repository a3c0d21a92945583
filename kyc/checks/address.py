from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("address", label=_("Address"))
def address(subject: Subject) -> Finding:
    """
    An address that holds is on record where the due diligence of the customer's risk asks for one
    (AMLR art. 22(1)). Under simplified due diligence a missing one stands on the list of gaps.
    """
    if subject.has_address:
        return Finding(True, "address_present")
    return Finding("address" not in subject.asked, "address_missing")
