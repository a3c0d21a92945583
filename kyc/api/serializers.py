"""KYC as the API shows it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from clm.core.api.serializers import RecordSerializer, ReferenceField, StrictSerializer
from customers.selectors import visible_customers
from kyc import alert_words, screening, words
from kyc.lists import formats
from kyc.matching import THRESHOLD
from kyc.models import (
    Alert,
    Case,
    Hit,
    HitState,
    MonitoringRule,
    ReasonCode,
    RegisterDiscrepancy,
    RiskModel,
    RuleReplay,
    Watchlist,
)

#: Owners of one organisation that a statement may name.
MOST_OWNERS = 100


class CaseSerializer(RecordSerializer):
    """A case; its state changes by transitions only."""

    customer = ReferenceField(selector=visible_customers)
    checks = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "id", "reference", "customer", "trigger", "application_id", "state", "state_since",
            "assignee", "due_at", "asked", "because", "risk", "top_score", "checks", "version", "created_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = [one for one in fields if one != "customer"]

    def get_checks(self, case: Case) -> list[dict[str, Any]]:
        return [
            {"kind": one.kind, "result": one.result, "code": one.code,
             "detail": words.finding(one.code, one.facts)}
            for one in case.checks.all()
            if one.round == case.round
        ]  # fmt: skip


class HitSerializer(RecordSerializer):
    """A likely match with its explained score."""

    list = serializers.CharField(source="watchlist.name", read_only=True)
    entry_id = serializers.CharField(source="entry.key", read_only=True)

    class Meta:
        model = Hit
        fields = [
            "id", "case", "customer", "list", "entry_id", "name", "score", "threshold",
            "explanation", "model", "status", "reason_code", "comment", "decided_by", "decided_at",
            "previous", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class AlertSerializer(RecordSerializer):
    """A behaviour that a monitoring rule found; the points of `reasons` add up to `score`."""

    rule = serializers.CharField(source="kind", read_only=True)
    rule_version = serializers.IntegerField(source="rule.number", read_only=True)
    detail = serializers.SerializerMethodField()

    class Meta:
        model = Alert
        fields = [
            "id", "reference", "customer", "rule", "rule_version", "state", "state_since", "score",
            "reasons", "detail", "facts", "transactions", "first_on", "last_on", "case",
            "previous", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_detail(self, alert: Alert) -> str:
        """What was found, in words."""
        return alert_words.sentence(alert.kind, alert.facts)


class DecisionSerializer(StrictSerializer):
    """Who the hit is, and why."""

    decision = serializers.ChoiceField(choices=[HitState.FALSE_MATCH, HitState.TRUE_MATCH])
    reason_code = serializers.ChoiceField(choices=ReasonCode.choices)
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class WatchlistSerializer(RecordSerializer):
    """A list with its version in force."""

    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Watchlist
        fields = ["id", "name", "format", "in_force", "version", "created_at", "updated_at"]
        read_only_fields = fields

    def get_in_force(self, watchlist: Any) -> dict[str, Any] | None:
        found = getattr(watchlist, "in_force", [])
        if not found:
            return None
        one = found[0]
        return {
            "number": one.number,
            "loaded_at": one.loaded_at,
            "entries": one.entries,
            "names": one.names,
            "added": one.added,
            "changed": one.changed,
            "removed": one.removed,
        }


class RiskModelSerializer(RecordSerializer):
    """A version of the risk model; in force it never changes."""

    class Meta:
        model = RiskModel
        fields = [
            "id", "number", "note", "factors", "levels", "diligence", "back_test", "origin",
            "state", "in_force_from", "in_force_until", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["number", "back_test", "origin", "in_force_from", "in_force_until"]
        extra_kwargs = {"note": {"required": True}, "diligence": {"required": True}}


class WatchlistFileSerializer(StrictSerializer):
    """A list's file, as a form upload."""

    format = serializers.ChoiceField(choices=list(formats()))
    file = serializers.FileField()
    list = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class ScreeningSerializer(StrictSerializer):
    """A name to compare with every list in force."""

    name = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField(
        choices=["person", "organisation", "vessel", "aircraft"], required=False, default=""
    )
    born = serializers.DateField(required=False, allow_null=True, default=None)
    country = serializers.RegexField(r"^[A-Za-z]{2}$", required=False, default="")
    gender = serializers.ChoiceField(choices=["male", "female"], required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=10)

    def validate_name(self, value: str) -> str:
        return screening.check_name(value)

    def validate_born(self, value: date | None) -> date | None:
        return screening.check_birth(value)

    def validate_country(self, value: str) -> str:
        return screening.check_country(value)


