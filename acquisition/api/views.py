"""`leads` and `campaigns`."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from acquisition import selectors, services
from acquisition.api.plans import (
    LeadOfferSerializer,
    LeadOfferViewSerializer,
    MakeOfferSerializer,
)
from acquisition.api.serializers import (
    CampaignSerializer,
    CostSerializer,
    LeadFileSerializer,
    LeadSerializer,
    MatchSerializer,
    NewTouchSerializer,
    ResultSerializer,
    TouchSerializer,
)
from acquisition.models import Campaign, Lead
from clm.core import access
from clm.core.api.operations import ACCEPTED, results_of
from clm.core.api.parsers import too_large
from clm.core.api.views import LIST_PARAMETERS, RecordViewSet
from clm.core.uploads import MAX_BYTES


class LeadViewSet(RecordViewSet):
    """
    People and organisations who may become customers.

    `convert` makes the customer and an application; both appear by themselves, the customer
    in `customer`.
    """

    serializer_class = LeadSerializer
    selector = staticmethod(selectors.visible_leads)
    scopes = {"read": "leads:read", "write": "leads:write", "import_file": "leads:import"}
    filters = ("state", "channel", "campaign", "branch", "adviser", "customer", "external_id")
    ordering_fields = ("created_at",)
    permissions = {
        "touches": "acquisition.view_lead",
        "matches": "acquisition.view_lead",
        "note_touch": "acquisition.change_lead",
        "offers": "acquisition.view_lead",
        "make_offer": "acquisition.offer_lead",
        "import_file": "acquisition.import_leads",
    }
    parameters = {"touches": LIST_PARAMETERS}
    http_method_names = ["get", "head", "post", "patch"]

    def make(self, data: dict[str, Any]) -> Lead:
        own = {name: data.pop(name, "") for name in ("cpr", "source", "external_id")}
        return services.create_lead(values=data, **own, actor=self.actor, at=self.at)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Lead:
        cpr = data.pop("cpr", None)
        for name in ("source", "external_id"):
            if data.pop(name, getattr(record, name)) != getattr(record, name):
                raise ValidationError({name: _("Where a lead came from stays as it was told.")})
        return services.change_lead(
            lead=record, changes=data, cpr=cpr, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(responses=MatchSerializer(many=True))
    @action(detail=True, methods=["get"])
    def matches(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Whom the lead may be already, the surest first."""
        lead = self.get_object()
        access.note_read(records=lead)
        found = selectors.matches_of(lead=lead, actor=self.actor)
        return Response(MatchSerializer(found, many=True).data)

    @extend_schema(responses=TouchSerializer(many=True))
    @action(detail=True, methods=["get"])
    def touches(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the lead did, and what was done with them."""
        lead = self.get_object()
        access.note_read(records=lead)
        return self.paged(lead.touches.all(), serializer_class=TouchSerializer)

    @extend_schema(request=NewTouchSerializer, responses={201: TouchSerializer})
    @touches.mapping.post
    def note_touch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Note a touch."""
        lead = self.get_object()
        body = NewTouchSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        happened_at = data.pop("at")
        touch = services.note_touch(
            lead=lead, **data, happened_at=happened_at, actor=self.actor, at=self.at
        )
        return Response(TouchSerializer(touch).data, status=201)

    @extend_schema(responses=results_of(LeadOfferViewSerializer))
    @action(detail=True, methods=["get"])
    def offers(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the lead's campaign offers, each with every check of every way of making it."""
        lead = self.get_object()
        access.note_read(records=lead)
        found = selectors.offers_for(lead=lead, actor=self.actor, at=self.at)
        return Response({"results": LeadOfferViewSerializer(found, many=True).data})

    @extend_schema(request=MakeOfferSerializer, responses={201: LeadOfferSerializer})
    @offers.mapping.post
    def make_offer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make an offer, if no check refuses; a qualified lead becomes OFFERED by it."""
        lead = self.get_object()
        body = MakeOfferSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        made = services.offer_to_lead(
            lead=lead, incentive=body.validated_data["offer"],
            channel=body.validated_data["channel"], actor=self.actor, at=self.at,
        )  # fmt: skip
        return Response(LeadOfferSerializer(made).data, status=201)

    @extend_schema(request={"multipart/form-data": LeadFileSerializer}, responses=ACCEPTED)
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[MultiPartParser])
    def import_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Import leads from a CSV, XLSX or JSON Lines file, as a job."""
        body = LeadFileSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        upload = data.pop("file")
        if upload.size > MAX_BYTES:
            raise too_large()
        job = services.start_import(
            file=upload.file, file_name=upload.name, **data, actor=self.actor, at=self.at
        )
        return self.accepted(job)


class CampaignViewSet(RecordViewSet):
    """What leads are gathered under and their cost is held against."""

    serializer_class = CampaignSerializer
    selector = staticmethod(selectors.visible_campaigns)
    scopes = {"read": "campaigns:read", "write": "campaigns:write"}
    filters = ("channel",)
    ordering_fields = ("starts_on",)
    http_method_names = ["get", "head", "post", "patch"]
    permissions = {
        "costs": "acquisition.view_campaign",
        "enter_cost": "acquisition.add_campaigncost",
        "results": "acquisition.view_campaign",
    }
    parameters = {"costs": LIST_PARAMETERS}

    def make(self, data: dict[str, Any]) -> Campaign:
        return services.create_campaign(**data, actor=self.actor, at=self.at)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Campaign:
        return services.change_campaign(
            campaign=record, changes=data, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(responses=CostSerializer(many=True))
    @action(detail=True, methods=["get"])
    def costs(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the campaign has cost, the latest entry first."""
        found = selectors.visible_costs(actor=self.actor).filter(campaign=self.get_object())
        return self.paged(found.order_by(), serializer_class=CostSerializer)

    @extend_schema(request=CostSerializer, responses={201: CostSerializer})
    @costs.mapping.post
    def enter_cost(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Enter a cost; the same reference a second time is refused."""
        campaign = self.get_object()
        body = CostSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        cost = services.enter_cost(
            campaign=campaign, **body.validated_data, actor=self.actor, at=self.at
        )
        shown = CostSerializer(cost, context=self.get_serializer_context())
        return Response(shown.data, status=201)

    @extend_schema(responses=ResultSerializer)
    @action(detail=True, methods=["get"])
    def results(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the campaign cost and brought."""
        campaign = self.get_object()
        (found,) = selectors.campaign_results(actor=self.actor, campaigns=[campaign])

        def money(amount: Decimal | None) -> dict[str, Any] | None:
            return None if amount is None else {"amount": amount, "currency": campaign.currency}

        shown = ResultSerializer(
            {
                "leads": found.leads,
                "customers": int(found.customers),
                "conversion": found.conversion,
                "spent": money(found.spent),
                "cost_per_customer": money(found.cost_per_customer),
                "first_year_margin": money(found.margin),
                "gain": money(found.gain),
                "funnel": found.steps,
            }
        )
        return Response(shown.data)
