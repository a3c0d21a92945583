"""Customers and what belongs to them over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import access, reading
from clm.core.api.filters import instant
from clm.core.api.operations import ACCEPTED, results_of
from clm.core.api.paging import limit_of
from clm.core.api.parsers import too_large
from clm.core.api.preconditions import expected_version
from clm.core.api.problems import bad_parameter
from clm.core.api.views import LIST_PARAMETERS, RecordViewSet
from clm.core.models import User
from clm.core.timeline import Timeline
from customers import selectors, services
from customers.api import serializers as bodies
from customers.api.consents import ConsentActions
from customers.api.documents import DocumentActions
from customers.api.duplicates import merged_problem
from customers.api.relations import RelationActions
from customers.models import Customer, Product

MAX_UPLOAD = 20 * 1024 * 1024


class CustomerViewSet(RelationActions, ConsentActions, DocumentActions, RecordViewSet):
    """Customers within the caller's reach."""

    serializer_class = bodies.CustomerSerializer
    selector = staticmethod(selectors.visible_customers)
    scopes = {
        "read": "customers:read",
        "write": "customers:write",
        "search": "customers:read",
        "reveal": "customers:reveal",
        "import_file": "customers:import",
        "export": "customers:export",
        **DocumentActions.document_scopes,
    }
    permissions = {
        **RelationActions.relation_permissions,
        **ConsentActions.consent_permissions,
        **DocumentActions.document_permissions,
        "search": "customers.view_customer",
        "reveal": "customers.reveal_identifier",
        "import_file": "customers.import_customers",
        "export": "customers.export_customers",
        "holdings": "customers.view_holding",
        "add_holding": "customers.add_holding",
        "eligibility": "customers.view_product",
    }
    parameters = {
        **RelationActions.relation_parameters,
        **ConsentActions.consent_parameters,
        **DocumentActions.document_parameters,
        "identifiers": LIST_PARAMETERS,
        "holdings": LIST_PARAMETERS,
        "timeline": ("before", "limit"),
    }
    filters = {
        "stage": "stage",
        "kind": "kind",
        "risk_level": "risk_level",
        "segment": "segment",
        "adviser": "adviser_id",
        "branch": "branch_id",
        "created_after": "created_at__gt",
        "updated_after": "updated_at__gt",
    }
    ordering_fields = ("sort_key", "created_at", "updated_at", "stage_since")
    ordering = "sort_key"
    merges = True

    def get_object(self) -> Any:
        """
        The customer of the address.

        :raises ApiProblem: 410 that names the record which a merged one became
        """
        try:
            return super().get_object()
        except Http404:
            # Only who is not found is asked after: a record in service costs no question more.
            pk = self.kwargs[self.lookup_field]
            raise merged_problem(customer_id=pk, actor=self.actor) or Http404() from None

    def make(self, data: dict[str, Any]) -> Customer:
        return services.create_customer(**{"source": "api", **data}, actor=self.actor, at=self.at)

    def change(self, record: Customer, data: dict[str, Any], version: int | None) -> Customer:
        return services.change_customer(
            customer=record, changes=data, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(request=bodies.SearchSerializer, responses=results_of(bodies.CustomerSerializer))
    @action(detail=False, methods=["post"])
    def search(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Find by words of a name, a CPR or CVR number, e-mail, phone or account; never by GET."""
        body = bodies.SearchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        found = selectors.matching(
            customers=self.get_queryset(), query=body.validated_data["query"]
        )
        rows = self.represented(found.order_by("sort_key", "id")[: body.validated_data["limit"]])
        access.note_read(records=rows, kind="list", model=Customer)
        return Response({"results": rows})

    @extend_schema(responses=bodies.IdentifierSerializer(many=True))
    @action(detail=True, methods=["get"])
    def identifiers(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The customer's numbers, masked."""
        customer = self.get_object()
        access.note_read(records=customer)
        return self.paged(
            customer.identifiers.all(),
            serializer_class=bodies.IdentifierSerializer,
            ordering="id",
        )

    @extend_schema(
        request=bodies.NewIdentifierSerializer, responses={201: bodies.IdentifierSerializer}
    )
    @identifiers.mapping.post
    def add_identifier(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a number; it is kept encrypted."""
        customer = self.get_object()
        body = bodies.NewIdentifierSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = services.add_identifier(
            customer=customer,
            **body.validated_data,
            source="api",
            actor=self.actor,
            at=self.at,
        )
        return Response(bodies.IdentifierSerializer(made).data, status=201)

    @extend_schema(request=bodies.RevealSerializer, responses=bodies.RevealedSerializer)
    @action(detail=True, methods=["post"], url_path="identifiers/<uuid:identifier>/reveal")
    def reveal(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The number in clear; the reason stands in the audit trail."""
        customer = self.get_object()
        found = get_object_or_404(
            customer.identifiers.select_related("customer"), pk=kwargs["identifier"]
        )
        body = bodies.RevealSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        value = services.reveal_identifier(
            identifier=found, actor=self.actor, reason=body.validated_data["reason"], at=self.at
        )
        return Response(
            {"id": str(found.pk), "kind": found.kind, "value": value},
            headers={"Cache-Control": "no-store"},
        )

    @extend_schema(responses=bodies.HoldingSerializer(many=True))
    @action(detail=True, methods=["get"])
    def holdings(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the customer has with the bank."""
        customer = self.get_object()
        access.note_read(records=customer)
        return self.paged(customer.holdings.all(), serializer_class=bodies.HoldingSerializer)

    @extend_schema(request=bodies.HoldingSerializer, responses={201: bodies.HoldingSerializer})
    @holdings.mapping.post
    def add_holding(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record a holding; its reference again gives the same one."""
        customer = self.get_object()
        body = bodies.HoldingSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        made = services.add_holding(
            customer=customer, **body.validated_data, actor=self.actor, at=self.at
        )
        return Response(bodies.HoldingSerializer(made).data, status=201)

    @extend_schema(responses=results_of(bodies.EligibilitySerializer))
    @action(detail=True, methods=["get"])
    def eligibility(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Today's products, each with whether the customer can have it and why not."""
        customer = self.get_object()
        access.note_read(records=customer)
        today = timezone.localdate(self.at)
        found = [
            selectors.eligibility(customer=customer, product=product, on=today)
            for product in selectors.catalogue(on=today)
        ]
        return Response({"results": bodies.EligibilitySerializer(found, many=True).data})

    @extend_schema(responses=results_of(bodies.TimelineSerializer))
    @action(detail=True, methods=["get"])
    def timeline(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What happened, newest first; `?before=` reads on."""
        customer = self.get_object()
        access.note_read(records=customer)
        limit = limit_of(request)
        before = request.query_params.get("before")
        try:
            moment = instant(before) if before else None
        except ValidationError as exc:
            raise bad_parameter("before", " ".join(exc.messages)) from None
        story = Timeline(customer=customer, actor=self.actor, before=moment, limit=limit)
        reading.together(*story.reads())
        entries = story.page().entries
        return Response({"results": bodies.TimelineSerializer(entries, many=True).data})

    @extend_schema(request={"multipart/form-data": bodies.ImportSerializer}, responses=ACCEPTED)
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[MultiPartParser])
    def import_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Import a CSV, XLSX or JSON Lines file as a job; the customers wait for a second person's release."""
        body = bodies.ImportSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        upload = data.pop("file")
        if upload.size > MAX_UPLOAD:
            raise too_large()
        job = services.start_import(
            file=upload.file, file_name=upload.name, **data, actor=self.actor, at=self.at
        )
        return self.accepted(job)

    @extend_schema(request=bodies.ExportSerializer, responses=ACCEPTED)
    @action(detail=False, methods=["post"], url_path="export")
    def export(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Export the customers within reach that the filters leave, as a job."""
        body = bodies.ExportSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self.accepted(
            services.start_export(**body.validated_data, actor=self.actor, at=self.at)
        )


class HoldingViewSet(RecordViewSet):
    """Holdings of the customers within reach; made under their customer."""

    serializer_class = bodies.HoldingSerializer
    selector = staticmethod(selectors.visible_holdings)
    scopes = {"read": "customers:read", "write": "customers:write"}
    filters = {
        "customer": "customer_id",
        "product": "product_id",
        "closed": "closed_on__isnull",
        "matures_to": "matures_on__lte",
    }
    http_method_names = ["get", "head", "patch", "post"]
    made_here = False
    versioned = ("close", "renew")

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Any:
        if data.pop("currency", record.currency) != record.currency:
            raise ValidationError({"balance": _("The currency of a holding does not change.")})
        return services.change_holding(
            holding=record, changes=data, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(request=bodies.CloseHoldingSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the holding ended."""
        record = self.get_object()
        expected_version(request, record, self.tag)
        body = bodies.CloseHoldingSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self.shown(
            services.close_holding(
                holding=record, **body.validated_data, actor=self.actor, at=self.at
            )
        )

    @extend_schema(request=bodies.RenewHoldingSerializer)
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the holding a later end."""
        record = self.get_object()
        version = expected_version(request, record, self.tag)
        body = bodies.RenewHoldingSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self.shown(
            services.renew_holding(
                holding=record,
                **body.validated_data,
                actor=self.actor,
                at=self.at,
                version=version,
            )
        )


def _products(*, actor: User) -> QuerySet[Product]:
    return Product.objects.all()


class ProductViewSet(RecordViewSet):
    """The product catalogue."""

    serializer_class = bodies.ProductSerializer
    selector = staticmethod(_products)
    scopes = {"read": "products:read", "write": "products:write"}
    filters = ("category",)
    ordering_fields = ("code",)


class OfferViewSet(RecordViewSet):
    """Offers made to customers within reach."""

    serializer_class = bodies.OfferSerializer
    selector = staticmethod(selectors.visible_offers)
    scopes = {"read": "offers:read", "write": "offers:write"}
    permissions = {"create": "customers.make_offer"}
    filters = {"customer": "customer_id", "state": "state"}
    http_method_names = ["get", "head", "post"]

    def make(self, data: dict[str, Any]) -> Any:
        return services.make_offer(**data, given_by=self.actor, at=self.at)


class ImportBatchViewSet(RecordViewSet):
    """Imported customers that wait for a second person, or have been released."""

    serializer_class = bodies.ImportBatchSerializer
    selector = staticmethod(selectors.visible_batches)
    scopes = {"read": "customers:import", "write": "customers:import"}
    filters = ("state",)
    http_method_names = ["get", "head", "post"]
    made_here = False
