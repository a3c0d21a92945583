from typing import Any

from clm.core.api.views import RecordViewSet
from engagement import selectors, services
from engagement.api.serializers import InteractionSerializer
from engagement.models import Interaction


class InteractionViewSet(RecordViewSet):
    """Contacts with customers: listed, read and recorded."""

    serializer_class = InteractionSerializer
    selector = staticmethod(selectors.visible_interactions)
    scopes = {"read": "interactions:read", "write": "interactions:write"}
    filters = {
        "customer": "customer_id",
        "channel": "channel",
        "purpose": "purpose",
        "outcome": "outcome",
        "at_from": "at__gte",
        "at_to": "at__lt",
    }
    ordering_fields = ("at", "created_at")
    http_method_names = ["get", "head", "post"]

    def make(self, data: dict[str, Any]) -> Interaction:
        return services.record_interaction(
            customer=data.pop("customer"),
            happened_at=data.pop("at", None),
            actor=self.actor,
            at=self.at,
            **data,
        )
