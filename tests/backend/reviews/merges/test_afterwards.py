"""What comes after a merge: everybody who proposed hears of it, and may say what they could say."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.notifications.models import Notice
from backend.proposals.merges.queries import proposer_ids
from backend.proposals.models import Proposal
from backend.rounds.models import Outcome
from tests.backend.reviews.conftest import Person
from tests.backend.reviews.merges.merging import API, LATER, REASON, kinds, merge
from tests.conftest import Clock
from tests.support.people import make_institution, make_officer
from tests.support.proposals import make_submitted
from tests.support.rounds import CLOSED, apply_for, make_open_round, make_product, publish


@pytest.fixture
def adopted(
    client: FlaskClient, session: Session, first: Proposal, later: Proposal, reviewer: Person
) -> Proposal:
    """The survivor of a merge, adopted since."""
    merge(client, later, first, reviewer)
    client.put(
        f"{API}/proposals/{first.id}/decision",
        json={"outcome": "adopted", "reason": REASON},
        headers=reviewer.headers,
    )
    session.refresh(first)
    return first


def test_a_product_answers_both_who_proposed(
    client: FlaskClient, session: Session, adopted: Proposal, author: Person, sign_in: Any
) -> None:
    product = make_product(session)
    officer = sign_in(make_officer(session).email)
    client.put(f"{API}/products/{product.id}/proposals/{adopted.id}", headers=officer)
    told = select(Notice.recipient_id).where(Notice.kind == "product_answers_proposal")
    assert set(session.scalars(told)) == {adopted.author_id, author.account.id}


def test_both_hear_where_the_product_went_and_may_object(
    client: FlaskClient,
    session: Session,
    adopted: Proposal,
    author: Person,
    clock: Clock,
    sign_in: Any,
) -> None:
    product = make_product(session, answers=[adopted])
    round_, (offer,) = make_open_round(session, product)
    apply_for(session, make_institution(session), offer)
    done = publish(session, round_)
    assert kinds(session, author.account)[0] == "proposal_deployed"
    outcome = session.scalars(select(Outcome).where(Outcome.run_id == done.id)).one()
    clock.time = CLOSED + timedelta(hours=1)
    filed = client.post(
        f"{API}/rounds/{round_.id}/outcomes/{outcome.id}/objections",
        json={"reason": REASON},
        headers=sign_in(author.account.email),
    )
    assert filed.status_code == 201, filed.text


def test_the_map_tells_the_story_of_the_survivor(
    client: FlaskClient, adopted: Proposal, later: Proposal
) -> None:
    gone = client.get(f"{API}/maps/proposals/{later.id}")
    assert (gone.status_code, gone.json["merged_into"]) == (410, str(adopted.id))
    assert client.get(f"{API}/maps/proposals/{adopted.id}").status_code == 200


def test_two_proposals_of_one_person_make_one_proposer(
    client: FlaskClient, session: Session, author: Person, reviewer: Person, later: Proposal
) -> None:
    again = make_submitted(session, author.account, now=LATER.replace(hour=5))
    assert merge(client, again, later, reviewer).status_code == 201
    assert proposer_ids(session, [later.id])[later.id] == [author.account.id]
