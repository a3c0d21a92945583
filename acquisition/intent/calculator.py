from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register


@register("calculator", label=_("Did the sums"))
def calculator(behaviour: Behaviour) -> int:
    """Whoever works out a price or fetches the terms means it: 12 points, once; 90 days."""
    return 12 if behaviour.did("calculator", "download") else 0
