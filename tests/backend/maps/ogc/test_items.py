"""Features of the layers (OGC 17-069r4): pages, filters, one feature; named for requirements."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.organizations.models import Organization
from backend.proposals.models import Proposal
from geo.disclosure import public_point
from tests.backend.maps.ogc.reading import COLLECTIONS, features, href, ids, pages
from tests.conftest import NOW
from tests.support.maps import BUSAN_EMD, PublishedRound
from tests.support.people import CITY_HALL, CITY_HALL_EMD
from tests.support.proposals import make_draft

SIGUNGU = f"{COLLECTIONS}/sigungu/items"
EMD = f"{COLLECTIONS}/emd/items"
PROPOSALS = f"{COLLECTIONS}/proposals/items"
PLACEMENTS = f"{COLLECTIONS}/placements/items"
INSTITUTIONS = f"{COLLECTIONS}/institutions/items"
AROUND_CITY_HALL = "126.97,37.56,126.99,37.57"
AROUND_HANOI = "105,20,106,22"


def test_pages_hold_all_sigungu_once_and_in_order(client: FlaskClient) -> None:
    """/req/core/fc-links and fc-numberReturned, fc-numberMatched."""
    read = list(pages(client, f"{SIGUNGU}?limit=100"))
    assert {page["numberMatched"] for page in read} == {252}
    assert all(page["numberReturned"] == len(page["features"]) <= 100 for page in read)
    codes = [feature["id"] for page in read for feature in page["features"]]
    assert len(codes) == 252
    assert codes == sorted(set(codes))


def test_a_page_ends_where_its_bytes_do(client: FlaskClient) -> None:
    answer = client.get(f"{SIGUNGU}?limit=252")
    assert answer.json["numberReturned"] < 252
    assert len(answer.data) < 6_000_000
    assert href(answer.json, "next") is not None


def test_a_larger_limit_counts_as_the_maximum(client: FlaskClient) -> None:
    """/req/core/fc-limit-response-1."""
    first = next(pages(client, f"{EMD}?limit=5000&region_code=11"))
    assert 0 < first["numberReturned"] <= 1000


def test_without_a_limit_the_default_counts(client: FlaskClient) -> None:
    """/req/core/fc-limit-response-1."""
    assert client.get(f"{EMD}?region_code=11").json["numberReturned"] == 100


def test_the_next_page_keeps_the_question(client: FlaskClient) -> None:
    """/req/core/fc-links."""
    codes = ids(client, f"{EMD}?region_code=11140&limit=7")
    assert len(codes) > 7
    assert all(code.startswith("11140") for code in codes)


def test_a_region_has_the_attributes_that_a_gis_wants(client: FlaskClient) -> None:
    feature = client.get(f"{SIGUNGU}/11140").json
    assert feature["id"] == "11140"
    assert feature["geometry"]["type"] == "MultiPolygon"
    said = feature["properties"]
    assert 9 < said.pop("area_km2") < 11
    assert isinstance(said.pop("tile_feature_id"), int)
    assert isinstance(said.pop("generation_id"), int)
    said.pop("name_en")
    assert said == {
        "code": "11140",
        "legal_dong_code": "1114000000",
        "level": "sigungu",
        "name": "중구",
        "full_name": "서울특별시 중구",
        "local_government_code": "11140",
        "provenance": said["provenance"],
        "data_date": "2025-11-30",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("code=11140", ["11140"]),
        ("region_code=1114010300", []),
        ("region_code=36", ["36110"]),
        ("local_government_code=44130", ["44131", "44133"]),
        (f"bbox={AROUND_CITY_HALL}", ["11110", "11140"]),
        ("bbox=126.97,37.56,-10,126.99,37.57,500", ["11110", "11140"]),
        ("bbox=126.978,37.566,126.978,37.566", ["11140"]),
        ("bbox=170,-20,-170,20", []),
        ("bbox=131.8,37.2,-170,37.6", ["47940"]),
        ("code=11140&datetime=2026-01-01T00:00:00Z", ["11140"]),
        ("code=11140&datetime=2020-01-01T00:00:00Z/..", ["11140"]),
        ("code=11140&datetime=../2025-11-29T15:00:00Z", ["11140"]),
        ("code=11140&datetime=../2025-11-29T14:59:59Z", []),
        ("code=11140&bbox=129,35,130,36", []),
    ],
)
def test_regions_are_filtered(client: FlaskClient, query: str, expected: list[str]) -> None:
    """/req/core/fc-bbox-response, fc-time-response, rec fc-filters."""
    assert ids(client, f"{SIGUNGU}?{query}") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("region_code=11", {"near"}),
        (f"region_code={BUSAN_EMD}", set()),
        ("category=safety", {"near", "abroad"}),
        ("round=2000-1", set()),
        (f"bbox={AROUND_HANOI}", {"abroad"}),
        ("datetime=2000-01-01T00:00:00Z/..", {"near", "abroad"}),
        ("datetime=2000-01-01T00:00:00Z/2001-01-01T00:00:00Z", set()),
    ],
)
def test_placements_are_filtered(
    client: FlaskClient, published: PublishedRound, query: str, expected: set[str]
) -> None:
    """/req/core/fc-bbox-response, fc-time-response, rec fc-filters."""
    known = {
        str(published.near_placement.id): "near",
        str(published.abroad_placement.id): "abroad",
    }
    assert {known[one] for one in ids(client, f"{PLACEMENTS}?{query}")} == expected


def test_a_time_is_within_its_own_interval(client: FlaskClient, published: PublishedRound) -> None:
    """/req/core/fc-time-response."""
    moment = features(client, f"{PROPOSALS}?status=adopted")[0]["properties"]["submitted_at"]
    moment = moment.replace("+", "%2B")
    adopted = str(published.answered.id)
    assert adopted in ids(client, f"{PROPOSALS}?datetime={moment}")
    assert adopted in ids(client, f"{PROPOSALS}?datetime={moment}/..")
    assert adopted in ids(client, f"{PROPOSALS}?datetime=/{moment}")


def test_points_are_paged_by_their_ids(client: FlaskClient, published: PublishedRound) -> None:
    """/req/core/fc-links."""
    whole = ids(client, PROPOSALS)
    assert len(whole) == 2
    assert ids(client, f"{PROPOSALS}?limit=1") == whole
    assert "numberMatched" not in client.get(PROPOSALS).json


def test_a_proposal_stands_at_its_public_point(
    client: FlaskClient, published: PublishedRound
) -> None:
    feature = client.get(f"{PROPOSALS}/{published.answered.id}").json
    assert feature["geometry"]["coordinates"] == list(public_point(*CITY_HALL))
    assert set(feature["properties"]) == {
        "title", "category", "status", "emd_code", "sigungu_code", "place_name", "submitted_at",
        "endorsement_count", "is_synthetic", "local_government_name", "decided_at",
    }  # fmt: skip


def test_a_placement_says_what_went_where(client: FlaskClient, published: PublishedRound) -> None:
    feature = client.get(f"{PLACEMENTS}/{published.near_placement.id}").json
    assert feature["geometry"]["coordinates"] == list(CITY_HALL)
    said = feature["properties"]
    assert (said["product_name"], said["product_name_en"]) == (
        published.product.name_ko, published.product.name_en,
    )  # fmt: skip
    assert (said["emd_code"], said["residence_tier"]) == (CITY_HALL_EMD, 0)
    assert said["round"] == published.round.code


def test_an_institution_that_closed_is_not_there_any_more(
    client: FlaskClient, session: Session, published: PublishedRound
) -> None:
    path = f"{INSTITUTIONS}/{published.far.organization_id}"
    assert client.get(path).json["properties"]["name"] == "연제구보건소"
    session.execute(
        update(Organization)
        .where(Organization.id == published.far.organization_id)
        .values(closed_at=NOW - timedelta(days=1))
    )
    session.commit()
    assert client.get(path).status_code == 404


def test_a_feature_links_to_itself_and_its_layer(client: FlaskClient) -> None:
    """/req/core/f-links."""
    feature = client.get(f"{SIGUNGU}/11140").json
    assert href(feature, "self") == f"http://localhost{SIGUNGU}/11140"
    assert href(feature, "collection") == f"http://localhost{COLLECTIONS}/sigungu"


def test_what_is_nobodys_business_is_in_no_layer(
    client: FlaskClient, session: Session, published: PublishedRound
) -> None:
    draft = make_draft(session)
    session.execute(
        update(Proposal)
        .where(Proposal.id == published.waiting.id)
        .values(status="withdrawn", withdrawn_at=NOW)
    )
    session.commit()
    assert ids(client, PROPOSALS) == [str(published.answered.id)]
    for hidden in (draft.id, published.waiting.id):
        assert client.get(f"{PROPOSALS}/{hidden}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        f"{SIGUNGU}/99999",
        f"{SIGUNGU}/11",
        f"{SIGUNGU}/%00",
        f"{SIGUNGU}/중구",
        f"{PROPOSALS}/1",
        f"{PROPOSALS}/00000000-0000-0000-0000-000000000000",
        f"{COLLECTIONS}/gu/items",
        f"{COLLECTIONS}/gu/items/1",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json["code"] in ("feature_not_found", "collection_not_found")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=ten",
        "limit=1&limit=2",
        "bbox=1,2,3",
        "bbox=1,2,3,4,5",
        "bbox=west,south,east,north",
        "bbox=126,38,127,37",
        "bbox=126,37,127,nan",
        "bbox=126,37,inf,38",
        "bbox=37,126,38,127",
        "bbox=126,37,5,127,38,1",
        "datetime=yesterday",
        "datetime=",
        "datetime=2026-01-01",
        "datetime=../..",
        "datetime=2026-02-01T00:00:00Z/2026-01-01T00:00:00Z",
        "datetime=2026-01-01T00:00:00Z/2026-02-01T00:00:00Z/..",
        "after=x",
        "after=WzEsICJcdTAwMDAiXQ",
        "after=WzEsICIxIiwgIjEiXQ",
        "after=Wzk5OSwgIjExIl0",
        "region_code=서울",
        "code=1",
    ],
)
def test_a_value_that_makes_no_sense_is_refused(client: FlaskClient, query: str) -> None:
    """/req/core/query-param-invalid."""
    answer = client.get(f"{SIGUNGU}?{query}")
    assert (answer.status_code, answer.json["code"]) == (400, "parameter_invalid"), answer.text
    assert list(answer.json["errors"]) == [f"query.{query.split('=', maxsplit=1)[0]}"]


@pytest.mark.parametrize("query", ["offset=10", "category=safety", "bbox-crs=x", "properties=name"])
def test_a_parameter_that_the_layer_does_not_have_is_refused(
    client: FlaskClient, query: str
) -> None:
    """/req/core/query-param-unknown."""
    answer = client.get(f"{SIGUNGU}?{query}")
    assert (answer.status_code, answer.json["code"]) == (400, "parameter_unknown")


def test_a_refusal_says_in_the_readers_language_what_is_wrong(client: FlaskClient) -> None:
    path = f"{SIGUNGU}?bbox=37,126,38,127"
    assert "경도와 위도가 서로 바뀐" in client.get(path).json["detail"]
    english = client.get(path, headers={"Accept-Language": "en"}).json["detail"]
    assert english == (
        "The value of “bbox” is not valid. Longitude and latitude seem to be swapped."
    )


def test_a_page_that_the_reader_has_is_not_sent_again(client: FlaskClient) -> None:
    path = f"{COLLECTIONS}/sido/items?limit=1"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]


def test_a_page_is_plain_json_to_whoever_parses_it(
    client: FlaskClient, published: PublishedRound
) -> None:
    """/req/geojson/content: the text that is put together is what a serializer would write."""
    for path in (f"{COLLECTIONS}/sido/items?limit=1", PROPOSALS, PLACEMENTS, INSTITUTIONS):
        page: dict[str, Any] = json.loads(client.get(path).data)
        assert next(iter(page)) == "type"
        assert all(set(one) >= {"type", "id", "geometry", "properties"} for one in page["features"])
