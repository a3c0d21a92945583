"""`journeys`, `journeys/{id}/friction`, `touchpoints`."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core.api.filters import boolean
from clm.core.api.views import ReadingViewSet
from customers.selectors import visible_customers
from journeys import selectors, services
from journeys.api.serializers import (
    BatchAnswerSerializer,
    BatchSerializer,
    JourneySerializer,
    NewTouchpointSerializer,
    TouchpointSerializer,
)
from journeys.services import NewTouchpoint


class JourneyViewSet(ReadingViewSet):
    """Processes that cases go through, and where they get stuck."""

    serializer_class = JourneySerializer
    selector = staticmethod(selectors.visible_journeys)
    scopes = {"read": "journeys:read"}
    filters = ("slug", "source")
    ordering_fields = ("created_at",)
    http_method_names = ["get", "head"]
    parameters = {"friction": ("complete_only",)}

    @extend_schema(responses={200: dict})
    @action(detail=True, methods=["get"])
    def friction(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The friction report: activities, edges with waits, variants, rework, durations."""
        try:
            complete_only = boolean(request.query_params.get("complete_only", "false"))
        except DjangoValidationError as error:
            raise ValidationError({"complete_only": error.messages}) from None
        return Response(
            selectors.friction(
                journey=self.get_object(),
                actor=self.actor,
                cut=selectors.Cut(complete_only=complete_only),
            )
        )


class TouchpointViewSet(ReadingViewSet):
    """Events of cases; sent in batches, and the same one twice is no change."""

    serializer_class = TouchpointSerializer
    selector = staticmethod(selectors.visible_touchpoints)
    scopes = {"read": "touchpoints:read", "write": "touchpoints:write"}
    filters = ("journey", "case_id", "customer", "activity")
    http_method_names = ["get", "head", "post"]

    @extend_schema(request=BatchSerializer, responses={200: BatchAnswerSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take in a batch; each event that cannot be used is named by its place, the rest is kept."""
        body = BatchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        rows, refused = self._rows(body.validated_data["events"])
        journey = services.journey_named(
            name=body.validated_data["journey"], actor=self.actor, at=self.at
        )
        outcome = services.add_touchpoints(
            journey=journey, source=f"api:{self.actor.username}"[:120], rows=rows
        )
        answer = {
            "journey": str(journey.pk),
            "added": outcome.added,
            "known": outcome.known,
            "refused": refused,
        }
        return Response(answer)

    def _rows(self, given: list[Any]) -> tuple[list[NewTouchpoint], list[dict[str, Any]]]:
        rows, refused = [], []
        for index, one in enumerate(given):
            item = NewTouchpointSerializer(data=one)
            if not item.is_valid():
                refused.append({"index": index, "detail": dict(item.errors)})
                continue
            rows.append((index, dict(item.validated_data)))
        named: set[UUID] = {row["customer"] for _index, row in rows if row.get("customer")}
        reached = set(
            visible_customers(actor=self.actor).filter(pk__in=named).values_list("pk", flat=True)
        )
        return [_touchpoint(index, row, reached) for index, row in rows], refused


def _touchpoint(index: int, row: dict[str, Any], reached: set[UUID]) -> NewTouchpoint:
    customer_id = row.get("customer")
    attributes = dict(row.get("attributes") or {})
    if customer_id and customer_id not in reached:
        attributes["customer_id"] = str(customer_id)
        customer_id = None
    return NewTouchpoint(
        external_id=row["id"],
        case_id=row["case_id"],
        activity=row["activity"],
        at=row["at"],
        position=index,
        ended_at=row.get("ended_at"),
        customer_id=customer_id,
        transition=row.get("transition", "").lower(),
        channel=row.get("channel", ""),
        actor=row.get("actor", ""),
        cost=row.get("cost"),
        sentiment=row.get("sentiment"),
        attributes=attributes,
    )
