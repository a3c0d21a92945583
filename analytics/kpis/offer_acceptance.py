from datetime import datetime

from django.utils.translation import gettext_lazy as _

from analytics.figures import portfolio
from customers.lifecycle import OfferState
from customers.models import Offer


def compute(*, at: datetime) -> float | None:
    """Of the offers that were answered or ran out, the share that was accepted."""
    answered = Offer.objects.filter(given_at__gt=at - portfolio.YEAR, given_at__lte=at).exclude(
        state=OfferState.OFFERED
    )
    count = answered.count()
    return answered.filter(state=OfferState.ACCEPTED).count() / count if count else None


KPI = portfolio.kpi(
    name="offer_acceptance",
    label=_("Offers accepted"),
    definition=_("How many of the offers made to a customer are taken."),
    formula=_("Offers accepted, of those answered or run out, given in twelve months"),
    source=_("The offers and their states"),
    compute=compute,
    dated=False,
)
