from typing import Any

from django.db.models import QuerySet

from clm.core.api.views import RecordViewSet
from engagement import selectors, services
from engagement.api.serializers import (
    AnswerSerializer,
    EnquirySerializer,
    InteractionSerializer,
    QuestionSerializer,
    TakeUpSerializer,
)
from engagement.models import Enquiry, Interaction


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


def enquiries_with_messages(*, actor: Any) -> QuerySet[Enquiry]:
    return selectors.visible_enquiries(actor=actor).prefetch_related("messages")


class EnquiryViewSet(RecordViewSet):
    """
    Questions and complaints of customers: taken down, assigned, answered.

    `answer` takes `text` and, for a complaint, `root_cause`; `ask_customer` takes `text`, and the
    clock stands still; `assign` takes `assignee`.
    """

    serializer_class = EnquirySerializer
    selector = staticmethod(enquiries_with_messages)
    scopes = {"read": "enquiries:read", "write": "enquiries:write"}
    filters = {
        "customer": "customer_id",
        "kind": "kind",
        "state": "state",
        "state_in": "state__in",
        "priority": "priority",
        "assignee": "assignee_id",
        "root_cause": "root_cause",
        "due_before": "due_at__lt",
    }
    ordering_fields = ("created_at", "due_at")
    http_method_names = ["get", "head", "post", "patch"]
    transition_serializers = {
        "answer": AnswerSerializer,
        "ask_customer": QuestionSerializer,
        "assign": TakeUpSerializer,
    }

    def make(self, data: dict[str, Any]) -> Enquiry:
        assignee = data.pop("assignee", None)
        data.pop("root_cause", None)
        made = services.open_enquiry(actor=self.actor, at=self.at, **data)
        if assignee is not None:
            made = services.assign_enquiry(
                enquiry=made, assignee=assignee, actor=self.actor, at=self.at
            )
        return made

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Enquiry:
        assignee = data.pop("assignee", None)
        changed: Enquiry = record
        if data:
            changed = services.change_enquiry(
                enquiry=record, changes=data, actor=self.actor, at=self.at, version=version
            )
            version = None
        if assignee is not None:
            changed = services.assign_enquiry(
                enquiry=changed, assignee=assignee, actor=self.actor, at=self.at, version=version
            )
        return changed

    def take(self, record: Any, name: str, data: dict[str, Any], version: int | None) -> Any:
        given: dict[str, Any] = {"actor": self.actor, "at": self.at, "version": version}
        if name == "answer":
            return services.answer_enquiry(
                enquiry=record, text=data["text"], root_cause=data["root_cause"], **given
            )
        if name == "ask_customer":
            return services.ask_customer(enquiry=record, text=data["text"], **given)
        if name == "assign":
            assignee = data.get("assignee", record.assignee or self.actor)
            return services.assign_enquiry(enquiry=record, assignee=assignee, **given)
        return super().take(record, name, data, version)
