"""What the baseline of `api` serves: the list, the record, the search and raw SQL."""

import json
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import filters, pagination, renderers, routers, serializers, viewsets

from customers.models import Customer

_RAW = (
    "SELECT id::text, display_name, stage, kind, born_on::text, residence_country, segment"
    " FROM customers_customer ORDER BY sort_key, id LIMIT 50"
)


class StockSerializer(serializers.ModelSerializer[Customer]):
    class Meta:
        model = Customer
        exclude = ("search_text", "sort_key")


class StockPagination(pagination.LimitOffsetPagination):
    default_limit = 50


class StockView(viewsets.ReadOnlyModelViewSet[Customer]):
    queryset = Customer.objects.order_by("sort_key", "id")
    serializer_class = StockSerializer
    pagination_class = StockPagination
    authentication_classes: Any = ()
    permission_classes: Any = ()
    throttle_classes: Any = ()
    renderer_classes: Any = (renderers.JSONRenderer,)
    filter_backends: Any = (filters.SearchFilter,)
    search_fields = ("display_name",)

    def get_queryset(self) -> Any:
        stage = self.request.query_params.get("stage")
        found = super().get_queryset()
        return found.filter(stage=stage) if stage else found


def raw(request: HttpRequest) -> HttpResponse:
    """The list by hand: one statement, no ORM, no framework."""
    with connection.cursor() as cursor:
        cursor.execute(_RAW)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(json.dumps({"results": rows}), content_type="application/json")


router = routers.SimpleRouter()
router.register("stock", StockView)
urlpatterns = [path("", include(router.urls)), path("raw/", raw)]
