"""A field of a peer is missed only when ours has it neither by name nor by value."""

from bench.geo.answer_fields import flatten, lacking


def test_paths_say_where_a_value_stands() -> None:
    answer = {"a": {"b": 1}, "c": [{"d": 2}, {"d": 3}], "e": [4, 5], "f": {}}
    assert flatten(answer) == {"a.b": [1], "c[].d": [2, 3], "e": [[4, 5]], "f": [{}]}


def test_a_field_of_the_same_name_is_had() -> None:
    assert lacking([{"properties": {"code": "11"}}], [{"emd": {"code": "26"}}]) == []


def test_a_field_of_another_name_is_had_when_its_values_are() -> None:
    theirs = [{"id": 1}, {"id": 2}]
    assert lacking(theirs, [{"feature_id": 1}, {"feature_id": 2}]) == []


def test_values_have_to_match_in_every_answer() -> None:
    theirs = [{"id": 1}, {"id": 2}]
    assert lacking(theirs, [{"feature_id": 1}, {"feature_id": 3}]) == ["id"]


def test_a_constant_that_happens_to_be_equal_proves_nothing() -> None:
    theirs = [{"returned": 1}, {"returned": 1}]
    assert lacking(theirs, [{"generation_id": 1}, {"generation_id": 1}]) == ["returned"]


def test_a_field_of_some_answers_only_is_found() -> None:
    assert lacking([{"a": 1}, {"b": 2}], [{"a": 1}, {"a": 1}]) == ["b"]
