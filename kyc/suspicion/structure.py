"""
A small language for what an XML document must look like, and the check of a tree against it.

Says what a schema says: which elements, in which order, how often, of what type and length, from
which code list, and which of several may stand in one place. A fault names its element's path.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element as Node

from django.utils.translation import gettext as _

_COUNTRY = re.compile(r"[A-Z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
#: What XML 1.0 cannot carry at all.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Codes = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with which element; `str` of it is fit for the screen."""

    path: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        words = {
            "missing": _("is missing"),
            "repeated": _("stands more often than it may"),
            "unknown": _("does not belong here, or not in this order"),
            "either": _("one of these is needed: %(names)s"),
            "empty": _("has nothing in it"),
            "long": _("is longer than %(most)s characters"),
            "number": _("is no number as it has to be"),
            "instant": _("is no date with time"),
            "flag": _("is neither true nor false"),
            "form": _("is not written as it has to be"),
            "list": _("“%(value)s” is not in the list of codes “%(codes)s”"),
        }
        return words[self.code] % self.facts


@dataclass(frozen=True, slots=True)
class Type:
    """What the text of an element has to be; `check` gives a code and facts where it is not."""

    check: Callable[[str, Codes], tuple[str, dict[str, Any]] | None]


@dataclass(frozen=True, slots=True)
class Element:
    """An element in its place: `least` to `most` times (None: any number)."""

    name: str
    of: "Type | Sequence[Part]"
    least: int = 1
    most: int | None = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several elements."""

    options: Sequence[Element]
    least: int = 1


Part = Element | Choice


def one(name: str, of: "Type | Sequence[Part]") -> Element:
    return Element(name, of)


def maybe(name: str, of: "Type | Sequence[Part]") -> Element:
    return Element(name, of, least=0)


def many(name: str, of: "Type | Sequence[Part]", least: int = 1) -> Element:
    return Element(name, of, least=least, most=None)


# Types -----------------------------------------------------------------------------------------


def text(most: int) -> Type:
    return Type(lambda value, _codes: ("long", {"most": most}) if len(value) > most else None)


def code(codes_of: str) -> Type:
    """One of a list of codes that the reporting authority gives out."""

    def check(value: str, codes: Codes) -> tuple[str, dict[str, Any]] | None:
        known = codes.get(codes_of, ())
        return None if value in known else ("list", {"value": value, "codes": codes_of})

    return Type(check)


def whole(least: int, most: int | None = None) -> Type:
    def check(value: str, _codes: Codes) -> tuple[str, dict[str, Any]] | None:
        fits = value.isascii() and value.isdigit() and int(value) >= least
        return None if fits and (most is None or int(value) <= most) else ("number", {})

    return Type(check)


def _amount(value: str, _codes: Codes) -> tuple[str, dict[str, Any]] | None:
    try:
        fits = Decimal(value).is_finite() and Decimal(value) >= 0
    except InvalidOperation:
        fits = False
    return None if fits else ("number", {})


def _instant(value: str, _codes: Codes) -> tuple[str, dict[str, Any]] | None:
    try:
        return None if "T" in value and datetime.fromisoformat(value).year >= 1900 else _NO_INSTANT
    except ValueError:
        return _NO_INSTANT


_NO_INSTANT: tuple[str, dict[str, Any]] = ("instant", {})


def _matching(pattern: re.Pattern[str]) -> Type:
    return Type(lambda value, _codes: None if pattern.fullmatch(value) else ("form", {}))


AMOUNT = Type(_amount)
INSTANT = Type(_instant)
FLAG = Type(lambda value, _codes: None if value in {"true", "false"} else ("flag", {}))
COUNTRY = _matching(_COUNTRY)
CURRENCY = _matching(_CURRENCY)


# The check -------------------------------------------------------------------------------------


def faults(root: Node, structure: Element, codes: Codes) -> list[Fault]:
    """Everything in which the tree differs from the structure, in the order of the tree."""
    if root.tag != structure.name:
        return [Fault(root.tag, "unknown")]
    return list(_element(root, structure, structure.name, codes))


def cleaned(value: str) -> str:
    """The text without what XML cannot carry."""
    return _FORBIDDEN.sub("", value).strip()


def _element(node: Node, of: Element, path: str, codes: Codes) -> Iterator[Fault]:
    if isinstance(of.of, Type):
        value = (node.text or "").strip()
        if len(node):
            yield Fault(f"{path}/{node[0].tag}", "unknown")
        if not value:
            yield Fault(path, "empty")
        elif wrong := of.of.check(value, codes):
            yield Fault(path, *wrong)
        return
    children = list(node)
    place = 0
    for part in of.of:
        place = yield from _part(children, place, part, path, codes)
    for stray in children[place:]:
        yield Fault(f"{path}/{stray.tag}", "unknown")


def _part(
    children: list[Node], place: int, part: Part, path: str, codes: Codes
) -> Any:  # a generator of faults that returns where the next part begins
    options = part.options if isinstance(part, Choice) else (part,)
    found = 0
    chosen = part
    while place < len(children):
        match = next((each for each in options if each.name == children[place].tag), None)
        if match is None:
            break
        found, chosen = found + 1, match
        number = f"[{found}]" if match.most is None else ""
        yield from _element(children[place], match, f"{path}/{match.name}{number}", codes)
        place += 1
    if found < part.least:
        if isinstance(part, Choice):
            names = ", ".join(each.name for each in options)
            yield Fault(path, "either", {"names": names})
        else:
            yield Fault(f"{path}/{part.name}", "missing")
    most = chosen.most if isinstance(chosen, Element) else 1
    if most is not None and found > most:
        name = chosen.name if isinstance(chosen, Element) else ""
        yield Fault(f"{path}/{name}", "repeated")
    return place
