"""Which law is in force where and when."""

from datetime import date

from django.db.models import Q, QuerySet

from customers.law import Law, read_law
from customers.models import LawSet


class NoLaw(LookupError):
    """No law set names the country."""


def law_on(*, country: str, on: date) -> Law:
    """
    The law that holds in a country on a day.

    Of several the one that came into force last holds, so that a regulation goes before the act
    it replaces; of its versions the highest. A day before the first of them is decided by the
    first: the platform knows no older law.

    :raises NoLaw: no law set names the country
    """
    known = LawSet.objects.filter(countries__contains=[country.upper()])
    found = (
        known.filter(_holds(on)).order_by("-in_force_from", "-number", "code").first()
        or known.order_by("in_force_from", "-number", "code").first()
    )
    if found is None:
        raise NoLaw(country)
    return as_law(found)


def laws_to_come(*, country: str, on: date) -> list[Law]:
    """Laws of a country that begin after a day, the nearest first, each in its highest version."""
    rows = LawSet.objects.filter(countries__contains=[country.upper()], in_force_from__gt=on)
    found: dict[str, Law] = {}
    for row in rows.order_by("in_force_from", "-number"):
        found.setdefault(row.code, as_law(row))
    return list(found.values())


def law_sets() -> QuerySet[LawSet]:
    """Every version of every law, the newest version of each first."""
    return LawSet.objects.order_by("in_force_from", "code", "-number")


def as_law(row: LawSet) -> Law:
    """A row as typed rules."""
    return read_law(content_of(row))


def content_of(row: LawSet) -> dict[str, object]:
    """A row in the shape of its file."""
    return {
        "code": row.code,
        "number": row.number,
        "name_da": row.name_da,
        "name_en": row.name_en,
        "countries": row.countries,
        "in_force_from": row.in_force_from.isoformat(),
        "in_force_to": row.in_force_to.isoformat() if row.in_force_to else None,
        "rules": row.rules,
    }


def _holds(on: date) -> Q:
    return Q(in_force_from__lte=on) & (Q(in_force_to=None) | Q(in_force_to__gt=on))
