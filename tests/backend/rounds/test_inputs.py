"""Frozen inputs: published with their hash before the seed is known, and nothing changes them."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.organizations.models import Institution
from backend.rounds.models import FrozenInputs, Round
from geo.matching import inputs_sha256, load_json, parse_instance
from tests.conftest import Clock
from tests.support.people import make_institution
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSED,
    apply_for,
    close,
    draw,
    freeze,
    make_open_round,
    make_product,
    make_round,
    run,
)

URL = "/api/v1/rounds"
SOURCE = "동행복권 로또6/45 제1260회 당첨번호"


def announcement(**facts: Any) -> dict[str, Any]:
    due_at = (CLOSED + timedelta(days=2)).isoformat()
    return {
        "seed_source": SOURCE,
        "seed_form": "n1-n2-n3-n4-n5-n6, 작은 수부터",
        "seed_due_at": due_at,
        **facts,
    }


@pytest.fixture
def institution(session: Session) -> Institution:
    """An institution that asks for the product of `closed`: in Busan, for 중구 of Seoul."""
    return make_institution(
        session,
        site=(129.0328, 35.11223),
        emd_code="26110101",
        jurisdiction_codes=["11140"],
    )


@pytest.fixture
def closed(session: Session, institution: Institution, clock: Clock) -> Round:
    """A closed round in which one institution asks for a citizen's product."""
    product = make_product(session, answers=[make_decided(session, neighbourhood_public=True)])
    round_, (offer,) = make_open_round(session, product)
    apply_for(session, institution, offer)
    close(session, round_)
    clock.time = CLOSED
    return round_


@pytest.fixture
def late_officer(closed: Round, officer: dict[str, str]) -> dict[str, str]:
    """An officer who signs in once the round is closed."""
    return officer


def test_frozen_inputs_and_their_hash_are_everybodys(
    client: FlaskClient, closed: Round, late_officer: dict[str, str]
) -> None:
    address = f"{URL}/{closed.id}/inputs"
    made = client.post(address, json=announcement(), headers=late_officer)
    assert made.status_code == 201, made.text
    (listed,) = client.get(address).json["items"]
    assert listed == made.json
    assert (listed["version"], listed["kind"], listed["reason"]) == (1, "frozen", None)
    assert listed["seed_source"] == SOURCE
    file = client.get(f"{address}/{listed['id']}")
    assert file.headers["ETag"].strip('"') == sha256(file.data).hexdigest()
    instance = parse_instance(load_json(file.data), allow_null_seed=True)
    assert instance.seed is None
    assert inputs_sha256(instance) == listed["inputs_sha256"]
    assert instance.dumps() == file.data


def test_what_happens_later_does_not_change_what_is_run(
    session: Session, closed: Round, institution: Institution
) -> None:
    frozen = freeze(session, closed)
    institution.jurisdiction_codes = ["26110"]
    session.commit()
    done = run(session, closed)
    assert done.inputs_sha256 == frozen.inputs_sha256
    session.refresh(done, ["instance_text"])
    (application,) = json.loads(done.instance_text or "")["applications"]
    assert application["keys"]["residence_tier"] == 0


def test_inputs_are_frozen_anew_for_a_reason_and_both_stay_public(
    client: FlaskClient,
    session: Session,
    closed: Round,
    institution: Institution,
    late_officer: dict[str, str],
) -> None:
    address = f"{URL}/{closed.id}/inputs"
    first = client.post(address, json=announcement(), headers=late_officer).json
    silent = client.post(address, json=announcement(), headers=late_officer)
    assert (silent.status_code, silent.json["code"]) == (422, "reason_needed")
    institution.jurisdiction_codes = ["26110"]
    session.commit()
    reason = "관할구역이 잘못 등록되어 있었습니다."
    second = client.post(address, json=announcement(reason=reason), headers=late_officer).json
    assert (second["version"], second["kind"], second["reason"]) == (2, "refrozen", reason)
    (change,) = second["changes"]
    assert change["path"].endswith("/keys/residence_tier")
    assert (change["before"], change["after"]) == (0, 3)
    listed = client.get(address).json["items"]
    assert [row["id"] for row in listed] == [second["id"], first["id"]]
    assert [row["superseded_at"] is None for row in listed] == [True, False]
    for row in listed:
        assert client.get(f"{address}/{row['id']}").status_code == 200


