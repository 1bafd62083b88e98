"""Officers declare what they are not impartial about, and then decide nothing in the round."""

from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.models import AuditEvent
from backend.db import new_id
from backend.rounds.interests import NotImpartial, ensure_impartial
from backend.rounds.models import Round
from tests.backend.rounds.conftest import Applicant, Headers, SignIn
from tests.support.people import make_officer, make_supplier
from tests.support.rounds import (
    CLOSED,
    approve,
    close,
    draw,
    freeze,
    make_open_round,
    make_product,
    make_round,
    run,
)

TEXT = "배우자가 이 회사에서 일합니다."


class Case(NamedTuple):
    """An officer who is signed in, and a round with a supplier's product."""

    account: Account
    headers: Headers
    round: Round
    ids: dict[str, str]


@pytest.fixture
def case(session: Session, sign_in: SignIn, applicant: Applicant) -> Case:
    """A round of which somebody may have an interest in three things."""
    account = make_officer(session)
    supplier = make_supplier(session)
    product = make_product(session, supplier_id=supplier.organization_id)
    round_, _ = make_open_round(session, product)
    ids = {
        "supplier": str(supplier.organization_id),
        "product": str(product.id),
        "institution": str(applicant.institution.organization_id),
    }
    return Case(account, sign_in(account.email), round_, ids)


def declare(client: FlaskClient, case: Case, subject_type: str, **facts: Any) -> Any:
    """Declare an interest over HTTP."""
    body = {"subject_type": subject_type, "subject_id": case.ids.get(subject_type), "text": TEXT}
    return client.post(
        f"/api/v1/rounds/{case.round.id}/interests", json={**body, **facts}, headers=case.headers
    )


@pytest.mark.parametrize("subject_type", ["supplier", "product", "institution"])
def test_whoever_declares_an_interest_is_kept_from_deciding(
    client: FlaskClient, session: Session, case: Case, subject_type: str
) -> None:
    ensure_impartial(session, case.round.id, case.account.id)
    answer = declare(client, case, subject_type)
    assert answer.status_code == 201, answer.text
    assert answer.json["account_id"] == str(case.account.id)
    assert (answer.json["subject_type"], answer.json["text"]) == (subject_type, TEXT)
    with pytest.raises(NotImpartial):
        ensure_impartial(session, case.round.id, case.account.id)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "round.interest_declared")
    ).one()
    assert event.actor_id == case.account.id
    assert TEXT not in event.data


def test_whoever_declared_an_interest_has_no_part_in_the_plan(
    client: FlaskClient, session: Session, case: Case, applicant: Applicant
) -> None:
    assert declare(client, case, "institution").status_code == 201
    address = f"/api/v1/rounds/{case.round.id}"
    close(session, case.round)

    def refused(path: str, **body: str) -> bool:
        answer = client.post(f"{address}/{path}", json=body, headers=case.headers)
        return (answer.status_code, answer.json["code"]) == (409, "interest_declared")

    announced = {"seed_source": "로또", "seed_form": "n1-n2", "seed_due_at": CLOSED.isoformat()}
    assert refused("inputs", **announced)
    freeze(session, case.round)
    assert refused("seed-entries", seed="1-2")
    draw(session, case.round)
    assert refused("runs")
    assert refused("supersession", reason="왜냐하면")
    done = run(session, case.round)
    assert refused(f"runs/{done.id}/approval")
    approve(session, done)
    assert refused(f"runs/{done.id}/publication")


def test_others_and_other_rounds_are_not_concerned(
    client: FlaskClient, session: Session, case: Case
) -> None:
    declare(client, case, "product")
    ensure_impartial(session, case.round.id, make_officer(session).id)
    ensure_impartial(session, make_round(session).id, case.account.id)


def test_an_interest_is_in_something_that_takes_part(
    client: FlaskClient, session: Session, case: Case
) -> None:
    elsewhere = make_product(session)
    for subject_type, subject_id in (
        ("supplier", new_id()),
        ("product", new_id()),
        ("product", elsewhere.id),
        ("institution", new_id()),
        ("institution", case.ids["supplier"]),
    ):
        answer = declare(client, case, subject_type, subject_id=str(subject_id))
        assert (answer.status_code, answer.json["code"]) == (422, "interest_subject_unknown")
        assert list(answer.json["errors"]) == ["json.subject_id"]
    answer = declare(client, case, "citizen", subject_id=case.ids["product"])
    assert list(answer.json["errors"]) == ["json.subject_type"]
    assert declare(client, case, "product", text=" ").status_code == 422


def test_an_interest_is_declared_once(client: FlaskClient, case: Case) -> None:
    assert declare(client, case, "supplier").status_code == 201
    again = declare(client, case, "supplier")
    assert (again.status_code, again.json["code"]) == (409, "interest_declared_already")
    assert declare(client, case, "product").status_code == 201


def test_officers_and_auditors_read_what_was_declared(
    client: FlaskClient,
    case: Case,
    officer: Headers,
    auditor: Headers,
    citizen: Headers,
    applicant: Applicant,
) -> None:
    made = declare(client, case, "supplier").json
    address = f"/api/v1/rounds/{case.round.id}/interests"
    for headers in (officer, auditor):
        assert client.get(address, headers=headers).json["items"] == [made]
    assert client.get(address).status_code == 401
    for headers in (citizen, applicant.headers):
        assert client.get(address, headers=headers).status_code == 403


def test_nobody_but_an_officer_declares(
    client: FlaskClient,
    case: Case,
    auditor: Headers,
    citizen: Headers,
    applicant: Applicant,
) -> None:
    assert declare(client, case._replace(headers={}), "product").status_code == 401
    for headers in (auditor, citizen, applicant.headers):
        assert declare(client, case._replace(headers=headers), "product").status_code == 403
