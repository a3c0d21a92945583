"""Ownership in words: shares, grounds, and what is wrong with a record."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from django.utils import formats
from django.utils.translation import gettext as _

from customers.ownership import Amount, Key, Problem

PLACES = 6


def percent_of(share: Fraction) -> Decimal:
    """A share of 1 as per cent, to six decimals."""
    scaled = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return scaled.quantize(Decimal(1).scaleb(-PLACES), rounding=ROUND_HALF_EVEN)


def told_exactly(share: Fraction) -> bool:
    """Whether six decimals of a per cent say the whole truth."""
    return bool((share * 100 * 10**PLACES).denominator == 1)


def percent(share: Fraction | Amount, places: int = 4) -> str:
    """`37.5 %` in the reader's notation; `≈ 33.3333 %` where the decimals go on."""
    value = share.middle if isinstance(share, Amount) else share
    scaled = Decimal(value.numerator * 100) / Decimal(value.denominator)
    shown = scaled.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    whole = isinstance(share, Fraction) or share.exact
    exactly = whole and Fraction(shown) == value * 100
    digits = max(-int(shown.normalize().as_tuple().exponent), 0)
    text = formats.number_format(shown, decimal_pos=digits, use_l10n=True)
    return f"{text} %" if exactly else f"≈ {text} %"


def ground(code: str) -> str:
    """Why somebody is a beneficial owner."""
    words = {
        "ownership": _("Share of capital"),
        "votes": _("Share of votes"),
        "control": _("Control"),
        "controlled_interest": _("Through companies under their control"),
        "interest_in_controller": _("Interest in a company that controls it"),
    }
    return words.get(code, code)


def problem(found: Problem, name: Callable[[Key], str]) -> str:
    """A sentence about something that cannot be true, or keeps the sum from being known."""
    names = ", ".join(name(party) for party in found.parties[:8])
    if len(found.parties) > 8:
        names += ", …"
    facts: Mapping[str, str] = {
        "names": names,
        "name": name(found.parties[0]) if found.parties else "",
        "sum": percent(found.amount) if found.amount is not None else "",
        "others": ", ".join(name(party) for party in found.parties[1:8]),
    }
    words = {
        "over_full": _(
            "The recorded shares of %(name)s add up to %(sum)s: more than the whole company."
            " They are counted as recorded; one of them is wrong."
        ),
        "over_voted": _(
            "The recorded votes in %(name)s add up to %(sum)s: more than all there are."
        ),
        "closed_loop": _(
            "These own each other wholly, in a closed circle: %(names)s. Nothing leaves it, so no"
            " arithmetic leads to a person; each holding in it is counted once, which can only be"
            " too little. Find out who decides."
        ),
        "several_principals": _(
            "%(name)s is nominee for several (%(others)s); what it holds is taken in equal parts."
        ),
        "at_the_line": _(
            "The share of %(name)s lies so near the threshold in a very large circle that it"
            " cannot be told from it; the person is counted."
        ),
    }
    return words.get(found.code, found.code) % facts
