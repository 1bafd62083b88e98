"""Objections: who may object, until when, who decides, and what everybody reads of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.models import AuditEvent
from backend.audit.service import verify as verify_audit
from backend.catalogue.validity import SEOUL
from backend.db import new_id
from backend.me.erasure.service import erase_account
from backend.notifications.models import Notice
from backend.objections.models import PlanObjection
from backend.objections.personal_data import ERASED_REASON
from backend.objections.queries import list_desk, list_own
from backend.objections.reminders import AHEAD
from backend.objections.tasks import remind
from backend.organizations.models import Institution
from backend.rounds.contracts import record_contract
from backend.rounds.models import MatchingRun, Outcome, Placement, Round
from backend.rounds.publication import publish_plan
from backend.rounds.supersession import supersede_plan
from tests.conftest import Clock
from tests.support.people import (
    CITY_HALL_EMD,
    PASSWORD,
    make_applicant,
    make_auditor,
    make_institution,
    make_officer,
    register,
)
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSED,
    apply_for,
    approve,
    close,
    make_open_round,
    make_product,
    publish,
    run,
    work,
)

API = "/api/v1"
SignIn = Callable[..., dict[str, str]]
PUBLISHED = CLOSED
LAST_DAY = datetime(2027, 1, 2, 15, 0, tzinfo=UTC)
"""The midnight in Seoul that ends the thirtieth day after the third of December."""
REASON = "관할구역이 잘못 적용되었습니다. 담당자 김민원 드림."
DECISION = {
    "decision": "dismissed",
    "reason": "신청서의 설치 장소를 다시 확인했으나 결과가 바뀌지 않습니다.",
    "public_summary": "설치 장소를 다시 확인한 결과 순위가 바뀌지 않아 기각하였습니다.",
}


class Story:
    """A published round: one institution was awarded a citizen's product, another refused."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.proposer = register(session, display_name="박제안", residence=CITY_HALL_EMD)
        proposal = make_decided(session, self.proposer, neighbourhood_public=True)
        self.proposal_id = proposal.id
        product = make_product(session, answers=[proposal])
        self.round: Round
        self.round, (offer,) = make_open_round(session, product, **self.terms())
        here = make_institution(session)
        there = make_institution(
            session, name_ko="부산보건소", site=(129.0328, 35.11223), emd_code="26110101"
        )
        self.refused_id = there.organization_id
        self.applicant = make_applicant(session, there)
        for institution in (here, there):
            apply_for(session, institution, offer)
        self.runner = make_officer(session)
        self.run: MatchingRun = self.published()
        outcomes = session.scalars(select(Outcome).where(Outcome.run_id == self.run.id)).all()
        self.refused = next(row.id for row in outcomes if row.seat is None)
        self.awarded = next(row.id for row in outcomes if row.seat)

    def terms(self) -> dict[str, Any]:
        """Return what is said of the round beyond the defaults."""
        return {}

    def published(self) -> MatchingRun:
        """Publish the round and return its run."""
        return publish(self.session, self.round, now=PUBLISHED)

    def path(self, outcome_id: UUID) -> str:
        """Return where one objects to an outcome."""
        return f"{API}/rounds/{self.round.id}/outcomes/{outcome_id}/objections"


@pytest.fixture
def story(session: Session, clock: Clock) -> Story:
    """The round; it is the hour after its publication."""
    made = Story(session)
    clock.time = PUBLISHED + timedelta(hours=1)
    return made


@pytest.fixture
def headers_of(client: FlaskClient, sign_in: SignIn) -> Callable[[Account], dict[str, str]]:
    """Return a function that signs somebody in at the present time."""
    return lambda account: sign_in(account.email)


@pytest.fixture
def filed(client: FlaskClient, story: Story, headers_of: Any) -> dict[str, Any]:
    """The objection of the refused institution."""
    answer = client.post(
        story.path(story.refused), json={"reason": REASON}, headers=headers_of(story.applicant)
    )
    assert answer.status_code == 201, answer.text
    return answer.json


def decide(client: FlaskClient, objection_id: str, headers: Any, **changes: str) -> Any:
    address = f"{API}/plan-objections/{objection_id}/decision"
    return client.put(address, json={**DECISION, **changes}, headers=headers)


