"""Owns the business registration number (사업자등록번호) of Korea's National Tax Service."""

import re

_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


class InvalidBusinessNumber(ValueError):
    """A text that is no business registration number, or one with a typing mistake in it."""


def normalize_business_number(text: str) -> str:
    """Return the ten digits of a number, however it is grouped (``123-45-67891``).

    The tenth digit checks the nine before it, as the National Tax Service publishes: each times
    its weight, plus the tens of the ninth's product, fill up to the next ten.

    :raises InvalidBusinessNumber: when there are not ten digits, or the last does not fit.
    """
    digits = re.sub(r"[\s-]", "", text, flags=re.ASCII)
    if not re.fullmatch(r"[0-9]{10}", digits) or digits == "0" * 10:
        msg = "not ten digits"
        raise InvalidBusinessNumber(msg)
    numbers = [int(digit) for digit in digits]
    total = sum(n * weight for n, weight in zip(numbers, _WEIGHTS, strict=False))
    total += numbers[8] * _WEIGHTS[8] // 10
    if (10 - total % 10) % 10 != numbers[9]:
        msg = "the check digit does not fit"
        raise InvalidBusinessNumber(msg)
    return digits
