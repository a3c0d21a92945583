"""Possible duplicates: the queue, two records side by side, merges and their undoing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clm.core import access, actors
from clm.core.lifecycle import StaleVersion, TransitionRefused
from clm.core.web.paging import keyset
from clm.core.web.views import StaffMixin, StaffRequest, StaffView
from customers import services
from customers.models import Customer, CustomerMerge, DuplicatePair
from customers.selectors import duplicates
from customers.services.merge import objections
from customers.services.unmerge import objections as undo_objections
from customers.single_view.lifecycle import UNDECIDED, PairState
from customers.web import comparison, merged
from customers.web.comparison import ICONS, feature_label, mark_label

SHOWN = {"waiting": UNDECIDED, "merged": (PairState.CONFIRMED,), "two": (PairState.DISMISSED,)}


def waiting(request: HttpRequest) -> int | None:
    """How many pairs wait within the person's reach, for the rail."""
    return duplicates.waiting_pairs(actor=request.user).count()  # type: ignore[arg-type]


class DuplicatesView(StaffView):
    """Pairs by how likely they are one customer; decided ones under tabs of their own."""

    template_name = "customers/duplicates.html"
    permission = "customers.view_duplicatepair"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        shown = self.request.GET.get("show", "waiting")
        shown = shown if shown in SHOWN else "waiting"
        found = duplicates.visible_pairs(actor=actor)
        page = keyset(
            queryset=found.filter(state__in=SHOWN[shown]).select_related("first", "second"),
            request=self.request,
            order=("-score", "id") if shown == "waiting" else ("-decided_at", "-id"),
        )
        access.note_read(records=page.items, kind="list")
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "pairs": [(pair, _told(pair)) for pair in page.items],
            "shown": shown,
            "tabs": _tabs(found, shown),
            "may_search": actors.may(actor=actor, permission="customers.find_duplicates"),
        }


class SearchDuplicatesView(StaffMixin):
    """POST: compare all customers as a job."""

    permission = "customers.find_duplicates"
    http_method_names = ["post"]

    def post(self, request: StaffRequest) -> HttpResponse:
        job = services.start_search(actor=request.user, at=timezone.now())
        messages.info(request, _("The search is waiting for a worker."))
        return HttpResponseRedirect(reverse("web:job", args=[job.pk]))


