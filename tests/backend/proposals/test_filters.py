"""The public list is narrowed down by place, time, state and words, in time, and in one order."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from backend.proposals.filters import Wanted, narrow
from backend.proposals.models import Proposal
from geo.areas import Circle
from tests.support.people import BEFORE, CITY_HALL
from tests.support.proposals import make_decided, make_draft, make_submitted

URL = "/api/v1/proposals"
DAY = BEFORE + timedelta(days=100)
HALL, BEACH = "시청 앞", "해변"
LON, LAT = CITY_HALL


@pytest.fixture
def listed(client: FlaskClient, session: Session) -> Any:
    """Ask for the titles of what a query finds among two proposals, a draft and one taken back."""
    make_decided(session, title=HALL, now=DAY)
    make_submitted(
        session, title=BEACH, category="sea", now=DAY + timedelta(days=1),
        location={"lon": 129.1604, "lat": 35.1587},
    )  # fmt: skip
    make_draft(session, title="초안")

    def ask(**query: str) -> list[str]:
        answer = client.get(URL, query_string=query)
        assert answer.status_code == 200, answer.json
        return [item["title"] for item in answer.json["items"]]

    return ask


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "adopted,submitted"}, [BEACH, HALL]),
        ({"status": "adopted,adopted"}, [HALL]),
        ({"status": "rejected,withdrawn"}, []),
        ({"category": "sea,safety"}, [BEACH, HALL]),
        ({"category": "sea,traffic"}, [BEACH]),
        ({"bbox": "126.9,37.5,127.1,37.6"}, [HALL]),
        ({"bbox": "124,33,132,39"}, [BEACH, HALL]),
        ({"bbox": "-10,40,10,50"}, []),
        ({"near": f"{LON},{LAT},500"}, [HALL]),
        ({"near": "129.1604,35.1587,100000"}, [BEACH]),
        ({"near": f"{LON},{LAT},100000", "category": "sea"}, []),
        ({"submitted_from": DAY.isoformat()}, [BEACH, HALL]),
        ({"submitted_from": (DAY + timedelta(seconds=1)).isoformat()}, [BEACH]),
        ({"submitted_to": DAY.isoformat()}, []),
        ({"submitted_to": (DAY + timedelta(seconds=1)).isoformat()}, [HALL]),
    ],
)
def test_the_list_is_narrowed_down(listed: Any, query: dict[str, str], found: list[str]) -> None:
    assert listed(**query) == found


def test_a_circle_goes_by_the_rounded_point_in_metres(
    client: FlaskClient, session: Session
) -> None:
    """Whoever asks with ever smaller circles finds the point that everybody is shown, not more."""
    proposal = make_submitted(session)
    shown = client.get(f"{URL}/{proposal.id}").json["place"]

    def finds(lon: float, lat: float, radius_m: float) -> bool:
        answer = client.get(URL, query_string={"near": f"{lon},{lat},{radius_m}"})
        return len(answer.json["items"]) == 1

    assert (shown["lon"], shown["lat"]) != CITY_HALL
    assert finds(shown["lon"], shown["lat"], 0.5)
    assert not finds(LON, LAT, 0.5)
    # A thousandth of a degree is 88 m to the east here, and 111 m to the north.
    east, north = (shown["lon"] + 0.001, shown["lat"]), (shown["lon"], shown["lat"] + 0.001)
    assert [finds(*east, radius_m) for radius_m in (86, 90)] == [False, True]
    assert [finds(*north, radius_m) for radius_m in (109, 113)] == [False, True]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("status=submitted,draft", "Must be one of"),
        ("status=", "Must be one of"),
        ("category=sea,", "Must be one of"),
        ("bbox=1,2,3", "Not a box"),
        ("bbox=37.4,126.7,37.7,127.2", "swapped"),
        ("bbox=127,37,126,38", "Not a box"),
        ("bbox=nan,37,127,38", "Not a box"),
        ("near=126.9,37.5", "Not a circle"),
        ("near=126.9,37.5,x", "Not a circle"),
        ("near=37.5,126.9,100", "swapped"),
        ("near=2.3,48.8,100", "Not a position in or around Korea"),
        ("near=126.9,37.5,0", "A radius is"),
        ("near=126.9,37.5,100001", "A radius is"),
        ("near=126.9,37.5,nan", "A radius is"),
        ("near=inf,37.5,10", "Not a position"),
        ("submitted_from=2026-01-01", "Not a valid aware datetime"),
        ("submitted_to=2026-01-01T00:00:00", "Not a valid aware datetime"),
        ("submitted_from=1200-01-01T00:00:00Z", "Not a time of our days"),
    ],
)
def test_a_range_that_is_none_is_explained(client: FlaskClient, query: str, message: str) -> None:
    name = query.partition("=")[0]
    for language in ("en", "ko"):
        answer = client.get(f"{URL}?{query}", headers={"Accept-Language": language})
        assert (answer.status_code, list(answer.json["errors"])) == (422, [f"query.{name}"])
        said = answer.json["errors"][f"query.{name}"][0]
        assert (message in said) == (language == "en"), said


def test_a_time_that_ends_before_it_begins_is_explained(client: FlaskClient) -> None:
    query = {"submitted_from": DAY.isoformat(), "submitted_to": DAY.isoformat()}
    answer = client.get(URL, query_string=query)
    assert answer.json["errors"] == {"query.submitted_to": ["끝이 시작보다 앞섭니다."]}


def test_a_narrowed_list_pages_with_its_query(client: FlaskClient, session: Session) -> None:
    for number in range(3):
        make_submitted(session, title=f"{number}", now=DAY)
    query = {"near": f"{LON},{LAT},500", "limit": "2", "fields": "title", "status": "submitted"}
    first = client.get(URL, query_string=query)
    following = client.get(first.headers["Link"].partition("<")[2].partition(">")[0])
    titles = [item["title"] for page in (first, following) for item in page.json["items"]]
    assert sorted(titles) == ["0", "1", "2"]
    assert "Link" not in following.headers


def test_a_list_that_is_the_same_is_not_sent_again(client: FlaskClient, session: Session) -> None:
    make_submitted(session)
    path = f"{URL}?category=safety"
    tag = client.get(path).headers["ETag"]
    known = {"If-None-Match": tag}
    assert client.get(path, headers=known).status_code == 304
    assert client.head(path, headers=known).status_code == 304
    make_submitted(session)
    assert client.get(path, headers=known).status_code == 200


def test_a_head_is_a_get_without_its_body(client: FlaskClient, session: Session) -> None:
    make_submitted(session)
    make_submitted(session)
    got, asked = client.get(f"{URL}?limit=1"), client.head(f"{URL}?limit=1")
    assert (asked.status_code, asked.data) == (200, b"")
    for name in ("ETag", "Link", "Content-Length", "Content-Type", "Cache-Control", "Vary"):
        assert asked.headers[name] == got.headers[name]


@pytest.fixture
def crowded(session: Session) -> Session:
    """A session on a table with five thousand proposals, all over the country."""
    like = make_submitted(session, title="가로등")
    session.execute(text("SET LOCAL statement_timeout = 0"))
    columns = [column.name for column in Proposal.__table__.columns]
    other = {
        "id": "gen_random_uuid()",
        "title": "'평범한 제안 ' || md5(n::text)",
        "geom": "NULL",
        "accuracy_m": "NULL",
        "public_geom": "ST_SetSRID(ST_MakePoint(126 + (n % 300) / 100.0, 35 + n / 10000.0), 4326)",
        "submitted_at": "submitted_at - n * interval '1 minute'",
    }
    values = ", ".join(other.get(name, name) for name in columns)
    session.execute(
        text(
            f"INSERT INTO proposal ({', '.join(columns)}) SELECT {values}"  # noqa: S608 (ours)
            " FROM proposal, generate_series(1, 5000) n WHERE id = :like"
        ),
        {"like": like.id},
    )
    # As autovacuum would by and by.
    session.execute(text("SELECT gin_clean_pending_list('ix_proposal_text_trgm')"))
    session.execute(text("ANALYZE proposal"))
    return session


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(q="소화전알림"), "ix_proposal_text_trgm"),
        (Wanted(q="비상벨을 소화전알림"), "ix_proposal_text_trgm"),
        (Wanted(circle=Circle(LON, LAT, 300)), "ix_proposal_public_geom"),
    ],
)
def test_what_is_rare_is_found_by_its_index(crowded: Session, wanted: Wanted, index: str) -> None:
    statement = narrow(select(Proposal), wanted)
    statement = statement.order_by(Proposal.submitted_at.desc(), Proposal.id.desc()).limit(21)
    compiled = statement.compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    plan = crowded.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}").scalar_one()
    shown = json.dumps(plan, indent=1)
    assert index in shown, shown
    assert "Seq Scan" not in shown
