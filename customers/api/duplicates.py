"""Possible duplicates, merges and survivorship rules over the API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import access
from clm.core.api.operations import ACCEPTED, results_of
from clm.core.api.problems import ApiProblem
from clm.core.api.serializers import RecordSerializer, StrictSerializer
from clm.core.api.views import RecordViewSet
from customers import selectors, services
from customers.api.serializers import AddressSerializer, NewIdentifierSerializer
from customers.identification import InvalidIdentifier, check_identifier
from customers.models import (
    Customer,
    CustomerMerge,
    DuplicatePair,
    PartyKind,
    SurvivorshipRules,
)
from customers.selectors import duplicates, golden
from customers.services.drafts import index_of
from customers.single_view import facts
from customers.single_view.survivorship import POLICIES
from customers.web import merged


class DuplicatePairSerializer(RecordSerializer):
    """Two records that may be one customer; the points of `reasons` add up to `score`."""

    first = serializers.UUIDField(source="first_id", read_only=True)
    second = serializers.UUIDField(source="second_id", read_only=True)
    reasons = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = DuplicatePair
        fields = [
            "id", "first", "second", "state", "state_since", "score", "reasons", "decided_at",
            "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["state_since", "score", "decided_at"]


class MergeSerializer(StrictSerializer):
    """Which of the two stays, and why they are one customer."""

    survivor = serializers.UUIDField()
    reason = serializers.CharField(min_length=3, max_length=2000)


class ReasonSerializer(StrictSerializer):
    reason = serializers.CharField(min_length=3, max_length=2000)


class CustomerMergeSerializer(RecordSerializer):
    """Two records made one; `absorbed` is a pointer to `survivor` until it is undone."""

    survivor = serializers.UUIDField(source="survivor_id", read_only=True)
    absorbed = serializers.UUIDField(source="absorbed_id", read_only=True)
    moved = serializers.SerializerMethodField()
    stayed = serializers.SerializerMethodField()

    class Meta:
        model = CustomerMerge
        fields = [
            "id", "survivor", "absorbed", "merged_at", "moved", "undone_at", "stayed", "version",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["merged_at", "undone_at"]

    def get_moved(self, merge: CustomerMerge) -> dict[str, int]:
        """How many rows of each kind moved, of the kinds that the caller may see."""
        return dict(merged.moved(merge=merge, actor=self.context["request"].user))

    def get_stayed(self, merge: CustomerMerge) -> list[dict[str, Any]]:
        """What came after the merge, and what became of it when it was undone."""
        actor = self.context["request"].user
        return [
            {"kind": kind, "what": what, "number": count}
            for kind, what, count in merged.stayed(merge=merge, actor=actor)
        ]


class PossibleSerializer(StrictSerializer):
    """A record that may be born, to be compared with all customers first."""

    kind = serializers.ChoiceField(choices=PartyKind.choices)
    given_names = serializers.CharField(max_length=200, required=False, default="")
    family_name = serializers.CharField(max_length=200, required=False, default="")
    name = serializers.CharField(max_length=300, required=False, default="")
    born_on = serializers.DateField(required=False, default=None)
    emails = serializers.ListField(
        child=serializers.EmailField(), required=False, default=list, max_length=20
    )
    phones = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, default=list, max_length=20
    )
    addresses = AddressSerializer(many=True, required=False, default=list)
    identifiers = NewIdentifierSerializer(many=True, required=False, default=list)


class FoundSerializer(serializers.Serializer[Any]):
    customer = serializers.UUIDField()
    score = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.DictField())


class RulesSerializer(RecordSerializer):
    """One version of the rules by which a source's value becomes the customer's."""

    policies = serializers.DictField(child=serializers.ChoiceField(choices=POLICIES))
    ranks = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))

    class Meta:
        model = SurvivorshipRules
        fields = [
            "id", "number", "note", "policies", "ranks", "state", "version", "created_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = ["number"]


class DuplicateViewSet(RecordViewSet):
    """Pairs of records within the caller's reach that may be one customer."""

    serializer_class = DuplicatePairSerializer
    selector = staticmethod(duplicates.visible_pairs)
    scopes = {
        "read": "customers:read",
        "write": "customers:merge",
        "possible": "customers:read",
        "search": "customers:merge",
    }
    permissions = {
        "merge": "customers.merge_customer",
        "possible": "customers.view_customer",
        "search": "customers.find_duplicates",
    }
    filters = {"state": "state", "first": "first_id", "second": "second_id"}
    ordering_fields = ("score", "created_at")
    ordering = "-score"
    http_method_names = ["get", "head", "post"]
    made_here = False

    def take(self, record: Any, name: str, data: dict[str, Any], version: int | None) -> Any:
        if name == "dismiss":
            return services.dismiss_pair(
                pair=record, actor=self.actor, at=self.at, reason=data.get("reason", ""),
                version=version,
            )  # fmt: skip
        return super().take(record, name, data, version)

    @extend_schema(request=MergeSerializer, responses={201: CustomerMergeSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the other record a pointer to `survivor`; 409 with what stands in the way."""
        pair = self.get_object()
        body = MergeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        stays = body.validated_data["survivor"]
        if stays not in (pair.first_id, pair.second_id):
            raise serializers.ValidationError({"survivor": [_("One of the two records.")]})
        goes = pair.second_id if stays == pair.first_id else pair.first_id
        found = Customer.everyone.in_bulk([stays, goes])
        made = services.merge_customers(
            survivor=found[stays], absorbed=found[goes], actor=self.actor, at=self.at,
            reason=body.validated_data["reason"],
        )  # fmt: skip
        content = CustomerMergeSerializer(made, context=self.get_serializer_context()).data
        return Response(content, status=201)

    @extend_schema(request=PossibleSerializer, responses=results_of(FoundSerializer))
    @action(detail=False, methods=["post"])
    def possible(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Customers that a record may be already; ask before a second one is born."""
        body = PossibleSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        data["identifiers"] = _indexed(data["identifiers"])
        near = duplicates.possible_duplicates(facts=facts.make(**data))
        # Who is outside the caller's reach stays unknown to them.
        reached = selectors.visible_customers(actor=self.actor)
        ids = set(
            reached.filter(pk__in=[one.customer.pk for one in near]).values_list("pk", flat=True)
        )
        shown = [one for one in near if one.customer.pk in ids]
        access.note_read(records=[one.customer for one in shown], kind="list")
        rows = [
            {
                "customer": one.customer.pk,
                "score": one.score.points,
                "reasons": duplicates.as_reasons(one.score),
            }
            for one in shown
        ]
        return Response({"results": FoundSerializer(rows, many=True).data})

    @extend_schema(request=None, responses=ACCEPTED)
    @action(detail=False, methods=["post"])
    def search(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Compare all customers, as a job."""
        return self.accepted(services.start_search(actor=self.actor, at=self.at))


class MergeViewSet(RecordViewSet):
    """Merges of customers within the caller's reach, and their undoing."""

    serializer_class = CustomerMergeSerializer
    selector = staticmethod(duplicates.visible_merges)
    scopes = {"read": "customers:read", "write": "customers:merge"}
    permissions = {"undo": "customers.undo_merge"}
    filters = {
        "survivor": "survivor_id",
        "absorbed": "absorbed_id",
        "undone": "undone_at__isnull",
    }
    http_method_names = ["get", "head", "post"]
    made_here = False

    @extend_schema(request=ReasonSerializer, responses=CustomerMergeSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Both records as they were; what came after stays with the survivor and is listed."""
        merge = self.get_object()
        body = ReasonSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        done = services.undo_merge(
            merge=merge, actor=self.actor, at=self.at, reason=body.validated_data["reason"]
        )
        return self.shown(done)


class SurvivorshipViewSet(RecordViewSet):
    """Versions of the survivorship rules; a draft needs a second person to count."""

    serializer_class = RulesSerializer
    selector = staticmethod(golden.visible_rules)
    scopes = {"read": "customers:read", "write": "customers:rules"}
    permissions = {"create": "customers.change_survivorshiprules"}
    filters = ("state",)
    ordering_fields = ("number",)
    http_method_names = ["get", "head", "post"]

    def make(self, data: dict[str, Any]) -> Any:
        return services.draft_rules(
            policies=data["policies"], ranks=data["ranks"], note=data.get("note", ""),
            actor=self.actor, at=self.at,
        )  # fmt: skip


def merged_problem(*, customer_id: Any, actor: Any) -> ApiProblem | None:
    """410 with the address of the record that a merged one became, if the caller reaches it."""
    into = selectors.surviving(customer_id=customer_id)
    if into is None or not selectors.visible_customers(actor=actor).filter(pk=into).exists():
        return None
    return ApiProblem(
        _("This record was merged into another."),
        status_code=410,
        code="merged",
        errors=[{"pointer": "/merged_into", "code": "merged_into", "detail": str(into)}],
        headers={"Location": f"/api/v1/customers/{into}/"},
    )


def _indexed(numbers: list[dict[str, str]]) -> list[tuple[str, bytes]]:
    found = []
    for one in numbers:
        try:
            checked = check_identifier(**one)
        except InvalidIdentifier as exc:
            raise serializers.ValidationError({"identifiers": [str(exc)]}) from None
        found.append((f"{checked.kind}.{checked.country}", index_of(checked)))
    return found


__all__ = ["DuplicateViewSet", "MergeViewSet", "SurvivorshipViewSet", "merged_problem"]
