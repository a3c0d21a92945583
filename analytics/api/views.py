"""`churn-scores` and `models`."""

from typing import Any

from django.db.models import Max, QuerySet

from analytics import selectors, services
from analytics.api.serializers import ChurnScoreSerializer, ModelVersionSerializer
from clm.core.api.filters import boolean
from clm.core.api.views import ReadingViewSet, RecordViewSet
from clm.core.models import User


def _latest(*, queryset: QuerySet[Any], value: str, actor: User) -> QuerySet[Any]:
    if not boolean(value):
        return queryset
    return queryset.filter(scored_on=queryset.aggregate(day=Max("scored_on"))["day"])


class ChurnScoreViewSet(ReadingViewSet):
    """How likely customers are to leave within 90 days, with the reasons."""

    serializer_class = ChurnScoreSerializer
    selector = staticmethod(selectors.visible_scores)
    scopes = {"read": "churn-scores:read"}
    filters = {"customer": "customer", "band": "band", "scored_on": "scored_on", "latest": _latest}
    ordering_fields = ("probability", "scored_on")
    http_method_names = ["get", "head"]


class ModelVersionViewSet(RecordViewSet):
    """
    The register of models; approving one takes a second person.

    Training takes minutes and is started by a command or the schedule, not by a request.
    """

    serializer_class = ModelVersionSerializer
    selector = staticmethod(selectors.visible_models)
    scopes = {"read": "models:read", "write": "models:write"}
    filters = ("name", "state")
    ordering_fields = ("created_at",)
    http_method_names = ["get", "head", "post"]
    made_here = False

    def take(self, record: Any, name: str, data: dict[str, Any], version: int | None) -> Any:
        if name == "approve":
            return services.approve_model(
                version=record, actor=self.actor, at=self.at,
                reason=data.get("reason", ""), expected=version,
            )  # fmt: skip
        return super().take(record, name, data, version)
