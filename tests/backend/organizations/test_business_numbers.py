"""The business registration number and its check digit."""

import pytest

from backend.organizations.business_numbers import (
    InvalidBusinessNumber,
    normalize_business_number,
)


@pytest.mark.parametrize("text", ["1234567891", "123-45-67891", " 123 45 67891 "])
def test_a_number_is_read_however_it_is_grouped(text: str) -> None:
    assert normalize_business_number(text) == "1234567891"


@pytest.mark.parametrize("position", range(10))
def test_one_mistyped_digit_is_found(position: int) -> None:
    digits = list("1234567891")
    digits[position] = str((int(digits[position]) + 1) % 10)
    with pytest.raises(InvalidBusinessNumber):
        normalize_business_number("".join(digits))


@pytest.mark.parametrize(
    "text", ["", "123456789", "12345678911", "abcdefghij", "0000000000", "１２３４５６７８９１"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidBusinessNumber):
        normalize_business_number(text)
