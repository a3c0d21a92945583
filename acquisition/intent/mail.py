from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register


@register("mail", label=_("Answers our e-mails"))
def mail(behaviour: Behaviour) -> int:
    """8 points for following a link in an e-mail, 3 for only opening one; 30 days."""
    if behaviour.did("email_click", days=30):
        return 8
    return 3 if behaviour.did("email_open", days=30) else 0
