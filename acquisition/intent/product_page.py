from django.utils.translation import gettext_lazy as _

from acquisition.intent import Behaviour, register


@register("product_page", label=_("Read about the product"))
def product_page(behaviour: Behaviour) -> int:
    """5 points each time they read about the product they asked for, 15 at most; 90 days."""
    read = sum(
        1
        for one in behaviour.within(90)
        if one.kind == "product_page"
        and behaviour.product_id is not None
        and one.product_id == behaviour.product_id
    )
    return min(5 * read, 15)
