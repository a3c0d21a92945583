"""E-mail addresses and phone numbers in one spelling. Pure functions."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

#: RFC 5321, section 4.5.3.1.3: a path of 256 characters with its two angle brackets.
MAX_EMAIL = 254
# What nearly every address and number looks like, answered at once as the libraries answer it;
# tests hold the two together.
_PLAIN_EMAIL = re.compile(
    r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_DANISH_PHONE = re.compile(r"(\+45)?[2-9][0-9]{7}")


class InvalidContact(ValueError):
    """Not an e-mail address or phone number; the message does not repeat it."""


def normal_email(value: str) -> str:
    """Lower case, without spaces around it. :raises InvalidContact:"""
    email = value.strip().lower()
    if _PLAIN_EMAIL.fullmatch(email) and len(email) <= MAX_EMAIL:
        return email
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidContact(_("This is not an e-mail address.")) from None
    if len(email) > MAX_EMAIL:
        raise InvalidContact(_("This is not an e-mail address."))
    return email


def normal_phone(value: str, *, region: str = "DK") -> str:
    """E.164; numbers without a country code belong to `region`. :raises InvalidContact:"""
    if _DANISH_PHONE.fullmatch(value) and (region == "DK" or value[0] == "+"):
        return f"+45{value[-8:]}"
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        raise InvalidContact(_("This is not a phone number.")) from None
    if not phonenumbers.is_possible_number(number):
        raise InvalidContact(_("This is not a phone number."))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def shown_phone(value: str) -> str:
    """An E.164 number as people write it: +45 29 11 04 18."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
