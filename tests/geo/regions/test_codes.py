"""Codes are cut to their level, and garbage is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.regions import InvalidRegionCode, legal_dong_code, level_of, normalize_code


@pytest.mark.parametrize(
    ("given_code", "code"),
    [
        ("5211114200", "52111142"),
        ("5211000000", "52110"),
        ("1100000000", "11"),
        ("4571025622", "45710256"),
        ("11140103", "11140103"),
        ("11140", "11140"),
        ("11", "11"),
        ("11000", "11"),
        ("11140000", "11140"),
    ],
)
def test_a_code_is_cut_to_its_level(given_code: str, code: str) -> None:
    assert normalize_code(given_code) == code


@pytest.mark.parametrize(
    "garbage",
    ["", "1", "111", "1114010", "111401030", "11140103000", "1114010a00", "0114010300",
     "1100010100", "1114000021", "１１", "-1", " 11", "11\n"],
)  # fmt: skip
def test_garbage_is_refused(garbage: str) -> None:
    with pytest.raises(InvalidRegionCode):
        normalize_code(garbage)


@given(st.text(max_size=12))
def test_any_text_gives_a_code_or_a_refusal(text: str) -> None:
    try:
        code = normalize_code(text)
    except InvalidRegionCode:
        return
    assert text.startswith(code)
    assert normalize_code(legal_dong_code(code)) == code
    assert level_of(code) in (1, 2, 3)
