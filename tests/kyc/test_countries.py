import pytest

from kyc.countries import code_of
from kyc.lists.reading.schemas import country_of


@pytest.mark.parametrize(
    ("text", "code"),
    [("UK", "GB"), ("dk", "DK"), ("Korea, North", "KP"), ("ДК", ""), ("ßß", ""), ("00", ""), ("", "")],
)  # fmt: skip
def test_a_country_has_one_code(text: str, code: str) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "code"), [("dk", "DK"), ("ua-cri", "UA"), ("uk", "GB"), ("suhh", ""), ("dk-", "DK")]
)
def test_a_code_of_the_model_may_name_a_region(text: str, code: str) -> None:
    assert country_of(text) == code
