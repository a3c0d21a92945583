from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register


@register("silence", label=_("Silence"))
def silence(behaviour: Behaviour) -> int:
    """Nothing for a month takes 10 points away, nothing for three months 25."""
    ago = behaviour.at - behaviour.last_at
    if ago > timedelta(days=90):
        return -25
    return -10 if ago > timedelta(days=30) else 0
