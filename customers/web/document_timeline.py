"""What happened to a customer's documents, for the timeline."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clm.core import actors, reading, registries
from clm.core.models import Event, User
from clm.core.registries import TimelineEntry
from customers.models import Customer, Document
from customers.web.timeline import who_did

SHOWN = 60


def register() -> None:
    registries.timeline_sources.register(
        registries.TimelineSource("documents", records=records, tell=tell)
    )


def records(*, customer: Customer, actor: User, **_span: object) -> list[QuerySet[Document]]:
    if not actors.may(actor=actor, permission="customers.view_document"):
        return []
    found = Document.objects.filter(customer=customer).order_by("-created_at")
    return [reading.shared(customer, "documents", lambda: found[:SHOWN])]


def tell(*, event: Event, record: Document, actor: User) -> TimelineEntry | None:
    """Asked for, handed in, decided, soon at its end."""
    words = {
        "upload": _("Document handed in: %(what)s"),
        "accept": _("Document accepted: %(what)s"),
        "reject": _("Document rejected: %(what)s"),
        "expire": _("Document expired: %(what)s"),
        "cancel": _("Document not needed any more: %(what)s"),
        "expiring": _("Document expires soon: %(what)s"),
    }
    # One that came unasked is told of by its coming.
    if event.action == "create" and event.payload.get("asked"):
        title = _("Document asked for: %(what)s")
    elif event.action in words:
        title = words[event.action]
    else:
        return None
    return TimelineEntry(
        at=event.at,
        title=title % {"what": record},
        detail=str(getattr(event, "reason", "") or "") or record.note,
        icon="file-text",
        who=who_did(event.actor),
        kind="contact" if event.action == "upload" else "system",
    )