class DuplicateView(StaffView):
    """Two records side by side, with the points, and the decision by 1, 2 or 3."""

    template_name = "customers/duplicate.html"
    permission = "customers.view_duplicatepair"

    @cached_property
    def pair(self) -> DuplicatePair:
        pk: UUID = self.kwargs["pk"]
        return get_object_or_404(duplicates.visible_pairs(actor=self.request.user), pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pair, actor = self.pair, self.request.user
        left, right = _sides(pair)
        access.note_read(records=[left, right])
        may_merge = actors.may(actor=actor, permission="customers.merge_customer")
        undecided = pair.state in UNDECIDED
        merge = CustomerMerge.objects.filter(pair=pair).order_by("-id").first()
        return {
            **super().get_context_data(**kwargs),
            "pair": pair,
            "left": left,
            "right": right,
            "rows": comparison.rows(pair=pair, left=left, right=right),
            "chart": comparison.points_chart(pair=pair),
            "undecided": undecided,
            "may_merge": may_merge and undecided,
            "may_dismiss": undecided
            and actors.may(actor=actor, permission="customers.dismiss_duplicatepair"),
            "in_the_way": objections(survivor=left, absorbed=right) if undecided else [],
            "merge": merge,
            "place": _place(pair, actor) if undecided else None,
        }


class DecideDuplicateView(StaffMixin):
    """POST `decision` (`left`, `right`: which record stays; `two`), `comment`, `version`."""

    permission = ("customers.merge_customer", "customers.dismiss_duplicatepair")
    http_method_names = ["post"]

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        pair = get_object_or_404(duplicates.visible_pairs(actor=request.user), pk=pk)
        place = _place(pair, request.user)
        try:
            self._decide(request, pair)
        except (TransitionRefused, StaleVersion, ValidationError, PermissionDenied) as exc:
            messages.error(request, " ".join(getattr(exc, "messages", [str(exc)])))
            return HttpResponseRedirect(reverse("customers:duplicate", args=[pair.pk]))
        following = place["next"] if place and place["next"] else reverse("customers:duplicates")
        return HttpResponseRedirect(following)

    def _decide(self, request: StaffRequest, pair: DuplicatePair) -> None:
        post = request.POST.get
        decision, reason, at = post("decision", ""), post("comment", "").strip(), timezone.now()
        version = post("version", "")
        if version.isdigit() and int(version) != pair.version:
            raise StaleVersion(pair.version)
        if decision == "two":
            services.dismiss_pair(pair=pair, actor=request.user, at=at, reason=reason)
            messages.success(request, _("Kept as two customers."))
        elif decision in {"left", "right"}:
            left, right = _sides(pair)
            stays, goes = (left, right) if decision == "left" else (right, left)
            services.merge_customers(
                survivor=stays, absorbed=goes, actor=request.user, at=at, reason=reason
            )
            messages.success(
                request, _("Merged into %(name)s. It can be undone.") % {"name": stays}
            )
        else:
            raise ValidationError(_("Choose one of the three decisions."))


class MergeView(StaffView):
    """What a merge did, and taking it back."""

    template_name = "customers/merge.html"
    permission = "customers.view_customermerge"

    @cached_property
    def merge(self) -> CustomerMerge:
        pk: UUID = self.kwargs["pk"]
        found = duplicates.visible_merges(actor=self.request.user)
        return get_object_or_404(
            found.select_related("survivor", "absorbed", "merged_by", "undone_by"), pk=pk
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        merge, actor = self.merge, self.request.user
        access.note_read(records=[merge.survivor, merge.absorbed])
        may_undo = actors.may(actor=actor, permission="customers.undo_merge")
        return {
            **super().get_context_data(**kwargs),
            "merge": merge,
            "reason": merged.reason_of(merge),
            "moved": merged.moved(merge=merge, actor=actor),
            "fields": merged.fields(merge=merge, actor=actor),
            "stayed": merged.stayed(merge=merge, actor=actor),
            "may_undo": may_undo and merge.undone_at is None,
            "in_the_way": undo_objections(merge=merge) if merge.undone_at is None else [],
        }


class UndoMergeView(StaffMixin):
    """POST `reason`: both records as they were."""

    permission = "customers.undo_merge"
    http_method_names = ["post"]

    def post(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        merge = get_object_or_404(duplicates.visible_merges(actor=request.user), pk=pk)
        try:
            services.undo_merge(
                merge=merge, actor=request.user, at=timezone.now(),
                reason=request.POST.get("reason", ""),
            )  # fmt: skip
            messages.success(request, _("Both records are restored."))
        except (TransitionRefused, ValidationError) as exc:
            messages.error(request, " ".join(getattr(exc, "messages", [str(exc)])))
        return HttpResponseRedirect(reverse("customers:merge", args=[merge.pk]))


def _sides(pair: DuplicatePair) -> tuple[Customer, Customer]:
    """Both records, the one that would rather stay on the left."""
    found = {
        one.pk: one
        for one in Customer.everyone.filter(pk__in=[pair.first_id, pair.second_id])
        .select_related("branch", "adviser")
        .prefetch_related("contact_points", "addresses", "identifiers")
    }
    first, second = found[pair.first_id], found[pair.second_id]
    stays = services.suggested_survivor(first, second)
    return (first, second) if stays is first else (second, first)


def _place(pair: DuplicatePair, actor: Any) -> dict[str, Any] | None:
    """Where the pair stands in the queue, and its neighbours."""
    ids = list(duplicates.waiting_pairs(actor=actor).values_list("pk", flat=True)[:500])
    if pair.pk not in ids:
        return None
    at = ids.index(pair.pk)

    def address(position: int) -> str:
        inside = 0 <= position < len(ids)
        return reverse("customers:duplicate", args=[ids[position]]) if inside else ""

    return {
        "number": at + 1,
        "total": len(ids),
        "previous": address(at - 1),
        "next": address(at + 1),
    }


def _told(pair: DuplicatePair) -> list[dict[str, str]]:
    """The features that speak, with the mark of each."""
    return [
        {
            "label": feature_label(one["feature"]),
            "mark": one["state"],
            "mark_label": mark_label(one["state"]),
            "icon": ICONS.get(one["state"], ""),
        }
        for one in pair.reasons
        if one["state"] != "missing"
    ]


def _tabs(found: QuerySet[DuplicatePair], shown: str) -> list[dict[str, Any]]:
    counts = dict(found.values_list("state").annotate(count=Count("pk")))
    labels = {
        "waiting": _("To be decided"),
        "merged": _("Merged"),
        "two": _("Two customers"),
    }
    address = reverse("customers:duplicates")
    return [
        {
            "label": label,
            "url": f"{address}?show={name}",
            "count": sum(counts.get(str(state), 0) for state in SHOWN[name]),
            "active": name == shown,
        }
        for name, label in labels.items()
    ]
