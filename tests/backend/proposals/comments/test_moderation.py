"""Reports and moderation: the competent office hides with a reason, and tells whom it concerns."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.auth.identity import Role
from backend.notifications.models import Notice
from backend.proposals.models import Proposal
from tests.support.headers import AS_IT_IS
from tests.support.people import make_reviewer
from tests.support.proposals import REASON, make_submitted

URL = "/api/v1/proposals"
COMMENTS = "/api/v1/comments"
QUEUE = "/api/v1/local-governments/11140/comment-reports"
BAD = "나쁜 말"


@pytest.fixture
def proposal(session: Session, writer: Any) -> Proposal:
    """A proposal of the writer that waits for its review."""
    return make_submitted(session, writer.account)


@pytest.fixture
def path(client: FlaskClient, proposal: Proposal, passer_by: Any) -> str:
    """The address of what a passer-by says."""
    answer = client.post(
        f"{URL}/{proposal.id}/comments", json={"text": BAD}, headers=passer_by.headers
    )
    return f"{COMMENTS}/{answer.json['id']}"


def told(session: Session, person: Any) -> list[Notice]:
    """Return what a person was told, in its order."""
    statement = select(Notice).where(Notice.recipient_id == person.account.id)
    return list(session.scalars(statement.order_by(Notice.id)))


def hide(client: FlaskClient, path: str, person: Any, reason: str = "abuse") -> Any:
    """Hide a comment as somebody."""
    return client.put(f"{path}/hiding", json={"reason": reason}, headers=person.headers)


def report(client: FlaskClient, path: str, person: Any, **facts: Any) -> Any:
    """Report a comment as somebody."""
    body = {"reason": "abuse", **facts}
    return client.post(f"{path}/reports", json=body, headers=person.headers)


def test_what_is_hidden_keeps_its_place_and_its_reason(
    client: FlaskClient, path: str, passer_by: Any, reviewer: Any
) -> None:
    shown = hide(client, path, reviewer).json
    assert (shown["state"], shown["text"], shown["hidden_reason"]) == ("hidden", BAD, "abuse")
    public = client.get(path)
    assert (public.json["state"], public.json["text"]) == ("hidden", None)
    assert public.json["hidden_reason"] == "abuse"
    own = client.get(f"/api/v1/me{path.removeprefix('/api/v1')}", headers=passer_by.headers)
    assert own.json["text"] == BAD


def test_the_author_is_told_why_and_that_it_is_shown_again(
    client: FlaskClient, session: Session, path: str, passer_by: Any, reviewer: Any
) -> None:
    for _ in range(2):
        assert hide(client, path, reviewer, "off_topic").status_code == 200
    for _ in range(2):
        answer = client.delete(f"{path}/hiding", headers=reviewer.headers)
        assert answer.json["state"] == "shown"
    assert client.get(path).json["text"] == BAD
    assert [notice.kind for notice in told(session, passer_by)] == [
        "comment_hidden",
        "comment_shown_again",
    ]
    listed = client.get("/api/v1/me/notices", headers=passer_by.headers | {"Accept-Language": "ko"})
    assert "제안과 관계없는 내용" in listed.text
    assert BAD not in listed.text


def test_what_is_hidden_is_neither_corrected_nor_answered_nor_reported(
    client: FlaskClient, proposal: Proposal, path: str, passer_by: Any, friend: Any, reviewer: Any
) -> None:
    hide(client, path, reviewer)
    edited = client.patch(path, json={"text": "순한 말"}, headers=passer_by.headers | AS_IT_IS)
    answered = client.post(
        f"{URL}/{proposal.id}/comments",
        json={"text": "답", "parent_id": path.rpartition("/")[2]},
        headers=friend.headers,
    )
    for answer in (edited, answered, report(client, path, friend)):
        assert (answer.status_code, answer.json["code"]) == (409, "comment_not_shown")
    assert client.delete(path, headers=passer_by.headers).status_code == 204


def test_only_the_competent_office_moderates(
    client: FlaskClient,
    session: Session,
    sign_in: Any,
    path: str,
    passer_by: Any,
    friend: Any,
    reviewer: Any,
    reviewer_elsewhere: Any,
) -> None:
    for person in (passer_by, friend, reviewer_elsewhere):
        assert hide(client, path, person).status_code == 403
        assert client.delete(f"{path}/hiding", headers=person.headers).status_code == 403
        assert client.put(f"{path}/keeping", headers=person.headers).status_code == 403
        assert client.get(QUEUE, headers=person.headers).status_code == 403
    assert client.put(f"{path}/hiding", json={"reason": "abuse"}).status_code == 401
    manager = make_reviewer(session, "11140", role=Role.MANAGER)
    answer = client.put(f"{path}/hiding", json={"reason": "spam"}, headers=sign_in(manager.email))
    assert answer.status_code == 200


def test_a_transfer_takes_the_moderation_along(
    client: FlaskClient, proposal: Proposal, path: str, reviewer: Any, reviewer_elsewhere: Any
) -> None:
    decision = {"outcome": "transferred", "reason": REASON, "transfer_to": "26110"}
    client.put(f"{URL}/{proposal.id}/decision", json=decision, headers=reviewer.headers)
    assert hide(client, path, reviewer).status_code == 403
    assert hide(client, path, reviewer_elsewhere).status_code == 200


def test_nobody_moderates_their_own_matter(
    client: FlaskClient, session: Session, path: str, proposal: Proposal, reviewer: Any
) -> None:
    own_words = client.post(
        f"{URL}/{proposal.id}/comments", json={"text": "담당자입니다."}, headers=reviewer.headers
    )
    client.put("/api/v1/me/residence", json={"region_code": "11140103"}, headers=reviewer.headers)
    own_proposal = make_submitted(session, reviewer.account)
    about_it = client.post(
        f"{URL}/{own_proposal.id}/comments", json={"text": BAD}, headers=reviewer.headers
    )
    for answer in (own_words, about_it):
        refused = hide(client, f"{COMMENTS}/{answer.json['id']}", reviewer)
        assert (refused.status_code, refused.json["code"]) == (403, "own_matter_not_moderable")


def test_a_reason_is_one_of_the_list(client: FlaskClient, path: str, reviewer: Any) -> None:
    for body in ({}, {"reason": "boring"}, {"reason": "abuse", "note": "x"}):
        answer = client.put(f"{path}/hiding", json=body, headers=reviewer.headers)
        assert answer.status_code == 422
    assert client.get(path).json["state"] == "shown"


def test_a_person_reports_once_and_nothing_happens_by_itself(
    client: FlaskClient, path: str, friend: Any, writer: Any, passer_by: Any
) -> None:
    first = report(client, path, friend, note="옆집 이름이 있어요.")
    again = report(client, path, friend, reason="spam")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert report(client, path, writer).status_code == 201
    assert client.get(path).json["state"] == "shown"
    own = report(client, path, passer_by)
    assert (own.status_code, own.json["code"]) == (403, "own_comment_not_reportable")
    assert client.post(f"{path}/reports", json={"reason": "abuse"}).status_code == 401


def test_the_office_sees_what_is_reported_and_never_by_whom(
    client: FlaskClient, session: Session, path: str, friend: Any, writer: Any, reviewer: Any
) -> None:
    ids = [
        report(client, path, friend, note="이름이 있어요.").json["id"],
        report(client, path, writer).json["id"],
    ]
    queue = client.get(QUEUE, headers=reviewer.headers)
    assert [item["id"] for item in queue.json["items"]] == ids
    first = queue.json["items"][0]
    assert (first["note"], first["comment"]["text"]) == ("이름이 있어요.", BAD)
    for person in (friend, writer):
        assert str(person.account.id) not in queue.text
        assert person.account.display_name not in queue.text
    looks = session.scalars(select(AuditEvent).where(AuditEvent.action == "comment.reports_read"))
    assert [json.loads(look.data) for look in looks] == [{"reports": sorted(ids)}]


@pytest.mark.parametrize(("act", "resolution"), [("hiding", "hidden"), ("keeping", "kept")])
def test_what_the_office_does_closes_the_reports_and_is_told(
    client: FlaskClient,
    session: Session,
    path: str,
    friend: Any,
    reviewer: Any,
    act: str,
    resolution: str,
) -> None:
    report(client, path, friend)
    body = {"reason": "abuse"} if act == "hiding" else None
    for _ in range(2):
        answer = client.put(f"{path}/{act}", json=body, headers=reviewer.headers)
        assert answer.json["state"] == ("hidden" if act == "hiding" else "shown")
    assert client.get(QUEUE, headers=reviewer.headers).json["items"] == []
    resolved = client.get(f"{QUEUE}?status=resolved", headers=reviewer.headers).json["items"]
    assert [item["resolution"] for item in resolved] == [resolution]
    assert [notice.kind for notice in told(session, friend)] == [f"reported_comment_{resolution}"]


def test_a_report_elsewhere_is_not_in_the_queue_here(
    client: FlaskClient, path: str, friend: Any, reviewer_elsewhere: Any
) -> None:
    report(client, path, friend)
    there = QUEUE.replace("11140", "26110")
    assert client.get(there, headers=reviewer_elsewhere.headers).json["items"] == []


def test_what_is_done_about_comments_is_on_record_without_their_words(
    client: FlaskClient, session: Session, path: str, passer_by: Any, friend: Any, reviewer: Any
) -> None:
    report(client, path, friend, note="비밀 메모")
    hide(client, path, reviewer)
    client.delete(f"{path}/hiding", headers=reviewer.headers)
    client.delete(path, headers=passer_by.headers)
    statement = select(AuditEvent).where(AuditEvent.subject_type == "comment")
    events = list(session.scalars(statement.order_by(AuditEvent.occurred_at, AuditEvent.seq)))
    assert {event.action for event in events} == {
        "comment.added",
        "comment.reported",
        "comment.hidden",
        "comment.shown_again",
        "comment.deleted",
    }
    assert not [event for event in events if BAD in str(event.data) or "메모" in str(event.data)]
