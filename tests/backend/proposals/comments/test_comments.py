"""Comments over HTTP: saying, answering, correcting, deleting, and what is told of whom."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.proposals.comments.models import Comment
from backend.proposals.models import Proposal
from tests.conftest import Clock
from tests.support.headers import AS_IT_IS
from tests.support.proposals import make_decided, make_draft, make_submitted

URL = "/api/v1/proposals"
COMMENTS = "/api/v1/comments"
SCRIPT = "<script>alert('동네')</script> & \"따옴표\""


@pytest.fixture
def proposal(session: Session, writer: Any) -> Proposal:
    """A proposal of the writer that waits for its review."""
    return make_submitted(session, writer.account)


def say(client: FlaskClient, proposal: Proposal, person: Any, text: str, **facts: Any) -> Any:
    """Say something as somebody."""
    return client.post(
        f"{URL}/{proposal.id}/comments", json={"text": text, **facts}, headers=person.headers
    )


def said(client: FlaskClient, path: str) -> list[Any]:
    """Return what everybody reads at an address."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return list(answer.json["items"])


def test_what_is_said_is_read_as_it_was_said(
    client: FlaskClient, proposal: Proposal, passer_by: Any
) -> None:
    answer = say(client, proposal, passer_by, SCRIPT)
    assert answer.status_code == 201
    shown = said(client, f"{URL}/{proposal.id}/comments")[0]
    assert (shown["text"], shown["author"]) == (SCRIPT, {"display_name": "행인"})
    assert shown["by_proposer"] is False
    single = client.get(f"{COMMENTS}/{shown['id']}")
    assert single.json == shown
    assert single.mimetype == "application/json"
    assert str(passer_by.account.id) not in single.text


def test_an_answer_stands_under_what_it_answers_and_no_deeper(
    client: FlaskClient, proposal: Proposal, passer_by: Any, friend: Any
) -> None:
    first = say(client, proposal, passer_by, "우리 골목도 그래요.").json
    reply = say(client, proposal, friend, "저희도요.", parent_id=first["id"]).json
    assert reply["parent_id"] == first["id"]
    top = said(client, f"{URL}/{proposal.id}/comments")
    assert [(item["id"], item["reply_count"]) for item in top] == [(first["id"], 1)]
    assert [item["id"] for item in said(client, f"{COMMENTS}/{first['id']}/replies")] == [
        reply["id"]
    ]
    deeper = say(client, proposal, passer_by, "정말요?", parent_id=reply["id"])
    assert (deeper.status_code, deeper.json["code"]) == (422, "comment_parent_unknown")


def test_an_answer_belongs_to_the_same_proposal(
    client: FlaskClient, session: Session, proposal: Proposal, writer: Any, passer_by: Any
) -> None:
    elsewhere = say(client, make_submitted(session, writer.account), passer_by, "다른 곳").json
    for parent_id in (elsewhere["id"], str(uuid4())):
        answer = say(client, proposal, passer_by, "엉뚱한 답", parent_id=parent_id)
        assert (answer.status_code, answer.json["code"]) == (422, "comment_parent_unknown")


def test_the_list_is_oldest_first_and_pages_without_gaps(
    client: FlaskClient, proposal: Proposal, passer_by: Any, clock: Clock
) -> None:
    for number in range(5):
        say(client, proposal, passer_by, f"{number}")
        if number % 2:
            clock.move(minutes=1)
    texts: list[str] = []
    url: str | None = f"{URL}/{proposal.id}/comments?limit=2"
    while url:
        answer = client.get(url)
        texts += [item["text"] for item in answer.json["items"]]
        link = answer.headers.get("Link")
        url = link.split(">")[0].removeprefix("<") if link else None
    assert texts == ["0", "1", "2", "3", "4"]


def test_the_same_id_again_answers_with_what_is_there(
    client: FlaskClient, session: Session, proposal: Proposal, passer_by: Any, friend: Any
) -> None:
    chosen = str(new_id())
    first = say(client, proposal, passer_by, "한 번만", id=chosen)
    again = say(client, proposal, passer_by, "한 번만", id=chosen)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    taken = say(client, proposal, friend, "내 것", id=chosen)
    assert (taken.status_code, taken.json["code"]) == (409, "id_taken")
    assert session.scalar(select(func.count()).select_from(Comment)) == 1


@pytest.mark.parametrize(
    ("outcome", "status"), [("adopted", 201), ("supplement_requested", 201), ("rejected", 409)]
)
def test_people_talk_about_what_may_still_come_true(
    client: FlaskClient, session: Session, passer_by: Any, outcome: str, status: int
) -> None:
    answer = say(client, make_decided(session, outcome=outcome), passer_by, "좋은 생각이에요.")
    assert answer.status_code == status
    if status == 409:
        assert answer.json["code"] == "proposal_not_commentable"


def test_nobody_talks_about_what_was_taken_back_or_is_a_draft(
    client: FlaskClient, session: Session, proposal: Proposal, writer: Any, passer_by: Any
) -> None:
    comment = say(client, proposal, passer_by, "남는 말").json
    client.post(f"{URL}/{proposal.id}/withdrawal", headers=writer.headers)
    assert say(client, proposal, passer_by, "늦은 말").json["code"] == "proposal_not_commentable"
    assert said(client, f"{URL}/{proposal.id}/comments")[0]["id"] == comment["id"]
    draft = make_draft(session, writer.account)
    assert say(client, draft, passer_by, "몰래").status_code == 404
    assert say(client, draft, writer, "혼잣말").status_code == 403
    assert client.get(f"{URL}/{draft.id}/comments").status_code == 404


