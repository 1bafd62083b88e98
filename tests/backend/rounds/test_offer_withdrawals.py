"""A supplier takes its offer back mid-round: applications fall out, or are not eligible."""

import json
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.auth.identity import Role
from backend.notifications.models import Notice
from backend.rounds import engine
from backend.rounds.approval import PlacedOfferWithdrawn
from backend.rounds.facts import gather
from backend.rounds.models import MatchingRun, Offer, Round
from backend.rounds.supersession import supersede_plan
from tests.backend.rounds.conftest import Applicant, Headers, SignIn
from tests.conftest import NOW, Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import make_member, make_officer, make_supplier
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSED,
    SEED,
    announce,
    apply_for,
    approve,
    close,
    make_area,
    make_offer,
    make_open_round,
    make_product,
    make_round,
    run,
    work,
)

REASON = "핵심 부품의 생산이 중단되었습니다."


class Call(NamedTuple):
    """An open round with an offer of the supplier's and one of somebody else's."""

    round: Round
    offer: Offer
    other: Offer
    supplier: Headers


@pytest.fixture
def call(session: Session, sign_in: SignIn) -> Call:
    """A round in which a supplier that is signed in offers what answers a proposal."""
    organization_id = make_supplier(session).organization_id
    supplier = sign_in(make_member(session, organization_id, Role.SUPPLIER).email)
    product = make_product(session, answers=[make_decided(session)], supplier_id=organization_id)
    round_, (offer, other) = make_open_round(
        session, product, make_product(session), closes_at=NOW + timedelta(minutes=5)
    )
    return Call(round_, offer, other, supplier)


def withdraw(client: FlaskClient, call: Call, headers: Headers | None = None) -> Any:
    """Take the supplier's offer back over HTTP."""
    return client.post(
        f"/api/v1/rounds/{call.round.id}/offers/{call.offer.id}/withdrawal",
        json={"reason": REASON},
        headers=call.supplier if headers is None else headers,
    )


def told(session: Session, kind: str) -> list[Notice]:
    """Return the personal notices of a kind."""
    return list(session.scalars(select(Notice).where(Notice.kind == kind)))


def test_in_the_window_the_applications_fall_out_and_rankings_close_up(
    client: FlaskClient, session: Session, applicant: Applicant, call: Call
) -> None:
    apply_for(session, applicant.institution, call.offer, call.other)
    answer = withdraw(client, call)
    assert answer.status_code == 201, answer.text
    assert (answer.json["kind"], answer.json["reason"]) == ("offer_withdrawn", REASON)
    address = (
        f"/api/v1/rounds/{call.round.id}/institutions/"
        f"{applicant.institution.organization_id}/applications"
    )
    (left,) = client.get(address, headers=applicant.headers).json["applications"]
    assert (left["position"], left["offer_id"]) == (1, str(call.other.id))
    (notice,) = told(session, "offer_withdrawn_in_window")
    assert notice.recipient_id == applicant.account.id
    wishes = {"applications": [{"offer_id": str(call.offer.id), "reason": "다시 신청합니다."}]}
    again = client.put(address, json=wishes, headers=applicant.headers | AS_IT_IS)
    assert (again.status_code, again.json["code"]) == (409, "offer_withdrawn")
    assert REASON in again.json["detail"]
    wishes["applications"][0]["offer_id"] = str(call.other.id)
    assert client.put(address, json=wishes, headers=applicant.headers | AS_IT_IS).status_code == 200


def test_everybody_sees_what_was_withdrawn_and_why(
    client: FlaskClient, session: Session, call: Call
) -> None:
    withdraw(client, call)
    offers = client.get(f"/api/v1/rounds/{call.round.id}/offers").json["items"]
    assert [row["withdrawal_reason"] for row in offers] == [REASON, None]
    assert [row["withdrawn_at"] is None for row in offers] == [False, True]
    (heard,) = told(session, "proposal_offer_withdrawn")
    assert heard.params["reason"] == REASON


