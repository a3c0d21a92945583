from django.utils.translation import gettext_lazy as _

from kyc.checks import Finding, Subject, register


@register("adverse_media", label=_("Adverse media"))
def adverse_media(subject: Subject) -> Finding:
    """
    What was written of the customer comes as a list of the bank's own, of the programme `adverse
    media`. A confirmed entry bars nobody by itself; a person weighs it (AMLR art. 20(1)).
    """
    if subject.media_hits:
        return Finding(False, "media_confirmed", {"count": subject.media_hits})
    return Finding(True, "media_none")
