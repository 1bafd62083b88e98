"""Separating what was merged: all as before, told again, within the term and before a decision."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.models import AuditEvent
from backend.me.erasure.service import erase_account
from backend.notifications.models import Notice
from backend.proposals.endorsements import endorse, stop_endorsing
from backend.proposals.models import Proposal
from backend.reviews.models import Review
from backend.reviews.personal_data import ERASED_REASON
from tests.backend.reviews.conftest import Person
from tests.backend.reviews.merges.merging import API, FIRST, LATER, backed, kinds, merge
from tests.conftest import Clock
from tests.support.people import CITY_HALL_EMD, PASSWORD, register
from tests.support.proposals import make_decided, make_submitted

WHY = "다시 보니 서로 다른 골목의 문제였습니다."


def undo(client: FlaskClient, merged: Proposal, person: Person) -> Any:
    """Ask for the undoing of a merge; return the answer."""
    return client.post(
        f"{API}/proposals/{merged.id}/merge/undo", json={"reason": WHY}, headers=person.headers
    )


def test_an_undone_merge_leaves_nothing_behind(
    client: FlaskClient,
    session: Session,
    first: Proposal,
    later: Proposal,
    reviewer: Person,
    stranger: Person,
) -> None:
    here, there = register(session).id, register(session).id
    endorse(session, proposal_id=first.id, account_id=here, now=LATER)
    endorse(session, proposal_id=later.id, account_id=there, now=LATER)
    session.commit()
    before = client.get(f"{API}/proposals/{later.id}").json
    survivor_before = client.get(f"{API}/proposals/{first.id}").json
    merge(client, later, first, reviewer)
    answer = undo(client, later, reviewer)
    assert (answer.status_code, answer.json["undo_reason"]) == (200, WHY)
    assert client.get(f"{API}/proposals/{later.id}").json == before
    assert client.get(f"{API}/proposals/{first.id}").json == survivor_before
    assert (backed(session, first), backed(session, later)) == ({here}, {there})
    told = client.get(f"{API}/proposals/{later.id}/merge", headers=reviewer.headers)
    assert (told.status_code, told.json["code"]) == (409, "proposal_not_merged")


def test_what_people_did_meanwhile_stays(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    new, confirmed, gone = (register(session).id for _ in range(3))
    for account_id in (confirmed, gone):
        endorse(session, proposal_id=later.id, account_id=account_id, now=LATER)
    session.commit()
    merge(client, later, first, reviewer)
    for account_id in (new, confirmed):
        endorse(session, proposal_id=first.id, account_id=account_id, now=LATER)
    stop_endorsing(session, proposal_id=first.id, account_id=gone, now=LATER)
    session.commit()
    undo(client, later, reviewer)
    assert backed(session, first) == {new, confirmed}
    assert backed(session, later) == {confirmed, gone}, "at the survivor they spoke of that one"


def test_the_review_goes_on_with_its_clock(
    client: FlaskClient, session: Session, first: Proposal, reviewer: Person
) -> None:
    waiting = make_decided(session, outcome="supplement_requested", now=LATER)
    review = select(Review).where(Review.proposal_id == waiting.id)
    before = session.scalars(review).one()
    clocks = before.received_at, before.paused_at
    merge(client, waiting, first, reviewer)
    undo(client, waiting, reviewer)
    session.expire_all()
    after = session.scalars(review).one()
    assert (after.state, after.received_at, after.paused_at) == ("paused", *clocks)
    assert after.closed_at is None
    assert session.get_one(Proposal, waiting.id).status == "supplement_requested"


def test_the_same_people_hear_of_it(
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
    undo(client, later, reviewer)
    assert kinds(session, author.account)[0] == "proposal_separated"
    assert kinds(session, stranger.account)[0] == "endorsed_proposal_separated"
    assert kinds(session, session.get_one(Account, first.author_id))[0] == "proposal_gave_back"
    done = select(AuditEvent).where(AuditEvent.action == "proposal.separated")
    assert session.scalars(done).one().actor_id == reviewer.account.id


@pytest.mark.parametrize(("days", "status"), [(29, 200), (30, 409)])
def test_after_thirty_days_a_merge_stands(
    client: FlaskClient,
    first: Proposal,
    later: Proposal,
    reviewer: Person,
    clock: Clock,
    sign_in: Any,
    days: int,
    status: int,
) -> None:
    merge(client, later, first, reviewer)
    clock.move(days=days)
    answer = undo(client, later, Person(reviewer.account, sign_in(reviewer.account.email)))
    assert answer.status_code == status
    if status == 409:
        assert answer.json["code"] == "merge_undo_term_over"


def test_the_decision_about_the_survivor_was_one_about_both(
    client: FlaskClient, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    merge(client, later, first, reviewer)
    body = {"outcome": "adopted", "reason": WHY}
    client.put(f"{API}/proposals/{first.id}/decision", json=body, headers=reviewer.headers)
    answer = undo(client, later, reviewer)
    assert (answer.status_code, answer.json["code"]) == (409, "merge_survivor_decided")


def test_what_was_adopted_before_the_merge_does_not_hold_it(
    client: FlaskClient, session: Session, later: Proposal, reviewer: Person
) -> None:
    adopted = make_decided(session, now=FIRST)
    merge(client, later, adopted, reviewer)
    assert undo(client, later, reviewer).status_code == 200


def test_who_takes_the_survivor_back_takes_only_their_own(
    client: FlaskClient,
    session: Session,
    later: Proposal,
    author: Person,
    reviewer: Person,
    sign_in: Any,
) -> None:
    somebody = register(session, residence=CITY_HALL_EMD)
    first = make_submitted(session, somebody, now=FIRST)
    merge(client, later, first, reviewer)
    taken = client.post(f"{API}/proposals/{first.id}/withdrawal", headers=sign_in(somebody.email))
    assert (taken.status_code, taken.json["status"]) == (200, "withdrawn")
    assert client.get(f"{API}/proposals/{later.id}").json["status"] == "submitted"
    assert backed(session, first) == set()
    newest = client.get(f"{API}/me/notices", headers=author.headers).json["items"][0]
    assert newest["kind"] == "proposal_separated"
    assert "철회" in newest["text"]


def test_a_part_leaves_the_middle_of_a_chain(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    last = make_submitted(session, now=LATER + timedelta(days=1))
    merge(client, last, later, reviewer)
    merge(client, later, first, reviewer)
    assert undo(client, last, reviewer).status_code == 200
    assert backed(session, first) == {later.author_id}
    assert client.get(f"{API}/proposals/{last.id}").status_code == 200
    assert client.get(f"{API}/proposals/{later.id}").json["merged_into"] == str(first.id)


def test_the_middle_of_a_chain_takes_its_own_along(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> None:
    last = make_submitted(session, now=LATER + timedelta(days=1))
    merge(client, last, later, reviewer)
    merge(client, later, first, reviewer)
    assert undo(client, later, reviewer).status_code == 200
    assert backed(session, first) == set()
    assert backed(session, later) == {last.author_id}
    assert client.get(f"{API}/proposals/{last.id}").json["merged_into"] == str(later.id)
    assert client.get(f"{API}/proposals/{first.id}").json["merged_proposals"] == []


def test_only_the_office_undoes(
    client: FlaskClient,
    first: Proposal,
    later: Proposal,
    author: Person,
    stranger: Person,
    reviewer: Person,
    reviewer_elsewhere: Person,
) -> None:
    assert undo(client, later, reviewer).json["code"] == "proposal_not_merged"
    merge(client, later, first, reviewer)
    for person in (author, stranger, reviewer_elsewhere):
        assert undo(client, later, person).status_code == 403


def test_the_author_of_a_merged_proposal_objects_to_the_office_once(
    client: FlaskClient,
    session: Session,
    first: Proposal,
    later: Proposal,
    author: Person,
    stranger: Person,
    reviewer: Person,
) -> None:
    path, body = f"{API}/proposals/{later.id}/merge/objection", {"reason": WHY}
    assert client.post(path, json=body, headers=author.headers).status_code == 409
    merge(client, later, first, reviewer)
    assert client.post(path, json=body, headers=stranger.headers).status_code == 410
    for _ in range(2):
        answer = client.post(path, json=body, headers=author.headers)
        assert answer.status_code == 200
        assert answer.json["objected_at"] is not None
    assert kinds(session, reviewer.account) == ["merge_objected"]
    seen = client.get(f"{API}/proposals/{later.id}/events", headers=reviewer.headers).json
    assert seen["items"][-1]["data"] == {"reason": WHY}


def test_who_keeps_a_copy_hears_that_the_end_of_a_chain_moved(
    client: FlaskClient,
    session: Session,
    first: Proposal,
    later: Proposal,
    reviewer: Person,
    clock: Clock,
) -> None:
    last = make_submitted(session, now=LATER + timedelta(days=1))
    merge(client, last, later, reviewer)
    for step in (
        lambda: merge(client, later, first, reviewer),
        lambda: undo(client, later, reviewer),
    ):
        now = clock.move(minutes=1)
        assert step().status_code in (200, 201)
        session.expire_all()
        assert [one.updated_at for one in (first, later, last)] == [now] * 3


def test_why_somebody_objected_goes_with_them(
    client: FlaskClient,
    session: Session,
    first: Proposal,
    later: Proposal,
    author: Person,
    reviewer: Person,
    now: datetime,
) -> None:
    merge(client, later, first, reviewer)
    path, body = f"{API}/proposals/{later.id}/merge/objection", {"reason": WHY}
    assert client.post(path, json=body, headers=author.headers).status_code == 200
    session.expire_all()
    assert author.account.id in backed(session, first)
    erase_account(
        session, account_id=author.account.id, sign_in_id=None, password=PASSWORD, now=now
    )
    session.commit()
    told = session.scalars(select(Notice).where(Notice.recipient_id == reviewer.account.id)).one()
    seen = client.get(f"{API}/proposals/{later.id}/events", headers=reviewer.headers).json
    assert told.params["reason"] == seen["items"][-1]["data"]["reason"] == ERASED_REASON
    assert backed(session, first) == set()
