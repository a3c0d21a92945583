"""Within how many opening hours an enquiry is answered, by what it is and whose it is."""

from collections.abc import Mapping

from engagement.models.enquiries import Kind, Priority, Tier

#: A complaint's last line is the law's: 15 business days (lov om betalinger, PSD2 art. 101(2)).
COMPLAINT_HOURS: Mapping[str, int] = {
    Priority.HIGH: 24,
    Priority.NORMAL: 40,
    Priority.LOW: 80,
}
_QUESTION_HOURS: Mapping[str, Mapping[str, int]] = {
    Tier.GOLD: {Priority.HIGH: 2, Priority.NORMAL: 4, Priority.LOW: 16},
    Tier.SILVER: {Priority.HIGH: 4, Priority.NORMAL: 8, Priority.LOW: 24},
    Tier.STANDARD: {Priority.HIGH: 8, Priority.NORMAL: 16, Priority.LOW: 40},
}


def hours_for(*, kind: str, priority: str, tier: str) -> int:
    """Opening hours until the answer; every complaint has the same, whoever complains."""
    if kind == Kind.COMPLAINT:
        return COMPLAINT_HOURS[priority]
    return _QUESTION_HOURS[tier][priority]


def tier_of(*, years: float, products: int) -> Tier:
    """
    The tier by years with the bank and open products: gold from 10 years and 4 products,
    silver from 5 years or 3 products.
    """
    if years >= 10 and products >= 4:
        return Tier.GOLD
    if years >= 5 or products >= 3:
        return Tier.SILVER
    return Tier.STANDARD
