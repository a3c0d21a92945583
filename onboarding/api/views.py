"""`applications`."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError as InvalidBody
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import access, actors
from clm.core.api.views import LIST_PARAMETERS, RecordViewSet
from onboarding import selectors, services
from onboarding.api.serializers import (
    ApplicationSerializer,
    ApplicationSummarySerializer,
    LinkSerializer,
    NewLinkSerializer,
    RevokedSerializer,
)
from onboarding.models import Application


class ApplicationViewSet(RecordViewSet):
    """
    Requests of customers for products.

    POST opens a draft, with `kind` saying what the customer is asked as (a start-up, say) where
    another than what fits them is meant; PATCH answers (`{"answers": {"person": {"born_on": "1984-03-12"}}}`),
    notes the officer's checks (`{"checks": {"register_extract": {"done": true}}}`) or assigns
    an officer. What follows a submission happens by itself.
    """

    serializer_class = ApplicationSerializer
    selector = staticmethod(selectors.visible_applications)
    scopes = {
        "read": "applications:read",
        "write": "applications:write",
        "make_link": "customer-links:write",
        "revoke_link": "customer-links:write",
    }
    permissions = {
        "links": "onboarding.change_application",
        "make_link": "onboarding.change_application",
        "revoke_link": "onboarding.change_application",
    }
    filters = ("state", "customer", "officer", "product")
    ordering_fields = ("created_at",)
    parameters = {"links": LIST_PARAMETERS}
    http_method_names = ["get", "head", "post", "patch"]

    def get_serializer_class(self) -> Any:
        return ApplicationSummarySerializer if self.action == "list" else ApplicationSerializer

    def make(self, data: dict[str, Any]) -> Application:
        answers, checks = data.pop("answers", {}), data.pop("checks", {})
        with transaction.atomic():
            try:
                application = services.open_for_customer(
                    customer=data["customer"],
                    product=data.get("product"),
                    officer=self._officer(data),
                    kind=data.get("kind", ""),
                    actor=self.actor,
                    at=self.at,
                )
            except ValidationError as error:
                raise InvalidBody(error.message_dict) from None
            self._fill(application, answers, checks)
        return application

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> Application:
        answers, checks = data.pop("answers", {}), data.pop("checks", {})
        if "customer" in data:
            raise InvalidBody({"customer": [_("An application stays with its customer.")]})
        if "kind" in data:
            raise InvalidBody({"kind": [_("What was asked stays what was asked.")]})
        self._officer(data)
        with transaction.atomic():
            application = services.change_application(
                application=record,
                changes=data,
                actor=self.actor,
                at=self.at,
                version=version,
            )
            self._fill(application, answers, checks)
        return application

    @extend_schema(responses=LinkSerializer(many=True))
    @action(detail=True, methods=["get"])
    def links(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The customer's links to the application, the newest first; only that may be in force."""
        application = self.get_object()
        access.note_read(records=application)
        return self.paged(application.links.all(), serializer_class=LinkSerializer)

    @extend_schema(request=None, responses={201: NewLinkSerializer})
    @links.mapping.post
    def make_link(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a link; an earlier one works no more. Its address stands in this answer alone."""
        made, secret = services.make_link(
            application=self.get_object(), actor=self.actor, at=self.at
        )
        address = request.build_absolute_uri(reverse("link:begin", args=[secret]))
        content = {**LinkSerializer(made).data, "url": address}
        return Response(content, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(request=None, responses=RevokedSerializer)
    @action(detail=True, methods=["post"], url_path="links/revoke")
    def revoke_link(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the link back."""
        revoked = services.revoke_link(application=self.get_object(), actor=self.actor, at=self.at)
        return Response({"revoked": revoked})

    def _officer(self, data: dict[str, Any]) -> Any:
        officer = data.get("officer")
        if "officer" in data and not self._may("onboarding.assign_application"):
            raise PermissionDenied
        return officer

    def _fill(self, application: Application, answers: Any, checks: Any) -> None:
        tasks = {one.key: one for one in application.tasks.all()}
        unknown = (set(answers) | set(checks)) - set(tasks)
        if unknown:
            where = "answers" if set(answers) & unknown else "checks"
            raise InvalidBody({where: {name: [_("There is no such task.")] for name in unknown}})
        for key, given in answers.items():
            try:
                services.answer_task(task=tasks[key], answers=given, actor=self.actor, at=self.at)
            except ValidationError as error:
                faults = error.message_dict if hasattr(error, "error_dict") else error.messages
                raise InvalidBody({"answers": {key: faults}}) from None
        if checks and not self._may("onboarding.approve_application"):
            raise PermissionDenied
        for key, check in checks.items():
            common: dict[str, Any] = {"task": tasks[key], "actor": self.actor, "at": self.at}
            if check["done"]:
                services.complete_check(note=check["note"], **common)
            else:
                services.reopen_check(**common)

    def _may(self, permission: str) -> bool:
        return actors.may(actor=self.actor, permission=permission)
