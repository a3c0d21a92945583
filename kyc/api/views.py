"""The resources under `kyc/`."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core.api import preconditions
from clm.core.api.operations import ACCEPTED
from clm.core.api.parsers import too_large
from clm.core.api.views import LIST_PARAMETERS, ApiViewSet, ReadingViewSet, RecordViewSet
from clm.core.models import Job
from kyc import screening, selectors, services
from kyc.api.serializers import (
    AlertSerializer,
    CaseSerializer,
    DecisionSerializer,
    DiscrepancySerializer,
    HitSerializer,
    MonitoringRuleSerializer,
    RegisterQuestionSerializer,
    RegisterStatementSerializer,
    ReplayOrderSerializer,
    RiskModelSerializer,
    RuleReplaySerializer,
    ScreeningResultSerializer,
    ScreeningSerializer,
    SettlementSerializer,
    WatchlistFileSerializer,
    WatchlistSerializer,
)
from kyc.matching import THRESHOLD
from kyc.models import Case, MonitoringRule, RiskModel, Trigger, Watchlist
from kyc.rating.selectors import visible_risk_models
from kyc.registers import Extract, Owner
from kyc.selectors.registers import visible_discrepancies

MAX_UPLOAD = 20 * 1024 * 1024


def cases_with_checks(*, actor: Any) -> QuerySet[Case]:
    return selectors.visible_cases(actor=actor).prefetch_related("checks")


class CaseViewSet(RecordViewSet):
    """
    Cases are opened by events, by screening and by hand; a client may propose, a person
    approves.
    """

    serializer_class = CaseSerializer
    selector = staticmethod(cases_with_checks)
    scopes = {
        "read": "kyc:read",
        "write": "kyc:write",
        "make_file": "kyc:read",
        "transition:propose_clearance": "kyc:propose",
        "transition:propose_rejection": "kyc:propose",
        "transition:investigate": "kyc:propose",
        "transition:ask_customer": "kyc:propose",
        "transition:escalate": "kyc:propose",
    }
    permissions = {"make_file": "kyc.view_case"}
    filters = ("state", "customer", "trigger", "assignee", "application_id", "risk")
    ordering_fields = ("created_at",)
    http_method_names = ["get", "head", "post"]

    def make(self, data: dict[str, Any]) -> Case:
        """Open a case by hand; its checks run by themselves."""
        return services.open_case(
            customer=data["customer"], trigger=Trigger.REQUEST, actor=self.actor, at=self.at
        )

    @extend_schema(request=None, responses=ACCEPTED)
    @action(detail=True, methods=["post"], url_path="file")
    def make_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the case file (PDF/UA, data and digests in a zip) as a job."""
        return self.accepted(
            services.start_case_file(case=self.get_object(), actor=self.actor, at=self.at)
        )


