"""KYC's pieces of other pages: Home, the customer's tab, the timeline, the number in the menu."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clm.core.models import Event, User
from clm.core.registries import TimelineEntry
from clm.core.web.charts import Part, bars, stacked
from clm.core.web.words import number
from customers.models import Customer
from kyc import selectors, words
from kyc.models import Case, Hit, HitState

# Colour says what the eye should find: few are high, and those in red.
_KINDS = {"low": "soft", "medium": "data", "high": "bad", "": "line"}
BANDS = {1: "1–30", 31: "31–60", 61: "61–90", 91: "> 90"}


def badge(request: HttpRequest) -> int | None:
    """What waits for the person: own cases and questions to decide."""
    actor: Any = request.user
    counts = selectors.counts(actor=actor)
    return counts["mine"] + counts["approve"] or None


def home_today(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """The four figures of a compliance officer's morning."""
    actor: Any = request.user
    now = timezone.now()
    mine = selectors.queue(actor=actor, tab="mine")
    end = timezone.localtime(now).replace(hour=23, minute=59, second=59)
    decided = Hit.objects.filter(decided_at__gte=now - timedelta(days=30))
    total = decided.count()
    false = decided.filter(status=HitState.FALSE_MATCH).count()
    hours = sorted(
        (decided_at - created_at).total_seconds() / 3600
        for created_at, decided_at in decided.values_list("created_at", "decided_at")
        if decided_at is not None
    )
    due, late = mine.filter(due_at__lte=end).count(), mine.filter(due_at__lt=now).count()
    return {
        "day": _due_words(due, late),
        "due_today": due,
        "late": late,
        "to_approve": selectors.waiting_approval(actor=actor).count(),
        "median_hours": hours[len(hours) // 2] if hours else None,
        "false_share": false / total if total else None,
        "false_number": number(100 * false / total, 1) if total else "",
        "decided_note": ngettext("of %(n)s decision", "of %(n)s decisions", total)
        % {"n": number(total)}
        if total
        else _("Nothing decided yet"),
    }


def home_queue(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """The most pressing of the person's own cases."""
    actor: Any = request.user
    tab = "mine" if selectors.queue(actor=actor, tab="mine").exists() else "unassigned"
    cases = selectors.with_work(list(selectors.queue(actor=actor, tab=tab)[:11]))
    counts = selectors.counts(actor=actor)
    start = (_("Start with the next case"), next_page(cases[0])) if cases else None
    return {
        "cases": cases,
        "tab": tab,
        "tabs": queue_tabs(counts=counts, chosen=tab),
        "count": counts[tab],
        "start": start,
    }


def queue_tabs(*, counts: Mapping[str, int], chosen: str) -> list[dict[str, Any]]:
    """The tabs of the queue with what waits on each."""
    labels = {
        "mine": _("My queue"),
        "approve": _("To approve"),
        "team": _("Team"),
        "unassigned": _("Unassigned"),
    }
    address = reverse("kyc:queue")
    return [
        {
            "label": labels[tab],
            "url": f"{address}?tab={tab}",
            "active": tab == chosen,
            "count": counts[tab],
        }
        for tab in selectors.TABS
    ]


def next_page(case: Any) -> str:
    """Where work on a case begins: its first open hit, or the case itself."""
    if case.open_hits:
        return reverse("kyc:hit", args=[case.open_hits[0].pk])
    return reverse("kyc:case", args=[case.pk])


def _due_words(due: int, late: int) -> str:
    if not due:
        return ""
    text = ngettext("%(n)s decision is due today", "%(n)s decisions are due today", due)
    told = text % {"n": due}
    if late:
        of_them = ngettext("%(n)s of them is late", "%(n)s of them are late", late)
        told = f"{told}, {of_them % {'n': late}}"
    return told


def home_lists(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    return {"changes": selectors.list_changes()}


def home_risk(request: HttpRequest, customer: Customer | None = None) -> Mapping[str, Any] | None:
    """Customers by risk level, and reviews that are late."""
    levels = selectors.portfolio_risk()
    total = sum(levels.values())
    overdue = selectors.overdue_reviews()
    return {
        "total": total,
        "levels": [
            (
                level,
                _KINDS[level],
                levels.get(level, 0),
                levels.get(level, 0) / total if total else 0,
            )
            for level in ("low", "medium", "high", "")
            if level or levels.get(level)
        ],
        "bar": stacked(
            [Part(level, levels.get(level, 0), kind=_KINDS[level]) for level in _KINDS],
            title=_("Portfolio risk"),
            width=288,
        ).svg,
        "late": sum(count for _first, count in overdue),
        "overdue": bars(
            [
                Part(BANDS[first], count, kind="bad" if first > 90 else "data")
                for first, count in overdue
            ],
            title=_("Days late"),
            width=288,
            unit=_("Customers"),
        ),
    }


def customer_tab(request: HttpRequest, customer: Customer | None) -> Mapping[str, Any] | None:
    """A customer's cases with their checks, for those who may see them."""
    actor: Any = request.user
    if customer is None:
        return None
    cases = list(
        selectors.visible_cases(actor=actor)
        .filter(customer=customer)
        .prefetch_related("checks", "assessments")
        .order_by("-created_at")[:20]
    )
    selectors.with_work(cases)
    newest = cases[0] if cases else None
    return {
        "cases": cases,
        "checks": checks_of(newest) if newest else [],
        "rating": rating_of(newest) if newest else None,
    }


def checks_of(case: Case) -> list[dict[str, Any]]:
    """The checks of a case's present round in words."""
    return [
        {
            "label": words.check_label(one.kind),
            "text": words.finding(one.code, one.facts),
            "passed": one.result == "passed",
            "at": one.at,
        }
        for one in case.checks.all()
        if one.round == case.round
    ]


def asked_of(case: Case) -> dict[str, Any]:
    """Why a case stands open and which checks it asks; all of them where none is named."""
    return {
        "because": [
            {"text": words.reason(one["code"], one["facts"]), "at": parse_datetime(one["at"])}
            for one in case.because
        ],
        "checks": [words.check_label(name) for name in case.asked],
    }


def rating_of(case: Case) -> dict[str, Any] | None:
    """The risk rating of a case's present round in words."""
    found = [one for one in case.assessments.all() if one.round == case.round]
    if not found:
        return None
    rating = found[0]
    return {
        "level": rating.level,
        "score": rating.score,
        "model": rating.model_id,
        "factors": [
            {"text": words.factor(one["code"], one["facts"]), "points": one["points"]}
            for one in rating.factors
        ],
    }


def cases_of(*, customer: Customer, actor: User, **_span: Any) -> list[QuerySet[Case]]:
    """The customer's cases, for those who may see cases."""
    cases = selectors.visible_cases(actor=actor).filter(customer=customer.pk)
    return [cases.select_related(None).order_by().only("pk")]


def tell(*, event: Event, record: Case, actor: User) -> TimelineEntry | None:
    """The steps of a case."""
    titles = {
        "create": _("KYC case opened"),
        "triage": _("KYC case handed to a person"),
        "ask_customer": _("KYC: customer asked"),
        "escalate": _("KYC case escalated"),
        "clear": _("KYC cleared"),
        "reject": _("KYC rejected"),
        "reopen": _("KYC case reopened"),
    }
    if event.action not in titles:
        return None
    return TimelineEntry(
        at=event.at,
        title=titles[event.action],
        icon="shield-check",
        who=str(event.actor),
        kind="system",
        url=reverse("kyc:case", args=[record.pk]),
        important=event.action in ("clear", "reject"),
    )
