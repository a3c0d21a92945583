"""Relations of a customer, and who is behind an organisation, over the API."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import access
from clm.core.api.problems import ApiProblem, bad_parameter
from clm.core.api.serializers import ReferenceField, StrictSerializer
from clm.core.api.views import LIST_PARAMETERS, RecordViewSet
from customers import owner_words, selectors, services
from customers.law import Law
from customers.models import PartyKind, Relation, RelationKind
from customers.ownership import Amount, Holder, Key, Outcome, Path
from customers.selectors.relations import Seen, relation_ends

ON = OpenApiParameter("on", date, description="The day; today where left out.")
LAW = OpenApiParameter("law", str, description="Code of a law set in force or to come.")


class PartySerializer(serializers.Serializer[Any]):
    """A party; `id` and `name` are null outside the caller's reach."""

    id = serializers.UUIDField(allow_null=True)
    kind = serializers.CharField()
    name = serializers.CharField(allow_null=True)


class RelationSerializer(serializers.ModelSerializer[Relation]):
    """`customer` is `kind` to `other`; `valid_to` is the first day on which it no longer holds."""

    customer = serializers.SerializerMethodField()
    other = serializers.SerializerMethodField()

    class Meta:
        model = Relation
        fields = [
            "id", "kind", "customer", "other", "share", "votes", "source", "valid_from",
            "valid_to", "recorded_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(PartySerializer)
    def get_customer(self, relation: Relation) -> Any:
        return party(self._seen(relation)[relation.customer_id])

    @extend_schema_field(PartySerializer)
    def get_other(self, relation: Relation) -> Any:
        return party(self._seen(relation)[relation.other_id])

    def _seen(self, relation: Relation) -> dict[UUID, Seen]:
        """Asked once for a page of relations."""
        context = cast("dict[str, Any]", self.context)
        known: dict[UUID, Seen] = context.setdefault("seen", {})
        if relation.customer_id not in known or relation.other_id not in known:
            page = getattr(self.parent, "instance", None)
            rows: list[Relation] = [relation] if page is None else list(page)
            known |= selectors.seen_by(
                actor=context["request"].user, parties=relation_ends(relations=rows)
            )
        return known


class NewRelationSerializer(StrictSerializer):
    """The customer of the address is `kind` to `other`; with `reverse`, `other` is to it."""

    kind = serializers.ChoiceField(choices=RelationKind.choices)
    other = ReferenceField(selector=selectors.visible_customers)
    reverse = serializers.BooleanField(default=False)
    share = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=0, max_value=100, required=False, allow_null=True
    )
    votes = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=0, max_value=100, required=False, allow_null=True
    )
    valid_from = serializers.DateField(required=False)
    valid_to = serializers.DateField(required=False, allow_null=True)
    source = serializers.CharField(max_length=60, required=False, default="api")  # type: ignore[assignment]
    reason = serializers.CharField(max_length=2000, required=False, default="")


class ChangedSharesSerializer(StrictSerializer):
    """An owner's shares from a day on."""

    on = serializers.DateField()
    share = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=0, max_value=100, allow_null=True
    )
    votes = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=0, max_value=100, required=False, allow_null=True
    )
    source = serializers.CharField(max_length=60, required=False, default="")  # type: ignore[assignment]
    reason = serializers.CharField(max_length=2000, required=False, default="")


class EndSerializer(StrictSerializer):
    """The first day on which it no longer holds."""

    on = serializers.DateField()
    reason = serializers.CharField(max_length=2000, required=False, default="")


class ShareSerializer(serializers.Serializer[Any]):
    """Per cent to six decimals; `fraction` is the exact share of 1, null where bounds are known only."""

    percent = serializers.DecimalField(max_digits=12, decimal_places=6)
    fraction = serializers.CharField(allow_null=True)


class PathSerializer(serializers.Serializer[Any]):
    """One way from the owner to the customer; `shares` stand between its parties."""

    parties = PartySerializer(many=True)
    shares = ShareSerializer(many=True)
    product = ShareSerializer()


