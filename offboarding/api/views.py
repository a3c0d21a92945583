from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import access
from clm.core.api import preconditions
from clm.core.api.views import LIST_PARAMETERS, RecordViewSet
from offboarding import selectors, services
from offboarding.api.serializers import (
    ClosureSerializer,
    NothingSerializer,
    ObligationSerializer,
    WaiverSerializer,
)
from offboarding.models import Closure, ClosureObligation


class ClosureViewSet(RecordViewSet):
    """Closures: requested, checked, proposed by one person and settled by another."""

    serializer_class = ClosureSerializer
    selector = staticmethod(selectors.visible_closures)
    scopes = {"read": "closures:read", "write": "closures:write"}
    permissions = {
        "obligations": "offboarding.view_closure",
        "recheck": "offboarding.check_closure",
        "waive": "offboarding.change_closure",
        "confirm": "offboarding.change_closure",
    }
    parameters = {"obligations": LIST_PARAMETERS}
    versioned = ("recheck",)
    filters = {
        "customer": "customer_id",
        "state": "state",
        "state_in": "state__in",
        "ground": "ground",
        "due_before": "due_at__lt",
    }
    ordering_fields = ("created_at", "updated_at", "requested_at")

    def make(self, data: dict[str, Any]) -> Closure:
        return services.request_closure(actor=self.actor, at=self.at, **data)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Closure:
        return services.record_exit(
            closure=record, changes=data, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(responses=ObligationSerializer(many=True))
    @action(detail=True, methods=["get"])
    def obligations(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What stands in the way, item by item."""
        closure = self.get_object()
        access.note_read(records=closure)
        return self.paged(
            closure.obligations.all(), serializer_class=ObligationSerializer, ordering="id"
        )

    @extend_schema(request=NothingSerializer, responses=ClosureSerializer)
    @action(detail=True, methods=["post"])
    def recheck(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Compare the checklist with the holdings as they stand now."""
        closure = self.get_object()
        version = preconditions.expected_version(request, closure, self.tag)
        NothingSerializer(data=request.data or {}).is_valid(raise_exception=True)
        done = services.recheck(closure=closure, actor=self.actor, at=self.at, version=version)
        return self.shown(self.fresh(done))

    @extend_schema(request=WaiverSerializer, responses=ObligationSerializer)
    @action(detail=True, methods=["post"], url_path="obligations/<uuid:obligation>/waive")
    def waive(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let an obligation go, with a reason that the second person reads."""
        obligation = self._obligation()
        body = WaiverSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        done = services.waive_obligation(
            obligation=obligation, actor=self.actor, at=self.at, **body.validated_data
        )
        return Response(ObligationSerializer(done).data)

    @extend_schema(request=NothingSerializer, responses=ObligationSerializer)
    @action(detail=True, methods=["post"], url_path="obligations/<uuid:obligation>/confirm")
    def confirm(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that a card is blocked or an insurance cancelled."""
        obligation = self._obligation()
        NothingSerializer(data=request.data or {}).is_valid(raise_exception=True)
        done = services.confirm_obligation(obligation=obligation, actor=self.actor, at=self.at)
        return Response(ObligationSerializer(done).data)

    def _obligation(self) -> ClosureObligation:
        closure: Closure = self.get_object()
        return get_object_or_404(closure.obligations, pk=self.kwargs["obligation"])
