"""The stage board: columns by stage, cards that move by drag, menu or key."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from clm.core import access, lifecycle
from clm.core.web.views import StaffMixin, StaffRequest, StaffView
from customers import selectors
from customers.lifecycle import Stage

COLUMNS = (
    Stage.PROSPECT,
    Stage.ONBOARDING,
    Stage.ACTIVE,
    Stage.AT_RISK,
    Stage.DORMANT,
    Stage.OFFBOARDING,
)
A_COLUMN = 25


class BoardView(StaffView):
    """The longest in a stage stand on top; the column's count opens the whole list."""

    template_name = "customers/board.html"
    permission = "customers.view_customer"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = selectors.narrowed(
            customers=selectors.visible_customers(actor=self.request.user),
            filters=self.request.GET.dict(),
            actor=self.request.user,
        )
        portfolio = self.request.GET.get("portfolio", "")
        columns = []
        for stage in COLUMNS:
            found = mine.filter(stage=stage).select_related("adviser", "insight")
            cards = list(found.order_by("stage_since", "id")[:A_COLUMN])
            access.note_read(records=cards, kind="list")
            address = f"{reverse('customers:list')}?stage={stage}"
            columns.append(
                {
                    "stage": stage,
                    "cards": cards,
                    "count": found.count(),
                    "url": f"{address}&portfolio={portfolio}"
                    if portfolio in {"own", "branch"}
                    else address,
                }
            )
        return {**super().get_context_data(**kwargs), "columns": columns, "portfolio": portfolio}


class MovesView(StaffMixin):
    """Where a card may go from its column, each with what stands in the way."""

    permission = "customers.view_customer"

    def get(self, request: StaffRequest, pk: UUID) -> HttpResponse:
        customer = get_object_or_404(selectors.visible_customers(actor=request.user), pk=pk)
        offers = lifecycle.available(record=customer, actor=request.user, at=timezone.now())
        return render(
            request,
            "customers/_moves.html",
            {"record": customer, "offers": offers, "next": reverse("customers:board")},
        )