class OwnerSerializer(serializers.Serializer[Any]):
    party = PartySerializer()
    grounds = serializers.ListField(child=serializers.CharField())
    capital = ShareSerializer()
    votes = ShareSerializer()
    group_votes = ShareSerializer()
    paths = PathSerializer(many=True)
    round_the_loops = ShareSerializer()


class LawSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    in_force_from = serializers.DateField()
    threshold = serializers.CharField()
    operator = serializers.ChoiceField(choices=["gt", "ge"])
    source = serializers.CharField()  # type: ignore[assignment]


class ProblemSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    parties = PartySerializer(many=True)


class GapSerializer(serializers.Serializer[Any]):
    party = PartySerializer()
    share = ShareSerializer()


class BeneficialOwnersSerializer(serializers.Serializer[Any]):
    """Who is behind an organisation on a day, by a law, with the arithmetic."""

    on = serializers.DateField()
    law = LawSerializer()
    basis = serializers.ChoiceField(choices=["ownership", "management", "none"])
    owners = OwnerSerializer(many=True)
    others = OwnerSerializer(many=True)
    managers = PartySerializer(many=True)
    not_recorded = GapSerializer(many=True)
    problems = ProblemSerializer(many=True)


class RelationActions(RecordViewSet):
    """The part of the customers' resource that is about relations."""

    relation_permissions = {
        "relations": "customers.view_relation",
        "add_relation": "customers.add_relation",
        "change_shares": "customers.change_relation",
        "end_relation": "customers.change_relation",
        "beneficial_owners": "customers.view_relation",
    }
    relation_parameters = {
        "relations": (*LIST_PARAMETERS, "on"),
        "beneficial_owners": ("on", "law"),
    }

    @extend_schema(responses=RelationSerializer(many=True), parameters=[ON])
    @action(detail=True, methods=["get"])
    def relations(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Relations in which the customer is either end; with `?on=`, those in force that day."""
        customer = self.get_object()
        access.note_read(records=customer)
        day = _day(request) if "on" in request.query_params else None
        return self.paged(
            selectors.relations_of(customer=customer, on=day).order_by(),
            serializer_class=RelationSerializer,
            ordering="-id",
        )

    @extend_schema(request=NewRelationSerializer, responses={201: RelationSerializer})
    @relations.mapping.post
    def add_relation(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record a relation; both customers are within the caller's reach."""
        customer = self.get_object()
        body = NewRelationSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        ends = [customer, data.pop("other")]
        if data.pop("reverse"):
            ends.reverse()
        made = services.add_relation(
            customer=ends[0], other=ends[1], **data, actor=self.actor, at=self.at
        )
        return self._relation(made, status=201)

    @extend_schema(request=ChangedSharesSerializer, responses=RelationSerializer)
    @action(detail=True, methods=["post"], url_path="relations/<uuid:relation>/shares")
    def change_shares(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """An owner's shares from a day on; what was before stays in the record."""
        found = self._found()
        body = ChangedSharesSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        data = {"votes": None, **body.validated_data}
        return self._relation(
            services.change_relation(relation=found, **data, actor=self.actor, at=self.at)
        )

    @extend_schema(request=EndSerializer, responses=RelationSerializer)
    @action(detail=True, methods=["post"], url_path="relations/<uuid:relation>/end")
    def end_relation(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that a relation no longer holds."""
        found = self._found()
        body = EndSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self._relation(
            services.end_relation(
                relation=found, **body.validated_data, actor=self.actor, at=self.at
            )
        )

    @extend_schema(responses=BeneficialOwnersSerializer, parameters=[ON, LAW])
    @action(detail=True, methods=["get"], url_path="beneficial-owners")
    def beneficial_owners(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who owns or controls an organisation on a day, by the law in force or a named one."""
        customer = self.get_object()
        access.note_read(records=customer)
        if customer.kind != PartyKind.ORGANISATION:
            raise ApiProblem(
                _("Only an organisation has beneficial owners."), code="not_an_organisation"
            )
        day = _day(request)
        law = _law(request, day)
        found = selectors.above(customer=customer, on=day)
        outcome = selectors.owners_under(found=found, law=law)
        seen = selectors.seen_by(actor=self.actor, parties=found.parties)
        return Response(owners_content(outcome=outcome, law=law, on=day, seen=seen))

    def _found(self) -> Relation:
        found = selectors.relations_of(customer=self.get_object())
        return get_object_or_404(found, pk=self.kwargs["relation"])

    def _relation(self, relation: Relation, status: int = 200) -> Response:
        body = RelationSerializer(relation, context=self.get_serializer_context())
        return Response(body.data, status=status)


def party(seen: Seen) -> dict[str, Any]:
    """A party as the API shows it."""
    return {
        "id": str(seen.id) if seen.known else None,
        "kind": seen.kind,
        "name": seen.name if seen.known else None,
    }


def owners_content(
    *, outcome: Outcome, law: Law, on: date, seen: dict[UUID, Seen]
) -> dict[str, Any]:
    """The answer of `beneficial-owners`."""

    def shown(key: Key) -> dict[str, Any]:
        return party(seen[key])  # type: ignore[index]

    def named(key: Key) -> str:
        return str(shown(key)["name"] or _("a party outside your reach"))

    named_ones = {one.key for one in outcome.owners}
    return {
        "on": on.isoformat(),
        "law": {
            "code": law.code,
            "version": law.number,
            "name": law.name,
            "in_force_from": law.in_force_from.isoformat(),
            "threshold": str(law.ownership.interest.percent),
            "operator": law.ownership.interest.operator,
            "source": law.ownership.source,
        },
        "basis": outcome.basis,
        "owners": [_holder(one, shown) for one in outcome.owners],
        "others": [_holder(one, shown) for one in outcome.holders if one.key not in named_ones],
        "managers": [shown(key) for key in outcome.managers],
        "not_recorded": [
            {"party": shown(key), "share": _share(amount)} for key, amount in outcome.gaps
        ],
        "problems": [
            {
                "code": one.code,
                "detail": owner_words.problem(one, named),
                "parties": [shown(key) for key in one.parties],
            }
            for one in outcome.problems
        ],
    }


def _holder(one: Holder, shown: Callable[[Key], dict[str, Any]]) -> dict[str, Any]:
    return {
        "party": shown(one.key),
        "grounds": list(one.grounds),
        "capital": _share(one.capital),
        "votes": _share(one.votes),
        "group_votes": _share(one.group_votes),
        "paths": [_path(path, shown) for path in one.paths],
        "round_the_loops": _share(one.round),
    }


def _path(path: Path, shown: Callable[[Key], dict[str, Any]]) -> dict[str, Any]:
    return {
        "parties": [shown(key) for key in path.parties],
        "shares": [_share(part) for part in path.shares],
        "product": _share(path.product),
    }


def _share(share: Amount | Fraction) -> dict[str, Any]:
    exact = isinstance(share, Fraction) or share.exact
    value = share.middle if isinstance(share, Amount) else share
    return {
        "percent": str(owner_words.percent_of(value)),
        "fraction": str(value) if exact and value.denominator.bit_length() <= 256 else None,
    }


def _day(request: Request) -> date:
    text = request.query_params.get("on")
    if not text:
        return timezone.localdate()
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise bad_parameter("on", _("Give a day as YYYY-MM-DD."))
    return found


def _law(request: Request, on: date) -> Law:
    code = request.query_params.get("law")
    law = selectors.law_on(country=settings.CLM_COUNTRY, on=on)
    if not code or code == law.code:
        return law
    for one in selectors.laws_to_come(country=settings.CLM_COUNTRY, on=on):
        if one.code == code:
            return one
    raise bad_parameter("law", _("No law set with this code is in force or to come."))
