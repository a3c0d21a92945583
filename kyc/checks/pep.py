from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("pep", label=_("Politically exposed"), kinds=("person",))
def pep(subject: Subject) -> Finding:
    """
    Who is confirmed to hold a prominent public office, or to be kin of somebody who does, is
    looked at by a person: enhanced due diligence, whatever the rest says (AMLR art. 42).
    """
    if subject.pep_hits:
        return Finding(False, "pep_confirmed", {"count": subject.pep_hits})
    return Finding(True, "pep_none")
