"""How much leads want it, read from what they did."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from acquisition import intent
from acquisition.intent import Behaviour, Intent, Touch
from acquisition.models import Lead, LeadTouch

#: No feature looks further back.
LOOKED_BACK = timedelta(days=120)


def intents(*, leads: Sequence[Lead], at: datetime) -> dict[UUID, Intent]:
    """The score of each lead as of `at`, in one statement."""
    touches: dict[UUID, list[Touch]] = defaultdict(list)
    for lead_id, happened_at, kind, product_id in LeadTouch.objects.filter(
        lead__in=[one.pk for one in leads], at__lte=at, at__gt=at - LOOKED_BACK
    ).values_list("lead_id", "at", "kind", "product_id"):
        touches[lead_id].append(Touch(happened_at, kind, product_id))
    return {
        one.pk: intent.score(
            Behaviour(
                at=at,
                captured_at=one.created_at,
                channel=one.channel,
                product_id=one.product_id,
                reachable_by=bool(one.email) + bool(one.phone),
                touches=tuple(touches[one.pk]),
            )
        )
        for one in leads
    }
