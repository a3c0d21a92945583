from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register


@register("returning", label=_("Comes back"))
def returning(behaviour: Behaviour) -> int:
    """4 points for each further day of the last two weeks on which they did something, 16 at most."""
    days = {one.at.date() for one in behaviour.within(14)}
    return min(4 * max(len(days) - 1, 0), 16)
