"""The customer's own events for the timeline, in words, and only what the viewer may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors, reading, registries
from clm.core.models import Event, User
from clm.core.registries import TimelineEntry
from customers import selectors
from customers.account_lifecycle import ConsentState
from customers.lifecycle import OfferState, Stage
from customers.models import Channel, Customer, Decision, Holding, Offer, Purpose

#: Fields whose change tells of compliance work; seen by those who may see cases (tipping-off).
COMPLIANCE_FIELDS = frozenset({"risk_level", "kyc_cleared_at", "kyc_review_on", "restriction"})
#: Fields that are made from others and tell nobody anything.
_MADE = frozenset({"display_name", "sort_key", "search_text"})
_IMPORTANT = {Stage.ACTIVE, Stage.AT_RISK, Stage.CLOSED, Stage.OFFBOARDING, Stage.DECLINED}

_NEVER = datetime.min.replace(tzinfo=UTC)
_IMPORTED = TimelineEntry(at=_NEVER, title="", icon="inbox")
_RECORDED = TimelineEntry(at=_NEVER, title="", icon="user-plus")
_REVEALED = TimelineEntry(at=_NEVER, title="", icon="eye")
_RENEWED = TimelineEntry(at=_NEVER, title="", icon="refresh", kind="money")
_WIPED = TimelineEntry(at=_NEVER, title="", icon="ban")
_TOLD = TimelineEntry(at=_NEVER, title="", icon="message-2", kind="contact")
_COMPLIANCE = TimelineEntry(at=_NEVER, title="", icon="checks")
_CHANGED = TimelineEntry(at=_NEVER, title="", icon="history")
_MERGED = TimelineEntry(at=_NEVER, title="", icon="users", important=True)
_MERGES = {
    "merge": gettext_lazy("Another record of this customer was merged into this one"),
    "merged_into": gettext_lazy("Merged into another record of this customer"),
    "merge_undone": gettext_lazy("A merge was undone"),
}
#: What is about one field, which the payload names.
_OF_A_FIELD = {
    "value_decided": (gettext_lazy("Decided between sources: %(field)s"), _CHANGED),
    selectors.mypage.CORRECTION: (gettext_lazy("Asks for a correction: %(field)s"), _TOLD),
}


def register() -> None:
    registries.timeline_sources.register(
        registries.TimelineSource("customers", records=records, tell=tell)
    )


def records(*, customer: Customer, actor: User, **_span: Any) -> Sequence[Iterable[Any]]:
    """The customer, what was merged into them, their holdings and their offers."""
    # What happened to a record that was merged into this one happened to this customer.
    merged = reading.shared(
        customer, "merged", lambda: Customer.everyone.filter(merged_into=customer.pk).only("pk")
    )
    selectors.hold_parts(customer=customer)
    return [customer.holdings.all(), customer.offers.all(), merged, [customer]]


def tell(*, event: Event, record: Any, actor: User) -> TimelineEntry | None:
    """Stage changes, changed facts, consents, holdings and offers."""
    if not _may_see(event, actor):
        return None
    who, reason = who_did(event.actor), str(getattr(event, "reason", "") or "")
    if isinstance(record, Holding):
        return _of_holding(event, record, who)
    if isinstance(record, Offer):
        return _of_offer(event, record, who)
    if event.target and event.source:
        return TimelineEntry(
            at=event.at,
            title=_("Stage changed from %(source)s to %(target)s")
            % {"source": Stage(event.source).label, "target": Stage(event.target).label},
            detail=reason,
            icon="trending-up" if event.target == Stage.AT_RISK else "progress",
            who=who,
            important=event.target in _IMPORTANT,
        )
    title, like = _plain_title(event)
    return replace(like, at=event.at, title=title, detail=reason, who=who) if title else None


def _may_see(event: Event, actor: User) -> bool:
    if event.action == "reveal":
        return actors.may(actor=actor, permission="core.view_accesslog")
    if event.record_type == "customers.Customer" and event.action == "change":
        fields = set(event.payload.get("fields", []))
        if fields and fields <= COMPLIANCE_FIELDS:
            return selectors.may_see_compliance(actor=actor)
    return True


def _plain_title(event: Event) -> tuple[str, TimelineEntry]:
    payload: Mapping[str, Any] = event.payload
    if event.action == "create":
        if event.target == Stage.UNADMITTED:
            return _("Imported from %(source)s") % {
                "source": payload.get("source") or "–"
            }, _IMPORTED
        return _("Recorded as a prospect"), _RECORDED
    if event.action == "reveal":
        return _("Number revealed"), _REVEALED
    if event.action == "holding_renewed":
        return _("Renewed until %(day)s") % {"day": payload.get("to", "–")}, _RENEWED
    if event.action == "account_consent":
        return _("Accounts at another bank (%(bank)s): %(state)s") % {
            "bank": payload.get("bank", "–"),
            "state": _choice(ConsentState, str(payload.get("state", ""))),
        }, _TOLD
    if event.action == "wipe":
        return _("Personal data erased"), _WIPED
    if event.action in _MERGES:
        return str(_MERGES[event.action]), _MERGED
    if event.action in _OF_A_FIELD:
        title, like = _OF_A_FIELD[event.action]
        return str(title) % {"field": _field_label(str(payload.get("field", "")))}, like
    if event.action not in ("change", "robinson"):
        return "", _CHANGED
    if "purpose" in payload:
        words = [
            _choice(Purpose, payload["purpose"]),
            _choice(Channel, payload.get("channel", "")),
        ]
        decision = _choice(Decision, payload.get("decision", ""))
        return f"{', '.join(words)}: {decision}", _TOLD
    fields = [name for name in payload.get("fields", []) if name not in _MADE | COMPLIANCE_FIELDS]
    if not fields and COMPLIANCE_FIELDS & set(payload.get("fields", [])):
        return _("Compliance facts updated"), _COMPLIANCE
    labels = ", ".join(dict.fromkeys(_field_label(name) for name in fields))
    return (_("Changed: %(fields)s") % {"fields": labels}, _CHANGED) if labels else ("", _CHANGED)


def _of_holding(event: Event, holding: Holding, who: str) -> TimelineEntry | None:
    titles = {"create": _("Opened: %(product)s"), "change": _("Updated: %(product)s")}
    if event.action == "change" and "closed_on" in event.payload.get("fields", []):
        title = _("Closed: %(product)s")
    elif event.action in titles:
        title = titles[event.action]
    else:
        return None
    return TimelineEntry(
        at=event.at,
        title=title % {"product": holding.product},
        detail=holding.reference,
        icon="cash",
        who=who,
        kind="money",
    )


def _of_offer(event: Event, offer: Offer, who: str) -> TimelineEntry:
    state = OfferState(event.target).label if event.target else _("Changed")
    return TimelineEntry(
        at=event.at,
        title=_("Offer: %(state)s") % {"state": state},
        detail=offer.text,
        icon="message-2",
        who=who,
        kind="contact",
    )


def who_did(user: User) -> str:
    """Who it was, as a timeline names them."""
    if actors.is_customer(user):
        return _("The customer")
    return _("System") if actors.is_system(user) else str(user)


def _choice(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


def _field_label(name: str) -> str:
    parts = {
        "emails": _("e-mail"),
        "phones": _("phone"),
        "addresses": _("address"),
        "identifiers": _("identifiers"),
        "relations": _("relations"),
        "email": _("e-mail"),
        "phone": _("phone"),
        "address": _("address"),
        "other": _("something else"),
    }
    if name in parts:
        return parts[name]
    return str(getattr(Customer._meta.get_field(name), "verbose_name", name))
