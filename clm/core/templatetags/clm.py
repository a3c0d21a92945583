"""Template tags and filters of the frame and its components."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import QueryDict
from django.template import defaultfilters
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle
from clm.core.models import Record, SavedView, User
from clm.core.web import event_words, transitions, words
from clm.core.web.charts.base import FILLS

register = template.Library()

# What the figures of a job's outcome are called.
OUTCOMES = {
    "whole": _("The log is whole"),
    "events": _("Events"),
    "records": _("Records"),
    "seals": _("Seals"),
    "unsealed": _("Events not sealed yet"),
    "broken": _("Broken entries"),
    "root": _("Newest seal’s root"),
    "created": _("New"),
    "updated": _("Updated"),
    "unchanged": _("Unchanged"),
    "failed": _("Refused"),
    "errors": _("Errors"),
    "rows": _("Rows"),
    "entries": _("Entries"),
    "names": _("Names"),
    "added": _("New"),
    "changed": _("Edited"),
    "removed": _("Gone"),
    "dry_run": _("Dry run"),
    "differences": _("Differences"),
    "customers": _("Customers"),
    "moved": _("Customers that move"),
    "reviews": _("Reviews due at once"),
    "hours": _("Hours for them"),
    "gaps": _("Gaps in files"),
    "cases": _("Cases opened"),
    "brought_forward": _("Reviews brought forward"),
}


@register.simple_tag
def clock_face(due: Any, paused: Any = False, done: Any = False) -> words.ClockFace | None:
    """How a deadline stands now."""
    return words.clock_face(
        due=due if isinstance(due, datetime) else None,
        now=timezone.now(),
        paused=bool(paused),
        done=bool(done),
    )


@register.simple_tag(takes_context=True)
def offers(context: Context, record: Record, only: str = "", without: str = "") -> list[Any]:
    """The transitions a person sees from here; those only the system takes stay out."""
    actor = context["request"].user
    found = lifecycle.available(record=record, actor=actor, at=timezone.now())
    wanted, unwanted = set(only.split()), set(without.split())
    machine = lifecycle.machine_of(type(record))
    state = machine.state_of(record)
    shown = []
    for offer in found:
        step = machine.step(offer.name, state)
        if step is None or step.custom.get("automatic"):
            continue
        if (wanted and offer.name not in wanted) or offer.name in unwanted:
            continue
        shown.append(offer)
    return shown


@register.simple_tag
def state_label(record: Record) -> str:
    """The record's state in words."""
    machine = lifecycle.machine_of(type(record))
    return machine.state_label(machine.state_of(record))


@register.filter
def page_of(record: Record) -> str:
    """The address of a record's page."""
    return transitions.url_of(record)


@register.filter
def app_label(record: Record) -> str:
    return record._meta.app_label


@register.filter
def model_name(record: Record) -> str:
    return str(record._meta.model_name)


@register.filter
def ago(at: datetime | None) -> SafeString | str:
    """A moment as people say it, with the exact one on hover and focus."""
    if at is None:
        return "–"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        words.exactly(at),
        words.ago(at=at, now=timezone.now()),
    )


@register.filter(name="date", expects_localtime=True)
def dated(value: Any, form: str | None = None) -> str:
    """Django's own filter; a Danish day has its full stop."""
    if form and isinstance(value, date):
        return (
            words.dated(value, form) if form[0] in "DljN" else str(defaultfilters.date(value, form))
        )
    return str(defaultfilters.date(value, form))


@register.filter
def exactly(at: datetime | None) -> str:
    return words.exactly(at) if at else "–"


@register.filter
def money(amount: Decimal | None, currency: str = "DKK") -> str:
    return words.money(amount, currency)


@register.filter
def money_exact(amount: Decimal | None, currency: str = "DKK") -> str:
    """An amount to the last øre, as a statement shows it."""
    return words.money(amount, currency, 2)


@register.filter
def number(value: Any, places: int = 0) -> str:
    return words.number(value, places)


@register.filter
def percent(share: Any, places: int = 0) -> str:
    return words.percent(share, places)


@register.filter
def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    told = words.number(share * 100, 1)
    return f"+{told}" if share > 0 else told


