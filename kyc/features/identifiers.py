"""Numbers of passports, registers and identity cards: one in common says more than a name."""

from kyc.features import Feature

#: Shorter ones are met by chance.
_SHORTEST = 5


def bare(number: str) -> str:
    """Letters and digits alone, upper case: `AB 12-34` and `ab1234` are one."""
    return "".join(letter for letter in number.upper() if letter.isalnum())


def compare(left: frozenset[str], right: frozenset[str]) -> list[Feature]:
    """Points for a number in common; people have several, so another one says nothing."""
    shared = sorted(one for one in left & right if len(one) >= _SHORTEST)
    return [Feature("number_same", 25, {"numbers": shared})] if shared else []
