from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register


@register("named_product", label=_("Knows what they want"))
def named_product(behaviour: Behaviour) -> int:
    """8 points for a product of interest."""
    return 8 if behaviour.product_id is not None else 0
