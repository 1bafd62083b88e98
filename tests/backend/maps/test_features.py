"""Proposals and placements as GeoJSON: what is in, what is not, and how it is bounded."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.proposals.models import Proposal
from backend.rounds.models import MatchingRun
from geo.disclosure import public_point
from tests.conftest import NOW
from tests.support.maps import BUSAN_EMD, PublishedRound
from tests.support.people import CITY_HALL, CITY_HALL_EMD
from tests.support.proposals import make_draft, make_submitted
from tests.support.rounds import PRICE_KRW, approve, close, make_open_round, run

PLACEMENTS = "/api/v1/maps/placements"
PROPOSALS = "/api/v1/maps/proposals"
AROUND_CITY_HALL = "126.97,37.56,126.99,37.57"
AROUND_BUSAN = "129.0,35.1,129.2,35.3"


def ids(client: FlaskClient, path: str) -> list[str]:
    """Return the ids of the features, after checking that they are RFC 7946."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/geo+json"
    assert answer.json["type"] == "FeatureCollection"
    return [feature["id"] for feature in answer.json["features"]]


def test_a_placement_stands_at_its_site_with_what_a_mark_says(
    client: FlaskClient, published: PublishedRound
) -> None:
    features = client.get(PLACEMENTS).json["features"]
    near = next(one for one in features if one["id"] == str(published.near_placement.id))
    assert near == {
        "type": "Feature",
        "id": str(published.near_placement.id),
        "geometry": {"type": "Point", "coordinates": list(CITY_HALL)},
        "properties": {
            "product_id": str(published.product.id),
            "product_name": published.product.name_ko,
            "category": "safety",
            "institution_id": str(published.near.organization_id),
            "institution_name": "중구보건소",
            "emd_code": CITY_HALL_EMD,
            "sigungu_code": "11140",
            "place_name": "서울특별시 중구 태평로1가",
            "residence_tier": 0,
            "amount_krw": PRICE_KRW,
            "round": published.round.code,
            "placed_at": near["properties"]["placed_at"],
            "is_synthetic": False,
            "is_sample": False,
        },
    }


def test_a_placement_abroad_is_there_without_a_korean_place(
    client: FlaskClient, published: PublishedRound
) -> None:
    features = client.get(PLACEMENTS).json["features"]
    abroad = next(one for one in features if one["id"] == str(published.abroad_placement.id))
    assert abroad["geometry"]["coordinates"] == [105.8542, 21.0285]
    assert abroad["properties"]["place_name"] is None


def test_names_follow_the_reader(client: FlaskClient, published: PublishedRound) -> None:
    english = client.get(PLACEMENTS, headers={"Accept-Language": "en"})
    names = {feature["properties"]["product_name"] for feature in english.json["features"]}
    assert names == {published.product.name_en}
    assert english.headers["Content-Language"] == "en"
    assert "Accept-Language" in english.vary


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("region_code=11", ["near"]),
        ("region_code=11140", ["near"]),
        ("region_code=1114010300", ["near"]),
        ("region_code=11140102", []),
        ("region_code=26", []),
        ("category=safety", ["abroad", "near"]),
        ("category=traffic", []),
        (f"bbox={AROUND_CITY_HALL}", ["near"]),
        (f"bbox={AROUND_BUSAN}", []),
        ("round=2000-1", []),
        (f"bbox={AROUND_CITY_HALL}&region_code=26", []),
    ],
)
def test_placements_are_filtered(
    client: FlaskClient, published: PublishedRound, query: str, expected: list[str]
) -> None:
    known = {
        str(published.near_placement.id): "near",
        str(published.abroad_placement.id): "abroad",
    }
    found = ids(client, f"{PLACEMENTS}?{query}")
    assert sorted(known[one] for one in found) == expected


def test_placements_of_one_round(client: FlaskClient, published: PublishedRound) -> None:
    assert len(ids(client, f"{PLACEMENTS}?round={published.round.code}")) == 2


