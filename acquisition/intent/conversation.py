from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register


@register("conversation", label=_("Spoke with us"))
def conversation(behaviour: Behaviour) -> int:
    """15 points for a conversation on the telephone, 20 where there was a meeting; 90 days."""
    if behaviour.did("meeting"):
        return 20
    return 15 if behaviour.did("call") else 0
