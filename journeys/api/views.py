"""`journeys`, `journeys/{id}/friction`, `touchpoints`."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core.api.views import ReadingViewSet
from customers.selectors import visible_customers
from journeys import selectors, services
from journeys.api.items import read_items, touchpoint
from journeys.api.serializers import (
    BatchAnswerSerializer,
    BatchSerializer,
    FrictionQuerySerializer,
    JourneySerializer,
    TouchpointSerializer,
)
from journeys.models import JourneyFeed


class JourneyViewSet(ReadingViewSet):
    """Processes that cases go through, and where they get stuck."""

    serializer_class = JourneySerializer
    selector = staticmethod(selectors.visible_journeys)
    scopes = {"read": "journeys:read"}
    filters = ("slug", "source")
    ordering_fields = ("created_at",)
    http_method_names = ["get", "head"]
    parameters = {"friction": ("complete_only", "since", "until", "branch", "kind", "channel",
                               "segment", "value", "norm_days", "horizon_days")}  # fmt: skip

    @extend_schema(responses={200: dict})
    @action(detail=True, methods=["get"])
    def friction(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """
        The friction report: activities, edges with waits, variants, rework, durations; under
        `steps` the friction of each step, with its cost a year where `value` is given.
        """
        query = FrictionQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        given = dict(query.validated_data)
        assumed = {
            name: given.pop(name)
            for name in ("value", "norm_days", "horizon_days")
            if name in given
        }
        journey, cut = self.get_object(), selectors.Cut(**given)
        assumptions = selectors.Assumptions(**assumed)
        found = selectors.analysis(
            journey=journey, actor=self.actor, cut=cut, assumptions=assumptions, at=self.at
        )
        return Response(
            {**found["report"], "steps": found["steps"], "abandonment": found["abandonment"]}
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
        """
        Take in a batch; each event that cannot be used is named by its place, the rest is kept.

        An id that its source used before is the same event: nothing changes, and where it says
        something else now it is refused and what was known stays.
        """
        body = BatchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        good, refused = read_items(body.validated_data["events"], now=self.at)
        journey = services.journey_named(
            name=body.validated_data["journey"], actor=self.actor, at=self.at
        )
        named: set[UUID] = {one["customer"] for _index, one in good if one.get("customer")}
        reached: set[UUID] = set()
        if named:
            found = visible_customers(actor=self.actor).filter(pk__in=named)
            reached = set(found.values_list("pk", flat=True))
        # After those that came before, so that ties of time keep the order of arrival.
        begin = JourneyFeed.objects.get(journey=journey).events
        outcome = services.add_touchpoints(
            journey=journey,
            source=f"api:{self.actor.username}"[:120],
            rows=[touchpoint(begin + index, one, reached) for index, one in good],
        )
        for place in outcome.clashes:
            detail = {"id": [_("This id is known with other content, which stays.")]}
            refused.append({"index": good[place][0], "detail": detail})
        answer = {
            "journey": str(journey.pk),
            "added": outcome.added,
            "known": outcome.known - len(outcome.clashes),
            "refused": sorted(refused, key=lambda one: int(one["index"])),
        }
        return Response(answer)
