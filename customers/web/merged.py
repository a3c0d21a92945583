"""A merge in words: what moved, what changed, what stayed; compliance facts for those who may know."""

from collections import Counter

from django.apps import apps
from django.utils.translation import gettext as _

from clm.core import actors
from clm.core.models import Event, EventDetail, User
from customers.models import Customer, CustomerMerge
from customers.selectors import may_see_compliance
from customers.services.merge import COMPLIANCE
from customers.single_view.labels import FIELD_LABELS

_MADE = frozenset({"sort_key", "search_text", "display_name"})


def moved(*, merge: CustomerMerge, actor: User) -> list[tuple[str, int]]:
    """How many rows of each kind moved, of the kinds that the person may see."""
    return sorted(
        (_kind(label), count) for label, count in merge.moved.items() if _may_see(label, actor)
    )


def fields(*, merge: CustomerMerge, actor: User) -> list[str]:
    """The survivor's own values that changed."""
    hidden = _MADE if may_see_compliance(actor=actor) else _MADE | set(COMPLIANCE)
    return sorted(_field(name) for name in merge.fields if name not in hidden)


def stayed(*, merge: CustomerMerge, actor: User) -> list[tuple[str, str, int]]:
    """What came after the merge: kind, what became of it, how many."""
    words = {
        "added": _("Came after the merge: stays with the survivor"),
        "followed": _("Came after the merge: went with what it belongs to"),
        "kept": _("Changed after the merge: kept as it is now"),
        "changed": _("Changed after the merge: as it was before the merge"),
        "went_on": _("Went on after the merge: went back as it is now"),
        "gone": _("Taken away after the merge"),
        "elsewhere": _("Belongs to somebody else by now"),
    }
    told: Counter[tuple[str, str]] = Counter()
    for one in merge.stayed:
        if not _may_see(one["model"], actor):
            continue
        name = one.get("field", "")
        if name in COMPLIANCE and not may_see_compliance(actor=actor):
            continue
        told[_field(name) if name else _kind(one["model"]), words[one["what"]]] += 1
    return sorted((kind, what, count) for (kind, what), count in told.items())


def reason_of(merge: CustomerMerge) -> str:
    """Why, in the words of whoever merged."""
    made = Event.objects.filter(record_id=merge.pk, action="create").first()
    detail = EventDetail.objects.filter(event_id=made.pk).first() if made else None
    return str(detail.content.get("reason", "")) if detail else ""


def _may_see(label: str, actor: User) -> bool:
    model = apps.get_model(label)._meta
    # The parts of the record itself are seen by whoever sees the record.
    if model.app_label in {"customers", "core"}:
        return True
    return actors.may(actor=actor, permission=f"{model.app_label}.view_{model.model_name}")


def _kind(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name_plural).capitalize()


def _field(name: str) -> str:
    known = FIELD_LABELS.get(name)
    if known is not None:
        return str(known)
    return str(Customer._meta.get_field(name.removesuffix("_id")).verbose_name).capitalize()  # type: ignore[union-attr]
