"""What is answered at once is what the libraries answer."""

import phonenumbers
import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from customers import contacts
from customers.contacts import InvalidContact, normal_email, normal_phone

LETTERS = "ab0-_+.@æ é'\"\n"


@given(st.from_regex(contacts._PLAIN_EMAIL) | st.text(LETTERS, max_size=30))
def test_a_plain_email_address_is_one_to_django(text: str) -> None:
    email = text.strip().lower()
    try:
        validate_email(email)
        valid = len(email) <= contacts.MAX_EMAIL
    except ValidationError:
        valid = False
    if valid:
        assert normal_email(text) == email
    else:
        with pytest.raises(InvalidContact):
            normal_email(text)


def test_an_address_too_long_for_mail_is_refused_and_not_left_to_the_database() -> None:
    with pytest.raises(InvalidContact):
        normal_email(f"{'a' * 250}@example.dk")


@given(
    st.from_regex(contacts._DANISH_PHONE, fullmatch=True) | st.text("+450 -()29", max_size=14),
    st.sampled_from(["DK", "SE"]),
)
def test_a_danish_number_is_read_as_the_library_reads_it(text: str, region: str) -> None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        with pytest.raises(InvalidContact):
            normal_phone(text, region=region)
        return
    wanted = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert normal_phone(text, region=region) == wanted
