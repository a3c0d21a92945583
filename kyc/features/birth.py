"""Dates of birth: the nearest of those a list states; estimates reach two years either way."""

from datetime import timedelta

from kyc.features import Birth, Feature


def compare(left: tuple[Birth, ...], right: tuple[Birth, ...]) -> list[Feature]:
    """Points for equal dates or years, against years apart; nothing where one is missing."""
    if not left or not right:
        return []
    return [max((_pair(a, b) for a in left for b in right), key=lambda f: f.points)]


def _pair(a: Birth, b: Birth) -> Feature:
    exact = a.first == a.last and b.first == b.last and not (a.circa or b.circa)
    reach = timedelta(days=730 if a.circa or b.circa else 0)
    if exact and a.first == b.first:
        return Feature("born_same", 12, {"on": a.first.isoformat()})
    if a.first <= b.last + reach and b.first <= a.last + reach:
        return Feature("born_fits", 6, {"year": b.first.year})
    if exact and (a.first.month, a.first.day) == (b.first.day, b.first.month) \
            and a.first.year == b.first.year:  # fmt: skip
        return Feature("born_swapped", 6, {"year": a.first.year})
    apart = min(abs(a.first.year - b.last.year), abs(b.first.year - a.last.year))
    if apart == 0:
        return Feature("born_same_year", 0, {"year": a.first.year})
    if apart <= 1:
        return Feature("born_near", -4, {"years": apart})
    return Feature("born_differs", -min(12 + apart, 25), {"years": apart})