def test_the_institution_concerned_objects_and_hears_when_it_is_decided(
    session: Session, story: Story, filed: dict[str, Any]
) -> None:
    assert (filed["standing"], filed["state"]) == ("institution", "pending")
    assert filed["institution_id"] == str(story.refused_id)
    due_at = datetime.fromisoformat(filed["due_at"]).astimezone(SEOUL)
    assert due_at.isoformat() == "2026-12-18T00:00:00+09:00"
    kind = select(Notice).where(Notice.kind == "plan_objection_received")
    notice = session.scalars(kind).one()
    assert notice.recipient_id == story.applicant.id
    assert notice.params["due_at"] == "2026-12-18 00:00"


def test_the_proposer_of_what_the_product_answers_objects_to_any_of_its_outcomes(
    client: FlaskClient, story: Story, headers_of: Any
) -> None:
    headers = headers_of(story.proposer)
    for outcome_id in (story.awarded, story.refused):
        answer = client.post(story.path(outcome_id), json={"reason": REASON}, headers=headers)
        assert answer.status_code == 201, answer.text
        assert answer.json["standing"] == "proposer"
        assert answer.json["proposal_id"] == str(story.proposal_id)
        assert answer.json["institution_id"] is None


@pytest.mark.parametrize("whose", ["citizen", "other_applicant", "officer"])
def test_nobody_else_objects(
    client: FlaskClient, session: Session, story: Story, headers_of: Any, whose: str
) -> None:
    somebody = {
        "citizen": register,
        "other_applicant": lambda session: make_applicant(session, make_institution(session)),
        "officer": make_officer,
    }[whose](session)
    answer = client.post(
        story.path(story.refused), json={"reason": REASON}, headers=headers_of(somebody)
    )
    assert (answer.status_code, answer.json["code"]) == (403, "not_concerned")
    assert session.scalars(select(PlanObjection)).all() == []


def test_somebody_who_is_not_signed_in_objects_to_nothing(
    client: FlaskClient, story: Story
) -> None:
    assert client.post(story.path(story.refused), json={"reason": REASON}).status_code == 401


@pytest.mark.parametrize(
    ("moment", "status"), [(LAST_DAY - timedelta(seconds=1), 201), (LAST_DAY, 409)]
)
def test_the_term_ends_with_the_thirtieth_day_in_seoul(
    client: FlaskClient, story: Story, headers_of: Any, clock: Clock, moment: datetime, status: int
) -> None:
    clock.time = moment
    answer = client.post(
        story.path(story.refused), json={"reason": REASON}, headers=headers_of(story.applicant)
    )
    assert answer.status_code == status
    if status == 409:
        assert answer.json["code"] == "objection_term_over"
        assert "2027-01-03 00:00" in answer.json["detail"]


class ShortStory(Story):
    """A round that gives a week to object and two days to decide."""

    def terms(self) -> dict[str, Any]:
        return {"policy": {"objection_days": 7, "objection_decision_days": 2}}


def test_the_terms_are_the_rounds_own(
    client: FlaskClient, session: Session, clock: Clock, headers_of: Any
) -> None:
    story = ShortStory(session)
    clock.time = PUBLISHED + timedelta(days=7)
    headers = headers_of(story.applicant)
    made = client.post(story.path(story.refused), json={"reason": REASON}, headers=headers)
    assert datetime.fromisoformat(made.json["due_at"]) - clock.time < timedelta(days=3)
    clock.move(days=1)
    headers = headers_of(story.proposer)
    late = client.post(story.path(story.refused), json={"reason": REASON}, headers=headers)
    assert late.json["code"] == "objection_term_over"


def test_the_same_person_objects_to_the_same_outcome_once(
    client: FlaskClient, story: Story, filed: dict[str, Any], headers_of: Any
) -> None:
    headers = headers_of(story.applicant)
    again = client.post(story.path(story.refused), json={"reason": REASON}, headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "objection_twice")
    address = f"{API}/plan-objections/{filed['id']}/withdrawal"
    assert client.post(address, headers=headers).json["state"] == "withdrawn"
    assert client.post(address, headers=headers).json["code"] == "invalid_transition"
    third = client.post(story.path(story.refused), json={"reason": REASON}, headers=headers)
    assert third.status_code == 201