def test_proposers_hear_nothing_while_another_area_offers_the_product(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    product = make_product(session, answers=[make_decided(session)])
    round_ = make_round(session)
    first, second = (
        make_offer(session, make_area(session, round_, key=key), product)
        for key in ("citizen", "growth")
    )
    announce(session, round_)
    withdraw(client, Call(round_, first, second, officer))
    assert told(session, "proposal_offer_withdrawn") == []
    withdraw(client, Call(round_, second, first, officer))
    assert len(told(session, "proposal_offer_withdrawn")) == 1


def test_after_the_window_the_applications_stay_and_are_not_eligible(
    client: FlaskClient, session: Session, applicant: Applicant, call: Call, clock: Clock
) -> None:
    apply_for(session, applicant.institution, call.offer, call.other)
    clock.move(minutes=5)
    assert withdraw(client, call).status_code == 201
    (notice,) = told(session, "offer_withdrawn")
    assert notice.recipient_id == applicant.account.id
    close(session, call.round, now=clock.time)
    facts = gather(session, call.round, on=CLOSED.date())
    read = json.loads(engine.build_instance(facts, seed=SEED).dumps())
    assert read["institutions"][0]["ranking"] == [str(call.offer.id), str(call.other.id)]
    reasons = {row["product"]: row["ineligible_reason"] for row in read["applications"]}
    assert reasons == {str(call.offer.id): engine.OFFER_WITHDRAWN, str(call.other.id): None}


def test_a_plan_computed_with_it_is_superseded_and_the_next_does_without(
    client: FlaskClient, session: Session, applicant: Applicant, call: Call
) -> None:
    apply_for(session, applicant.institution, call.offer)
    close(session, call.round)
    done = run(session, call.round)
    assert withdraw(client, call).status_code == 201
    assert session.get_one(MatchingRun, done.id, populate_existing=True).superseded_at == NOW
    session.refresh(call.round)
    stubborn = run(session, call.round)
    with pytest.raises(PlacedOfferWithdrawn):
        approve(session, stubborn)
    session.rollback()
    officer = make_officer(session)
    again = supersede_plan(
        session, round_id=call.round.id, reason=REASON, actor_id=officer.id, now=CLOSED
    )
    work(session, again)
    assert again.verified_at is not None
    session.refresh(again, ["plan_text"])
    (outcome,) = json.loads(again.plan_text)["outcomes"]
    assert outcome["reason"] == "ineligible"
    assert outcome["detail"] == {"rule": engine.OFFER_WITHDRAWN}


def test_from_the_approval_on_an_offer_stays(
    client: FlaskClient, session: Session, applicant: Applicant, call: Call
) -> None:
    apply_for(session, applicant.institution, call.offer)
    close(session, call.round)
    approve(session, run(session, call.round))
    answer = withdraw(client, call)
    assert (answer.status_code, answer.json["code"]) == (409, "plan_approved_already")


def test_an_offer_is_withdrawn_once(client: FlaskClient, call: Call) -> None:
    assert withdraw(client, call).status_code == 201
    again = withdraw(client, call)
    assert (again.status_code, again.json["code"]) == (409, "offer_withdrawn")


def test_a_fixed_institution_hears_that_it_gets_nothing(
    client: FlaskClient, session: Session, applicant: Applicant, officer: Headers
) -> None:
    round_ = make_round(session)
    fixed = [applicant.institution.organization_id]
    offer = make_offer(
        session, make_area(session, round_), make_product(session), fixed_institution_ids=fixed
    )
    announce(session, round_)
    withdraw(client, Call(round_, offer, offer, officer))
    (notice,) = told(session, "offer_withdrawn")
    assert notice.recipient_id == applicant.account.id
    session.expire_all()
    facts = gather(session, round_, on=CLOSED.date())
    read = json.loads(engine.build_instance(facts, seed=SEED).dumps())
    assert read["products"][0]["preassigned"] == []
    assert read["applications"][0]["ineligible_reason"] == engine.OFFER_WITHDRAWN


def test_only_its_supplier_or_an_officer_takes_an_offer_back(
    client: FlaskClient,
    session: Session,
    applicant: Applicant,
    officer: Headers,
    citizen: Headers,
    auditor: Headers,
    call: Call,
    sign_in: SignIn,
) -> None:
    rival_id = make_supplier(session, business_number="2208162517").organization_id
    rival = sign_in(make_member(session, rival_id, Role.SUPPLIER).email)
    assert withdraw(client, call, {}).status_code == 401
    for headers in (rival, applicant.headers, citizen, auditor):
        assert withdraw(client, call, headers).status_code == 403
    assert withdraw(client, call, officer).status_code == 201


def test_a_supplier_does_not_withdraw_what_has_no_supplier(client: FlaskClient, call: Call) -> None:
    other = call._replace(offer=call.other)
    assert withdraw(client, other).status_code == 403


def test_an_offer_of_a_draft_is_not_there_for_its_supplier(
    client: FlaskClient, session: Session, call: Call, officer: Headers
) -> None:
    draft = make_round(session)
    offer = make_offer(session, make_area(session, draft), make_product(session))
    hidden = Call(draft, offer, offer, call.supplier)
    assert withdraw(client, hidden).json["code"] == "round_not_found"
    refused = withdraw(client, hidden, officer)
    assert (refused.status_code, refused.json["code"]) == (409, "round_not_announced")
