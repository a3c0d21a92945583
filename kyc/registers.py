"""A register's statement of an organisation, compared with what the customer told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from customers import selectors as customers
from customers.models import Address, Customer
from kyc.matching import THRESHOLD, compare
from kyc.models import RegisterDiscrepancy
from kyc.normalise import words_of
from kyc.screening import customer_party, party

Kind = RegisterDiscrepancy.Kind


@dataclass(frozen=True, slots=True)
class Owner:
    """
    A beneficial owner as a register has them: the share lies in an interval, in percent.

    :param share_from: 0 to 100; registers give bands (25 to 33.33)
    """

    name: str
    share_from: float = 0.0
    share_to: float = 100.0
    born_on: date | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """
    What a register says; None is a part that it was not asked about.

    :param status: empty where the company does business as before, else what the register calls it
    """

    register: str
    name: str | None = None
    status: str | None = None
    owners: Sequence[Owner] | None = None
    directors: Sequence[str] | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference in words that stand for themselves."""

    kind: str
    ours: str = ""
    theirs: str = ""


def differences(*, customer: Customer, extract: Extract, on: date) -> list[Difference]:
    """
    Where the register and the record disagree about owners, directors, name, address, and whether
    there is business still.

    Names are the same when the screening engine takes them for the same; shares when the
    register's band holds ours; addresses when they have the same words.
    """
    found: list[Difference] = []
    above = customers.above(customer=customer, on=on)
    if extract.owners is not None:
        law = customers.law_on(country=settings.CLM_COUNTRY, on=on)
        outcome = customers.owners_under(found=above, law=law)
        shares = {one.key: one.capital for one in outcome.owners}
        ours = _people([one.key for one in outcome.owners])
        pairs, untold, unknown = _matched(ours, [(one.name, one.born_on) for one in extract.owners])
        found += [Difference(Kind.OWNER_UNTOLD, "", _owner(extract.owners[one])) for one in untold]
        found += [Difference(Kind.OWNER_UNREGISTERED, str(one)) for one in unknown]
        for person, place in pairs:
            told, share = extract.owners[place], shares[person.pk]
            low, high = float(share.low) * 100, float(share.high) * 100
            if high < told.share_from or low > told.share_to:
                said = f"{person}: {round(float(share.middle) * 100, 2):g} %"
                found.append(Difference(Kind.OWNER_SHARE, said, _owner(told)))
    if extract.directors is not None:
        ours = _people(above.directors)
        _pairs, untold, unknown = _matched(ours, [(one, None) for one in extract.directors])
        found += [Difference(Kind.DIRECTOR_UNTOLD, "", extract.directors[one]) for one in untold]
        found += [Difference(Kind.DIRECTOR_UNREGISTERED, str(one)) for one in unknown]
    if extract.name is not None and words_of(extract.name) != words_of(customer.name):
        found.append(Difference(Kind.NAME, customer.name, extract.name))
    if extract.status:
        found.append(Difference(Kind.STATUS, "", extract.status))
    if extract.address is not None:
        known = customer.addresses.filter(valid_to=None, kind=Address.Kind.REGISTERED).first()
        here = f"{known.line1} {known.line2} {known.postal_code} {known.city}" if known else ""
        if words_of(here) != words_of(extract.address):
            found.append(Difference(Kind.ADDRESS, " ".join(here.split()), extract.address))
    return found


def _people(keys: Sequence[object]) -> list[Customer]:
    return list(Customer.objects.filter(pk__in=list(keys)).order_by("sort_key", "pk"))


def _matched(
    ours: Sequence[Customer], theirs: Sequence[tuple[str, date | None]]
) -> tuple[list[tuple[Customer, int]], list[int], list[Customer]]:
    """Pairs that are the same person, who is in the register alone, and who is not in it."""
    parties = [party(names=[name], kind="", born_on=born) for name, born in theirs]
    scores = sorted(
        (
            (compare(customer_party(person), other).score, -mine, -place)
            for mine, person in enumerate(ours)
            for place, other in enumerate(parties)
        ),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    for score, mine, place in scores:
        if score >= THRESHOLD and -mine not in pairs and -place not in pairs.values():
            pairs[-mine] = -place
    untold = [place for place in range(len(theirs)) if place not in pairs.values()]
    unknown = [person for mine, person in enumerate(ours) if mine not in pairs]
    return [(ours[mine], place) for mine, place in pairs.items()], untold, unknown


def _owner(told: Owner) -> str:
    # Kept as it is written here: the same difference is the same in every language.
    return f"{told.name}: {told.share_from:g}–{told.share_to:g} %"
