"""Handing a proposal in and taking it back."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.residences import declare_residence
from backend.audit.models import AuditEvent
from backend.notifications.models import Notice
from backend.proposals.events import ProposalEvent
from backend.proposals.queries import answering_facts
from backend.reviews.models import Review
from tests.backend.reviews.conftest import Person
from tests.conftest import Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import local_government_organization, register
from tests.support.proposals import make_decided, make_draft, make_submitted

URL = "/api/v1/proposals"


def test_a_submission_goes_to_the_local_government_of_the_place(
    client: FlaskClient, session: Session, author: Person
) -> None:
    proposal = make_draft(session, author.account, region_code="44133101")
    local_government_organization(session, "44130")
    answer = client.post(f"{URL}/{proposal.id}/submission", headers=author.headers)
    assert answer.status_code == 200
    assert answer.json["status"] == "submitted"
    review = session.scalars(select(Review)).one()
    assert (review.proposal_id, review.local_government_code) == (proposal.id, "44130")
    assert review.state == "open"


def test_the_author_is_told_and_the_thread_begins(
    client: FlaskClient, session: Session, author: Person
) -> None:
    proposal = make_draft(session, author.account)
    local_government_organization(session, "11140")
    client.post(f"{URL}/{proposal.id}/submission", headers=author.headers)
    notices = client.get("/api/v1/me/notices", headers=author.headers).json["items"]
    assert [notice["kind"] for notice in notices] == ["proposal_submitted"]
    assert "중구" in notices[0]["text"]
    events = client.get(f"{URL}/{proposal.id}/events").json["items"]
    assert [event["kind"] for event in events] == ["submitted"]
    assert events[0]["data"]["local_government"]["code"] == "11140"
    assert "proposal.submitted" in session.scalars(select(AuditEvent.action)).all()


@pytest.mark.parametrize(("missing", "field"), [("problem", "problem"), ("place", "place")])
def test_an_incomplete_draft_stays_a_draft(
    client: FlaskClient, session: Session, author: Person, missing: str, field: str
) -> None:
    facts = {"problem": None} if missing == "problem" else {"location": None}
    proposal = make_draft(session, author.account, **facts)
    local_government_organization(session, "11140")
    answer = client.post(f"{URL}/{proposal.id}/submission", headers=author.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "proposal_incomplete")
    assert list(answer.json["errors"]) == [f"proposal.{field}"]
    _assert_nothing_written(session)


def test_without_a_residence_nothing_is_submitted(
    client: FlaskClient, session: Session, stranger: Person
) -> None:
    proposal = make_draft(session, stranger.account)
    local_government_organization(session, "11140")
    for language, words in (("ko", "사는 동네"), ("en", "where you live")):
        answer = client.post(
            f"{URL}/{proposal.id}/submission",
            headers={**stranger.headers, "Accept-Language": language},
        )
        assert (answer.status_code, answer.json["code"]) == (409, "residence_not_declared")
        assert words in answer.json["detail"]
    _assert_nothing_written(session)


def test_where_nobody_reviews_nothing_is_submitted(
    client: FlaskClient, session: Session, author: Person
) -> None:
    proposal = make_draft(session, author.account)
    answer = client.post(f"{URL}/{proposal.id}/submission", headers=author.headers)
    assert (answer.status_code, answer.json["code"]) == (503, "local_government_not_ready")
    _assert_nothing_written(session)


def _assert_nothing_written(session: Session) -> None:
    for model in (Review, ProposalEvent, Notice):
        assert session.scalar(select(func.count()).select_from(model)) == 0
    assert "proposal.submitted" not in session.scalars(select(AuditEvent.action)).all()


def test_a_second_submission_is_refused(
    client: FlaskClient, session: Session, author: Person
) -> None:
    proposal = make_submitted(session, author.account)
    answer = client.post(f"{URL}/{proposal.id}/submission", headers=author.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "invalid_transition")
    assert "심사 중" in answer.json["detail"]


def test_the_residence_of_the_first_submission_counts_for_ever(
    client: FlaskClient, session: Session, author: Person, clock: Clock
) -> None:
    proposal = make_decided(session, author.account, outcome="supplement_requested")
    declare_residence(
        session, account_id=author.account.id, region_code="26110101", now=clock.move(minutes=2)
    )
    session.commit()
    answer = client.post(f"{URL}/{proposal.id}/submission", headers=author.headers)
    assert answer.status_code == 200
    assert answer.json["status"] == "submitted"
    assert answer.json["residence"]["region"]["code"] == "11140103"


@pytest.mark.parametrize(("days", "flagged"), [(29, True), (31, False)])
def test_a_residence_declared_just_before_is_flagged(
    client: FlaskClient, session: Session, clock: Clock, sign_in: object, days: int, flagged: bool
) -> None:
    account = register(session, residence="11140103", now=clock() - timedelta(days=days))
    proposal = make_submitted(session, account, now=clock())
    assert proposal.residence_moved_recently is flagged


def test_what_a_round_learns_of_a_residence_follows_the_consent(session: Session) -> None:
    open_one = make_submitted(session, neighbourhood_public=True)
    discreet = make_submitted(session, neighbourhood_public=False)
    draft = make_draft(session)
    facts = answering_facts(session, [open_one.id, discreet.id, draft.id])
    assert set(facts) == {open_one.id, discreet.id}
    assert facts[open_one.id].shown_code == "11140103"
    assert facts[discreet.id].shown_code == "11140"
    assert facts[discreet.id].shown_name == "서울특별시 중구"
    assert facts[discreet.id].residence_code == "11140103"
    assert facts[open_one.id].label_lon != facts[discreet.id].label_lon


def test_an_author_takes_a_proposal_back(
    client: FlaskClient, session: Session, author: Person, reviewer: Person
) -> None:
    proposal = make_submitted(session, author.account)
    answer = client.post(f"{URL}/{proposal.id}/withdrawal", headers=author.headers)
    assert (answer.status_code, answer.json["status"]) == (200, "withdrawn")
    review = session.scalars(select(Review)).one()
    assert review.state == "withdrawn"
    decision = {"outcome": "adopted", "reason": "필요한 제안이라 채택합니다."}
    decided = client.put(f"{URL}/{proposal.id}/decision", json=decision, headers=reviewer.headers)
    assert (decided.status_code, decided.json["code"]) == (409, "review_closed")


@pytest.mark.parametrize("outcome", ["adopted", "rejected"])
def test_what_was_decided_is_not_taken_back(
    client: FlaskClient, session: Session, author: Person, outcome: str
) -> None:
    proposal = make_decided(session, author.account, outcome=outcome)
    answer = client.post(f"{URL}/{proposal.id}/withdrawal", headers=author.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "invalid_transition")


def test_a_draft_is_not_withdrawn(client: FlaskClient, session: Session, author: Person) -> None:
    proposal = make_draft(session, author.account)
    answer = client.post(f"{URL}/{proposal.id}/withdrawal", headers=author.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "invalid_transition")


def test_a_supplement_can_make_the_place_more_exact_but_not_move_it_away(
    client: FlaskClient, session: Session, author: Person
) -> None:
    proposal = make_decided(session, author.account, outcome="supplement_requested")
    near = client.patch(
        f"{URL}/{proposal.id}",
        json={"location": {"lon": 126.9770, "lat": 37.5650}, "problem": "더 자세한 문제"},
        headers=author.headers | AS_IT_IS,
    )
    assert near.status_code == 200
    away = client.patch(
        f"{URL}/{proposal.id}", json={"region_code": "26110101"}, headers=author.headers | AS_IT_IS
    )
    assert (away.status_code, away.json["code"]) == (409, "place_of_another_local_government")
