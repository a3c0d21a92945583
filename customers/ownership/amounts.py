"""Exact shares; where exactness would take thousands of digits, two bounds that hold the truth."""

from dataclasses import dataclass
from fractions import Fraction

from customers.law import Threshold

#: A fraction whose denominator is longer than this is rounded outwards: some 75 levels of
#: ownership, or forty companies that all own each other, stay exact.
BITS = 2048
_SCALE = 1 << BITS


@dataclass(frozen=True, slots=True)
class Amount:
    """A share that lies between `low` and `high`; exact when they are equal, as nearly always."""

    low: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, value: Fraction | int) -> "Amount":
        found = Fraction(value)
        return cls(found, found)

    @property
    def exact(self) -> bool:
        return self.low == self.high

    @property
    def middle(self) -> Fraction:
        """The share, or where it is known by bounds only, the middle between them."""
        return self.low if self.exact else (self.low + self.high) / 2

    def __bool__(self) -> bool:
        return self.high > 0

    def __add__(self, other: "Amount") -> "Amount":
        return _trimmed(self.low + other.low, self.high + other.high)

    def __mul__(self, other: "Amount") -> "Amount":
        if self.low is self.high and other.low is other.high:
            product = self.low * other.low
            return _trimmed(product, product)
        return _trimmed(self.low * other.low, self.high * other.high)

    def less(self, part: Fraction) -> "Amount":
        """What is left when an exact part is taken away; never below nothing."""
        return Amount(max(self.low - part, Fraction(0)), max(self.high - part, Fraction(0)))

    def over_rest(self, loop: "Amount") -> "Amount":
        """Divided by what does not go round: `self / (1 - loop)`, for a loop under 1."""
        return _trimmed(self.low / (1 - loop.low), self.high / (1 - loop.high))

    def meets(self, threshold: Threshold) -> bool | None:
        """Whether it is over the line; None when the line lies between the bounds."""
        low, high = threshold.met_by(self.low), threshold.met_by(self.high)
        return low if low == high else None


NOTHING = Amount.exactly(0)
WHOLE = Amount.exactly(1)


def _trimmed(low: Fraction, high: Fraction) -> Amount:
    if low.denominator.bit_length() <= BITS:
        if low == high:
            return Amount(low, low)
    else:
        low = Fraction(low.numerator * _SCALE // low.denominator, _SCALE)
    if high.denominator.bit_length() > BITS:
        high = Fraction(-(-high.numerator * _SCALE // high.denominator), _SCALE)
    return Amount(low, high)
