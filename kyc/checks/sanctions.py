from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("sanctions", label=_("Sanctions and other lists"))
def sanctions(subject: Subject) -> Finding:
    """
    The customer is compared with every list in force; a likely match waits for a person, and so
    does a name in which there is nothing to compare.
    """
    if subject.true_hits:
        return Finding(False, "sanctions_true", {"count": subject.true_hits})
    if subject.open_hits:
        return Finding(
            False,
            "sanctions_hits",
            {"count": subject.open_hits, "top": round(subject.top_score * 100)},
        )
    if not subject.screenable:
        return Finding(False, "sanctions_no_name")
    if subject.known_hits:
        return Finding(True, "sanctions_known", {"count": subject.known_hits})
    return Finding(True, "sanctions_none")
