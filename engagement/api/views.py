from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import access
from clm.core.api.views import LIST_PARAMETERS, RecordViewSet
from engagement import selectors, services
from engagement.api.serializers import (
    AnswerGivenSerializer,
    AnswerSerializer,
    DeferSerializer,
    EnquirySerializer,
    InteractionSerializer,
    NextBestActionSerializer,
    QuestionSerializer,
    RefuseSerializer,
    SurveyLinkOrderSerializer,
    SurveyLinkSerializer,
    SurveyResultSerializer,
    SurveySerializer,
    TakeUpSerializer,
)
from engagement.models import Enquiry, Interaction, Survey


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


class SurveyViewSet(RecordViewSet):
    """Surveys, their links, answers within reach, and the figure with its interval."""

    serializer_class = SurveySerializer
    selector = staticmethod(selectors.visible_surveys)
    scopes = {"read": "surveys:read", "write": "surveys:write"}
    permissions = {
        "answers": "engagement.view_feedback",
        "results": "engagement.view_feedback",
        "links": "engagement.add_interaction",
    }
    filters = ("measure", "is_open")
    ordering_fields = ("created_at",)
    parameters = {"answers": LIST_PARAMETERS}
    http_method_names = ["get", "head", "post", "patch"]

    def make(self, data: dict[str, Any]) -> Survey:
        return services.add_survey(actor=self.actor, at=self.at, **data)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Survey:
        return services.change_survey(
            survey=record, changes=data, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(request=SurveyLinkOrderSerializer, responses={201: SurveyLinkSerializer})
    @action(detail=True, methods=["post"])
    def links(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A link for one customer, for who asks them in person or by the bank's own channel."""
        survey = self.get_object()
        body = SurveyLinkOrderSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        made = services.hand_over_survey(
            survey=survey, customer=body.validated_data["customer"], actor=self.actor, at=self.at
        )
        path = reverse("survey:answer", args=[services.secret_of(invitation=made)])
        shown = {"url": request.build_absolute_uri(path), "expires_at": made.expires_at}
        return Response(SurveyLinkSerializer(shown).data, status=201)

    @extend_schema(responses=AnswerGivenSerializer(many=True))
    @action(detail=True, methods=["get"])
    def answers(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The answers of customers within the caller's reach."""
        found = selectors.visible_feedback(actor=self.actor).filter(survey=self.get_object())
        access.note_read(records=found[:200], kind="list")
        return self.paged(found, serializer_class=AnswerGivenSerializer)

    @extend_schema(responses=SurveyResultSerializer)
    @action(detail=True, methods=["get"])
    def results(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the answers of all customers add up to."""
        (found,) = selectors.figures(at=self.at, survey=self.get_object())
        return Response(SurveyResultSerializer(found).data)


class NextBestActionViewSet(RecordViewSet):
    """
    What to offer next, proposed every night; the control group's proposals are shown to nobody.

    `accept` makes the offer, `defer` takes `until`, `reject` takes `refusal`; each is learnt from.
    """

    serializer_class = NextBestActionSerializer
    selector = staticmethod(selectors.visible_actions)
    scopes = {"read": "next-best-actions:read", "write": "next-best-actions:write"}
    filters = {
        "customer": "customer_id",
        "product": "product_id",
        "state": "state",
        "adviser": "customer__adviser_id",
    }
    ordering_fields = ("score", "created_at")
    http_method_names = ["get", "head", "post"]
    made_here = False
    transition_serializers = {"defer": DeferSerializer, "reject": RefuseSerializer}

    def take(self, record: Any, name: str, data: dict[str, Any], version: int | None) -> Any:
        given: dict[str, Any] = {
            "action": record, "actor": self.actor, "at": self.at, "version": version,
        }  # fmt: skip
        if name == "accept":
            return services.accept_action(**given)
        if name == "defer":
            return services.defer_action(until=data["until"], **given)
        if name == "reject":
            return services.reject_action(
                refusal=data["refusal"], reason=data.get("reason", ""), **given
            )
        return super().take(record, name, data, version)
