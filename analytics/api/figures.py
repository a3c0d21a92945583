"""`kpis` and `ledger-figures`."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.figures import selectors, services
from analytics.figures.importing import Fault, amount_in
from analytics.models import KpiValue, LedgerFigure, LedgerItem
from clm.core.api.serializers import RecordSerializer, StrictSerializer
from clm.core.api.views import ApiViewSet, ReadingViewSet

_MOST = 5000


class KpiSerializer(serializers.Serializer[Any]):
    """A key figure with its latest value; money is in the currency of the bank."""

    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    family = serializers.ChoiceField(choices=list(selectors.FAMILIES))
    definition = serializers.CharField()
    unit = serializers.CharField()
    formula = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    owner = serializers.CharField()
    better = serializers.ChoiceField(choices=["more", "less"])
    value = serializers.FloatField(allow_null=True)
    on = serializers.DateField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    alert = serializers.FloatField(allow_null=True)
    met = serializers.BooleanField(allow_null=True)
    alarming = serializers.BooleanField()

    class Meta:
        model = KpiValue


class KpiValueSerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    value = serializers.FloatField()
    computed_at = serializers.DateTimeField()


class KpiWithHistorySerializer(KpiSerializer):
    history = KpiValueSerializer(many=True)


class KpiViewSet(ApiViewSet):
    """Key figures: what each means and what it is; one alone comes with its history."""

    serializer_class = KpiSerializer
    scopes = {"read": "kpis:read"}
    queryset = KpiValue.objects.none()
    lookup_value_converter = "str"

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = selectors.figures(actor=self.actor, on=timezone.localdate(self.at))
        results = [_told(one) for one in found]
        return Response({"results": results, "next": None, "previous": None})

    @extend_schema(responses=KpiWithHistorySerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = selectors.figure(
            actor=self.actor, name=kwargs[self.lookup_field], on=timezone.localdate(self.at)
        )
        if found is None:
            raise Http404
        history = KpiValueSerializer(found.values, many=True).data
        return Response({**_told(found), "history": history})


class LedgerFigureSerializer(RecordSerializer):
    class Meta:
        model = LedgerFigure
        fields = (
            "id", "month", "item", "amount", "currency", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class AmountSerializer(StrictSerializer):
    month = serializers.CharField(max_length=10)
    item = serializers.ChoiceField(choices=LedgerItem.choices)
    amount = serializers.CharField(max_length=40)
    currency = serializers.CharField(max_length=3, default="DKK")


class AmountsSerializer(StrictSerializer):
    amounts = serializers.ListField(child=AmountSerializer(), max_length=_MOST)


class FaultSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    field = serializers.CharField()
    detail = serializers.CharField()


class TakenSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = FaultSerializer(many=True)


class LedgerFigureViewSet(ReadingViewSet):
    """The extract of the general ledger: one amount for each item and month."""

    serializer_class = LedgerFigureSerializer
    selector = staticmethod(selectors.visible_ledger)
    scopes = {"read": "ledger-figures:read", "write": "ledger-figures:write"}
    permissions = {"batch": "analytics.import_ledger"}
    filters = ("item", "month")
    ordering_fields = ("month",)
    http_method_names = ["get", "head", "post"]

    @extend_schema(request=AmountsSerializer, responses=TakenSerializer)
    @action(detail=False, methods=["post"])
    def batch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """
        Take in amounts; each that cannot be used is named by its place, the rest is kept.

        The same amount again changes nothing, another for the same item and month replaces it.
        """
        body = AmountsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        rows = [
            (place, amount_in(line=place, cells=dict(one)))
            for place, one in enumerate(body.validated_data["amounts"])
        ]
        taken = services.add_amounts(rows=rows, actor=self.actor, at=self.at)
        return Response(
            {
                "added": taken.added,
                "changed": taken.changed,
                "known": taken.known,
                "refused": [_refused(one) for one in taken.faults],
            }
        )


def _refused(fault: Fault) -> dict[str, Any]:
    return {"index": fault.line, "field": fault.column, "detail": fault.reason}


def _told(figure: selectors.Figure) -> dict[str, Any]:
    kpi, now, target = figure.kpi, figure.now, figure.target
    return {
        "id": kpi.name,
        **{
            name: str(getattr(kpi, name))
            for name in (
                "label", "family", "definition", "unit", "formula", "source", "owner", "better",
            )
        },
        "value": now.value if now else None,
        "on": now.on if now else None,
        "target": target.target if target else None,
        "alert": target.alert if target else None,
        "met": figure.met,
        "alarming": figure.alarming,
    }  # fmt: skip
