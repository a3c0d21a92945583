"""E-mail addresses and phone numbers in one spelling. Pure functions."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _


class InvalidContact(ValueError):
    """Not an e-mail address or phone number; the message does not repeat it."""


def normal_email(value: str) -> str:
    """Lower case, without spaces around it. :raises InvalidContact:"""
    email = value.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidContact(_("This is not an e-mail address.")) from None
    return email


def normal_phone(value: str, *, region: str = "DK") -> str:
    """E.164; numbers without a country code belong to `region`. :raises InvalidContact:"""
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
