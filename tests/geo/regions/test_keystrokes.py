"""Korean as keystrokes: a name in progress begins the name."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from geo.regions.keystrokes import compose, initials_of, keys_of, without_begun

KOREAN = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=8)


def test_the_keys_are_those_of_the_standard_keyboard() -> None:
    assert keys_of("태평로1가") == "xovudfh1rk"
    assert keys_of("괜찮아 뛰어 없다 의") == "rhoscksgdk Enldj djqtek dml"


def test_initials_keep_digits() -> None:
    assert initials_of("태평로1가") == "xvf1r"


@given(KOREAN)
def test_each_input_of_a_name_begins_its_keys(name: str) -> None:
    keys = keys_of(name)
    states = [*unicodedata.normalize("NFD", name)]
    for end in range(1, len(states) + 1):
        assert keys.startswith(keys_of(compose("".join(states[:end]))))


@given(KOREAN)
def test_decomposed_and_composed_text_are_one(name: str) -> None:
    assert compose(unicodedata.normalize("NFD", name)) == name


def test_letters_of_every_kind_are_those_of_a_keyboard() -> None:
    assert compose("\u1110\u1111\u1105") == "ㅌㅍㄹ"
    assert compose("ﾡﾤ") == "ㄱㄴ"
    assert compose("ㄳ") == "ㄱㅅ"
    assert compose("ㅎㅛㅈㅏ") == "효자"


def test_a_syllable_just_begun_is_left_out() -> None:
    assert [without_begun(text) for text in ("태평롲", "태평로ㅈ", "태평로", "x", "")] == [
        "태평로", "태평로", "태평로", "x", "",
    ]  # fmt: skip
