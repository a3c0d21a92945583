"""`leads` and `campaigns`."""

from typing import Any

from acquisition import selectors, services
from acquisition.api.serializers import CampaignSerializer, LeadSerializer
from acquisition.models import Campaign, Lead
from clm.core.api.views import RecordViewSet


class LeadViewSet(RecordViewSet):
    """
    People and organisations who may become customers.

    `convert` makes the customer and an application; both appear by themselves, the customer
    in `customer`.
    """

    serializer_class = LeadSerializer
    selector = staticmethod(selectors.visible_leads)
    scopes = {"read": "leads:read", "write": "leads:write"}
    filters = ("state", "channel", "campaign", "branch", "adviser", "customer")
    ordering_fields = ("created_at",)
    http_method_names = ["get", "head", "post", "patch"]

    def make(self, data: dict[str, Any]) -> Lead:
        cpr = data.pop("cpr", "")
        return services.create_lead(values=data, cpr=cpr, actor=self.actor, at=self.at)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Lead:
        cpr = data.pop("cpr", None)
        return services.change_lead(
            lead=record, changes=data, cpr=cpr, actor=self.actor, at=self.at, version=version
        )


class CampaignViewSet(RecordViewSet):
    """What leads are gathered under and their cost is held against."""

    serializer_class = CampaignSerializer
    selector = staticmethod(selectors.visible_campaigns)
    scopes = {"read": "campaigns:read", "write": "campaigns:write"}
    filters = ("channel",)
    ordering_fields = ("starts_on",)
    http_method_names = ["get", "head", "post", "patch"]

    def make(self, data: dict[str, Any]) -> Campaign:
        return services.create_campaign(**data, actor=self.actor, at=self.at)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Campaign:
        return services.change_campaign(
            campaign=record, changes=data, actor=self.actor, at=self.at, version=version
        )
