from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("beneficial_owners", label=_("Beneficial owners"), kinds=("organisation",))
def beneficial_owners(subject: Subject) -> Finding:
    """
    Who owns or controls an organisation is known, by the law of the day: somebody is found, or
    the management stands in; the record does not contradict itself; and what is not recorded is
    too little to hide anybody.
    """
    owners = subject.owners
    if not owners.basis:
        return Finding(True, "owners_not_asked")
    if owners.problems:
        return Finding(False, "owners_contradict", {"count": len(owners.problems)})
    if owners.unknown:
        return Finding(False, "owners_unknown", {"share": owners.unknown})
    if owners.basis == "none":
        return Finding(False, "owners_none")
    if owners.basis == "management":
        return Finding(True, "owners_management", {"count": owners.count})
    return Finding(True, "owners_found", {"count": owners.count})
