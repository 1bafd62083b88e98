"""An authenticator's codes are those of the standard."""

from base64 import b32encode
from datetime import UTC, datetime

import pytest

from backend.accounts.second_factor import codes

SECRET = b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert codes.find_step(SECRET, code, now=now, after=None) == seconds // 30


def test_a_step_that_was_used_and_those_before_it_are_over() -> None:
    now = datetime.fromtimestamp(1111111111, UTC)
    step = 1111111111 // 30
    assert codes.find_step(SECRET, "050471", now=now, after=step - 1) == step
    assert codes.find_step(SECRET, "050471", now=now, after=step) is None
    assert codes.find_step(SECRET, "081804", now=now, after=step - 1) is None


@pytest.mark.parametrize("code", ["", "05047", "0504711", "٠٥٠٤٧١", "abcdef"])
def test_what_is_no_code_is_none(code: str) -> None:
    now = datetime.fromtimestamp(1111111111, UTC)
    assert codes.find_step(SECRET, code, now=now, after=None) is None


def test_recovery_codes_are_read_as_people_type_them() -> None:
    made = codes.new_recovery_codes()
    assert len(set(made)) == codes.RECOVERY_CODES
    for code in made:
        assert codes.plain(f" {code.lower().replace('-', ' ')}\n") == codes.plain(code)
        assert len(codes.plain(code)) == 16
