"""Writing together: joining by a token that works once, and what co-authors may and may not."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.notifications.models import Notice
from backend.proposals.co_authors.models import CoAuthorInvitation
from backend.proposals.models import Proposal
from tests.conftest import Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import CITY_HALL, local_government_organization, make_reviewer
from tests.support.proposals import REASON, make_decided, make_draft, make_submitted

URL = "/api/v1/proposals"
ACCEPTANCE = "/api/v1/co-author-invitations/acceptance"
Newcomer = Callable[[str], Any]


@pytest.fixture
def draft(session: Session, writer: Any) -> Proposal:
    """A draft of the writer."""
    return make_draft(session, writer.account)


def invite(client: FlaskClient, proposal: Proposal, author: Any) -> str:
    """Invite somebody and return the token."""
    path = f"{URL}/{proposal.id}/co-author-invitations"
    answer = client.post(path, headers=author.headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json["token"])


def accept(client: FlaskClient, token: str, person: Any) -> Any:
    """Accept an invitation as somebody."""
    return client.post(ACCEPTANCE, json={"token": token}, headers=person.headers)


def join(client: FlaskClient, proposal: Proposal, author: Any, person: Any) -> str:
    """Make somebody a co-author and return the id of that."""
    answer = accept(client, invite(client, proposal, author), person)
    assert answer.status_code == 200, answer.text
    return str(answer.json["id"])


def told(session: Session, person: Any) -> list[str]:
    """Return the kinds of what a person was told."""
    statement = select(Notice.kind).where(Notice.recipient_id == person.account.id)
    return list(session.scalars(statement.order_by(Notice.id)))


def test_a_token_makes_a_co_author_who_is_credited(
    client: FlaskClient, session: Session, draft: Proposal, writer: Any, friend: Any
) -> None:
    answer = accept(client, invite(client, draft, writer), friend)
    assert answer.json["proposal_id"] == str(draft.id)
    local_government_organization(session, "11140")
    client.post(f"{URL}/{draft.id}/submission", headers=writer.headers)
    shown = client.get(f"{URL}/{draft.id}")
    assert shown.json["author"] == {"display_name": "처음이"}
    assert shown.json["co_authors"] == [{"display_name": "동무"}]
    assert str(friend.account.id) not in shown.text
    assert told(session, writer)[0] == "co_author_joined"


def test_only_the_hash_of_a_token_is_kept(
    client: FlaskClient, session: Session, draft: Proposal, writer: Any
) -> None:
    token = invite(client, draft, writer)
    kept = session.scalars(select(CoAuthorInvitation)).one()
    assert token not in str(vars(kept))
    listed = client.get(f"{URL}/{draft.id}/co-author-invitations", headers=writer.headers)
    assert token not in listed.text
    assert [item["id"] for item in listed.json["items"]] == [str(kept.id)]
    assert token not in str([event.data for event in session.scalars(select(AuditEvent))])


def test_a_co_author_reads_and_edits_the_draft(
    client: FlaskClient, draft: Proposal, writer: Any, friend: Any
) -> None:
    assert client.get(f"{URL}/{draft.id}", headers=friend.headers).status_code == 404
    join(client, draft, writer, friend)
    own = client.get(f"/api/v1/me/proposals/{draft.id}", headers=friend.headers)
    assert (own.json["point"]["lon"], own.json["point"]["lat"]) == CITY_HALL
    listed = client.get("/api/v1/me/proposals", headers=friend.headers).json["items"]
    assert [item["id"] for item in listed] == [str(draft.id)]
    match = {"If-Match": own.headers["ETag"]}
    edited = client.patch(
        f"{URL}/{draft.id}", json={"title": "함께 쓴 제목"}, headers=friend.headers | match
    )
    assert (edited.status_code, edited.json["title"]) == (200, "함께 쓴 제목")
    late = client.patch(
        f"{URL}/{draft.id}", json={"title": "늦은 제목"}, headers=writer.headers | match
    )
    assert late.status_code == 412, "what the author has read is not what is there"


def test_a_co_author_does_not_dispose_of_the_proposal(
    client: FlaskClient, draft: Proposal, writer: Any, friend: Any
) -> None:
    join(client, draft, writer, friend)
    for method, path in (
        ("DELETE", ""),
        ("POST", "/submission"),
        ("POST", "/withdrawal"),
        ("POST", "/co-author-invitations"),
        ("GET", "/co-author-invitations"),
        ("GET", "/submission-checks"),
    ):
        answer = client.open(f"{URL}/{draft.id}{path}", method=method, headers=friend.headers)
        assert (answer.status_code, answer.json["code"]) == (403, "permission_denied"), path


@pytest.mark.parametrize("consent", [{"neighbourhood_public": True}, {"anonymous": False}])
def test_a_co_author_consents_to_nothing_for_the_first(
    client: FlaskClient, session: Session, writer: Any, friend: Any, consent: dict[str, bool]
) -> None:
    draft = make_draft(session, writer.account, anonymous=True)
    join(client, draft, writer, friend)
    headers = friend.headers | AS_IT_IS
    answer = client.patch(f"{URL}/{draft.id}", json=consent, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (403, "first_author_only")
    session.refresh(draft)
    assert (draft.neighbourhood_public, draft.anonymous) == (False, True)


def test_a_co_author_never_learns_where_the_first_lives(
    client: FlaskClient, session: Session, writer: Any, friend: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    join(client, proposal, writer, friend)
    path = f"/api/v1/me/proposals/{proposal.id}"
    assert client.get(path, headers=writer.headers).json["residence"] is not None
    answers = [
        client.get(path, headers=friend.headers).json,
        client.get("/api/v1/me/proposals", headers=friend.headers).json["items"][0],
        client.patch(
            f"{URL}/{proposal.id}", json={"idea": "등"}, headers=friend.headers | AS_IT_IS
        ).json,
    ]
    assert [answer["residence"] for answer in answers] == [None, None, None]


def test_the_residence_of_the_first_author_counts(
    client: FlaskClient, session: Session, draft: Proposal, writer: Any, newcomer: Newcomer
) -> None:
    local_government_organization(session, "11140")
    elsewhere = newcomer("먼동무")
    client.put(
        "/api/v1/me/residence",
        json={"region_code": "26110101"},
        headers=elsewhere.headers | AS_IT_IS,
    )
    join(client, draft, writer, elsewhere)
    shown = client.post(f"{URL}/{draft.id}/submission", headers=writer.headers).json
    assert shown["residence"]["region"]["code"] == "11140103"


def test_a_co_author_does_not_endorse_and_what_they_backed_is_counted_out(
    client: FlaskClient, session: Session, writer: Any, friend: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    path = f"{URL}/{proposal.id}/endorsement"
    assert client.put(path, headers=friend.headers).json["endorsement_count"] == 1
    co_author_id = join(client, proposal, writer, friend)
    assert client.get(f"{URL}/{proposal.id}").json["endorsement_count"] == 0
    refused = client.put(path, headers=friend.headers)
    assert (refused.status_code, refused.json["code"]) == (403, "own_proposal_not_endorsable")
    client.delete(f"{URL}/{proposal.id}/co-authors/{co_author_id}", headers=friend.headers)
    assert client.put(path, headers=friend.headers).json["endorsement_count"] == 1


def test_a_reviewer_who_wrote_along_does_not_decide(
    client: FlaskClient, session: Session, writer: Any, reviewer: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    join(client, proposal, writer, reviewer)
    answer = client.put(
        f"{URL}/{proposal.id}/decision",
        json={"outcome": "adopted", "reason": REASON},
        headers=reviewer.headers,
    )
    assert (answer.status_code, answer.json["code"]) == (403, "own_proposal_not_decidable")


def test_co_authors_hear_the_decision(
    client: FlaskClient, session: Session, writer: Any, friend: Any, reviewer: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    join(client, proposal, writer, friend)
    client.put(f"{URL}/{proposal.id}/follow", headers=friend.headers)
    client.put(
        f"{URL}/{proposal.id}/decision",
        json={"outcome": "adopted", "reason": REASON},
        headers=reviewer.headers,
    )
    assert told(session, friend) == ["proposal_adopted"], "once, whatever else they are"


def test_a_token_works_once_and_its_user_may_repeat_it(
    client: FlaskClient, draft: Proposal, writer: Any, friend: Any, passer_by: Any
) -> None:
    token = invite(client, draft, writer)
    first, again = (accept(client, token, friend) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    other = accept(client, token, passer_by)
    assert (other.status_code, other.json["code"]) == (410, "co_author_invitation_used")


def test_who_has_left_does_not_come_back_by_the_old_token(
    client: FlaskClient, draft: Proposal, writer: Any, friend: Any
) -> None:
    token = invite(client, draft, writer)
    co_author_id = accept(client, token, friend).json["id"]
    path = f"{URL}/{draft.id}/co-authors/{co_author_id}"
    assert client.delete(path, headers=friend.headers).status_code == 204
    assert accept(client, token, friend).json["code"] == "co_author_invitation_used"
    assert client.get(f"{URL}/{draft.id}", headers=friend.headers).status_code == 404


def test_a_token_expires_after_seven_days(
    client: FlaskClient, session: Session, clock: Clock, newcomer: Newcomer, sign_in: Any
) -> None:
    writer, friend = newcomer("처음이"), newcomer("동무")
    token = invite(client, make_draft(session, writer.account), writer)
    clock.move(days=7)
    headers = sign_in(friend.account.email)
    answer = client.post(ACCEPTANCE, json={"token": token}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (410, "co_author_invitation_expired")


def test_an_invitation_is_taken_back_by_its_author(
    client: FlaskClient, draft: Proposal, writer: Any, friend: Any
) -> None:
    path = f"{URL}/{draft.id}/co-author-invitations"
    offer = client.post(path, headers=writer.headers).json
    assert client.delete(f"{path}/{offer['id']}", headers=writer.headers).status_code == 204
    answer = accept(client, offer["token"], friend)
    assert (answer.status_code, answer.json["code"]) == (404, "co_author_invitation_not_found")
    again = client.delete(f"{path}/{offer['id']}", headers=writer.headers)
    assert again.status_code == 404


def test_there_are_at_most_five_open_invitations_included(
    client: FlaskClient, draft: Proposal, writer: Any, newcomer: Newcomer
) -> None:
    for number in range(3):
        join(client, draft, writer, newcomer(f"동무{number}"))
    for _ in range(2):
        invite(client, draft, writer)
    answer = client.post(f"{URL}/{draft.id}/co-author-invitations", headers=writer.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "too_many_co_authors")


def test_nobody_joins_twice_nor_oneself(
    client: FlaskClient, draft: Proposal, writer: Any, friend: Any
) -> None:
    join(client, draft, writer, friend)
    token = invite(client, draft, writer)
    for person in (writer, friend):
        answer = accept(client, token, person)
        assert (answer.status_code, answer.json["code"]) == (409, "already_author")


@pytest.mark.parametrize("outcome", ["adopted", "rejected"])
def test_nobody_joins_what_is_decided(
    client: FlaskClient, session: Session, writer: Any, friend: Any, outcome: str
) -> None:
    proposal = make_submitted(session, writer.account)
    token = invite(client, proposal, writer)
    reviewer = make_reviewer(session, "11140")
    decided = make_decided(session, writer.account, outcome=outcome, reviewer=reviewer)
    answer = client.post(f"{URL}/{decided.id}/co-author-invitations", headers=writer.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "proposal_authors_settled")
    client.post(f"{URL}/{proposal.id}/withdrawal", headers=writer.headers)
    assert accept(client, token, friend).json["code"] == "proposal_authors_settled"


def test_the_author_removes_from_a_draft_and_not_after(
    client: FlaskClient, session: Session, draft: Proposal, writer: Any, friend: Any
) -> None:
    path = f"{URL}/{draft.id}/co-authors"
    co_author_id = join(client, draft, writer, friend)
    assert client.delete(f"{path}/{co_author_id}", headers=writer.headers).status_code == 204
    assert told(session, friend) == ["co_author_removed"]
    co_author_id = join(client, draft, writer, friend)
    local_government_organization(session, "11140")
    client.post(f"{URL}/{draft.id}/submission", headers=writer.headers)
    refused = client.delete(f"{path}/{co_author_id}", headers=writer.headers)
    assert (refused.status_code, refused.json["code"]) == (409, "co_author_stays")
    assert client.delete(f"{path}/{co_author_id}", headers=friend.headers).status_code == 204
    assert client.get(f"{URL}/{draft.id}").json["co_authors"] == []


def test_a_co_author_removes_no_other(
    client: FlaskClient, draft: Proposal, writer: Any, friend: Any, passer_by: Any
) -> None:
    join(client, draft, writer, friend)
    other = join(client, draft, writer, passer_by)
    path = f"{URL}/{draft.id}/co-authors/{other}"
    answer = client.delete(path, headers=friend.headers)
    assert (answer.status_code, answer.json["code"]) == (403, "co_author_not_yours_to_remove")
    listed = client.get(f"{URL}/{draft.id}/co-authors", headers=friend.headers).json["items"]
    assert [item["display_name"] for item in listed] == ["동무", "행인"]


def test_a_co_authorship_belongs_to_its_proposal(
    client: FlaskClient, session: Session, draft: Proposal, writer: Any, friend: Any
) -> None:
    other = make_draft(session, writer.account)
    co_author_id = join(client, draft, writer, friend)
    path = f"{URL}/{other.id}/co-authors/{co_author_id}"
    assert client.delete(path, headers=writer.headers).json["code"] == "co_author_not_found"


def test_joining_needs_an_account_and_a_true_token(client: FlaskClient, friend: Any) -> None:
    assert client.post(ACCEPTANCE, json={"token": "x"}).status_code == 401
    assert accept(client, "x", friend).json["code"] == "co_author_invitation_not_found"
