"""Merging: who may, which survives, where the other one is found, and whose backing counts."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.models import AuditEvent
from backend.audit.service import verify
from backend.auth.identity import Role
from backend.proposals.endorsements import endorse
from backend.proposals.models import Proposal
from backend.reviews.models import Review
from tests.backend.reviews.conftest import Person
from tests.backend.reviews.merges.merging import API, FIRST, LATER, REASON, backed, kinds, merge
from tests.support.people import CITY_HALL_EMD, make_reviewer, register
from tests.support.proposals import make_decided, make_draft, make_submitted


def test_strangers_are_sent_to_the_survivor(
    client: FlaskClient, first: Proposal, later: Proposal, reviewer: Person, stranger: Person
) -> None:
    answer = merge(client, later, first, reviewer)
    assert (answer.status_code, answer.json["survivor_id"]) == (201, str(first.id))
    for path in ("", "/events", "/products", "/endorsement"):
        send = client.put if path == "/endorsement" else client.get
        gone = send(f"{API}/proposals/{later.id}{path}", headers=stranger.headers)
        assert (gone.status_code, gone.json["code"]) == (410, "proposal_merged"), path
        assert gone.json["merged_into"] == str(first.id)
        assert gone.headers["Location"] == f"{API}/proposals/{first.id}"


def test_author_and_office_still_read_what_was_merged(
    client: FlaskClient,
    first: Proposal,
    later: Proposal,
    author: Person,
    reviewer: Person,
    reviewer_elsewhere: Person,
) -> None:
    merge(client, later, first, reviewer)
    for person in (author, reviewer):
        shown = client.get(f"{API}/proposals/{later.id}", headers=person.headers)
        assert shown.json["status"] == "merged"
        assert shown.json["merged_into"] == str(first.id)
        told = client.get(f"{API}/proposals/{later.id}/merge", headers=person.headers)
        assert told.json["reason"] == REASON
    own = client.get(f"{API}/me/proposals", headers=author.headers).json["items"][0]
    assert own["merged_into"] == str(first.id)
    elsewhere = client.get(f"{API}/proposals/{later.id}", headers=reviewer_elsewhere.headers)
    assert elsewhere.status_code == 410


def test_the_survivor_credits_what_was_merged_into_it_with_its_author(
    client: FlaskClient, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    merge(client, later, first, reviewer)
    shown = client.get(f"{API}/proposals/{first.id}").json
    assert [(one["id"], one["title"]) for one in shown["merged_proposals"]] == [
        (str(later.id), later.title)
    ]
    assert shown["merged_proposals"][0]["proposer"] == "홍길동"


def test_an_author_who_chose_to_be_anonymous_is_not_credited_by_name(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    later.anonymous = True
    session.commit()
    merge(client, later, first, reviewer)
    shown = client.get(f"{API}/proposals/{first.id}").json
    assert shown["merged_proposals"][0]["proposer"] is None


def test_what_was_merged_is_on_no_list(
    client: FlaskClient, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    merge(client, later, first, reviewer)
    listed = client.get(f"{API}/proposals").json["items"]
    assert [one["id"] for one in listed] == [str(first.id)]
    assert client.get(f"{API}/proposals", query_string={"status": "merged"}).status_code == 422
    queue = client.get(f"{API}/local-governments/11140/reviews", headers=reviewer.headers).json
    assert [one["proposal"]["id"] for one in queue["items"]] == [str(first.id)]
    ended = client.get(
        f"{API}/local-governments/11140/reviews",
        query_string={"status": "decided"},
        headers=reviewer.headers,
    ).json
    assert [one["state"] for one in ended["items"]] == ["merged"]


def test_the_first_received_survives(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    answer = merge(client, first, later, reviewer)
    assert (answer.status_code, answer.json["code"]) == (409, "first_received_survives")
    assert answer.json["survivor_id"] == str(first.id)
    session.refresh(first)
    assert first.status == "submitted"


def test_each_person_is_counted_once_and_the_later_author_too(
    client: FlaskClient,
    session: Session,
    first: Proposal,
    later: Proposal,
    author: Person,
    reviewer: Person,
) -> None:
    both, only_first, only_later = (register(session).id for _ in range(3))
    for proposal, people in ((first, (both, only_first)), (later, (both, only_later))):
        for person in people:
            endorse(session, proposal_id=proposal.id, account_id=person, now=LATER)
    endorse(session, proposal_id=later.id, account_id=first.author_id, now=LATER)
    session.commit()
    merge(client, later, first, reviewer)
    assert backed(session, first) == {both, only_first, only_later, author.account.id}
    assert backed(session, later) == {both, only_later, first.author_id}


def test_everybody_concerned_hears_what_happened_why_and_what_they_can_do(
    client: FlaskClient,
    session: Session,
    first: Proposal,
    later: Proposal,
    author: Person,
    stranger: Person,
    reviewer: Person,
) -> None:
    endorse(session, proposal_id=later.id, account_id=stranger.account.id, now=LATER)
    session.commit()
    merge(client, later, first, reviewer)
    assert kinds(session, author.account)[0] == "proposal_merged"
    assert kinds(session, stranger.account) == ["endorsed_proposal_merged"]
    assert kinds(session, session.get_one(Account, first.author_id))[0] == "proposal_took_in"
    newest = client.get(f"{API}/me/notices", headers=author.headers).json["items"][0]
    assert REASON in newest["text"]
    assert "2026-12-23 12:00" in newest["text"], "until when it can be undone, in Korean time"


def test_both_threads_and_the_chain_of_the_office_tell_of_it(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    merge(client, later, first, reviewer)
    events = client.get(f"{API}/proposals/{first.id}/events").json["items"]
    assert events[-1]["kind"] == "took_in"
    assert events[-1]["data"]["merged"] == {"id": str(later.id), "title": later.title}
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "proposal.merged")).one()
    assert event.actor_id == reviewer.account.id
    assert REASON not in event.data
    assert verify(session, chain=event.chain) == []


def test_the_same_merge_again_is_the_same_merge(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    one = merge(client, later, first, reviewer)
    again = merge(client, later, first, reviewer)
    assert again.json == one.json
    other = merge(client, later, first, reviewer, reason="다른 이유로 다시 합치려고 합니다.")
    assert (other.status_code, other.json["code"]) == (409, "invalid_transition")
    assert kinds(session, session.get_one(Account, later.author_id)).count("proposal_merged") == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"into": str(uuid4())}, "merge_survivor_unknown"),
        ({"into": "nobody"}, "fields_invalid"),
        ({"reason": "짧다"}, "fields_invalid"),
        ({"reason": " " * 20}, "fields_invalid"),
        ({"score": 1}, "fields_invalid"),
    ],
)
def test_a_bad_merge_is_explained(
    client: FlaskClient,
    first: Proposal,
    later: Proposal,
    reviewer: Person,
    body: dict[str, Any],
    code: str,
) -> None:
    answer = merge(client, later, first, reviewer, **body)
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_proposal_is_not_merged_into_itself_or_a_draft(
    client: FlaskClient, session: Session, later: Proposal, reviewer: Person
) -> None:
    assert merge(client, later, later, reviewer).json["code"] == "merge_into_itself"
    draft = make_draft(session, now=FIRST)
    assert merge(client, later, draft, reviewer).json["code"] == "merge_survivor_unknown"


@pytest.mark.parametrize("outcome", ["rejected", "withdrawn"])
def test_nothing_is_merged_into_what_was_decided_against(
    client: FlaskClient,
    session: Session,
    later: Proposal,
    reviewer: Person,
    sign_in: Any,
    outcome: str,
) -> None:
    if outcome == "withdrawn":
        somebody = register(session, residence=CITY_HALL_EMD)
        closed = make_submitted(session, somebody, now=FIRST)
        client.post(f"{API}/proposals/{closed.id}/withdrawal", headers=sign_in(somebody.email))
    else:
        closed = make_decided(session, outcome=outcome, now=FIRST)
    answer = merge(client, later, closed, reviewer)
    assert (answer.status_code, answer.json["code"]) == (409, "merge_survivor_closed")


def test_an_adopted_proposal_takes_a_later_one_in_and_is_not_merged_itself(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    adopted = make_decided(session, now=FIRST + timedelta(days=1))
    refused = merge(client, adopted, first, reviewer)
    assert (refused.status_code, refused.json["code"]) == (409, "invalid_transition")
    assert merge(client, later, adopted, reviewer).status_code == 201


def test_only_who_is_competent_for_both_merges(
    client: FlaskClient,
    session: Session,
    first: Proposal,
    later: Proposal,
    author: Person,
    stranger: Person,
    reviewer: Person,
    reviewer_elsewhere: Person,
    sign_in: Any,
) -> None:
    for person in (author, stranger, reviewer_elsewhere):
        assert merge(client, later, first, person).status_code == 403
    elsewhere = make_submitted(session, region_code="26110101", now=FIRST)
    answer = merge(client, later, elsewhere, reviewer)
    assert (answer.status_code, answer.json["code"]) == (409, "merge_across_local_governments")
    manager = make_reviewer(session, "11140", role=Role.MANAGER)
    assert merge(client, later, first, Person(manager, sign_in(manager.email))).status_code == 201


def test_nobody_merges_their_own_proposal(
    client: FlaskClient, session: Session, later: Proposal, reviewer: Person
) -> None:
    first = make_submitted(session, now=FIRST)
    first.author_id = reviewer.account.id
    session.commit()
    answer = merge(client, later, first, reviewer)
    assert (answer.status_code, answer.json["code"]) == (403, "own_proposal_not_decidable")


def test_a_chain_leads_to_its_end(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    last = make_submitted(session, now=LATER + timedelta(days=1), title="가장 늦은 제안")
    merge(client, last, later, reviewer)
    merge(client, later, first, reviewer)
    gone = client.get(f"{API}/proposals/{last.id}")
    assert (gone.status_code, gone.json["merged_into"]) == (410, str(first.id))
    credited = client.get(f"{API}/proposals/{first.id}").json["merged_proposals"]
    assert {one["id"] for one in credited} == {str(last.id), str(later.id)}
    assert backed(session, first) == {last.author_id, later.author_id}
    newest = make_submitted(session, now=LATER + timedelta(days=2))
    refused = merge(client, newest, later, reviewer)
    assert (refused.status_code, refused.json["code"]) == (409, "merge_survivor_merged")
    assert refused.json["survivor_id"] == str(first.id)


def test_an_adoption_is_one_of_all_who_proposed_it(
    client: FlaskClient,
    session: Session,
    first: Proposal,
    later: Proposal,
    author: Person,
    reviewer: Person,
) -> None:
    merge(client, later, first, reviewer)
    body = {"outcome": "adopted", "reason": REASON}
    client.put(f"{API}/proposals/{first.id}/decision", json=body, headers=reviewer.headers)
    told = kinds(session, author.account)
    assert told[0] == "proposal_adopted"
    assert "endorsed_proposal_adopted" not in told


def test_what_was_merged_is_neither_decided_nor_taken_back_nor_handed_in(
    client: FlaskClient,
    session: Session,
    first: Proposal,
    later: Proposal,
    author: Person,
    reviewer: Person,
) -> None:
    merge(client, later, first, reviewer)
    path = f"{API}/proposals/{later.id}"
    body = {"outcome": "adopted", "reason": REASON}
    decided = client.put(f"{path}/decision", json=body, headers=reviewer.headers)
    assert (decided.status_code, decided.json["code"]) == (409, "review_closed")
    for step in ("submission", "withdrawal"):
        answer = client.post(f"{path}/{step}", headers=author.headers)
        assert (answer.status_code, answer.json["code"]) == (409, "invalid_transition")
    review = session.scalars(select(Review).where(Review.proposal_id == later.id)).one()
    assert review.state == "merged"