@pytest.mark.parametrize("text", ["", "   ", "가" * 1001, "a\u202eb", None, 5])
def test_what_is_said_is_a_text_of_bounded_length(
    client: FlaskClient, proposal: Proposal, passer_by: Any, text: Any
) -> None:
    answer = say(client, proposal, passer_by, text)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["json.text"])


def test_talking_needs_an_account(client: FlaskClient, proposal: Proposal) -> None:
    answer = client.post(f"{URL}/{proposal.id}/comments", json={"text": "누구게"})
    assert answer.status_code == 401


def test_a_comment_is_corrected_within_a_quarter_of_an_hour(
    client: FlaskClient,
    proposal: Proposal,
    passer_by: Any,
    friend: Any,
    clock: Clock,
    sign_in: Any,
) -> None:
    path = f"{COMMENTS}/{say(client, proposal, passer_by, '오타').json['id']}"
    clock.move(minutes=15)
    headers = sign_in(passer_by.account.email) | AS_IT_IS
    edited = client.patch(path, json={"text": "고침"}, headers=headers)
    assert (edited.status_code, edited.json["edited_at"]) == (200, clock.time.isoformat())
    other = sign_in(friend.account.email) | AS_IT_IS
    assert client.patch(path, json={"text": "남의 말"}, headers=other).status_code == 403
    clock.move(seconds=1)
    late = client.patch(path, json={"text": "늦음"}, headers=headers)
    assert (late.status_code, late.json["code"]) == (409, "comment_not_editable")
    assert client.get(path).json["text"] == "고침"


def test_a_correction_names_the_state_that_it_corrects(
    client: FlaskClient, proposal: Proposal, passer_by: Any
) -> None:
    path = f"{COMMENTS}/{say(client, proposal, passer_by, '처음').json['id']}"
    tag = client.get(path).headers["ETag"]
    unnamed = client.patch(path, json={"text": "이름 없이"}, headers=passer_by.headers)
    assert unnamed.status_code == 428
    headers = passer_by.headers | {"If-Match": tag}
    assert client.patch(path, json={"text": "하나"}, headers=headers).status_code == 200
    assert client.patch(path, json={"text": "둘"}, headers=headers).status_code == 412


def test_a_deleted_comment_is_gone_where_nobody_answered(
    client: FlaskClient, proposal: Proposal, passer_by: Any, friend: Any
) -> None:
    path = f"{COMMENTS}/{say(client, proposal, passer_by, '취소').json['id']}"
    assert client.delete(path, headers=friend.headers).status_code == 403
    assert client.delete(path, headers=passer_by.headers).status_code == 204
    assert client.get(path).status_code == 404
    assert said(client, f"{URL}/{proposal.id}/comments") == []


def test_the_place_of_a_deleted_comment_stays_as_long_as_its_answers(
    client: FlaskClient, session: Session, proposal: Proposal, passer_by: Any, friend: Any
) -> None:
    first = say(client, proposal, passer_by, "지울 말").json
    reply = say(client, proposal, friend, "답", parent_id=first["id"]).json
    path = f"{COMMENTS}/{first['id']}"
    for _ in range(2):
        assert client.delete(path, headers=passer_by.headers).status_code == 204
    shown = client.get(path).json
    assert (shown["state"], shown["text"], shown["author"]) == ("deleted", None, None)
    assert session.scalar(select(Comment.text).where(Comment.parent_id.is_(None))) is None
    more = say(client, proposal, passer_by, "더", parent_id=first["id"])
    assert (more.status_code, more.json["code"]) == (409, "comment_not_shown")
    assert client.delete(f"{COMMENTS}/{reply['id']}", headers=friend.headers).status_code == 204
    assert said(client, f"{URL}/{proposal.id}/comments") == []


def test_who_writes_a_proposal_is_marked_and_unnamed_where_it_is_anonymous(
    client: FlaskClient, proposal: Proposal, writer: Any, passer_by: Any
) -> None:
    path = f"{COMMENTS}/{say(client, proposal, writer, '덧붙입니다.').json['id']}"
    say(client, proposal, passer_by, "그렇군요.")
    shown = client.get(path).json
    assert (shown["by_proposer"], shown["author"]) == (True, {"display_name": "처음이"})
    client.patch(
        f"{URL}/{proposal.id}", json={"anonymous": True}, headers=writer.headers | AS_IT_IS
    )
    listed = client.get(f"{URL}/{proposal.id}/comments")
    assert "처음이" not in listed.text
    assert [item["author"] for item in listed.json["items"]] == [None, {"display_name": "행인"}]


def test_counts_of_answers_are_the_answers(
    client: FlaskClient, session: Session, proposal: Proposal, newcomer: Callable[[str], Any]
) -> None:
    people = [newcomer(f"이웃{number}") for number in range(3)]
    first = say(client, proposal, people[0], "말").json["id"]
    replies = [
        (person, say(client, proposal, person, "답", parent_id=first).json["id"])
        for person in people
        for _ in range(2)
    ]
    for person, reply in replies[::2]:
        client.delete(f"{COMMENTS}/{reply}", headers=person.headers)
    counted = client.get(f"{COMMENTS}/{first}").json["reply_count"]
    assert counted == len(said(client, f"{COMMENTS}/{first}/replies")) == 3
