"""The list of customers: filters in the address, searched words behind an opaque id."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from clm.core import access, actors
from clm.core.models import Branch, User
from clm.core.web.paging import Page
from clm.core.web.views import StaffMixin, StaffRequest, StaffView
from customers import selectors, services
from customers.lifecycle import Stage
from customers.models import Customer, Identifier, PartyKind, RiskLevel

SIZE = 50
FILTERS = ("stage", "risk_level", "kind")


class CustomersView(StaffView):
    """Customers within reach in Danish order, by stage, risk, branch, adviser or search."""

    template_name = "customers/list.html"
    permission = "customers.view_customer"
    partials = ("customers",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor = self.request.user
        query = self._searched(actor)
        found = selectors.narrowed(
            customers=selectors.visible_customers(actor=actor),
            filters=self.request.GET.dict(),
            actor=actor,
        )
        if query is not None:
            found = selectors.matching(customers=found, query=query)
        page = by_name(found.select_related("adviser", "branch", "insight"), self.request)
        access.note_read(records=page.items, kind="list")
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "query": query,
            "searched": "search" in self.request.GET,
            "chosen": {
                name: self.request.GET.get(name, "")
                for name in (*FILTERS, "branch", "adviser", "portfolio")
            },
            "stages": [choice for choice in Stage.choices if choice[0] != Stage.ERASED],
            "risks": RiskLevel.choices,
            "kinds": PartyKind.choices,
            "branches": _branches(actor),
            "advisers": _advisers(actor),
            "may_export": actors.may(actor=actor, permission="customers.export_customers"),
            "may_import": actors.may(actor=actor, permission="customers.import_customers"),
            "may_add": actors.may(actor=actor, permission="customers.add_customer"),
        }

    def _searched(self, actor: User) -> str | None:
        search_id = _uuid(self.request.GET.get("search", ""))
        if search_id is None:
            return None
        found = selectors.saved_search(search_id=search_id, actor=actor, at=timezone.now())
        return "" if found is None else found


class SearchView(StaffMixin):
    """POST `q`: to the list under an opaque search id, or straight to the only customer found."""

    permission = "customers.view_customer"
    http_method_names = ["post"]

    def post(self, request: StaffRequest) -> HttpResponse:
        query = request.POST.get("q", "").strip()
        if not query:
            return HttpResponseRedirect(reverse("customers:list"))
        found = selectors.search(query=query, actor=request.user, limit=2)
        if len(found) == 1:
            return HttpResponseRedirect(reverse("customers:customer", args=[found[0].pk]))
        search = services.remember_search(query=query, actor=request.user, at=timezone.now())
        return HttpResponseRedirect(f"{reverse('customers:list')}?search={search.pk}")


def by_name(customers: QuerySet[Customer], request: StaffRequest) -> Page[Customer]:
    """
    One page in Danish order, beginning beside the customer named by id.

    The address holds an id alone: the sorting key is a name, and names stay out of addresses.
    """
    before = _uuid(request.GET.get("before", ""))
    mark = before or _uuid(request.GET.get("after", ""))
    beside = (
        Customer.objects.filter(pk=mark).values_list("sort_key", "pk").first() if mark else None
    )
    rows = customers.prefetch_related(_numbers())
    back = before is not None and beside is not None
    if beside is not None:
        key, pk = beside
        side = "lt" if back else "gt"
        rows = rows.filter(
            Q(**{f"sort_key__{side}": key}) | Q(**{"sort_key": key, f"pk__{side}": pk})
        )
    order = ("-sort_key", "-id") if back else ("sort_key", "id")
    found = list(rows.order_by(*order)[: SIZE + 1])
    more = len(found) > SIZE
    items = found[:SIZE][::-1] if back else found[:SIZE]
    has_previous = more if back else beside is not None
    return Page(
        items=items,
        next_url=_address(request, "after", items[-1]) if items and (back or more) else "",
        previous_url=_address(request, "before", items[0]) if items and has_previous else "",
    )


def _numbers() -> "Prefetch[str]":
    return Prefetch(
        "identifiers",
        queryset=Identifier.objects.filter(kind__in=["cpr", "cvr"]).defer("ciphertext"),
        to_attr="numbers",
    )


def _address(request: StaffRequest, key: str, customer: Customer) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query[key] = str(customer.pk)
    return f"{request.path}?{query.urlencode()}"


def _branches(actor: User) -> list[Branch]:
    reach = actors.reach(actor=actor)
    if reach == "all":
        return list(Branch.objects.all())
    return []


def _advisers(actor: User) -> list[User]:
    people = User.objects.filter(is_active=True, is_robot=False, groups__name="adviser")
    if actors.reach(actor=actor) == "branch":
        people = people.filter(branch=actor.branch)
    elif actors.reach(actor=actor) == "own":
        return []
    return list(people.order_by("first_name", "last_name").distinct())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