class CandidateSerializer(serializers.Serializer[Any]):
    """A listed party and how it compares."""

    list = serializers.CharField(source="entry.watchlist.name")
    entry_id = serializers.CharField(source="entry.key")
    name = serializers.CharField()
    kind = serializers.CharField(source="entry.kind")
    score = serializers.FloatField()
    match = serializers.SerializerMethodField()
    explanation = serializers.ListField(source="comparison.explanation")

    def get_match(self, candidate: Any) -> bool:

        return bool(candidate.score >= THRESHOLD)


class ScreeningResultSerializer(serializers.Serializer[Any]):
    threshold = serializers.FloatField()
    candidates = CandidateSerializer(many=True)


class DiscrepancySerializer(RecordSerializer):
    """A difference between a register and the record, with the day by which it is settled."""

    class Meta:
        model = RegisterDiscrepancy
        fields = [
            "id", "customer", "register", "kind", "ours", "theirs", "found_at", "due_on", "outcome",
            "comment", "settled_by", "settled_at", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class RegisterOwnerSerializer(StrictSerializer):
    """An owner as the register has them; shares in percent."""

    name = serializers.CharField(max_length=200)
    share_from = serializers.FloatField(min_value=0, max_value=100, required=False, default=0.0)
    share_to = serializers.FloatField(min_value=0, max_value=100, required=False, default=100.0)
    born_on = serializers.DateField(required=False, allow_null=True, default=None)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["share_from"] > data["share_to"]:
            raise serializers.ValidationError({"share_to": _("The bounds change places.")})
        return data


class RegisterStatementSerializer(StrictSerializer):
    """What a register says of an organisation; a part that is left out is not compared."""

    customer = ReferenceField(selector=visible_customers)
    register = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=200, required=False)
    status = serializers.CharField(max_length=60, required=False, allow_blank=True)
    owners = RegisterOwnerSerializer(many=True, required=False)
    directors = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=100
    )
    address = serializers.CharField(max_length=300, required=False)

    def validate_owners(self, value: list[Any]) -> list[Any]:
        if len(value) > MOST_OWNERS:
            raise serializers.ValidationError(_("There are more owners than a register names."))
        return value

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if not set(data) - {"customer", "register"}:
            raise serializers.ValidationError({"register": _("Say what the register says.")})
        return data


class RegisterQuestionSerializer(StrictSerializer):
    """Which register is asked about which organisation."""

    customer = ReferenceField(selector=visible_customers)
    register = serializers.CharField(max_length=60)


class SettlementSerializer(StrictSerializer):
    """What came of a difference, and what was done."""

    outcome = serializers.ChoiceField(choices=RegisterDiscrepancy.Outcome.choices)
    comment = serializers.CharField(max_length=2000)


class MonitoringRuleSerializer(RecordSerializer):
    """
    A version of a monitoring rule; in force it never changes.

    `parameters` that a draft leaves out are as they are in force.
    """

    rule = serializers.CharField(source="kind", max_length=40)

    class Meta:
        model = MonitoringRule
        fields = [
            "id", "rule", "number", "note", "switched_on", "parameters", "state", "state_since",
            "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["number", "state_since"]
        extra_kwargs = {"note": {"required": True}, "parameters": {"required": False}}

    def validate_parameters(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError(_("Parameters are members by name."))
        return value


class ReplayOrderSerializer(StrictSerializer):
    """Over how many months a version is replayed."""

    months = serializers.IntegerField(min_value=1, max_value=24, required=False, default=12)


class RuleReplaySerializer(serializers.ModelSerializer[RuleReplay]):
    """What a version would have found in a time, beside the version in force."""

    class Meta:
        model = RuleReplay
        fields = [
            "id", "beside", "job", "asked_by", "asked_at", "done_at", "since", "until", "customers",
            "transactions", "found", "cases", "new", "gone", "concerned", "months",
        ]  # fmt: skip
        read_only_fields = fields
