"""The policy of a round: each version kept, changed before the window opens only, shown to all."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.rounds.models import Round
from backend.rounds.policy import DEFAULT_POLICY
from tests.backend.rounds.conftest import Applicant, Headers
from tests.conftest import NOW, Clock
from tests.support.headers import AS_IT_IS
from tests.support.rounds import make_open_round, make_product, make_round

REASON = "기관 의견을 반영했습니다."


def url(round_: Round, path: str = "/policy-versions") -> str:
    """Return where the policy of a round is kept."""
    return f"/api/v1/rounds/{round_.id}{path}"


def test_a_round_begins_with_the_first_version(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    draft = make_round(session)
    (version,) = client.get(url(draft), headers=officer).json["items"]
    assert (version["version"], version["changed_fields"]) == (1, [])
    assert version["policy"] == DEFAULT_POLICY
    assert client.get(url(draft, ""), headers=officer).json["policy_version"] == 1


def test_each_change_of_a_drafts_policy_is_a_version(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    draft = make_round(session)
    client.patch(
        url(draft, ""), json={"policy": {"institution_capacity": 2}}, headers=officer | AS_IT_IS
    )
    client.patch(
        url(draft, ""), json={"policy": {"institution_capacity": 2}}, headers=officer | AS_IT_IS
    )
    client.patch(url(draft, ""), json={"title_en": "New"}, headers=officer | AS_IT_IS)
    versions = client.get(url(draft), headers=officer).json["items"]
    assert [row["version"] for row in versions] == [2, 1]
    assert versions[0]["changed_fields"] == ["institution_capacity"]
    assert "changed_by" not in versions[0], "everybody reads it, and no officer is named"
    assert [row["policy"]["institution_capacity"] for row in versions] == [2, 1]


def test_an_announced_policy_changes_with_a_reason_until_the_window_opens(
    client: FlaskClient, session: Session, officer: Headers, clock: Clock
) -> None:
    round_, _ = make_open_round(session, make_product(session), opens_at=NOW + timedelta(minutes=5))
    body = {"reason": REASON, "policy": {"institution_capacity": 2}}
    answer = client.post(url(round_), json=body, headers=officer)
    assert answer.status_code == 201, answer.text
    assert (answer.json["version"], answer.json["reason"]) == (2, REASON)
    shown = client.get(url(round_, "")).json
    assert (shown["policy_version"], shown["policy"]["institution_capacity"]) == (2, 2)
    assert [row["version"] for row in client.get(url(round_)).json["items"]] == [2, 1]
    (notice,) = client.get(url(round_, "/notices")).json["items"]
    assert notice["kind"] == "policy_changed"
    assert notice["changes"] == {"policy.institution_capacity": [1, 2]}
    clock.move(minutes=5)
    late = client.post(
        url(round_), json={"reason": REASON, "policy": {"institution_capacity": 3}}, headers=officer
    )
    assert (late.status_code, late.json["code"]) == (409, "policy_fixed")
    assert "2026-11-23 12:05" in late.json["detail"]
    assert client.get(url(round_, "")).json["policy_version"] == 2


def test_a_policy_that_makes_no_sense_is_no_version(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    draft = make_round(session)
    for policy, status, code in (
        ({"seat_priority": {"open": ["beauty"]}}, 422, "policy_key_unknown"),
        ({"seat_precedence": ["residence"]}, 409, "round_not_runnable"),
        ({"institution_capacity": 1}, 422, "nothing_changed"),
        ({}, 422, "nothing_changed"),
    ):
        body = {"reason": REASON, "policy": policy}
        answer = client.post(url(draft), json=body, headers=officer)
        assert (answer.status_code, answer.json["code"]) == (status, code), answer.text
    assert len(client.get(url(draft), headers=officer).json["items"]) == 1


def test_a_change_of_policy_needs_a_reason_and_an_officer(
    client: FlaskClient, session: Session, officer: Headers, citizen: Headers, applicant: Applicant
) -> None:
    draft = make_round(session)
    body = {"policy": {"institution_capacity": 2}}
    assert client.post(url(draft), json=body, headers=officer).status_code == 422
    assert client.post(url(draft), json={**body, "reason": REASON}).status_code == 401
    for headers in (citizen, applicant.headers):
        answer = client.post(url(draft), json={**body, "reason": REASON}, headers=headers)
        assert answer.status_code == 403