class HitViewSet(ReadingViewSet):
    """Likely matches; deciding one is for people."""

    serializer_class = HitSerializer
    selector = staticmethod(selectors.visible_hits)
    scopes = {"read": "kyc:read", "write": "kyc:write"}
    permissions = {"decide": "kyc.decide_hit", "undo": "kyc.decide_hit"}
    versioned = ("decide",)
    filters = ("status", "case", "customer")
    ordering_fields = ("created_at",)
    http_method_names = ["get", "head", "post"]

    @extend_schema(request=DecisionSerializer, responses=HitSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say who the hit is; once, by a person, with a reason."""
        hit = self.get_object()
        version = preconditions.expected_version(request, hit, self.tag)
        body = DecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        done = services.decide_hit(
            hit=hit, **body.validated_data, actor=self.actor, at=self.at, version=version
        )
        return self.shown(done)

    @extend_schema(request=None, responses=HitSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the decision back, until a second person acts."""
        return self.shown(services.undo_hit(hit=self.get_object(), actor=self.actor, at=self.at))


class AlertViewSet(RecordViewSet):
    """
    What transaction monitoring found; nobody but compliance is told that there is an alert.

    A client may open a case or dismiss, as a person may.
    """

    serializer_class = AlertSerializer
    selector = staticmethod(selectors.visible_alerts)
    scopes = {"read": "kyc:read", "write": "kyc:write"}
    filters = {
        "state": "state", "customer": "customer", "rule": "kind", "case": "case",
        "score_from": "score__gte",
    }  # fmt: skip
    ordering_fields = ("score", "created_at")
    http_method_names = ["get", "head", "post"]
    made_here = False


class WatchlistViewSet(ReadingViewSet):
    """Lists with their versions in force; the next version comes as a file."""

    serializer_class = WatchlistSerializer
    selector = staticmethod(selectors.visible_watchlists)
    scopes = {"read": "kyc:read", "write": "kyc:write"}
    permissions = {"write": "kyc.import_watchlist"}
    filters = ("name", "format")
    http_method_names = ["get", "head", "post"]
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": WatchlistFileSerializer}, responses=ACCEPTED)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Load a list from its file as a job: whole or not at all, and held back where in doubt."""
        body = WatchlistFileSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        upload = body.validated_data["file"]
        if upload.size > MAX_UPLOAD:
            raise too_large()
        job = services.start_load(
            file=upload.file,
            file_name=upload.name,
            format=body.validated_data["format"],
            name=body.validated_data["list"],
            actor=self.actor,
            at=self.at,
        )
        return self.accepted(job)


class RiskModelViewSet(RecordViewSet):
    """
    Versions of the risk model. A draft is changed and back-tested; then it is proposed, and a
    person who did not propose it puts it in force.
    """

    serializer_class = RiskModelSerializer
    selector = staticmethod(visible_risk_models)
    scopes = {"read": "kyc:read", "write": "kyc:rules"}
    permissions = {
        "create": "kyc.change_riskmodel",
        "back_test": "kyc.change_riskmodel",
    }
    filters = ("state", "number")
    ordering_fields = ("number",)
    http_method_names = ["get", "head", "post", "patch"]

    def make(self, data: dict[str, Any]) -> RiskModel:
        return services.draft_risk_model(**data, actor=self.actor, at=self.at)

    def change(self, record: RiskModel, data: dict[str, Any], version: int | None) -> RiskModel:
        return services.change_risk_model(
            model=record, changes=data, actor=self.actor, at=self.at, version=version
        )

    @extend_schema(request=None, responses=ACCEPTED)
    @action(detail=True, methods=["post"], url_path="back-test")
    def back_test(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Simulate a draft on the whole portfolio, as a job; its result stands on the draft."""
        return self.accepted(
            services.start_back_test(model=self.get_object(), actor=self.actor, at=self.at)
        )


class MonitoringRuleViewSet(RecordViewSet):
    """
    Versions of the rules of transaction monitoring. A draft is replayed on history; then it is
    proposed, and a person who did not propose it puts it in force.
    """

    serializer_class = MonitoringRuleSerializer
    selector = staticmethod(selectors.visible_rules)
    scopes = {"read": "kyc:read", "write": "kyc:rules"}
    permissions = {
        "create": "kyc.change_monitoringrule",
        "replay": "kyc.change_monitoringrule",
    }
    filters = {"rule": "kind", "state": "state", "number": "number"}
    ordering_fields = ("number", "created_at")
    parameters = {"replays": LIST_PARAMETERS}
    http_method_names = ["get", "head", "post"]

    def make(self, data: dict[str, Any]) -> MonitoringRule:
        """Draft the next version of a rule; what its parameters leave out stays as it is."""
        return services.draft_rule(**{"parameters": {}, **data}, actor=self.actor, at=self.at)

    @extend_schema(request=ReplayOrderSerializer, responses=ACCEPTED)
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Replay a version on the last months, as a job; its figures stand under `replays`."""
        rule = self.get_object()
        body = ReplayOrderSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        begun = services.start_replay(
            rule=rule, **body.validated_data, actor=self.actor, at=self.at
        )
        return self.accepted(cast("Job", begun.job))

    @extend_schema(responses=RuleReplaySerializer(many=True))
    @action(detail=True, methods=["get"])
    def replays(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What a version would have found, replay by replay."""
        rule = self.get_object()
        return self.paged(rule.replays.all(), serializer_class=RuleReplaySerializer)


class DiscrepancyViewSet(ReadingViewSet):
    """
    What company registers say otherwise. A client may hand in a register's statement or have a
    register asked; what came of a difference is said by a person.
    """

    serializer_class = DiscrepancySerializer
    selector = staticmethod(visible_discrepancies)
    scopes = {"read": "kyc:read", "write": "kyc:write"}
    permissions = {
        "read": "kyc.view_case", "create": "kyc.add_case", "ask": "kyc.add_case",
        "settle": "kyc.decide_hit",
    }  # fmt: skip
    filters = ("customer", "register", "kind", "outcome")
    ordering_fields = ("due_on", "created_at")
    http_method_names = ["get", "head", "post"]

    @extend_schema(
        request=RegisterStatementSerializer, responses={200: DiscrepancySerializer(many=True)}
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Compare a statement with the record; the differences with this register that stand open."""
        body = RegisterStatementSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        told = dict(body.validated_data)
        customer = told.pop("customer")
        if "owners" in told:
            told["owners"] = [Owner(**one) for one in told["owners"]]
        found = services.note_register_extract(
            customer=customer, extract=Extract(**told), actor=self.actor, at=self.at
        )
        return Response(DiscrepancySerializer(found, many=True).data)

    @extend_schema(request=RegisterQuestionSerializer, responses=ACCEPTED)
    @action(detail=False, methods=["post"])
    def ask(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask a register about an organisation, as a job."""
        body = RegisterQuestionSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return self.accepted(
            services.start_register_read(**body.validated_data, actor=self.actor, at=self.at)
        )

    @extend_schema(request=SettlementSerializer, responses=DiscrepancySerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say what came of a difference; once, by a person."""
        one = self.get_object()
        body = SettlementSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self.shown(
            services.settle_discrepancy(
                discrepancy=one, **body.validated_data, actor=self.actor, at=self.at
            )
        )


class ScreeningViewSet(ApiViewSet):
    """One-off screening: a name in, explained candidates out; nothing of it is kept."""

    serializer_class = ScreeningSerializer
    scopes = {"write": "kyc:screen"}
    permissions = {"write": "kyc.screen_name", "create": "kyc.screen_name"}
    queryset = Watchlist.objects.none()

    @extend_schema(request=ScreeningSerializer, responses={200: ScreeningResultSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = ScreeningSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        asked = screening.party(
            names=[data["name"]],
            kind=data["kind"],
            born_on=data["born"],
            countries=[data["country"]],
            gender=data["gender"],
        )
        found = screening.screen(
            parties=[asked], threshold=screening.WORTH_SHOWING, limit=data["limit"]
        )[0]
        result = {"threshold": THRESHOLD, "candidates": found}
        return Response(ScreeningResultSerializer(result).data)
