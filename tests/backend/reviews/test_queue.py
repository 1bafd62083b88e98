"""The queue of a local government: whose it is, what is in it, and what a reviewer sees."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from tests.backend.reviews.conftest import Person
from tests.support.people import BEFORE, CITY_HALL, CITY_HALL_EMD
from tests.support.proposals import make_decided, make_draft, make_submitted

URL = "/api/v1/local-governments/11140/reviews"


def titles(client: FlaskClient, person: Person, **query: str) -> list[str]:
    """Return the titles of the first page of the queue."""
    answer = client.get(URL, query_string=query, headers=person.headers)
    assert answer.status_code == 200, answer.text
    return [item["proposal"]["title"] for item in answer.json["items"]]


def test_the_queue_is_for_reviewers_of_that_local_government_only(
    client: FlaskClient, author: Person, stranger: Person, reviewer_elsewhere: Person
) -> None:
    assert client.get(URL).status_code == 404, "no such organization yet"
    theirs = URL.replace("11140", "26110")
    assert client.get(theirs, headers=reviewer_elsewhere.headers).status_code == 200
    assert client.get(theirs).status_code == 401
    for person in (author, stranger):
        assert client.get(theirs, headers=person.headers).status_code == 403


def test_another_offices_queue_is_closed(
    client: FlaskClient, session: Session, reviewer: Person, reviewer_elsewhere: Person
) -> None:
    proposal = make_submitted(session)
    for path in (URL, f"/api/v1/proposals/{proposal.id}/review"):
        assert client.get(path, headers=reviewer.headers).status_code == 200
        assert client.get(path, headers=reviewer_elsewhere.headers).status_code == 403


@pytest.mark.parametrize("code", ["99999", "1", "x", "11140103"])
def test_an_unknown_local_government_is_not_found(
    client: FlaskClient, reviewer: Person, code: str
) -> None:
    answer = client.get(URL.replace("11140", code), headers=reviewer.headers)
    assert (answer.status_code, answer.json["code"]) == (404, "local_government_unknown")


def test_the_reviewer_sees_the_exact_point_and_the_residence(
    client: FlaskClient, session: Session, author: Person, reviewer: Person
) -> None:
    make_submitted(session, author.account)
    answer = client.get(URL, headers=reviewer.headers)
    item = answer.json["items"][0]
    assert item["state"] == "open"
    assert item["private"]["point"] == {
        "lon": CITY_HALL[0],
        "lat": CITY_HALL[1],
        "accuracy_m": 12.5,
    }
    assert item["private"]["residence"]["region"]["code"] == CITY_HALL_EMD
    assert item["private"]["residence"]["confirmed"] is False
    for word in (author.account.email, str(author.account.id), author.account.display_name):
        assert word not in answer.text


def test_each_look_at_private_facts_is_on_record(
    client: FlaskClient, session: Session, reviewer: Person
) -> None:
    proposal = make_submitted(session)
    client.get(URL, headers=reviewer.headers)
    client.get(f"/api/v1/proposals/{proposal.id}/review", headers=reviewer.headers)
    looks = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "review.private_facts_read")
    ).all()
    assert [look.actor_id for look in looks] == [reviewer.account.id] * 2
    assert [look.facts["proposals"] for look in looks] == [[str(proposal.id)]] * 2


def test_what_waits_is_oldest_first_and_pages(
    client: FlaskClient, session: Session, author: Person, reviewer: Person
) -> None:
    for number in (2, 0, 1):
        make_submitted(
            session,
            author.account,
            title=f"제안 {number}",
            now=BEFORE + timedelta(days=10 + number),
        )
    first = client.get(f"{URL}?limit=2", headers=reviewer.headers)
    rest = client.get(f"{URL}?limit=2&after={first.json['next_cursor']}", headers=reviewer.headers)
    found = [item["proposal"]["title"] for page in (first, rest) for item in page.json["items"]]
    assert found == ["제안 0", "제안 1", "제안 2"]
    assert 'rel="next"' in first.headers["Link"]
    assert rest.json["next_cursor"] is None


def test_the_queue_is_filtered(
    client: FlaskClient, session: Session, reviewer: Person, reviewer_elsewhere: Person
) -> None:
    make_submitted(session, title="열린 제안")
    make_decided(session, title="보완 중", outcome="supplement_requested", category="sea")
    make_decided(session, title="채택됨")
    make_submitted(session, title="옆 동네", region_code="11140104")
    make_submitted(session, title="부산", region_code="26110101")
    make_draft(session, title="초안")
    assert sorted(titles(client, reviewer)) == ["보완 중", "열린 제안", "옆 동네"]
    assert titles(client, reviewer, status="decided") == ["채택됨"]
    assert titles(client, reviewer, category="sea") == ["보완 중"]
    assert titles(client, reviewer, region_code="11140104") == ["옆 동네"]
    assert client.get(f"{URL}?status=all", headers=reviewer.headers).status_code == 422


def test_a_transferred_proposal_leaves_without_its_private_facts(
    client: FlaskClient, session: Session, reviewer: Person, reviewer_elsewhere: Person
) -> None:
    proposal = make_submitted(session)
    client.put(
        f"/api/v1/proposals/{proposal.id}/decision",
        json={
            "outcome": "transferred",
            "reason": "부산 중구 소관으로 보입니다.",
            "transfer_to": "26110",
        },
        headers=reviewer.headers,
    )
    item = client.get(f"{URL}?status=decided", headers=reviewer.headers).json["items"][0]
    assert item["state"] == "transferred"
    assert item["private"] is None
    assert item["decisions"][0]["transfer_to"] == "26110"
    there = client.get(
        f"/api/v1/proposals/{proposal.id}/review", headers=reviewer_elsewhere.headers
    )
    assert there.json["private"]["point"]["lon"] == CITY_HALL[0]
