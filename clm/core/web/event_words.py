"""Events in words: what a record, an action and a state are called in the reader's language."""

from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle
from clm.core.models import Event, EventDetail
from clm.core.web import transitions

# What is not a transition and still happens to records of every kind.
COMMON = {
    "create": _("Created"),
    "change": _("Changed"),
    "reveal": _("Revealed"),
    "cross_threshold": _("Threshold crossed"),
    "fall_below_threshold": _("Fell below the threshold"),
    "change_main_reason": _("Another main reason"),
    "add": _("Added"),
    "remove": _("Removed"),
    "assign": _("Assigned"),
    "discard": _("Given up"),
    "expiring": _("Expires soon"),
    "holding_renewed": _("Holding renewed"),
    "account_consent": _("Consent to read accounts"),
    "robinson": _("Robinson list"),
    "touch": _("Touch noted"),
    "ask_correction": _("Correction asked for"),
    "ask_to_leave": _("Customer asks to leave"),
}


@dataclass(frozen=True)
class Told:
    """One event as a person reads it."""

    event: Event
    what: str
    action: str
    source: str
    target: str
    url: str
    reason: str


def type_label(record_type: str) -> str:
    """What a kind of record is called: `Case`, `Application`."""
    try:
        name = str(apps.get_model(record_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return record_type
    return name[:1].upper() + name[1:]


def action_label(record_type: str, action: str) -> str:
    """What an action is called: a transition's own label, else a common word."""
    try:
        machine = lifecycle.machine_of(apps.get_model(record_type))
        steps = machine.transitions().get(action)
        if steps:
            return str(steps[0].custom.get("label", action))
    except (LookupError, ValueError):
        pass
    return str(COMMON.get(action, action.replace("_", " ").capitalize()))


def state_word(record_type: str, state: str) -> str:
    """What a state is called, or the state itself."""
    if not state:
        return ""
    try:
        return lifecycle.machine_of(apps.get_model(record_type)).state_label(state)
    except (LookupError, ValueError):
        return state


def _url(event: Event) -> str:
    route = transitions.route_of(event.record_type)
    if route is None or route.url is None:
        return ""
    try:
        return route.url(route.model(id=event.record_id))
    except NoReverseMatch:
        # Its page is found by more than its id, and a line of the log is not worth a look-up.
        return ""


def tell(*, events: list[Event], with_reason: bool = True) -> list[Told]:
    """Events in words, with the reasons that were given and are not erased, in two questions."""
    reasons: dict[UUID, str] = {}
    if with_reason and events:
        details = EventDetail.objects.filter(event_id__in=[e.pk for e in events])
        reasons = {d.event_id: str(d.content.get("reason", "")) for d in details}
    return [
        Told(
            event=event,
            what=type_label(event.record_type),
            action=action_label(event.record_type, event.action),
            source=state_word(event.record_type, event.source),
            target=state_word(event.record_type, event.target),
            url=_url(event),
            reason=reasons.get(event.pk, ""),
        )
        for event in events
    ]


# What an action looks like in a history; everything else is a step forward.
_ICONS = {
    "create": "plus",
    "change": "pencil",
    "assign": "user-check",
    "contact": "phone",
    "offer": "tag",
    "reveal": "eye",
    "cross_threshold": "trending-up",
    "decline": "ban",
    "reject": "ban",
    "lose": "user-x",
    "withdraw": "arrow-back-up",
    "send_back": "arrow-back-up",
    "cancel": "arrow-back-up",
    "request_information": "message",
    "propose": "send",
    "block": "lock",
    "unblock": "lock-open",
    "approve": "circle-check",
    "clear": "circle-check",
    "settle": "circle-check",
    "save": "circle-check",
    "activate": "circle-check",
    "customer_made": "user-plus",
    "convert": "user-plus",
}


def icon_of(action: str) -> str:
    """The icon of an action in a history."""
    return _ICONS.get(action, "arrow-right")
