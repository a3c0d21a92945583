"""Which words a customer is asked by, today and on any day before."""

from datetime import datetime

from django.db.models import Q, QuerySet

from clm.core.lifecycle import RulesState
from clm.core.models import User
from customers.models import ConsentWording


def visible_wordings(*, actor: User) -> QuerySet[ConsentWording]:
    """Every version: they hold nothing of anybody."""
    return ConsentWording.objects.all()


def wordings_in_force(*, at: datetime) -> QuerySet[ConsentWording]:
    """What a consent recorded at an instant may name; several where the bank had several."""
    return (
        ConsentWording.objects.filter(state__in=[RulesState.IN_FORCE, RulesState.RETIRED])
        .filter(in_force_from__lte=at)
        .filter(Q(in_force_until=None) | Q(in_force_until__gt=at))
        .order_by("purpose", "-number")
    )
