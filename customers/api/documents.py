"""Documents over the API: asked for and handed in under a customer, looked at as a resource."""

from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import access, files, uploads
from clm.core.api.parsers import too_large
from clm.core.api.problems import ApiProblem
from clm.core.api.serializers import RecordSerializer, ReferenceField, StrictSerializer
from clm.core.api.views import LIST_PARAMETERS, RecordViewSet
from customers import selectors, services
from customers.models import Document, DocumentKind


class DocumentSerializer(RecordSerializer):
    """
    One paper. `zone_differs` names what of its machine-readable zone is not as the record says,
    and is null where no zone was read. The file has an address of its own.
    """

    customer = serializers.UUIDField(source="customer_id", read_only=True)
    again_of = serializers.UUIDField(source="again_of_id", read_only=True, allow_null=True)
    zone_lines = serializers.CharField(
        max_length=200, required=False, write_only=True, allow_blank=True
    )

    class Meta:
        model = Document
        fields = [
            "id", "customer", "kind", "note", "state", "again_of", "content_type", "size",
            "pages", "issuer", "number_end", "zone_differs", "zone_lines", "expires_on",
            "uploaded_at", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = [
            "kind", "note", "content_type", "size", "pages", "issuer", "number_end",
            "zone_differs", "uploaded_at",
        ]  # fmt: skip


class NewDocumentSerializer(StrictSerializer):
    """A file as a form upload; `request` names what it answers, where several are asked for."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    file = serializers.FileField(allow_empty_file=True)
    expires_on = serializers.DateField(required=False)
    zone_lines = serializers.CharField(max_length=200, required=False, allow_blank=True)
    request = ReferenceField(selector=selectors.visible_documents, required=False)


class AskedDocumentSerializer(StrictSerializer):
    """What the customer is asked for; they read `note`."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class DocumentActions(RecordViewSet):
    """The part of the customers' resource that is about documents."""

    document_scopes = {
        "documents": "documents:read",
        "add_document": "documents:write",
        "ask_document": "documents:write",
    }
    document_permissions = {
        "documents": "customers.view_document",
        "add_document": "customers.upload_document",
        "ask_document": "customers.add_document",
    }
    document_parameters = {"documents": LIST_PARAMETERS}

    @extend_schema(responses=DocumentSerializer(many=True))
    @action(detail=True, methods=["get"], parser_classes=[MultiPartParser])
    def documents(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The customer's documents, newest first."""
        customer = self.get_object()
        access.note_read(records=customer)
        return self.paged(customer.documents.all(), serializer_class=DocumentSerializer)

    @extend_schema(
        request={"multipart/form-data": NewDocumentSerializer}, responses={201: DocumentSerializer}
    )
    @documents.mapping.post
    def add_document(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand in a document; the same file again gives the same one. 422 says why a file is not taken."""
        customer = self.get_object()
        body = NewDocumentSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        upload = data.pop("file")
        if upload.size > uploads.MAX_BYTES:
            raise too_large()
        try:
            made = services.upload_document(
                customer=customer,
                file=upload.file,
                name=upload.name,
                **data,
                actor=self.actor,
                at=self.at,
            )
        except uploads.UploadRefused as refusal:
            raise refused(refusal) from None
        return Response(DocumentSerializer(made).data, status=201)

    @extend_schema(request=AskedDocumentSerializer, responses={201: DocumentSerializer})
    @action(detail=True, methods=["post"], url_path="documents/ask")
    def ask_document(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask the customer for a document."""
        customer = self.get_object()
        body = AskedDocumentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = services.request_document(
            customer=customer, **body.validated_data, actor=self.actor, at=self.at
        )
        return Response(DocumentSerializer(made).data, status=201)


class DocumentViewSet(RecordViewSet):
    """Documents of the customers within reach; handed in under their customer."""

    serializer_class = DocumentSerializer
    selector = staticmethod(selectors.visible_documents)
    scopes = {"read": "documents:read", "write": "documents:write", "file": "documents:open"}
    permissions = {"file": "customers.open_document"}
    filters = {"customer": "customer_id", "kind": "kind", "state": "state"}
    http_method_names = ["get", "head", "patch", "post"]
    made_here = False

    def change(self, record: Document, data: dict[str, Any], version: int | None) -> Document:
        return services.describe_document(
            document=record, **data, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "image/jpeg"): OpenApiTypes.BINARY,
        }
    )
    @action(detail=True, methods=["get"])
    def file(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The document's file, as it was written anew when it came in."""
        document: Document = self.get_object()
        if not document.file:
            raise ApiProblem(_("This document has no file."), status_code=404, code="not_found")
        access.note_read(records=document, kind="export")
        return FileResponse(
            files.open_file(key=document.file),
            as_attachment=True,
            filename=document.file_name,
            content_type=document.content_type,
        )


def refused(refusal: uploads.UploadRefused) -> ApiProblem:
    """A file that is not taken: 422, or 503 while it cannot be searched for malware."""
    return ApiProblem(
        refusal.sentence,
        status_code=503 if refusal.code == "scanner_away" else 422,
        code="file_refused",
        errors=[{"pointer": "/file", "code": refusal.code, "detail": refusal.sentence}],
    )
