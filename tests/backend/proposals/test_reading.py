"""The public list and page of proposals: what is found, in which order, and what is not shown."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.proposals.service import append_event
from tests.support.people import (
    BEFORE,
    CITY_HALL,
    CITY_HALL_EMD,
    make_reviewer,
    register,
)
from tests.support.proposals import make_decided, make_draft, make_submitted

URL = "/api/v1/proposals"
SignIn = Callable[..., dict[str, str]]


def listed(client: FlaskClient, **query: object) -> list[str]:
    """Return the titles of the first page of the public list."""
    answer = client.get(URL, query_string=query)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json["items"]]


def test_everybody_sees_a_submitted_proposal(client: FlaskClient, session: Session) -> None:
    proposal = make_submitted(session)
    answer = client.get(f"{URL}/{proposal.id}")
    assert answer.status_code == 200
    assert answer.json["status"] == "submitted"
    assert answer.json["submitted_at"] is not None


def test_the_public_is_shown_nothing_private(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    author = register(
        session,
        email="very-private@example.com",
        display_name="비밀이름",
        residence="26110101",
    )
    proposal = make_submitted(
        session, author, anonymous=True, location={"lon": 126.977913, "lat": 37.566337}
    )
    reviewer = make_reviewer(session, "11140")
    texts = [
        client.get(path, headers=headers).text
        for headers in ({}, sign_in(register(session).email), sign_in(reviewer.email))
        for path in (URL, f"{URL}/{proposal.id}", f"{URL}/{proposal.id}/events")
    ]
    private = (
        "very-private",
        "비밀이름",
        str(author.id),
        str(reviewer.id),
        "126.977913",
        "37.566337",
        "26110101",
        "26110",
        "accuracy_m",
        "residence",
        "neighbourhood_public",
    )
    assert [(word, text) for text in texts for word in private if word in text] == []


def test_two_points_of_a_cell_look_the_same(client: FlaskClient, session: Session) -> None:
    points = ({"lon": 126.97790, "lat": 37.56630}, {"lon": 126.97792, "lat": 37.56632})
    shown = [
        client.get(f"{URL}/{make_submitted(session, location=point).id}").json["place"]
        for point in points
    ]
    assert shown[0] == shown[1]


def test_the_list_is_newest_first_and_pages_without_gaps(
    client: FlaskClient, session: Session
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    for number in range(5):
        # Two at the same moment: the id decides between them.
        now = BEFORE + timedelta(days=10 + number // 2)
        make_submitted(session, author, title=f"제안 {number}", now=now)
    seen: list[str] = []
    url: str | None = f"{URL}?limit=2"
    while url:
        answer = client.get(url)
        seen += [item["title"] for item in answer.json["items"]]
        link = answer.headers.get("Link")
        url = link.split(">")[0].removeprefix("<") if link else None
        assert (answer.json["next_cursor"] is None) == (url is None)
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"category": "sea"}, ["갯벌 고립 알림"]),
        ({"status": "adopted"}, ["소화전 알림 100%"]),
        ({"status": "submitted"}, ["갯벌 고립 알림"]),
        ({"status": "withdrawn"}, []),
        ({"region_code": "11"}, ["소화전 알림 100%"]),
        ({"region_code": "11140"}, ["소화전 알림 100%"]),
        ({"region_code": "1114010300"}, ["소화전 알림 100%"]),
        ({"region_code": "11140104"}, []),
        ({"local_government_code": "44130"}, ["갯벌 고립 알림"]),
        ({"q": "알림"}, ["갯벌 고립 알림", "소화전 알림 100%"]),
        ({"q": "알림 갯벌"}, ["갯벌 고립 알림"]),
        ({"q": "소방차"}, ["소화전 알림 100%"]),
        ({"q": "100%"}, ["소화전 알림 100%"]),
        ({"q": "1%"}, []),
        ({"q": "_"}, []),
    ],
)
def test_the_list_is_filtered(
    client: FlaskClient, session: Session, query: dict[str, str], found: list[str]
) -> None:
    make_decided(session, title="소화전 알림 100%", problem="소방차가 물을 못 쓴다.")
    make_submitted(
        session,
        title="갯벌 고립 알림",
        problem="밀물을 모른다.",
        category="sea",
        region_code="44133101",
        now=BEFORE + timedelta(days=70),
    )
    make_draft(session, title="알림 초안")
    assert listed(client, **query) == found


def test_what_was_taken_back_is_listed_only_when_asked_for(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal = make_submitted(session, author, title="철회할 제안")
    client.post(f"{URL}/{proposal.id}/withdrawal", headers=sign_in(author.email))
    assert listed(client) == []
    assert listed(client, status="withdrawn") == ["철회할 제안"]


@pytest.mark.parametrize(
    "query",
    [
        "status=draft",
        "category=gold",
        "region_code=1",
        "local_government_code=abc",
        "limit=0",
        "limit=101",
        "limit=ten",
        "after=nonsense",
        "q=",
        "sort=title;drop",
    ],
)
def test_a_bad_query_is_explained(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [f"query.{query.partition('=')[0]}"]


def test_an_unknown_proposal_is_not_found(client: FlaskClient) -> None:
    for path in ("0190f1d2-0000-7000-8000-000000000000", "17"):
        answer = client.get(f"{URL}/{path}", headers={"Accept-Language": "en"})
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"


def test_private_events_are_for_the_author_and_the_competent_office(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal = make_submitted(session, author)
    append_event(
        session,
        proposal_id=proposal.id,
        kind="noted",
        actor_id=None,
        data={"note": "현장 확인"},
        public=False,
        now=BEFORE + timedelta(days=80),
    )
    session.commit()
    here, elsewhere = make_reviewer(session, "11140"), make_reviewer(session, "26110")
    kinds = {
        who: [
            event["kind"]
            for event in client.get(f"{URL}/{proposal.id}/events", headers=headers).json["items"]
        ]
        for who, headers in {
            "anonymous": {},
            "author": sign_in(author.email),
            "here": sign_in(here.email),
            "elsewhere": sign_in(elsewhere.email),
        }.items()
    }
    assert kinds == {
        "anonymous": ["submitted"],
        "author": ["submitted", "noted"],
        "here": ["submitted", "noted"],
        "elsewhere": ["submitted"],
    }


def test_the_exact_point_is_in_the_authors_own_view(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    make_submitted(session, author)
    answer = client.get("/api/v1/me/proposals", headers=sign_in(author.email))
    item = json.loads(answer.text)["items"][0]
    assert (item["point"]["lon"], item["point"]["lat"]) == CITY_HALL
    assert item["residence"]["region"]["code"] == CITY_HALL_EMD
