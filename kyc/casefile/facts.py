"""
Everything about a case as data: the same facts give the same file, byte for byte.

What is not of the case but was in force then (the versions of lists and of the risk model) is
named with its number and digest.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from clm.core import events
from clm.core.models import Approval
from kyc import alert_words, words
from kyc.models import Alert, Case, Hit, WatchlistVersion


def collect(*, case: Case) -> dict[str, Any]:
    """
    The case with its checks, ratings, hits, alerts, questions to a second person and chain of events.

    Texts of findings are in the active language; instants are UTC in ISO 8601. `as_of` is the
    instant of the last event: what happened later is another file.
    """
    chain = list(events.for_record(case).select_related("actor").order_by("sequence"))
    hits = list(case.hits.select_related("watchlist", "entry", "decided_by").order_by("created_at"))
    found: dict[str, Any] = _plain(
        {
            "as_of": chain[-1].at if chain else case.created_at,
            "case": {
                "reference": case.reference,
                "id": case.pk,
                "opened_because": case.trigger,
                "opened_at": case.created_at,
                "state": case.state,
                "risk": case.risk,
                "round": case.round,
            },
            "customer": _customer(case),
            "checks": [
                {
                    "round": one.round,
                    "check": one.kind,
                    "result": one.result,
                    "finding": words.finding(one.code, one.facts),
                    "facts": one.facts,
                    "at": one.at,
                }
                for one in case.checks.order_by("round", "kind")
            ],
            "ratings": [
                {
                    "round": one.round,
                    "level": one.level,
                    "score": one.score,
                    "factors": one.factors,
                    "model": one.model.number,
                    "at": one.at,
                }
                for one in case.assessments.select_related("model").order_by("round")
            ],
            "lists": _lists(case),
            "hits": [_hit(one) for one in hits],
            "alerts": [_alert(one) for one in case.alerts.select_related("rule").order_by("pk")],
            "questions": [
                {
                    "action": one.action,
                    "asked_by": str(one.maker),
                    "asked_at": one.made_at,
                    "reason": one.reason,
                    "decision": one.decision,
                    "decided_by": str(one.checker) if one.checker else "",
                    "decided_at": one.decided_at,
                    "shown_digest": bytes(one.digest).hex(),
                }
                for one in _questions(case, hits)
            ],
            "events": [
                {
                    "sequence": one.sequence,
                    "at": one.at,
                    "by": str(one.actor),
                    "action": one.action,
                    "from": one.source,
                    "to": one.target,
                    "reason": one.detail.get("reason", ""),
                    "hash": bytes(one.hash).hex(),
                }
                for one in chain
            ],
        }
    )
    return found


def _customer(case: Case) -> dict[str, Any]:
    customer = case.customer
    return {
        "id": customer.pk,
        "name": customer.display_name,
        "kind": customer.kind,
        "born_on": customer.born_on,
        "nationalities": customer.nationalities,
        "residence_country": customer.residence_country,
        "identifiers": [
            {"kind": one.kind, "masked": one.masked} for one in customer.identifiers.order_by("pk")
        ],
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "reference": alert.reference,
        "rule": alert.kind,
        "rule_version": alert.rule.number,
        "parameters": alert.rule.parameters,
        "score": alert.score,
        "reasons": alert.reasons,
        "words": alert_words.sentence(alert.kind, alert.facts),
        "from": alert.first_on,
        "until": alert.last_on,
        "transactions": [str(one) for one in alert.transactions],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.pk,
        "list": hit.watchlist.name,
        "entry": hit.entry.key,
        "listed_name": hit.name,
        "score": hit.score,
        "threshold": hit.threshold,
        "model": hit.model,
        "explanation": [
            {**one, "words": words.feature(one["code"], one["facts"])} for one in hit.explanation
        ],
        "facts": hit.facts,
        "facts_digest": hit.facts_digest,
        "decision": hit.status,
        "reason": hit.reason_code,
        "comment": hit.comment,
        "decided_by": str(hit.decided_by) if hit.decided_by else "",
        "decided_at": hit.decided_at,
    }


def _lists(case: Case) -> list[dict[str, Any]]:
    """The version of each list that was in force when the checks of the last round ran."""
    last = case.checks.order_by("-at").values_list("at", flat=True).first()
    if last is None:
        return []
    found: dict[Any, WatchlistVersion] = {}
    # One that was held back has its file; whatever became of it, it was never in force itself.
    versions = WatchlistVersion.objects.filter(loaded_at__lte=last, file="")
    for one in versions.select_related("watchlist").order_by("watchlist__name", "number"):
        found[one.watchlist_id] = one
    return [
        {
            "list": one.watchlist.name,
            "version": one.number,
            "loaded_at": one.loaded_at,
            "entries": one.entries,
            "digest": one.digest,
        }
        for one in found.values()
    ]


def _questions(case: Case, hits: list[Hit]) -> QuerySet[Approval]:
    return (
        Approval.objects.filter(record_id__in=[case.pk, *(one.pk for one in hits)])
        .select_related("maker", "checker")
        .order_by("made_at", "pk")
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
