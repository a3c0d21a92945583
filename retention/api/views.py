from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError as InvalidBody
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core.api import preconditions
from clm.core.api.views import RecordViewSet
from retention import selectors, services
from retention.api.serializers import CaseOfferSerializer, SaveCaseSerializer
from retention.models import SaveCase


class SaveCaseViewSet(RecordViewSet):
    """Save cases: opened by the churn score or by hand, assigned, worked, decided."""

    serializer_class = SaveCaseSerializer
    selector = staticmethod(selectors.visible_cases)
    scopes = {"read": "save-cases:read", "write": "save-cases:write"}
    permissions = {
        "create": "retention.assign_savecase",
        "offer": "retention.offer_savecase",
    }
    versioned = ("offer",)
    filters = {
        "customer": "customer_id",
        "state": "state",
        "state_in": "state__in",
        "reason": "reason_code",
        "owner": "owner_id",
        "due_before": "due_at__lt",
    }
    ordering_fields = ("created_at", "updated_at")

    def make(self, data: dict[str, Any]) -> SaveCase:
        owner = data.pop("owner", None)
        case = services.open_case(
            customer=data["customer"],
            reason_code=data.get("reason_code", ""),
            wants_to_leave=data.get("wants_to_leave", False),
            actor=self.actor,
            at=self.at,
        )
        if owner is not None:
            case = services.assign_owner(case=case, owner=owner, actor=self.actor, at=self.at)
        return case

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> SaveCase:
        return services.change_case(
            case=record, changes=data, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(request=CaseOfferSerializer, responses=SaveCaseSerializer)
    @action(detail=True, methods=["post"])
    def offer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an offer out of the case's budget and attach it."""
        record = self.get_object()
        version = preconditions.expected_version(request, record, self.tag)
        body = CaseOfferSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        offer = dict(body.validated_data)
        if offer.pop("currency") != record.currency or offer["cost"] < 0:
            raise InvalidBody({"cost": [_("Give a cost in the currency of the case’s budget.")]})
        case = services.attach_offer(
            case=record, actor=self.actor, at=self.at, version=version, **offer
        )
        return self.shown(self.fresh(case))