def test_once_the_number_may_be_known_inputs_stay(
    client: FlaskClient,
    session: Session,
    closed: Round,
    institution: Institution,
    clock: Clock,
) -> None:
    freeze(session, closed, due_at=CLOSED + timedelta(minutes=1))
    again = CLOSED + timedelta(minutes=2)
    same = freeze(session, closed, reason="추첨이 미뤄졌습니다.", now=again)
    assert (same.version, same.changes) == (2, [])
    institution.jurisdiction_codes = ["26110"]
    session.commit()
    with pytest.raises(Exception, match="announced draw is over"):
        freeze(session, closed, reason="다른 입력", now=again + timedelta(minutes=1))


@pytest.mark.parametrize("late", [True, False])
def test_inputs_are_not_frozen_anew_once_the_seed_is_official(
    session: Session, closed: Round, late: bool
) -> None:
    freeze(session, closed)
    draw(session, closed)
    if late:
        run(session, closed)
    with pytest.raises(Exception, match="seed is official"):
        freeze(session, closed, reason="왜냐하면", now=CLOSED + timedelta(hours=1))


def test_a_number_that_is_out_cannot_be_announced(
    client: FlaskClient, closed: Round, late_officer: dict[str, str]
) -> None:
    body = announcement(seed_due_at=CLOSED.isoformat())
    answer = client.post(f"{URL}/{closed.id}/inputs", json=body, headers=late_officer)
    assert (answer.status_code, answer.json["code"]) == (422, "seed_not_ahead")
    assert list(answer.json["errors"]) == ["json.seed_due_at"]


def test_only_a_closed_round_is_frozen(
    client: FlaskClient, session: Session, late_officer: dict[str, str]
) -> None:
    draft = make_round(session)
    announced, _ = make_open_round(session, make_product(session))
    for round_ in (draft, announced):
        answer = client.post(f"{URL}/{round_.id}/inputs", json=announcement(), headers=late_officer)
        assert (answer.status_code, answer.json["code"]) == (409, "round_not_closed")


def test_officers_freeze_and_nobody_else(
    client: FlaskClient, closed: Round, citizen: dict[str, str], auditor: dict[str, str]
) -> None:
    address = f"{URL}/{closed.id}/inputs"
    assert client.post(address, json=announcement()).status_code == 401
    for headers in (citizen, auditor):
        assert client.post(address, json=announcement(), headers=headers).status_code == 403


def test_a_draft_has_no_public_inputs(client: FlaskClient, session: Session) -> None:
    draft = make_round(session)
    assert client.get(f"{URL}/{draft.id}/inputs").status_code == 404


def test_a_file_is_found_in_its_own_round_only(
    client: FlaskClient, session: Session, closed: Round
) -> None:
    frozen = freeze(session, closed)
    other, _ = make_open_round(session, make_product(session))
    answer = client.get(f"{URL}/{other.id}/inputs/{frozen.id}")
    assert (answer.status_code, answer.json["code"]) == (404, "inputs_not_found")


def test_a_freeze_is_in_the_audit_chain_with_its_hash(session: Session, closed: Round) -> None:
    frozen = freeze(session, closed)
    statement = select(AuditEvent.data).where(AuditEvent.action == "round.inputs_frozen")
    data = json.loads(session.scalars(statement).one())
    assert data["inputs_sha256"] == frozen.inputs_sha256
    assert data["seed_due_at"] == frozen.seed_due_at.isoformat()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE round_inputs SET instance_text = '{}'",
        "UPDATE round_inputs SET inputs_sha256 = 'x'",
        "UPDATE round_inputs SET seed_due_at = now()",
        "UPDATE round_inputs SET seed_source = 'another'",
        "UPDATE round_inputs SET superseded_at = now(), reason = 'because'",
        "DELETE FROM round_inputs",
        "TRUNCATE round_inputs CASCADE",
    ],
)
def test_the_database_keeps_frozen_inputs(session: Session, closed: Round, statement: str) -> None:
    freeze(session, closed)
    with pytest.raises(ProgrammingError) as refused, session.begin_nested():
        session.execute(text(statement))
    assert "InsufficientPrivilege" in type(refused.value.orig).__name__


def test_inputs_are_superseded_once(session: Session, closed: Round) -> None:
    freeze(session, closed)
    session.execute(update(FrozenInputs).values(superseded_at=CLOSED))
    with pytest.raises(ProgrammingError), session.begin_nested():
        session.execute(update(FrozenInputs).values(superseded_at=CLOSED + timedelta(days=1)))
