"""How much a word says about who somebody is."""

from kyc.wordlists import GENERIC, PARTICLES


def weight(word: str, *, organisation: bool) -> float:
    """From 0 to 1: little for particles, initials and what every second firm is called."""
    if word in PARTICLES:
        return 0.15
    if organisation and word in GENERIC:
        return 0.6
    if len(word) == 1 and not word.isdigit():
        return 0.3
    return 1.0
