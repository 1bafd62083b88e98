"""What changes of an announced round: corrected, extended or cancelled, with a reason, for all."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.notifications.models import Notice
from backend.rounds.models import Round, RoundNotice
from tests.backend.rounds.conftest import Applicant, Headers
from tests.conftest import NOW, Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import make_institution, make_officer
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSES_AT,
    announce,
    apply_for,
    approve,
    close,
    make_area,
    make_offer,
    make_open_round,
    make_product,
    make_round,
    publish,
    run,
)

REASON = "공고문에 오기가 있었습니다."
LATER = CLOSES_AT + timedelta(days=7)
ROUTES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("corrections", {"title_en": "Another title"}),
    ("extensions", {"closes_at": LATER.isoformat()}),
    ("cancellation", {}),
)


def url(round_: Round, path: str = "") -> str:
    """Return where something of a round is."""
    return f"/api/v1/rounds/{round_.id}{path}"


def told(session: Session, kind: str) -> list[Notice]:
    """Return the personal notices of a kind."""
    return list(session.scalars(select(Notice).where(Notice.kind == kind)))


def test_titles_and_names_are_corrected_with_a_reason(
    client: FlaskClient, session: Session, officer: Headers, applicant: Applicant
) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    apply_for(session, applicant.institution, offer)
    before = round_.title_ko
    body = {
        "reason": REASON,
        "title_ko": "2026년 혁신제품 시범구매",
        "areas": [{"key": "citizen", "name_ko": "국민체감 공공서비스"}],
    }
    answer = client.post(url(round_, "/corrections"), json=body, headers=officer)
    assert answer.status_code == 201, answer.text
    assert answer.json["kind"] == "corrected"
    assert answer.json["changes"] == {
        "title_ko": [before, "2026년 혁신제품 시범구매"],
        "areas.citizen.name_ko": ["국민 체감", "국민체감 공공서비스"],
    }
    shown = client.get(url(round_)).json
    assert shown["title_ko"] == "2026년 혁신제품 시범구매"
    assert shown["areas"][0]["name_ko"] == "국민체감 공공서비스"
    listed = client.get(url(round_, "/notices")).json["items"]
    assert listed == [answer.json]
    (notice,) = told(session, "round_corrected")
    assert notice.recipient_id == applicant.account.id
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "round.corrected")).one()
    assert REASON in event.data


def test_a_notice_names_nobody(client: FlaskClient, session: Session, officer: Headers) -> None:
    round_, _ = make_open_round(session, make_product(session))
    client.post(
        url(round_, "/corrections"), json={"reason": REASON, "title_en": "New"}, headers=officer
    )
    (notice,) = client.get(url(round_, "/notices")).json["items"]
    assert set(notice) == {"id", "kind", "reason", "changes", "issued_at"}
    assert session.scalars(select(RoundNotice.issued_by)).one() is not None


def test_applicants_apply_until_the_extended_deadline(
    client: FlaskClient, session: Session, officer: Headers, applicant: Applicant, clock: Clock
) -> None:
    deadline = NOW + timedelta(minutes=5)
    round_, (offer,) = make_open_round(session, make_product(session), closes_at=deadline)
    apply_for(session, applicant.institution, offer)
    later = deadline + timedelta(minutes=5)
    body = {"reason": "문의가 많아 연장합니다.", "closes_at": later.isoformat()}
    answer = client.post(url(round_, "/extensions"), json=body, headers=officer)
    assert answer.status_code == 201, answer.text
    told_times = [datetime.fromisoformat(time) for time in answer.json["changes"]["closes_at"]]
    assert told_times == [deadline, later]
    (notice,) = told(session, "round_extended")
    assert notice.params["closes_at"] == "2026-11-23 12:10"
    clock.time = deadline
    wishes = url(round_, f"/institutions/{applicant.institution.organization_id}/applications")
    assert client.delete(wishes, headers=applicant.headers | AS_IT_IS).status_code == 204
    early = client.post(url(round_, "/closing"), headers=officer)
    assert early.json["code"] == "deadline_not_passed"


@pytest.mark.parametrize("later_by", [timedelta(0), timedelta(days=-1)])
def test_a_deadline_is_never_brought_forward(
    client: FlaskClient, session: Session, officer: Headers, later_by: timedelta
) -> None:
    round_, _ = make_open_round(session, make_product(session))
    body = {"reason": REASON, "closes_at": (CLOSES_AT + later_by).isoformat()}
    answer = client.post(url(round_, "/extensions"), json=body, headers=officer)
    assert (answer.status_code, answer.json["code"]) == (422, "deadline_not_later")
    assert list(answer.json["errors"]) == ["json.closes_at"]


def test_a_deadline_that_has_passed_is_not_extended(
    client: FlaskClient, session: Session, officer: Headers, clock: Clock
) -> None:
    deadline = NOW + timedelta(minutes=5)
    round_, _ = make_open_round(session, make_product(session), closes_at=deadline)
    clock.time = deadline
    body = {"reason": REASON, "closes_at": LATER.isoformat()}
    answer = client.post(url(round_, "/extensions"), json=body, headers=officer)
    assert (answer.status_code, answer.json["code"]) == (409, "deadline_passed")
    assert "2026-11-23 12:05" in answer.json["detail"]


def test_a_cancelled_round_ends_and_everybody_concerned_hears_why(
    client: FlaskClient, session: Session, officer: Headers, applicant: Applicant
) -> None:
    proposal = make_decided(session)
    round_, (offer,) = make_open_round(session, make_product(session, answers=[proposal]))
    apply_for(session, applicant.institution, offer)
    body = {"reason": "예산이 삭감되었습니다."}
    answer = client.post(url(round_, "/cancellation"), json=body, headers=officer)
    assert answer.status_code == 201, answer.text
    shown = client.get(url(round_)).json
    assert (shown["status"], shown["cancelled_at"] is not None) == ("cancelled", True)
    assert [one.recipient_id for one in told(session, "round_cancelled")] == [applicant.account.id]
    (heard,) = told(session, "proposal_round_cancelled")
    assert heard.recipient_id == proposal.author_id
    assert heard.params["reason"] == "예산이 삭감되었습니다."
    events = client.get(f"/api/v1/proposals/{proposal.id}/events").json["items"]
    assert (events[-1]["kind"], events[-1]["data"]["reason"]) == (
        "round_cancelled",
        "예산이 삭감되었습니다.",
    )
    wishes = url(round_, f"/institutions/{applicant.institution.organization_id}/applications")
    late = client.delete(wishes, headers=applicant.headers | AS_IT_IS)
    assert (late.status_code, late.json["code"]) == (409, "round_cancelled")
    for path in ("/opening", "/closing"):
        assert client.post(url(round_, path), headers=officer).json["code"] == "invalid_transition"


def test_a_fixed_institution_hears_of_the_cancellation_too(
    client: FlaskClient, session: Session, officer: Headers, applicant: Applicant
) -> None:
    round_ = make_round(session)
    fixed = [applicant.institution.organization_id]
    make_offer(
        session, make_area(session, round_), make_product(session), fixed_institution_ids=fixed
    )
    announce(session, round_)
    client.post(url(round_, "/cancellation"), json={"reason": REASON}, headers=officer)
    assert [one.recipient_id for one in told(session, "round_cancelled")] == [applicant.account.id]


def at_state(session: Session, state: str) -> Round:
    """Return a round brought to a state."""
    round_, (offer,) = make_open_round(session, make_product(session))
    apply_for(session, make_institution(session), offer)
    if state != "open":
        close(session, round_)
    if state in ("matched", "approved"):
        done = run(session, round_)
        if state == "approved":
            approve(session, done)
    return round_


@pytest.mark.parametrize("state", ["open", "closed", "matched", "approved"])
def test_a_round_is_cancelled_from_every_state_before_its_publication(
    client: FlaskClient, session: Session, officer: Headers, state: str
) -> None:
    round_ = at_state(session, state)
    answer = client.post(url(round_, "/cancellation"), json={"reason": REASON}, headers=officer)
    assert answer.status_code == 201, answer.text
    assert answer.json["changes"] == {"status": [state, "cancelled"]}
    again = client.post(url(round_, "/cancellation"), json={"reason": REASON}, headers=officer)
    assert (again.status_code, again.json["code"]) == (409, "invalid_transition")
    assert client.get(url(round_, "/plan")).status_code == 404


def test_a_plan_of_a_cancelled_round_is_neither_approved_nor_published(
    client: FlaskClient, session: Session, officer: Headers, second_officer: Headers
) -> None:
    round_ = at_state(session, "closed")
    done = run(session, round_, make_officer(session))
    client.post(url(round_, "/cancellation"), json={"reason": REASON}, headers=officer)
    for path in ("approval", "publication"):
        answer = client.post(url(round_, f"/runs/{done.id}/{path}"), headers=second_officer)
        assert (answer.status_code, answer.json["code"]) == (409, "invalid_transition")


def test_a_published_round_is_not_cancelled(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    apply_for(session, make_institution(session), offer)
    publish(session, round_)
    answer = client.post(url(round_, "/cancellation"), json={"reason": REASON}, headers=officer)
    assert (answer.status_code, answer.json["code"]) == (409, "invalid_transition")


def test_after_the_run_nothing_is_corrected(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    round_ = at_state(session, "matched")
    body = {"reason": REASON, "title_en": "New"}
    answer = client.post(url(round_, "/corrections"), json=body, headers=officer)
    assert (answer.status_code, answer.json["code"]) == (409, "round_run_already")


@pytest.mark.parametrize(("path", "facts"), ROUTES)
def test_a_draft_is_edited_and_not_corrected_by_notice(
    client: FlaskClient, session: Session, officer: Headers, path: str, facts: dict[str, Any]
) -> None:
    draft = make_round(session)
    body = {"reason": REASON, **facts}
    answer = client.post(url(draft, f"/{path}"), json=body, headers=officer)
    assert (answer.status_code, answer.json["code"]) == (409, "round_not_announced")


@pytest.mark.parametrize(("path", "facts"), ROUTES)
def test_there_is_no_notice_without_a_reason(
    client: FlaskClient, session: Session, officer: Headers, path: str, facts: dict[str, Any]
) -> None:
    round_, _ = make_open_round(session, make_product(session))
    for reason in ({}, {"reason": None}, {"reason": "  "}):
        answer = client.post(url(round_, f"/{path}"), json={**facts, **reason}, headers=officer)
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == ["json.reason"]
    assert client.get(url(round_, "/notices")).json["items"] == []


@pytest.mark.parametrize(("path", "facts"), ROUTES)
def test_nobody_but_an_officer_issues_notices(
    client: FlaskClient,
    session: Session,
    citizen: Headers,
    auditor: Headers,
    applicant: Applicant,
    path: str,
    facts: dict[str, Any],
) -> None:
    round_, _ = make_open_round(session, make_product(session))
    body = {"reason": REASON, **facts}
    assert client.post(url(round_, f"/{path}"), json=body).status_code == 401
    for headers in (citizen, auditor, applicant.headers):
        answer = client.post(url(round_, f"/{path}"), json=body, headers=headers)
        assert answer.status_code == 403


def test_a_correction_that_changes_nothing_is_refused(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    round_, _ = make_open_round(session, make_product(session))
    for facts in ({}, {"title_ko": round_.title_ko}):
        body = {"reason": REASON, **facts}
        answer = client.post(url(round_, "/corrections"), json=body, headers=officer)
        assert (answer.status_code, answer.json["code"]) == (422, "nothing_changed")
    unknown = {"reason": REASON, "areas": [{"key": "space", "name_ko": "우주"}]}
    answer = client.post(url(round_, "/corrections"), json=unknown, headers=officer)
    assert (answer.status_code, answer.json["code"]) == (404, "budget_area_not_found")


def test_the_notices_of_a_draft_are_not_there(
    client: FlaskClient, session: Session, citizen: Headers
) -> None:
    draft = make_round(session)
    for path in ("/notices", "/policy-versions"):
        for headers in (None, citizen):
            answer = client.get(url(draft, path), headers=headers)
            assert (answer.status_code, answer.json["code"]) == (404, "round_not_found")


def test_a_notice_once_issued_never_changes(session: Session, officer: Headers) -> None:
    round_, _ = make_open_round(session, make_product(session))
    notice = RoundNotice(
        round_id=round_.id, kind="extended", reason=REASON, changes={}, issued_at=NOW
    )
    session.add(notice)
    session.commit()
    notice.reason = "다른 이유"
    with pytest.raises(ProgrammingError, match="takes new rows only"):
        session.commit()
    session.rollback()
