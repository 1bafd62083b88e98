"""Which proposals a product answers: only adopted ones, told once, and taken back."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.notifications.models import Notice
from backend.proposals.events import ProposalEvent
from tests.support.proposals import make_decided, make_draft, make_submitted
from tests.support.rounds import make_product


def told(session: Session) -> list[Notice]:
    """Return the notices that a product answers a proposal."""
    statement = select(Notice).where(Notice.kind == "product_answers_proposal")
    return list(session.scalars(statement))


def test_an_answer_is_told_to_the_author_and_shown_to_everybody(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    proposal, product = make_decided(session), make_product(session)
    url = f"/api/v1/products/{product.id}/proposals/{proposal.id}"
    assert client.put(url, headers=officer).status_code == 204
    shown = client.get(f"/api/v1/proposals/{proposal.id}/products").json
    assert [row["id"] for row in shown] == [str(product.id)]
    notice = told(session)[0]
    assert notice.recipient_id == proposal.author_id
    assert notice.params["title"] == proposal.title
    events = client.get(f"/api/v1/proposals/{proposal.id}/events").json["items"]
    assert events[-1]["kind"] == "product_answered"
    assert events[-1]["data"]["product"]["ko"] == product.name_ko


def test_saying_it_twice_tells_it_once(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    proposal, product = make_decided(session), make_product(session)
    url = f"/api/v1/products/{product.id}/proposals/{proposal.id}"
    assert [client.put(url, headers=officer).status_code for _ in range(2)] == [204, 204]
    assert len(told(session)) == 1


def test_an_answer_is_taken_back(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    proposal = make_decided(session)
    product = make_product(session, answers=[proposal])
    url = f"/api/v1/products/{product.id}/proposals/{proposal.id}"
    assert client.delete(url, headers=officer).status_code == 204
    assert client.get(f"/api/v1/proposals/{proposal.id}/products").json == []
    kinds = session.scalars(
        select(ProposalEvent.kind).where(ProposalEvent.proposal_id == proposal.id)
    ).all()
    assert "product_withdrawn" in kinds
    withdrawn = select(Notice).where(Notice.kind == "product_answer_withdrawn")
    assert session.scalars(withdrawn).one().recipient_id == proposal.author_id
    again = client.delete(url, headers=officer)
    assert again.status_code == 404
    assert again.json["code"] == "product_does_not_answer"


def test_only_an_adopted_proposal_is_answered(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    product = make_product(session)
    for proposal in (make_submitted(session), make_decided(session, outcome="rejected")):
        answer = client.put(
            f"/api/v1/products/{product.id}/proposals/{proposal.id}", headers=officer
        )
        assert answer.status_code == 409
        assert answer.json["code"] == "proposal_not_adopted"
    assert told(session) == []


def test_a_draft_does_not_exist_for_officers_or_readers(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    product, draft = make_product(session), make_draft(session)
    put = client.put(f"/api/v1/products/{product.id}/proposals/{draft.id}", headers=officer)
    listed = client.get(f"/api/v1/proposals/{draft.id}/products")
    for answer in (put, listed, client.get(f"/api/v1/proposals/{new_id()}/products")):
        assert answer.status_code == 404
        assert answer.json["code"] == "proposal_not_found"


@pytest.mark.parametrize("method", ["put", "delete"])
def test_only_an_officer_says_what_answers(
    client: FlaskClient, session: Session, citizen: dict[str, str], method: str
) -> None:
    proposal, product = make_decided(session), make_product(session)
    url = f"/api/v1/products/{product.id}/proposals/{proposal.id}"
    assert client.open(url, method=method.upper()).status_code == 401
    assert client.open(url, method=method.upper(), headers=citizen).status_code == 403
