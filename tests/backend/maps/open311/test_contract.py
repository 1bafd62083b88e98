"""The contract with civic tools: GeoReport v2, the half of it that reads, in JSON."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from geo.disclosure import public_point
from tests.conftest import Clock
from tests.support.maps import PublishedRound
from tests.support.people import CITY_HALL
from tests.support.proposals import make_draft

API = "/open311/v2"
SINCE_SPRING = "start_date=2026-03-01T00:00:00Z"


def read(client: FlaskClient, path: str) -> Any:
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    return answer.json


def errors(client: FlaskClient, path: str, **headers: str) -> tuple[int, Any]:
    answer = client.get(f"{API}/{path}", headers=headers)
    assert answer.mimetype == "application/json"
    assert all(set(error) == {"code", "description"} for error in answer.json)
    return answer.status_code, answer.json


def names(published: PublishedRound, found: list[dict[str, Any]]) -> list[str]:
    known = {str(published.answered.id): "answered", str(published.waiting.id): "waiting"}
    return sorted(known[one["service_request_id"]] for one in found)


def test_the_discovery_says_where_and_how(client: FlaskClient) -> None:
    (endpoint,) = read(client, "discovery.json")["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://localhost/open311/v2"
    assert endpoint["formats"] == ["application/json"]


def test_categories_are_services(client: FlaskClient) -> None:
    services = read(client, "services.json?jurisdiction_id=anything")
    assert services[0] == {
        "service_code": "safety",
        "service_name": "생활안전",
        "description": "생활안전",
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": "",
    }
    english = client.get(f"{API}/services.json", headers={"Accept-Language": "en"}).json
    assert english[0]["service_name"] == "Everyday safety"


def test_a_proposal_is_a_service_request(client: FlaskClient, published: PublishedRound) -> None:
    (request,) = read(client, f"requests/{published.answered.id}.json")
    lon, lat = public_point(*CITY_HALL)
    assert request == {
        "service_request_id": str(published.answered.id),
        "status": "closed",
        "status_notes": "채택",
        "service_name": "생활안전",
        "service_code": "safety",
        "description": f"{published.answered.title}\n{published.answered.problem}",
        "agency_responsible": "서울특별시 중구",
        "service_notice": None,
        "requested_datetime": request["requested_datetime"],
        "updated_datetime": request["updated_datetime"],
        "expected_datetime": None,
        "address": "서울특별시 중구 태평로1가",
        "address_id": None,
        "zipcode": None,
        "lat": lat,
        "long": lon,
        "media_url": None,
    }
    assert request["requested_datetime"] < request["updated_datetime"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["answered", "waiting"]),
        ("&status=open", ["waiting"]),
        ("&status=closed", ["answered"]),
        ("&status=open,closed", ["answered", "waiting"]),
        ("&service_code=traffic", ["waiting"]),
        ("&service_code=traffic,safety", ["answered", "waiting"]),
        ("&service_code=sea", []),
        ("&end_date=2026-03-02T00:00:00Z", []),
    ],
)
def test_requests_are_filtered(
    client: FlaskClient, published: PublishedRound, query: str, expected: list[str]
) -> None:
    found = read(client, f"requests.json?{SINCE_SPRING}{query}")
    assert names(published, found) == expected


def test_ids_count_more_than_all_else(client: FlaskClient, published: PublishedRound) -> None:
    both = f"{published.waiting.id},{published.answered.id}"
    found = read(client, f"requests.json?service_request_id={both}&status=open")
    assert names(published, found) == ["answered", "waiting"]


def test_without_dates_the_last_ninety_days_count(
    client: FlaskClient, clock: Clock, published: PublishedRound
) -> None:
    assert read(client, "requests.json") == []
    clock.time = published.waiting.submitted_at + timedelta(days=89)
    assert names(published, read(client, "requests.json")) == ["answered", "waiting"]


def test_a_draft_is_no_service_request(client: FlaskClient, session: Session) -> None:
    draft = make_draft(session)
    status, (error,) = errors(client, f"requests/{draft.id}.json")
    assert (status, error["code"]) == (404, 404)
    assert read(client, f"requests.json?service_request_id={draft.id}") == []


@pytest.mark.parametrize(
    "query",
    [
        "status=half-open",
        "service_code=unheard-of",
        "service_request_id=1",
        "start_date=yesterday",
        "start_date=2026-03-01T00:00:00Z&end_date=2026-05-31T00:00:00Z",
        "start_date=2026-03-02T00:00:00Z&end_date=2026-03-01T00:00:00Z",
        "lat=37.5&long=127&radius=100",
    ],
)
def test_what_makes_no_sense_is_refused_in_their_words(client: FlaskClient, query: str) -> None:
    status, (error,) = errors(client, f"requests.json?{query}")
    assert (status, error["code"]) == (400, 400)


def test_there_is_no_xml(client: FlaskClient) -> None:
    assert errors(client, "requests.xml")[0] == 406
    assert errors(client, "services.json", Accept="text/xml")[0] == 406