@register.filter
def fill(kind: str) -> str:
    """The class that fills a chart's mark, for a legend beside it."""
    return FILLS.get(kind, "f-data")


@register.filter
def risk_word(level: str) -> str:
    """A risk level in a word."""
    words_of = {"high": _("High"), "medium": _("Medium"), "low": _("Low")}
    return str(words_of.get(level, _("Not rated")))


@register.filter
def measure(value: Any, unit: str) -> str:
    # What is not there is an empty text by the time it comes here.
    return words.measure(None if value == "" else value, unit)


@register.filter
def duration(seconds: float | None) -> str:
    return words.duration(seconds)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """An entry of a mapping by a key that is a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def event_icon(action: str) -> str:
    """The icon of an action in a history."""
    return event_words.icon_of(action)


@register.filter
def initials(name: Any) -> str:
    """Up to two letters for an avatar."""
    letters = [part[0] for part in str(name).split() if part]
    return "".join(letters[:1] + letters[1:][-1:]).upper()


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """This page's address with some of its query changed; an empty value takes a key away."""
    request = context["request"]
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = value
    text = query.urlencode()
    return f"{request.path}?{text}" if text else str(request.path)


@register.simple_tag(takes_context=True)
def saved_views(context: Context, page: str) -> list[dict[str, Any]]:
    """The saved views of a list that this person may use, own first."""
    request = context["request"]
    found = SavedView.objects.filter(page=page).select_related("owner")
    mine = [v for v in found if v.owner_id == request.user.pk]
    shared = [v for v in found if v.shared and v.owner_id != request.user.pk]
    here = _normal(request.GET.urlencode())
    return [
        {
            "view": view,
            "url": f"{request.path}?{view.query}",
            "active": bool(view.query) and _normal(view.query) == here,
            "own": view.owner_id == request.user.pk,
        }
        for view in [*mine, *shared]
    ]


def _normal(query: str) -> str:
    parsed = QueryDict(query)
    pairs = sorted(
        (key, value)
        for key, values in parsed.lists()
        for value in values
        if value and key not in {"after", "before"}
    )
    return urlencode(pairs)


@register.simple_tag
def widget_kind_of(field: Any) -> str:
    """`checkbox` for a single box, `choices` for a group of them, else `input`."""
    if field.use_fieldset:
        return "choices"
    return "checkbox" if getattr(field.field.widget, "input_type", "") == "checkbox" else "input"


@register.filter
def described(field: Any) -> SafeString:
    """The field's control with its errors and hint named for a screen reader."""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}_hint")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    attributes = {"aria-describedby": " ".join(ids)} if ids else {}
    if field.errors:
        attributes["aria-invalid"] = "true"
    return SafeString(field.as_widget(attrs={**field.field.widget.attrs, **attributes}))


@register.simple_tag(takes_context=True)
def panel(context: Context, placed: Any) -> SafeString:
    """A registered panel's own template with its own context, inside this page's request."""
    request = context["request"]
    values = {**placed.context, "panel": placed.panel}
    return SafeString(render_to_string(placed.panel.template, values, request=request))


@register.filter
def outcome_label(key: str) -> str:
    """What a job's figure is called; a key that nobody named is shown as it is."""
    return str(OUTCOMES.get(key, str(key).replace("_", " ").capitalize()))


@register.filter
def outcome_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return words.number(value) if isinstance(value, int | float) else str(value)


@register.simple_tag
def demo_logins() -> list[dict[str, str]]:
    """The people of the demo bank with their passwords; none outside a demo."""
    if not settings.CLM_DEMO:
        return []
    people = (
        User.objects.filter(is_robot=False, is_active=True)
        .order_by("first_name", "username")
        .prefetch_related("groups")
    )
    found = []
    for person in people[:30]:
        roles = [
            str(settings.CLM_ROLES[group.name].label)
            for group in person.groups.all()
            if group.name in settings.CLM_ROLES
        ]
        found.append(
            {
                "username": person.username,
                "name": str(person),
                "initials": person.initials,
                "role": ", ".join(roles) or str(_("No role")),
                "password": f"demo-{person.username}",
            }
        )
    return found
