"""Institutions near a point: the nearest first, and how many by distance."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.organizations.models import Institution, Organization
from backend.organizations.nearby import places_of
from geo.proximity import find_nearest
from tests.support import people
from tests.support.plans import nodes, plan_of

CITY_HALL = {"lon": people.CITY_HALL[0], "lat": people.CITY_HALL[1]}


@pytest.fixture
def three(session: Session) -> dict[str, Institution]:
    """A health centre here, a fire station half a kilometre away, a health centre in Busan."""
    return {
        "here": people.make_institution(session),
        "near": people.make_institution(
            session,
            name_ko="중부소방서",
            institution_type="fire",
            site=(126.9835, 37.5663),
            emd_code="11140104",
        ),
        "far": people.make_institution(
            session, name_ko="연제구보건소", site=(129.0867, 35.1756), emd_code="26470102"
        ),
    }


def near(client: FlaskClient, **query: object) -> Any:
    answer = client.get("/api/v1/institutions/nearest", query_string=CITY_HALL | query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_nearest_come_first_with_their_distances(
    client: FlaskClient, three: dict[str, Institution]
) -> None:
    items = near(client)["items"]
    assert [item["institution"]["name_ko"] for item in items] == ["중구보건소", "중부소방서"]
    assert [item["distance_m"] for item in items] == [0.0, pytest.approx(494.5, abs=1.5)]


def test_a_type_is_looked_for_alone(client: FlaskClient, three: dict[str, Institution]) -> None:
    items = near(client, type="fire")["items"]
    assert [item["institution"]["name_ko"] for item in items] == ["중부소방서"]


def test_bands_count_all_whatever_the_limit(
    client: FlaskClient, three: dict[str, Institution]
) -> None:
    found = near(client, limit=1, bands_m="1000,100,100000")
    assert len(found["items"]) == 1
    assert found["bands"] == [
        {"within_m": 100.0, "count": 1},
        {"within_m": 1000.0, "count": 2},
        {"within_m": 100000.0, "count": 2},
    ]


def test_bodies_abroad_and_closed_ones_are_never_near(
    client: FlaskClient, session: Session, three: dict[str, Institution]
) -> None:
    people.make_overseas_institution(session, name_ko="뉴욕 시립병원", site=(-73.9857, 40.7484))
    people.make_overseas_institution(session, name_ko="베이징 병원", site=(124.5, 40.1))
    three["here"].organization.closed_at = people.BEFORE
    session.commit()
    found = near(client, radius_m=100_000, bands_m="100000")
    assert [item["institution"]["name_ko"] for item in found["items"]] == ["중부소방서"]
    assert found["bands"][0]["count"] == 1


def test_a_moved_institution_is_near_where_it_is(
    client: FlaskClient, session: Session, three: dict[str, Institution]
) -> None:
    session.execute(
        text(
            "UPDATE institution SET site_geom = ST_SetSRID(ST_MakePoint(126.99, 37.5663), 4326)"
            " WHERE institution_type = 'health_centre'"
        )
    )
    session.commit()
    assert near(client)["items"][0]["institution"]["name_ko"] == "중부소방서"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"lon": 37.5663, "lat": 126.9779}, "coordinates_swapped"),
        ({"lon": 127.0, "lat": 95.0}, "coordinates_invalid"),
        ({"lon": 139.7, "lat": 35.7}, "point_outside_korea"),
        ({"radius_m": 100_001}, "fields_invalid"),
        ({"radius_m": "nan"}, "fields_invalid"),
        ({"limit": 51}, "fields_invalid"),
        ({"bands_m": "1,2,3,4,5,6"}, "fields_invalid"),
        ({"bands_m": "far"}, "fields_invalid"),
        ({"type": "bakery"}, "fields_invalid"),
    ],
)
def test_a_question_without_an_answer_gets_a_reason(
    client: FlaskClient, query: dict[str, object], code: str
) -> None:
    answer = client.get("/api/v1/institutions/nearest", query_string=CITY_HALL | query)
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_the_index_gives_the_order_of_many_institutions(
    connection: Connection, session: Session
) -> None:
    generation, labels = 0, []
    for row in connection.execute(
        text("SELECT generation_id, code, ST_AsEWKT(label_point) AS at FROM region WHERE level = 3")
    ):
        generation = row.generation_id
        labels += [(row.code, row.at)] * 2
    ids = [new_id() for _ in labels]
    connection.execute(
        insert(Organization),
        [
            {"id": id_, "kind": "institution", "name_ko": "보건소", "created_at": people.BEFORE,
             "is_synthetic": True}
            for id_ in ids
        ],
    )  # fmt: skip
    connection.execute(
        insert(Institution),
        [
            {"organization_id": id_, "institution_type": "police", "scope": "nationwide",
             "jurisdiction_codes": [], "site_geom": at, "site_emd_code": code,
             "generation_id": generation}
            for id_, (code, at) in zip(ids, labels, strict=True)
        ],
    )  # fmt: skip
    connection.execute(text("ANALYZE institution"))
    connection.execute(text("ANALYZE organization"))

    places = places_of("police")
    plan = plan_of(
        connection,
        lambda: find_nearest(session, places, *people.CITY_HALL, radius_m=50_000, limit=10),
    )
    scan = next(node for node in nodes(plan) if node.get("Relation Name") == "institution")
    assert scan["Index Name"] == "ix_institution_site_geom_5179"
    assert "<->" in scan["Order By"]
    kinds = [node["Node Type"] for node in nodes(plan)]
    assert "Sort" not in kinds[kinds.index("Limit", 1) :]
