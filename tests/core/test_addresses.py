"""Nobody is led by an address to where only we can get."""

from datetime import datetime
from typing import Any

import pytest

from clm.core import addresses
from clm.core.messages import webhook
from clm.core.messages.wire import Refused


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("193.163.102.58", True),
        ("2a00:1450:400f:80d::2004", True),
        ("64:ff9b::c1a3:663a", True),  # NAT64 of a public one
        ("2002:c1a3:663a::1", True),  # 6to4 of a public one
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("::1", False),
        ("::", False),
        ("::7f00:1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::1", False),
        ("2002:7f00:1::1", False),
        ("2001:0:7f00:1::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff0e::1", False),
    ],
)
def test_only_the_open_internet_is_public(text: str, public: bool) -> None:
    assert addresses.is_public(text) is public


@pytest.mark.parametrize(
    "host",
    ["127.1", "2130706433", "①②⑦.0.0.1", "[64:ff9b::7f00:1]", "[::ffff:10.0.0.1]", "localhost"],
)
def test_a_message_is_not_posted_to_where_only_we_can_get(host: str, now: datetime) -> None:
    with pytest.raises(Refused, match="public"):
        webhook.post(
            url=f"https://{host}/", secret="whsec_YWJj", message_id="1", body=b"{}", at=now
        )


@pytest.mark.parametrize(
    ("address", "local", "asked"),
    [
        ("https://example.dk/a", False, True),
        ("http://example.dk/a", True, False),
        ("http://127.0.0.1:8000/", True, True),
        ("http://127.0.0.1:8000/", False, False),
        ("ftp://127.0.0.1/", True, False),
        ("https:///a", True, False),
        ("https://[::1", True, False),
    ],
)
def test_in_the_clear_goes_only_what_stays_here(
    address: str, local: bool, asked: bool, settings: Any
) -> None:
    settings.CLM_LOCAL = local
    assert addresses.may_be_asked(address) is asked
