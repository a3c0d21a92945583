from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.dk import cpr
from stdnum.exceptions import InvalidComponent

from customers.identification import (
    InvalidIdentifier,
    born_on_of_cpr,
    check_identifier,
    looks_like,
    mask,
)


@pytest.mark.parametrize("typed", ["120384-1234", "1203841234", " 120384 1234 "])
def test_cpr_is_normalised_and_masked(typed):
    checked = check_identifier(kind="cpr", value=typed)
    assert (checked.value, checked.country) == ("1203841234", "DK")
    assert checked.masked == "120384-••••"


def test_modulus_11_of_a_cpr_number_is_not_enforced():
    numbers = [f"120384{tail:04d}" for tail in range(1000, 1020)]
    assert [check_identifier(kind="cpr", value=one).value for one in numbers] == numbers


def test_a_replacement_cpr_number_has_sixty_added_to_its_day():
    assert check_identifier(kind="cpr", value="720384-1234").masked == "720384-••••"
    assert born_on_of_cpr("7203841234") == date(1984, 3, 12)


@pytest.mark.parametrize("value", ["310284-1234", "12038", "120384-123X", "", "000000-0000"])
def test_a_wrong_cpr_number_is_refused_without_repeating_it(value):
    with pytest.raises(InvalidIdentifier) as refusal:
        check_identifier(kind="cpr", value=value)
    assert not value or value not in str(refusal.value)


def test_cvr_and_lei_have_check_digits():
    assert check_identifier(kind="cvr", value="DK 13 58 56 28").value == "13585628"
    assert (
        check_identifier(kind="lei", value="213800KUD8LAJWSQ9D15").masked == "213800KUD8LAJWSQ9D15"
    )
    for kind, value in (("cvr", "13585629"), ("lei", "213800KUD8LAJWSQ9D16")):
        with pytest.raises(InvalidIdentifier):
            check_identifier(kind=kind, value=value)


def test_a_foreign_personal_number_follows_its_own_country():
    assert check_identifier(kind="national", value="880320-0016", country="se").country == "SE"
    with pytest.raises(InvalidIdentifier):
        check_identifier(kind="national", value="880320-0018", country="SE")


def test_unknown_kinds_and_countries_are_refused():
    with pytest.raises(InvalidIdentifier):
        check_identifier(kind="secret", value="123456")
    with pytest.raises(InvalidIdentifier):
        check_identifier(kind="passport", value="X1234567", country="Denmark")


@given(st.text(max_size=60))
def test_no_text_breaks_the_check_and_no_mask_shows_a_whole_number(text):
    for kind in ("cpr", "passport", "national"):
        try:
            checked = check_identifier(kind=kind, value=text, country="DE")
        except InvalidIdentifier:
            continue
        assert checked.value not in checked.masked
        again = check_identifier(kind=kind, value=checked.value, country="DE")
        assert again.value == checked.value


def test_short_numbers_are_masked_whole():
    assert mask(kind="passport", value="X12") == "••••••"


def test_what_is_typed_is_taken_for_the_number_it_may_be():
    assert looks_like("120384-1234") == [("cpr", "DK", "1203841234")]
    assert looks_like("13585628") == [("cvr", "DK", "13585628")]
    assert looks_like("Mette") == looks_like("310284-1234") == []


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_the_century_of_a_birth_is_the_one_that_stdnum_reads(number):
    day = int(number[:2])
    plain = f"{day - 60:02d}{number[2:]}" if day > 60 else number
    try:
        wanted = cpr.get_birth_date(plain)
    except InvalidComponent:
        wanted = None
    assert born_on_of_cpr(number) == wanted
