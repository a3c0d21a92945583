import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clm.core.api import parsers
from clm.core.api.problems import ApiProblem

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(
                alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]),
                max_size=5,
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def refused_or_parsed(raw):
    """Whether the bytes were read, or refused as 400; anything else raises."""
    try:
        parsers.parse(raw)
    except ApiProblem as refusal:
        return refusal.status_code == 400
    return True


@given(json_values)
def test_what_is_storable_comes_back_as_it_was(value):
    assert parsers.parse(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_no_bytes_at_all_do_anything_but_parse_or_be_refused(raw):
    assert refused_or_parsed(raw)


@given(st.text(alphabet='[]{}",:\\u0dabcdef123-.eE \x00', max_size=80))
def test_nothing_that_looks_like_json_does_either(text):
    assert refused_or_parsed(text.encode())


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": "\\u0000"}',
        b'{"a\\u0000": 1}',
        b'{"a": "\\ud800"}',
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": 1, "a": 2}',
        b"[" * 6000 + b"]" * 6000,
        b'{"a":' * 6000 + b"1" + b"}" * 6000,
        b"[" * 40 + b"]" * 40,
        b"[" * 100_000,
        b'{"a": NaN}',
        b"Infinity",
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"",
        b'{"a": 1} trailing',
        b"\xff\xfe",
        json.dumps({str(number): 1 for number in range(100_000)}).encode(),
        b"[" + b"[]," * 2_000_000 + b"[]]",
    ],
)
def test_hostile_bodies_are_400(raw):
    with pytest.raises(ApiProblem) as refusal:
        parsers.parse(raw)
    assert refusal.value.status_code == 400


def test_a_body_over_ten_megabytes_is_413():
    with pytest.raises(ApiProblem) as refusal:
        parsers.parse(b'"' + b"a" * parsers.MAX_BYTES + b'"')
    assert refusal.value.status_code == 413


def test_a_pair_of_surrogates_is_a_character():
    assert parsers.parse(b'"\\ud83d\\ude00"') == "\U0001f600"
