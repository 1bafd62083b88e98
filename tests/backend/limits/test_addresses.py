"""Which addresses count as one."""

import pytest

from backend.limits.addresses import UNKNOWN, prefix_of


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.1", "192.0.2.0/24"),
        ("192.0.2.254", "192.0.2.0/24"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::1", "2001:db8::/64"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("", UNKNOWN),
        (None, UNKNOWN),
        ("unix:", UNKNOWN),
        ("192.0.2.1, 10.0.0.1", UNKNOWN),
    ],
)
def test_an_address_counts_as_its_prefix(address: str | None, prefix: str) -> None:
    assert prefix_of(address) == prefix
