"""`churn-scores` and `models`."""

from typing import Any

from django.db.models import Max, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from analytics import selectors, services
from analytics.api.serializers import (
    ChurnScoreSerializer,
    ModelVersionSerializer,
    ScoringSerializer,
)
from clm.core import access
from clm.core.api.filters import boolean
from clm.core.api.operations import ACCEPTED
from clm.core.api.problems import ApiProblem
from clm.core.api.views import ReadingViewSet, RecordViewSet
from clm.core.models import User


def _latest(*, queryset: QuerySet[Any], value: str, actor: User) -> QuerySet[Any]:
    if not boolean(value):
        return queryset
    return queryset.filter(scored_on=queryset.aggregate(day=Max("scored_on"))["day"])


class ChurnScoreViewSet(ReadingViewSet):
    """
    How likely customers are to leave within 90 days, with the reasons.

    Each night brings everybody's; `POST` gives today's of one customer, computed now where there
    is none yet.
    """

    serializer_class = ChurnScoreSerializer
    selector = staticmethod(selectors.visible_scores)
    scopes = {"read": "churn-scores:read", "write": "churn-scores:write"}
    permissions = {"create": "analytics.score_customers"}
    filters = {
        "customer": "customer",
        "band": "band",
        "main_reason": "main_reason",
        "scored_on": "scored_on",
        "latest": _latest,
    }
    ordering_fields = ("probability", "scored_on")
    http_method_names = ["get", "head", "post"]

    @extend_schema(request=ScoringSerializer, responses={201: ChurnScoreSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = ScoringSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        customer_id = body.validated_data["customer"]
        if not selectors.reaches(customer_id=customer_id, actor=self.actor):
            raise Http404
        try:
            score = services.score_customer(customer_id=customer_id, actor=self.actor, at=self.at)
        except services.CannotScore as refusal:
            raise ApiProblem(str(refusal), status_code=409, code="cannot_score") from None
        access.note_read(records=score)
        return self.shown(score, status=201)


class ModelVersionViewSet(RecordViewSet):
    """
    The register of models; approving one takes a second person.

    Training takes minutes, so it is a job; its challenger is proposed where it does better than
    the model in use on a time that neither has seen.
    """

    serializer_class = ModelVersionSerializer
    selector = staticmethod(selectors.visible_models)
    scopes = {"read": "models:read", "write": "models:write"}
    filters = ("name", "state")
    ordering_fields = ("created_at",)
    http_method_names = ["get", "head", "post"]
    permissions = {"train": "analytics.train_model"}
    made_here = False

    @extend_schema(request=None, responses=ACCEPTED)
    @action(detail=False, methods=["post"], url_path="train")
    def train(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Train a challenger on the bank's own history, as a job."""
        return self.accepted(services.start_training(actor=self.actor, at=self.at))

    def take(self, record: Any, name: str, data: dict[str, Any], version: int | None) -> Any:
        if name == "approve":
            return services.approve_model(
                version=record, actor=self.actor, at=self.at,
                reason=data.get("reason", ""), expected=version,
            )  # fmt: skip
        return super().take(record, name, data, version)
