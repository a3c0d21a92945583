from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register


@register("reachable", label=_("Gave e-mail and telephone"))
def reachable(behaviour: Behaviour) -> int:
    """Who gives both an e-mail address and a telephone number wants to be reached: 6 points."""
    return 6 if behaviour.reachable_by >= 2 else 0
