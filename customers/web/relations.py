"""The tab “Relations” of a customer, and the forms on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import actors, reading
from clm.core.registries import Panel, panels
from clm.core.web.views import StaffRequest
from customers import owner_words, selectors
from customers.law import Law
from customers.models import Customer, PartyKind, Relation, RelationKind
from customers.ownership import Amount, Holder, Key, Outcome
from customers.selectors.relations import Above, Seen, relation_ends
from customers.web import ownership_graph


def register() -> None:
    panels.register(
        Panel(
            "customers.relations", gettext_lazy("Relations"), "customer-tab",
            "customers/tab_relations.html", tab, "customers.view_relation", order=20,
            badge=lambda _request, customer: len(_keys(customer)),
            reads=lambda _request, customer: [_keys(customer)],
        )
    )  # fmt: skip


def _keys(customer: Customer) -> QuerySet[Relation, UUID]:
    """The relations in force today, by key alone."""
    found = selectors.relations_of(customer=customer, on=timezone.localdate())
    return reading.shared(customer, "relations", lambda: found.values_list("pk", flat=True))


@dataclass(frozen=True)
class Line:
    """One line of arithmetic: `60 % × 50 % = 30 %`, and by whom."""

    sum: str
    way: str


@dataclass(frozen=True)
class OwnerRow:
    """A natural person in the table, with the arithmetic."""

    name: str
    url: str
    capital: str
    votes: str
    grounds: list[str]
    lines: list[Line]


class Names:
    """Parties as the person asking may see them."""

    def __init__(self, seen: Mapping[UUID, Seen]) -> None:
        self._seen = seen
        self._hidden: dict[Key, int] = {}

    def name(self, key: Key) -> str:
        """The name; outside reach a number, so that two of them are told apart."""
        seen = self._seen.get(key)  # type: ignore[call-overload]
        if seen is not None and seen.known:
            return str(seen.name)
        number = self._hidden.setdefault(key, len(self._hidden) + 1)
        return _("Outside your reach, %(number)d") % {"number": number}

    def url(self, key: Key) -> str:
        seen = self._seen.get(key)  # type: ignore[call-overload]
        if seen is None or not seen.known:
            return ""
        return reverse("customers:customer", args=[key]) + "?tab=relations"


def tab(request: StaffRequest, customer: Customer) -> Mapping[str, Any]:
    """Relations on a day; for an organisation also who is behind it, by the law chosen."""
    day = _day(request.GET)
    rows = list(selectors.relations_of(customer=customer, on=day))
    before = selectors.relations_of(customer=customer).exclude(pk__in=[one.pk for one in rows])
    context: dict[str, Any] = {
        "customer": customer,
        "on": day,
        "today": timezone.localdate(),
        "may_add": actors.may(actor=request.user, permission="customers.add_relation"),
        "may_change": actors.may(actor=request.user, permission="customers.change_relation"),
        "kinds": _choices(customer),
        "earlier": before.count(),
    }
    parties = relation_ends(relations=rows)
    if customer.kind != PartyKind.ORGANISATION:
        names = Names(selectors.seen_by(actor=request.user, parties=parties))
        return {**context, "rows": _rows(rows, customer, names)}
    found = selectors.above(customer=customer, on=day)
    names = Names(selectors.seen_by(actor=request.user, parties=[*found.parties, *parties]))
    return {**context, "rows": _rows(rows, customer, names), **_owners(request, found, names)}


def _owners(request: HttpRequest, found: Above, names: Names) -> dict[str, Any]:
    now = selectors.law_on(country=settings.CLM_COUNTRY, on=found.on)
    coming = selectors.laws_to_come(country=settings.CLM_COUNTRY, on=found.on)
    law = next((one for one in coming if one.code == request.GET.get("law")), now)
    outcome = selectors.owners_under(found=found, law=law)
    chosen = {one.key for one in outcome.owners}
    shown = picture(found=found, outcome=outcome, names=names)
    return {
        "law": law,
        "laws": [
            {"law": one, "active": one.code == law.code, "in_force": one is now}
            for one in (now, *coming)
        ],
        "outcome": outcome,
        "picture": shown,
        "drawn_part": len(found.parties) > ownership_graph.MOST,
        "owners": [_row(one, outcome, names) for one in outcome.owners],
        "others": [_row(one, outcome, names) for one in outcome.holders if one.key not in chosen],
        "managers": [(names.name(key), names.url(key)) for key in outcome.managers],
        "gaps": [(names.name(key), owner_words.percent(part)) for key, part in outcome.gaps[:12]],
        "accounted": owner_words.percent(outcome.accounted),
        "problems": [owner_words.problem(one, names.name) for one in outcome.problems],
        "to_come": [_difference(found, now, one, names) for one in coming[:1]],
    }


def picture(*, found: Above, outcome: Outcome, names: Names) -> SafeString | None:
    """The graph; None where there is nobody to draw."""
    edges = _edges(found, outcome)
    if not edges:
        return None
    chosen = {one.key: one for one in outcome.owners}
    capital = {one.key: one.capital for one in outcome.holders}
    target = str(outcome.target)
    ids = {str(pk): pk for pk in found.parties}
    nodes = []
    for text in sorted(ownership_graph.nearest(edges=edges, target=target)):
        key = ids[text]
        share = capital.get(key, outcome.units.get(key))
        nodes.append(
            ownership_graph.Node(
                id=text,
                name=names.name(key),
                person=found.parties[key] == PartyKind.PERSON,
                note=_note(key, outcome, share),
                mark=_("Beneficial owner") if key in chosen else "",
                url=names.url(key) if key != outcome.target else "",
                masked=not names.url(key),
                target=key == outcome.target,
            )
        )
    return ownership_graph.draw(
        nodes=nodes,
        edges=edges,
        title=_("Owners of %(name)s") % {"name": names.name(outcome.target)},
    )


def _note(key: Key, outcome: Outcome, share: Amount | None) -> str:
    if key == outcome.target:
        return _("the customer")
    return _("%(share)s in all") % {"share": owner_words.percent(share, 2)} if share else ""


def _edges(found: Above, outcome: Outcome) -> list[ownership_graph.Edge]:
    circles = [set(group) for group in outcome.loops]
    edges = []
    for relation in found.relations:
        if relation.kind == RelationKind.DIRECTOR:
            continue
        nominee = relation.kind == RelationKind.NOMINEE
        owner, company = relation.customer_id, relation.other_id
        if nominee:
            owner, company = company, owner
        edges.append(
            ownership_graph.Edge(
                owner=str(owner),
                company=str(company),
                weight=1.0 if nominee else float(relation.share or relation.votes or 0) / 100,
                label=_("nominee") if nominee else _held(relation),
                round=any(owner in group and company in group for group in circles),
                nominee=nominee,
            )
        )
    return edges


def _held(relation: Relation) -> str:
    """`60 %`, and the votes where they differ."""
    share = Fraction(relation.share or 0) / 100
    text = owner_words.percent(share)
    if relation.votes is not None and relation.votes != relation.share:
        votes = owner_words.percent(Fraction(relation.votes) / 100)
        return _("%(share)s, votes %(votes)s") % {"share": text, "votes": votes}
    return text


def _row(holder: Holder, outcome: Outcome, names: Names) -> OwnerRow:
    lines = [
        Line(
            " × ".join(owner_words.percent(part) for part in path.shares)
            + (f" = {owner_words.percent(path.product)}" if len(path.shares) > 1 else ""),
            " → ".join(names.name(key) for key in path.parties),
        )
        for path in holder.paths
    ]
    if holder.round:
        told = _("round the circles") if outcome.paths_complete else _("further ways and circles")
        lines.append(Line(f"+ {owner_words.percent(holder.round)}", told))
    if len(lines) > 1:
        total = owner_words.percent(holder.capital)
        lines.append(Line(total if total.startswith("≈") else f"= {total}", _("in all")))
    lines += _control_lines(holder, names)
    return OwnerRow(
        name=names.name(holder.key),
        url=names.url(holder.key),
        capital=owner_words.percent(holder.capital),
        votes=owner_words.percent(holder.votes),
        grounds=[owner_words.ground(one) for one in holder.grounds],
        lines=lines,
    )


def _control_lines(holder: Holder, names: Names) -> list[Line]:
    found = []
    if holder.controlled and holder.group_votes:
        found.append(
            Line(
                _("%(votes)s of the votes") % {"votes": owner_words.percent(holder.group_votes)},
                _("with what %(names)s hold, counted whole: controlled by majority")
                % {"names": ", ".join(names.name(key) for key in holder.controlled[:6])},
            )
        )
    if holder.in_controller:
        controller, share = holder.in_controller
        found.append(
            Line(
                owner_words.percent(share),
                _("of %(name)s, which controls the customer") % {"name": names.name(controller)},
            )
        )
    return found


def _difference(found: Above, now: Law, coming: Law, names: Names) -> dict[str, Any]:
    """Who becomes a beneficial owner on the day a law comes into force, and who no longer is."""
    today = {one.key for one in selectors.owners_under(found=found, law=now).owners}
    after = selectors.owners_under(found=found, law=coming)
    later = {one.key for one in after.owners}
    return {
        "law": coming,
        "new": [names.name(one.key) for one in after.owners if one.key not in today],
        "gone": [names.name(key) for key in today - later],
    }


def _rows(relations: Sequence[Relation], customer: Customer, names: Names) -> list[dict[str, Any]]:
    rows = []
    for one in relations:
        own = one.customer_id == customer.pk
        far = one.other_id if own else one.customer_id
        rows.append(
            {
                "relation": one,
                "what": _what(one, own=own),
                "name": names.name(far),
                "url": names.url(far),
                "share": _held(one) if one.kind == RelationKind.OWNERSHIP else "",
            }
        )
    return rows


def _choices(customer: Customer) -> list[tuple[str, str]]:
    """What may be recorded from this customer's page; `:of` turns the relation round."""
    label = {kind.value: str(kind.label) for kind in RelationKind}
    near: tuple[str, ...] = (
        "spouse", "household", "guardian", "power_of_attorney", "nominee",
    )  # fmt: skip
    far: tuple[str, ...] = (
        "ownership", "director", "signatory", "power_of_attorney", "guardian", "nominee",
    )  # fmt: skip
    if customer.kind == PartyKind.ORGANISATION:
        near = ("ownership", "director", "signatory", "power_of_attorney")
        far = ("ownership", "nominee")
    words = _words()
    label[RelationKind.OWNERSHIP.value] = _("Owned by")
    return [(kind, label[kind]) for kind in near] + [
        (f"{kind}:of", words[RelationKind(kind)]) for kind in far
    ]


def _what(relation: Relation, *, own: bool) -> str:
    """What the other one is to this customer, or this customer to the other."""
    label = str(relation.get_kind_display())
    if own:
        return _words().get(RelationKind(relation.kind), label)
    return _("Owned by") if relation.kind == RelationKind.OWNERSHIP else label


def _words() -> dict[RelationKind, str]:
    """What a customer is to another, as its own page says it; mutual kinds read the same."""
    return {
        RelationKind.OWNERSHIP: _("Owns"),
        RelationKind.DIRECTOR: _("Director of"),
        RelationKind.SIGNATORY: _("Signatory of"),
        RelationKind.POWER_OF_ATTORNEY: _("Power of attorney for"),
        RelationKind.GUARDIAN: _("Guardian of"),
        RelationKind.NOMINEE: _("Nominee for"),
    }


def _day(query: QueryDict) -> date:
    try:
        found = parse_date(query.get("on", ""))
    except ValueError:
        found = None
    return found or timezone.localdate()
