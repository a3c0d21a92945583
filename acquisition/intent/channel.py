from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register

_POINTS = {"referral": 15, "branch": 15, "phone": 10, "partner": 8, "event": 6, "web": 5}


@register("channel", label=_("How they came"))
def channel(behaviour: Behaviour) -> int:
    """Who was recommended or came in person wants more than who clicked: 5 to 15 points."""
    return _POINTS.get(behaviour.channel, 0)
