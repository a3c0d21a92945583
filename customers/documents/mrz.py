"""
The machine-readable zone of passports and identity cards (ICAO Doc 9303, parts 3 to 6). Pure.

Three shapes: TD1 (three lines of 30), TD2 (two of 36), TD3 (two of 44). Read from typed lines;
every check digit is computed, so that a slip of the finger or of the forger is told.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from anyascii import anyascii
from django.utils.translation import gettext as _

_FILLER = "<"
_WEIGHTS = (7, 3, 1)
#: Letters as part 3, section 6 writes them; others by their plain form.
_LETTERS = {
    "Å": "AA", "Ä": "AE", "Æ": "AE", "Ö": "OE", "Ø": "OE", "Ü": "UE", "ß": "SS", "ẞ": "SS",
    "Þ": "TH", "Ð": "D", "Ĳ": "IJ", "Œ": "OE",
}  # fmt: skip
_LONGEST_VALIDITY = 50


class MrzRefused(ValueError):
    """The lines cannot be so; `str(exc)` says what is wrong with them."""


@dataclass(frozen=True)
class Mrz:
    """
    What the lines say.

    :param kind: of document, one or two letters: `P`, `ID`, `I`
    :param issuer: state or organisation, three letters as in the zone
    :param family_name: as transliterated in the zone, words apart
    :param given_names: likewise; cut short where the zone was too short
    :param born_on: None where the day is not known
    """

    shape: str
    kind: str
    issuer: str
    number: str
    family_name: str
    given_names: str
    nationality: str
    born_on: date | None
    sex: str
    expires_on: date


def read(*, text: str, today: date) -> Mrz:
    """
    What typed lines say; spaces and the case of letters do not count.

    :raises MrzRefused: another number of characters, one that is not allowed, a check digit that
        does not fit, or a day that does not exist
    """
    zone = re.sub(r"\s+", "", text.upper().replace("«", "<<"))
    if re.search(r"[^A-Z0-9<]", zone):
        raise MrzRefused(_("The lines have letters A to Z, digits and the sign < alone."))
    match len(zone):
        case 90:
            return _td1(zone[:30], zone[30:60], zone[60:], today)
        case 72:
            return _two_lines("TD2", zone[:36], zone[36:], today)
        case 88:
            return _two_lines("TD3", zone[:44], zone[44:], today)
    raise MrzRefused(
        _("There must be three lines of 30 characters, two of 36 or two of 44; there are %(count)d characters.")
        % {"count": len(zone)}
    )  # fmt: skip


def check_digit(text: str) -> str:
    """The check digit of a text: weights 7, 3, 1 over 0-9, A-Z as 10-35, < as 0, modulo 10."""
    return str(sum(_value(one) * _WEIGHTS[at % 3] for at, one in enumerate(text)) % 10)


def written(name: str) -> str:
    """A name as a zone writes it: capital letters A to Z, words by one space."""
    text = unicodedata.normalize("NFC", name).upper()
    plain = anyascii("".join(_LETTERS.get(one, one) for one in text)).upper()
    # An apostrophe is left out, a hyphen is a gap (part 3, section 4.6).
    return " ".join(re.sub(r"[^A-Z]+", " ", plain.replace("'", "")).split())


def same_name(*, given_names: str, family_name: str, mrz: Mrz) -> bool:
    """
    Whether the lines name this person.

    The zone cuts long names short and may leave later given names out, so the record's begin as
    the zone's do.
    """
    family, zone_family = written(family_name), mrz.family_name
    given, zone_given = written(given_names), mrz.given_names
    if not family.startswith(zone_family) or not zone_family:
        return False
    if family != zone_family and len(zone_family) < 20:
        return False
    return given.startswith(zone_given) or zone_given.startswith(given)


def _td1(first: str, second: str, third: str, today: date) -> Mrz:
    composite = first[5:] + second[:7] + second[8:15] + second[18:29]
    _agree(composite, second[29], _("the last digit of the second line"))
    number = _number(first[5:14], first[14], first[15:30])
    return _mrz("TD1", first, number, second[:8], second[7], second[8:15], second[15:18],
                third, today)  # fmt: skip


def _two_lines(shape: str, first: str, second: str, today: date) -> Mrz:
    if first.startswith("V"):
        raise MrzRefused(_("These are the lines of a visa, which is no proof of identity."))
    last = len(second) - 1
    composite = second[:10] + second[13:20] + second[21:last]
    _agree(composite, second[last], _("the last digit of the second line"))
    if shape == "TD3":
        optional, digit = second[28:42], second[42]
        if not (digit == _FILLER and not optional.strip(_FILLER)):
            _agree(optional, digit, _("the personal number"))
        _agree(second[:9], second[9], _("the document number"))
        number = _plain(second[:9])
    else:
        number = _number(second[:9], second[9], second[28:last])
    return _mrz(shape, first, number, second[13:20], second[20], second[21:28], second[10:13],
                first[5:], today)  # fmt: skip


def _mrz(
    shape: str,
    first: str,
    number: str,
    birth: str,
    sex: str,
    expiry: str,
    nationality: str,
    names: str,
    today: date,
) -> Mrz:
    _agree(birth[:6], birth[6], _("the date of birth"))
    _agree(expiry[:6], expiry[6], _("the date of expiry"))
    family, _gap, given = names.rstrip(_FILLER).partition("<<")
    expires_on = _day(expiry[:6], latest=today + timedelta(days=365 * _LONGEST_VALIDITY))
    if expires_on is None:
        raise MrzRefused(_("The date of expiry does not exist."))
    return Mrz(
        shape=shape,
        kind=_plain(first[:2]),
        issuer=_plain(first[2:5]),
        number=number,
        family_name=_words(family),
        given_names=_words(given),
        nationality=_plain(nationality),
        born_on=_day(birth[:6], latest=today),
        sex=_plain(sex),
        expires_on=expires_on,
    )


def _number(number: str, digit: str, optional: str) -> str:
    """
    The document number. A longer one than nine runs on in the optional data, with its check
    digit last, and < in the digit's place (part 5, note j; part 6, note j).
    """
    if digit == _FILLER and optional.strip(_FILLER):
        rest = optional.split(_FILLER, 1)[0]
        number, digit = number + rest[:-1], rest[-1:]
    _agree(number, digit, _("the document number"))
    return _plain(number)


def _agree(text: str, digit: str, what: str) -> None:
    if digit != check_digit(text):
        raise MrzRefused(
            _("The check digit does not fit %(what)s. Compare the lines with the document.")
            % {"what": what}
        )


def _day(text: str, *, latest: date) -> date | None:
    """
    A day of two digits a year: the last such day that is not after `latest`.

    :raises MrzRefused: there is no such day
    """
    if _FILLER in text:
        return None
    if not text.isdigit():
        raise MrzRefused(_("A date in the lines does not exist."))
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    century = latest.year // 100 * 100
    for start in (century, century - 100):
        try:
            found = date(start + year, month, day)
        except ValueError:
            continue
        if found <= latest:
            return found
    raise MrzRefused(_("A date in the lines does not exist."))


def _value(one: str) -> int:
    if one.isdigit():
        return int(one)
    return 0 if one == _FILLER else ord(one) - ord("A") + 10


def _plain(text: str) -> str:
    return text.replace(_FILLER, "")


def _words(text: str) -> str:
    return " ".join(text.replace(_FILLER, " ").split())
