from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("sanctioned_ownership", label=_("Owned by listed parties"), kinds=("organisation",))
def sanctioned_ownership(subject: Subject) -> Finding:
    """
    What listed parties own of an organisation is added up, down the chain: from half of it
    (OFAC), over half of it or by control (European Union) it is treated as listed itself.
    Matches that nobody decided yet are counted as if they were true, and said to be.
    """
    owners = subject.owners
    if owners.listed:
        return Finding(False, "owned_by_listed", {"rules": list(owners.listed)})
    if owners.maybe_listed:
        return Finding(False, "owned_by_likely", {"rules": list(owners.maybe_listed)})
    return Finding(True, "owned_by_none")
