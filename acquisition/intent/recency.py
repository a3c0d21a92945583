from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register

_STEPS = ((3, 20), (7, 12), (14, 6))


@register("recency", label=_("How lately"))
def recency(behaviour: Behaviour) -> int:
    """The last sign of life: 20 points within 3 days, 12 within a week, 6 within two weeks."""
    ago = behaviour.at - behaviour.last_at
    return next((points for days, points in _STEPS if ago <= timedelta(days=days)), 0)