def test_a_plan_that_is_not_published_shows_nothing(
    client: FlaskClient, session: Session, published: PublishedRound
) -> None:
    policy = {"exclude_piloted": False}
    round_, _ = make_open_round(session, published.product, policy=policy)
    close(session, round_)
    approve(session, run(session, round_))
    assert ids(client, f"{PLACEMENTS}?round={round_.code}") == []


def test_a_superseded_plan_shows_nothing(
    client: FlaskClient, session: Session, published: PublishedRound
) -> None:
    session.execute(update(MatchingRun).values(superseded_at=NOW + timedelta(days=20)))
    session.commit()
    assert ids(client, PLACEMENTS) == []


def test_a_proposal_is_shown_at_its_public_point_and_without_its_author(
    client: FlaskClient, published: PublishedRound
) -> None:
    features = client.get(f"{PROPOSALS}?status=adopted").json["features"]
    assert [feature["id"] for feature in features] == [str(published.answered.id)]
    assert features[0]["geometry"]["coordinates"] == list(public_point(*CITY_HALL))
    assert set(features[0]["properties"]) == {
        "title", "category", "status", "emd_code", "sigungu_code", "place_name", "submitted_at",
        "endorsement_count", "is_synthetic",
    }  # fmt: skip


def test_drafts_and_withdrawn_proposals_are_nobodys_business(
    client: FlaskClient, session: Session
) -> None:
    make_draft(session)
    withdrawn = make_submitted(session)
    session.execute(
        update(Proposal)
        .where(Proposal.id == withdrawn.id)
        .values(status="withdrawn", withdrawn_at=NOW)
    )
    session.commit()
    assert ids(client, PROPOSALS) == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("region_code=11", 2),
        (f"region_code={CITY_HALL_EMD}", 2),
        (f"region_code={BUSAN_EMD}", 0),
        ("category=traffic", 1),
        ("status=submitted", 1),
        (f"bbox={AROUND_CITY_HALL}", 2),
        (f"bbox={AROUND_BUSAN}", 0),
    ],
)
def test_proposals_are_filtered(
    client: FlaskClient, published: PublishedRound, query: str, count: int
) -> None:
    assert len(ids(client, f"{PROPOSALS}?{query}")) == count


def test_a_list_that_is_cut_says_so_and_keeps_the_newest(
    client: FlaskClient, published: PublishedRound
) -> None:
    answer = client.get(f"{PROPOSALS}?limit=1").json
    assert answer["truncated"] is True
    assert [one["id"] for one in answer["features"]] == [str(published.waiting.id)]
    assert client.get(f"{PROPOSALS}?limit=2").json["truncated"] is False


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("bbox=1,2,3", "query.bbox"),
        ("bbox=west,south,east,north", "query.bbox"),
        ("bbox=127,37,126,38", "query.bbox"),
        ("bbox=126,37,127,nan", "query.bbox"),
        ("bbox=126,37,inf,38", "query.bbox"),
        ("limit=0", "query.limit"),
        ("limit=2001", "query.limit"),
        ("region_code=서울", "query.region_code"),
        ("category=unheard-of", "query.category"),
        ("color=blue", "query.color"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(
    client: FlaskClient, query: str, field: str
) -> None:
    answer = client.get(f"{PLACEMENTS}?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_a_box_with_swapped_axes_is_explained(client: FlaskClient) -> None:
    answer = client.get(f"{PLACEMENTS}?bbox=37,126,38,127")
    assert answer.status_code == 422
    assert answer.json["errors"]["query.bbox"] == [
        "경도와 위도가 서로 바뀐 것 같습니다. 서,남,동,북 순서로 적어 주세요."
    ]


def test_an_answer_that_the_reader_has_is_not_sent_again(
    client: FlaskClient, published: PublishedRound
) -> None:
    first = client.get(PLACEMENTS)
    again = client.get(PLACEMENTS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    english = client.get(
        PLACEMENTS, headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "en"}
    )
    assert english.status_code == 200
