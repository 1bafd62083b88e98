"""Areas that people follow: circles around coarse points, and regions."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import new_id
from backend.jobs.worker import run_jobs
from backend.notifications.areas import telling
from backend.notifications.areas.circles import Circle
from backend.notifications.areas.events import announce_nearby
from backend.notifications.areas.models import AreaEvent
from backend.notifications.areas.service import follow_area
from backend.notifications.models import Notice
from backend.proposals.endorsements import endorse
from backend.proposals.models import Proposal
from backend.reviews.decisions import decide
from tests.conftest import NOW
from tests.support.maps import make_published_round
from tests.support.people import CITY_HALL, CITY_HALL_EMD, make_reviewer, register
from tests.support.proposals import REASON, make_decided, make_submitted

PATH = "/api/v1/me/area-subscriptions"
JUNG = CITY_HALL_EMD[:5]
"""서울특별시 중구."""
AT_CITY_HALL = {"lon": CITY_HALL[0], "lat": CITY_HALL[1], "radius_m": 1000}
GEOD = Geod(ellps="WGS84")
KOREA = st.tuples(st.floats(125, 130), st.floats(33.2, 38.5))


@pytest.fixture
def neighbour(session: Session) -> Account:
    return register(session, email="neighbour@example.com")


@pytest.fixture
def headers(neighbour: Account, sign_in: Any) -> dict[str, str]:
    found: dict[str, str] = sign_in(neighbour.email)
    return found


def follow(session: Session, account: Account, **area: Any) -> None:
    follow_area(session, account_id=account.id, now=NOW, **area)
    session.commit()


def happen(
    session: Session, point: tuple[float, float] = CITY_HALL, emd: str = CITY_HALL_EMD
) -> None:
    """Have a proposal submitted somewhere, and commit."""
    announce_nearby(
        session,
        kind="proposal_near",
        subject_type="proposal",
        subject_id=new_id(),
        params={"title": "야광 차선", "local_government": {"ko": "중구", "en": "Jung-gu"}},
        point=point,
        emd_code=emd,
        now=NOW,
    )
    session.commit()


def kinds_told(session: Session, account: Account) -> list[str]:
    session.expire_all()
    return list(
        session.scalars(
            select(Notice.kind).where(Notice.recipient_id == account.id).order_by(Notice.id)
        )
    )


def test_of_a_circle_only_a_coarse_centre_is_kept(
    client: FlaskClient, session: Session, headers: dict[str, str]
) -> None:
    made = client.post(PATH, json={"circle": AT_CITY_HALL}, headers=headers)
    assert made.status_code == 201, made.text
    circle = made.json["circle"]
    assert (circle["lon"], circle["lat"]) != CITY_HALL
    assert 0 < distance_m(CITY_HALL, (circle["lon"], circle["lat"])) < 250
    kept = session.execute(text("SELECT ST_X(centre), ST_Y(centre) FROM area_subscription")).one()
    assert tuple(kept) == (circle["lon"], circle["lat"])


def test_areas_are_followed_listed_and_left(client: FlaskClient, headers: dict[str, str]) -> None:
    made = [
        client.post(PATH, json=area, headers=headers).json
        for area in (
            {"circle": AT_CITY_HALL},
            {"region_code": CITY_HALL_EMD},
            {"region_code": JUNG},
        )
    ]
    assert client.get(PATH, headers=headers).json["items"] == made
    assert [one["region_codes"] for one in made] == [None, [CITY_HALL_EMD], [JUNG]]
    client.delete(f"{PATH}/{made[1]['id']}", headers=headers)
    assert client.get(PATH, headers=headers).json["items"] == [made[0], made[2]]


def test_the_same_area_again_changes_nothing(client: FlaskClient, headers: dict[str, str]) -> None:
    for area in ({"circle": AT_CITY_HALL}, {"region_code": JUNG}):
        first, second = (client.post(PATH, json=area, headers=headers).json for _ in range(2))
        assert first == second


def test_one_person_follows_ten_areas_at_most(client: FlaskClient, headers: dict[str, str]) -> None:
    answers = [
        client.post(PATH, json={"circle": AT_CITY_HALL | {"radius_m": radius}}, headers=headers)
        for radius in range(1000, 1011)
    ]
    assert [answer.status_code for answer in answers] == [201] * 10 + [409]
    assert answers[-1].json["code"] == "area_subscriptions_full"


def test_somebody_elses_area_does_not_exist(
    client: FlaskClient, session: Session, headers: dict[str, str], sign_in: Any
) -> None:
    made = client.post(PATH, json={"region_code": JUNG}, headers=headers).json
    stranger = sign_in(register(session).email)
    assert client.get(PATH, headers=stranger).json["items"] == []
    answer = client.delete(f"{PATH}/{made['id']}", headers=stranger)
    assert (answer.status_code, answer.json["code"]) == (404, "area_subscription_not_found")


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ({}, "fields_invalid"),
        ({"region_code": JUNG, "circle": AT_CITY_HALL}, "fields_invalid"),
        ({"circle": AT_CITY_HALL | {"radius_m": 99}}, "fields_invalid"),
        ({"circle": AT_CITY_HALL | {"radius_m": 5001}}, "fields_invalid"),
        ({"circle": {"lon": 139.7, "lat": 35.7, "radius_m": 500}}, "point_outside_korea"),
        ({"circle": {"lon": 37.57, "lat": 126.98, "radius_m": 500}}, "coordinates_swapped"),
        ({"region_code": "11"}, "area_too_large"),
        ({"region_code": "99999"}, "region_unknown"),
    ],
)
def test_what_is_no_area_is_refused(
    client: FlaskClient, headers: dict[str, str], area: Any, code: str
) -> None:
    answer = client.post(PATH, json=area, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (422, code)


@pytest.mark.parametrize(
    ("area", "is_told"),
    [
        ({"circle": AT_CITY_HALL}, True),
        ({"circle": AT_CITY_HALL | {"lon": 126.995}}, False),
        ({"circle": AT_CITY_HALL | {"lon": 126.995, "radius_m": 2000}}, True),
        ({"region_code": CITY_HALL_EMD}, True),
        ({"region_code": JUNG}, True),
        ({"region_code": "11110"}, False),
        ({"region_code": "11140104"}, False),
    ],
)
def test_who_follows_the_place_is_told(
    client: FlaskClient, session: Session, neighbour: Account, area: Any, is_told: bool
) -> None:
    follow(session, neighbour, **area)
    happen(session)
    assert kinds_told(session, neighbour) == []
    run_jobs(client.application)
    assert kinds_told(session, neighbour) == (["proposal_near"] if is_told else [])


def test_who_follows_a_place_in_two_ways_is_told_once(
    client: FlaskClient, session: Session, neighbour: Account
) -> None:
    for area in ({"circle": AT_CITY_HALL}, {"region_code": JUNG}, {"region_code": CITY_HALL_EMD}):
        follow(session, neighbour, **area)
    happen(session)
    run_jobs(client.application)
    assert kinds_told(session, neighbour) == ["proposal_near"]


def test_a_job_that_runs_twice_tells_once(
    client: FlaskClient, session: Session, neighbour: Account
) -> None:
    follow(session, neighbour, region_code=JUNG)
    happen(session)
    event = session.scalars(select(AreaEvent)).one()
    assert telling.find_followers(session, event) == [neighbour.id]
    run_jobs(client.application)
    assert session.scalars(select(AreaEvent)).all() == []
    session.add(copy_of(event))
    session.commit()
    assert telling.find_followers(session, session.scalars(select(AreaEvent)).one()) == []


def test_many_followers_are_told_some_at_a_time(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    followers = [register(session) for _ in range(5)]
    for follower in followers:
        follow(session, follower, region_code=JUNG)
    happen(session)
    run_jobs(client.application)
    assert [kinds_told(session, one) for one in followers] == [["proposal_near"]] * 5


def test_a_kind_that_is_not_of_places_is_a_fault_at_once(session: Session) -> None:
    with pytest.raises(KeyError):
        announce_nearby(
            session,
            kind="proposal_adopted",
            subject_type="proposal",
            subject_id=new_id(),
            params={"title": "", "reason": ""},
            point=CITY_HALL,
            emd_code=CITY_HALL_EMD,
            now=NOW,
        )


def test_neighbours_hear_of_a_submission_and_of_its_adoption(
    client: FlaskClient, session: Session, neighbour: Account
) -> None:
    follow(session, neighbour, region_code=CITY_HALL_EMD)
    make_decided(session)
    run_jobs(client.application)
    assert kinds_told(session, neighbour) == ["proposal_near", "adoption_near"]


def test_a_rejection_is_no_news_for_the_neighbourhood(
    client: FlaskClient, session: Session, neighbour: Account
) -> None:
    follow(session, neighbour, region_code=CITY_HALL_EMD)
    make_decided(session, outcome="rejected")
    run_jobs(client.application)
    assert kinds_told(session, neighbour) == ["proposal_near"]


def test_the_author_and_who_endorsed_are_not_told_twice(
    client: FlaskClient, session: Session, neighbour: Account
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    for account in (author, neighbour):
        follow(session, account, region_code=JUNG)
    proposal = make_submitted(session, author)
    endorse(session, proposal_id=proposal.id, account_id=neighbour.id, now=NOW)
    session.commit()
    run_jobs(client.application)
    assert kinds_told(session, author) == ["proposal_submitted"]
    adopt(session, proposal)
    run_jobs(client.application)
    assert kinds_told(session, author) == ["proposal_submitted", "proposal_adopted"]
    assert kinds_told(session, neighbour) == ["proposal_near", "endorsed_proposal_adopted"]


def test_neighbours_hear_what_was_placed_near_them_and_why(
    client: FlaskClient, session: Session, neighbour: Account
) -> None:
    follow(session, neighbour, region_code=JUNG)
    played = make_published_round(session)
    run_jobs(client.application)
    notice = session.scalars(
        select(Notice).where(Notice.recipient_id == neighbour.id, Notice.kind == "placement_near")
    ).one()
    assert notice.subject_id == played.near_placement.id
    assert notice.params["institution"]["ko"] == "중구보건소"


def test_the_exact_point_of_a_proposal_reaches_no_event(session: Session) -> None:
    make_submitted(session)
    event = session.scalars(select(AreaEvent)).one()
    point = session.execute(text("SELECT ST_X(geom), ST_Y(geom) FROM area_event")).one()
    assert tuple(point) != CITY_HALL
    assert distance_m(CITY_HALL, tuple(point)) < 250
    assert event.emd_code == CITY_HALL_EMD


@given(KOREA, st.integers(100, 5000), st.floats(0, 360))
def test_a_box_holds_its_circle(centre: tuple[float, float], radius_m: int, bearing: float) -> None:
    circle = Circle(*centre, radius_m)
    west, south, east, north = circle.bounds
    lon, lat = towards(centre, radius_m, bearing)
    assert west <= lon <= east
    assert south <= lat <= north


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points (lon, lat) in metres, on the ellipsoid."""
    metres: float = GEOD.inv(*one, *other)[2]
    return metres


def adopt(session: Session, proposal: Proposal) -> None:
    """Have a submitted proposal adopted, and commit."""
    code = proposal.local_government_code or ""
    decide(
        session,
        proposal_id=proposal.id,
        local_government_code=code,
        actor_id=make_reviewer(session, code).id,
        outcome="adopted",
        reason=REASON,
        now=NOW,
    )
    session.commit()


def towards(centre: tuple[float, float], distance: float, bearing: float) -> Sequence[float]:
    """Return the point at a distance in metres and a bearing in degrees, on the ellipsoid."""
    lon, lat, _ = GEOD.fwd(*centre, bearing, distance)
    return lon, lat


def copy_of(event: AreaEvent) -> AreaEvent:
    return AreaEvent(
        id=new_id(),
        **{
            name: getattr(event, name)
            for name in ("kind", "subject_type", "subject_id", "params", "geom", "emd_code")
        },
        happened_at=event.happened_at,
    )
