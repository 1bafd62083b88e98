"""Points reach every server with all their digits, and its owner is read from the right place."""

import json

from bench.geo import questions
from bench.geo.points import Position

POSITION = Position(127.01770899120459, 37.279256198970984)


def test_no_digit_of_a_position_is_lost() -> None:
    for question in (questions.OURS, questions.TIPG_LEAN, questions.MAPIT):
        path = question.about(POSITION).path
        assert "127.01770899120459" in path
        assert "37.279256198970984" in path


def test_many_points_go_in_one_request_longitude_first() -> None:
    request = questions.bulk_request([POSITION])
    assert json.loads(request.body or "") == {"points": [[POSITION.lon, POSITION.lat]]}


def test_our_answer_names_the_neighbourhood_and_how_sure_it_is() -> None:
    body = json.dumps({"emd": {"code": "11140103"}, "match": "nearest"})
    assert questions.our_codes(body) == ("11140103", True)


def test_our_refusal_names_nobody() -> None:
    assert questions.our_codes(json.dumps({"code": "point_outside_korea"})) == (None, False)


def test_our_answer_about_many_keeps_the_gaps() -> None:
    body = json.dumps({"items": [{"code": "11140103"}, None]})
    assert questions.bulk_codes(body) == ["11140103", None]


def test_a_peer_may_name_several() -> None:
    rows = [{"code": "2"}, {"code": "1"}]
    assert questions.tipg_codes(json.dumps(rows)) == ("1", "2")


def test_mapit_is_read_at_the_level_that_was_asked_for() -> None:
    areas = {
        "7": {"type": "EMD", "codes": {"legal": "11140103"}},
        "8": {"type": "SIGUNGU", "codes": {"legal": "11140"}},
    }
    assert questions.mapit_codes("SIGUNGU")(json.dumps(areas)) == ("11140",)