@pytest.mark.parametrize("reason", ["", "   ", 1, None, "x" * 5001])
def test_an_objection_has_a_reason(
    client: FlaskClient, story: Story, headers_of: Any, reason: object
) -> None:
    answer = client.post(
        story.path(story.refused), json={"reason": reason}, headers=headers_of(story.applicant)
    )
    assert answer.status_code == 422


class UnpublishedStory(Story):
    """A round whose plan waits for its approval."""

    def published(self) -> MatchingRun:
        close(self.session, self.round)
        return run(self.session, self.round)


def test_an_unpublished_plan_is_not_objected_to(
    client: FlaskClient, session: Session, clock: Clock, headers_of: Any
) -> None:
    story = UnpublishedStory(session)
    clock.time = PUBLISHED
    answer = client.post(
        story.path(story.refused), json={"reason": REASON}, headers=headers_of(story.applicant)
    )
    assert (answer.status_code, answer.json["code"]) == (409, "plan_not_published")


def test_an_outcome_is_found_in_its_own_round_only(
    client: FlaskClient, session: Session, story: Story, headers_of: Any
) -> None:
    other, _ = make_open_round(session, make_product(session))
    headers = headers_of(story.applicant)
    paths = (
        story.path(new_id()),
        f"{API}/rounds/{other.id}/outcomes/{story.refused}/objections",
    )
    for path in paths:
        answer = client.post(path, json={"reason": REASON}, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (404, "outcome_not_found")


def test_an_uninvolved_officer_decides_and_the_objector_hears_why(
    client: FlaskClient, session: Session, story: Story, filed: dict[str, Any], headers_of: Any
) -> None:
    decided = decide(client, filed["id"], headers_of(make_officer(session)))
    assert decided.status_code == 200, decided.text
    assert (decided.json["state"], decided.json["remedy"]) == ("dismissed", None)
    notice = session.scalars(select(Notice).where(Notice.kind == "plan_objection_dismissed")).one()
    assert notice.recipient_id == story.applicant.id
    assert notice.params["reason"] == DECISION["reason"]
    again = decide(client, filed["id"], headers_of(make_officer(session)), decision="upheld")
    assert (again.status_code, again.json["code"]) == (409, "invalid_transition")
    headers = headers_of(story.applicant)
    late = client.post(f"{API}/plan-objections/{filed['id']}/withdrawal", headers=headers)
    assert late.json["code"] == "invalid_transition"


@pytest.mark.parametrize("part", ["run_by", "approved_by", "published_by"])
def test_whoever_made_the_plan_does_not_decide(
    client: FlaskClient,
    session: Session,
    story: Story,
    filed: dict[str, Any],
    headers_of: Any,
    part: str,
) -> None:
    involved = session.get_one(Account, getattr(story.run, part))
    answer = decide(client, filed["id"], headers_of(involved))
    assert (answer.status_code, answer.json["code"]) == (409, "uninvolved_person_needed")


def test_others_decide_nothing(
    client: FlaskClient, session: Session, story: Story, filed: dict[str, Any], headers_of: Any
) -> None:
    for account in (make_auditor(session), story.applicant, story.proposer):
        assert decide(client, filed["id"], headers_of(account)).status_code == 403


@pytest.mark.parametrize("missing", ["decision", "reason", "public_summary"])
def test_a_decision_has_a_reason_and_a_summary(
    client: FlaskClient, session: Session, filed: dict[str, Any], headers_of: Any, missing: str
) -> None:
    body = {name: value for name, value in DECISION.items() if name != missing}
    answer = client.put(
        f"{API}/plan-objections/{filed['id']}/decision",
        json=body,
        headers=headers_of(make_officer(session)),
    )
    assert answer.status_code == 422
    assert f"json.{missing}" in answer.json["errors"]


def test_the_public_summary_does_not_name_the_objector(
    client: FlaskClient, session: Session, story: Story, filed: dict[str, Any], headers_of: Any
) -> None:
    headers = headers_of(make_officer(session))
    for name in (story.applicant.display_name, story.applicant.email):
        answer = decide(client, filed["id"], headers, public_summary=f"{name} 님의 이의신청")
        assert (answer.status_code, answer.json["code"]) == (422, "summary_names_somebody")


def test_everybody_reads_that_there_was_an_objection_and_what_came_of_it(
    client: FlaskClient, session: Session, story: Story, filed: dict[str, Any], headers_of: Any
) -> None:
    address = f"{API}/rounds/{story.round.id}/objections"
    (pending,) = client.get(address).json["items"]
    assert (pending["state"], pending["public_summary"]) == ("pending", None)
    decide(client, filed["id"], headers_of(make_officer(session)))
    answer = client.get(address)
    (shown,) = answer.json["items"]
    assert (shown["state"], shown["public_summary"]) == ("dismissed", DECISION["public_summary"])
    secrets = [REASON, "김민원", DECISION["reason"], str(story.applicant.id)]
    secrets += [story.applicant.email, story.applicant.display_name]
    assert [secret for secret in secrets if secret in answer.get_data(as_text=True)] == []


def test_what_was_written_is_between_the_two_sides(
    client: FlaskClient, session: Session, story: Story, filed: dict[str, Any], headers_of: Any
) -> None:
    address = f"{API}/plan-objections/{filed['id']}"
    assert client.get(address).status_code == 404
    for stranger in (story.proposer, register(session)):
        assert client.get(address, headers=headers_of(stranger)).status_code == 404
        withdrawal = client.post(f"{address}/withdrawal", headers=headers_of(stranger))
        assert withdrawal.status_code == 404
    for side in (story.applicant, make_officer(session), make_auditor(session)):
        assert client.get(address, headers=headers_of(side)).json["reason"] == REASON
    own = client.get(f"{API}/me/plan-objections", headers=headers_of(story.applicant))
    assert [row["id"] for row in own.json["items"]] == [filed["id"]]
    none = client.get(f"{API}/me/plan-objections", headers=headers_of(story.proposer))
    assert none.json["items"] == []


def test_the_desk_shows_what_waits_and_what_is_late(
    client: FlaskClient,
    session: Session,
    story: Story,
    filed: dict[str, Any],
    headers_of: Any,
    clock: Clock,
) -> None:
    officer = make_officer(session)
    address = f"{API}/plan-objections"

    def waiting(**query: str) -> list[str]:
        answer = client.get(address, query_string=query, headers=headers_of(officer))
        return [row["id"] for row in answer.json["items"]]

    assert waiting() == [filed["id"]]
    assert waiting(overdue="true") == []
    clock.time = datetime.fromisoformat(filed["due_at"])
    assert waiting(overdue="true") == [filed["id"]]
    decide(client, filed["id"], headers_of(officer))
    assert waiting() == []
    citizen = client.get(address, headers=headers_of(story.proposer))
    assert citizen.status_code == 403


@pytest.mark.parametrize("listed", ["desk", "own"])
def test_a_list_is_read_with_its_products_at_once(
    session: Session, filed: dict[str, Any], story: Story, clock: Clock, listed: str
) -> None:
    objector_id = story.applicant.id
    session.expunge_all()
    if listed == "desk":
        page = list_desk(session, overdue=False, now=clock.time, limit=10, after=None)
    else:
        page = list_own(session, objector_id=objector_id, limit=10, after=None)
    [row] = page.items
    session.expunge_all()
    assert (str(row.id), row.outcome.offer.product.name_ko) == (
        filed["id"],
        filed["product_name_ko"],
    )


def look(client: FlaskClient) -> None:
    """Let the daily look at the clocks happen now."""
    with client.application.app_context():
        remind()


def test_uninvolved_officers_hear_of_it_and_are_reminded_until_it_is_decided(
    client: FlaskClient,
    session: Session,
    story: Story,
    headers_of: Any,
    clock: Clock,
) -> None:
    judge = make_officer(session)
    answer = client.post(
        story.path(story.refused), json={"reason": REASON}, headers=headers_of(story.applicant)
    )
    due_at = datetime.fromisoformat(answer.json["due_at"])

    def told(account_id: UUID) -> list[str]:
        statement = select(Notice.kind).where(Notice.recipient_id == account_id)
        return list(session.scalars(statement.order_by(Notice.id)))

    for moment in (AHEAD + timedelta(seconds=1), AHEAD, timedelta(0)):
        clock.time = due_at - moment
        look(client)
    expected = [f"plan_objection_{step}" for step in ("filed", "due", "overdue")]
    assert told(judge.id) == expected
    assert story.run.approved_by is not None
    assert told(story.run.approved_by) == []
    decide(client, answer.json["id"], headers_of(judge))
    look(client)
    assert told(judge.id) == expected


def test_upheld_before_contracts_a_superseding_plan_makes_up_for_it(
    client: FlaskClient,
    session: Session,
    story: Story,
    filed: dict[str, Any],
    headers_of: Any,
    clock: Clock,
) -> None:
    decided = decide(client, filed["id"], headers_of(make_officer(session)), decision="upheld")
    assert (decided.json["state"], decided.json["remedy"]) == ("upheld", "superseding_plan")
    assert decided.json["remedied_by"] is None
    notice = session.scalars(select(Notice).where(Notice.kind == "plan_objection_upheld")).one()
    assert "same seed" in notice.params["remedy"]["en"]
    later = clock.move(days=1)
    session.get_one(Institution, story.refused_id).jurisdiction_codes = ["11"]
    session.commit()
    queued = supersede_plan(
        session,
        round_id=story.round.id,
        reason="이의신청을 받아들여 바로잡습니다.",
        actor_id=make_officer(session).id,
        now=later,
    )
    work(session, queued, now=later)
    approve(session, queued, now=later)
    publish_plan(
        session,
        round_id=story.round.id,
        run_id=queued.id,
        actor_id=make_officer(session).id,
        now=later,
    )
    session.commit()
    (shown,) = client.get(f"{API}/rounds/{story.round.id}/objections").json["items"]
    assert shown["remedied_by"] == str(queued.id)
    headers = headers_of(story.proposer)
    late = client.post(story.path(story.refused), json={"reason": REASON}, headers=headers)
    assert (late.status_code, late.json["code"]) == (409, "matching_run_superseded")


def test_upheld_after_a_contract_a_later_round_makes_up_for_it(
    client: FlaskClient, session: Session, story: Story, filed: dict[str, Any], headers_of: Any
) -> None:
    placement = session.scalars(select(Placement)).one()
    record_contract(
        session,
        round_id=placement.run.round_id,
        placement_id=placement.id,
        actor_id=make_officer(session).id,
        now=PUBLISHED,
    )
    session.commit()
    decided = decide(client, filed["id"], headers_of(make_officer(session)), decision="upheld")
    assert (decided.json["remedy"], decided.json["remedied_by"]) == ("later_round", None)


def test_each_step_is_in_the_audit_chain_without_what_was_written(
    client: FlaskClient, session: Session, story: Story, filed: dict[str, Any], headers_of: Any
) -> None:
    decide(client, filed["id"], headers_of(make_officer(session)))
    events = session.execute(
        select(AuditEvent.action, AuditEvent.data)
        .where(AuditEvent.subject_id == filed["id"])
        .order_by(AuditEvent.seq)
    ).all()
    assert [row.action for row in events] == [
        "plan_objection.filed",
        "plan_objection.dismissed",
    ]
    assert all("김민원" not in row.data for row in events)
    assert verify_audit(session) == []


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("decision = 'dismissed'", "whole_decision"),
        ("remedy = 'later_round'", "remedy_of_upheld"),
        ("reason = ' '", "reason"),
        ("proposal_id = NULL, institution_id = NULL", "one_standing"),
    ],
)
def test_the_database_keeps_decisions_whole(
    session: Session, filed: dict[str, Any], change: str, constraint: str
) -> None:
    statement = text(f"UPDATE plan_objection SET {change}")  # noqa: S608 (a test's own words)
    with pytest.raises(IntegrityError, match=constraint), session.begin_nested():
        session.execute(statement)


def test_who_leaves_takes_their_words_along_and_the_institution_keeps_its_own(
    client: FlaskClient,
    session: Session,
    story: Story,
    filed: dict[str, Any],
    headers_of: Any,
    clock: Clock,
) -> None:
    headers = headers_of(story.proposer)
    own = client.post(story.path(story.awarded), json={"reason": REASON}, headers=headers).json
    for account in (story.proposer, story.applicant):
        erase_account(
            session, account_id=account.id, sign_in_id=None, password=PASSWORD, now=clock()
        )
    session.commit()
    left = {str(row.id): row for row in session.scalars(select(PlanObjection))}
    assert (left[own["id"]].state, left[own["id"]].reason) == ("withdrawn", ERASED_REASON)
    assert (left[filed["id"]].state, left[filed["id"]].reason) == ("pending", REASON)
    assert verify_audit(session) == []
