from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("identity", label=_("Identity data"))
def identity(subject: Subject) -> Finding:
    """
    What identifies the customer is on record: an identity number, and for a person the date of
    birth (AMLR art. 22).
    """
    missing = []
    if not subject.has_identifier:
        missing.append("identifier")
    if subject.kind == "person" and subject.born_on is None:
        missing.append("born_on")
    if missing:
        return Finding(False, "identity_missing", {"missing": missing})
    return Finding(True, "identity_present")
