"""The API of consents: their wordings, and whether a customer may be contacted."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import access
from clm.core.api.operations import results_of
from clm.core.api.serializers import RecordSerializer, StrictSerializer
from clm.core.api.views import LIST_PARAMETERS, RecordViewSet
from customers import selectors, services
from customers.models import OWN_DECISIONS, Channel, ConsentEntry, ConsentWording, Purpose


class ConsentSerializer(serializers.ModelSerializer[ConsentEntry]):
    """One line of the ledger."""

    recorded_by = serializers.UUIDField(source="recorded_by_id", read_only=True)

    class Meta:
        model = ConsentEntry
        fields = [
            "id", "purpose", "channel", "decision", "source", "wording_version", "language", "at",
            "recorded_by",
        ]  # fmt: skip
        read_only_fields = fields


class NewConsentSerializer(StrictSerializer):
    """A line for the ledger; a consent that is given names the wording that was shown."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    decision = serializers.ChoiceField(choices=[(one.value, one.label) for one in OWN_DECISIONS])
    source = serializers.CharField(max_length=60)  # type: ignore[assignment]
    wording_version = serializers.CharField(max_length=40, required=False, default="")
    language = serializers.ChoiceField(choices=["da", "en"], required=False)


class WordingSerializer(RecordSerializer):
    """One version of what customers are asked by for a purpose."""

    class Meta:
        model = ConsentWording
        fields = [
            "id", "purpose", "number", "code", "text_da", "text_en", "note", "origin", "state",
            "in_force_from", "in_force_until", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["number", "code", "origin", "in_force_from", "in_force_until"]


class WordingViewSet(RecordViewSet):
    """Wordings of consents; a draft needs a second person to count."""

    serializer_class = WordingSerializer
    selector = staticmethod(selectors.visible_wordings)
    scopes = {"read": "customers:read", "write": "customers:rules"}
    permissions = {"create": "customers.change_consentwording"}
    filters = ("purpose", "state")
    ordering_fields = ("purpose", "number")
    http_method_names = ["get", "head", "post"]

    def make(self, data: dict[str, Any]) -> ConsentWording:
        return services.draft_wording(**{"note": "", **data}, actor=self.actor, at=self.at)


class ReasonSerializer(serializers.Serializer[Any]):
    """One reason in the caller's language, and the article where the law is the reason."""

    code = serializers.CharField()
    words = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class ContactAnswerSerializer(serializers.Serializer[Any]):
    """Whether the customer may be contacted for a purpose by a channel, and why or why not."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    allowed = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)


class EvidenceSerializer(serializers.Serializer[Any]):
    """The event in the audit trail: its place in the chain, recomputed, and the seal over it."""

    event_id = serializers.UUIDField(source="event.pk")
    record_id = serializers.UUIDField(source="event.record_id")
    at = serializers.DateTimeField(source="event.at")
    sequence = serializers.IntegerField()
    hash = serializers.CharField()
    chain_whole = serializers.BooleanField(source="whole")
    seal = serializers.IntegerField(allow_null=True)
    sealed_at = serializers.DateTimeField(allow_null=True)
    seal_root = serializers.CharField(source="root")
    seal_signed = serializers.BooleanField(source="signed")


class ProofSerializer(serializers.Serializer[Any]):
    """What shows a consent: the line, the words, what ended it, and where it is written."""

    entry = ConsentSerializer()
    in_force = serializers.BooleanField()
    text = serializers.CharField()
    wording = WordingSerializer(source="entry.wording", allow_null=True)
    recorded_by_name = serializers.CharField(source="entry.recorded_by")
    ended_by = ConsentSerializer(allow_null=True)
    narrowed_by = ConsentSerializer(many=True)
    evidence = EvidenceSerializer(allow_null=True)


class ContactQuerySerializer(StrictSerializer):
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)


class ConsentActions(RecordViewSet):
    """The part of the customers' resource that is about consents and contact."""

    consent_permissions = {
        "consent_proof": "customers.view_consententry",
        "consents": "customers.view_consententry",
        "add_consent": "customers.record_consent",
        "may_contact": "customers.view_consententry",
    }
    consent_parameters = {"consents": LIST_PARAMETERS, "may_contact": ("purpose", "channel")}

    @extend_schema(responses=ConsentSerializer(many=True))
    @action(detail=True, methods=["get"])
    def consents(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The consent ledger, newest first."""
        customer = self.get_object()
        access.note_read(records=customer)
        return self.paged(customer.consents.all(), serializer_class=ConsentSerializer)

    @extend_schema(request=NewConsentSerializer, responses={201: ConsentSerializer})
    @consents.mapping.post
    def add_consent(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a line to the ledger."""
        customer = self.get_object()
        body = NewConsentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        entry = services.record_consent(
            customer=customer, **body.validated_data, actor=self.actor, at=self.at
        )
        return Response(ConsentSerializer(entry).data, status=201)

    @extend_schema(
        parameters=[
            OpenApiParameter("purpose", enum=Purpose.values),
            OpenApiParameter("channel", enum=Channel.values),
        ],
        responses=results_of(ContactAnswerSerializer),
    )
    @action(detail=True, methods=["get"], url_path="may-contact")
    def may_contact(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """May we contact the customer for what, by what, and why or why not; now."""
        customer = self.get_object()
        asked = ContactQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        access.note_read(records=customer)
        purpose, channel = (asked.validated_data.get(name) for name in ("purpose", "channel"))
        answers = selectors.contact_answers(
            customer=customer,
            purposes=[purpose] if purpose else Purpose.values,
            channels=[channel] if channel else [one for one in Channel.values if one != "any"],
            at=self.at,
        )
        rows = [
            {"purpose": key[0], "channel": key[1], "allowed": one.allowed, "reasons": one.reasons}
            for key, one in answers.items()
        ]
        return Response({"results": ContactAnswerSerializer(rows, many=True).data})

    @extend_schema(responses=ProofSerializer)
    @action(detail=True, methods=["get"], url_path="consents/<uuid:entry>/proof")
    def consent_proof(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The proof of one line of the ledger; its chain is recomputed, its seal's signature checked."""
        customer = self.get_object()
        entry = get_object_or_404(
            customer.consents.select_related("wording", "recorded_by"), pk=kwargs["entry"]
        )
        access.note_read(records=customer)
        found = selectors.proof(entry=entry, at=self.at)
        return Response(ProofSerializer(found, context=self.get_serializer_context()).data)
