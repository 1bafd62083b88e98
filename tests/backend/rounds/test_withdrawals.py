"""Taking wishes back, one or all, and what is kept of who asked for what."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.db import new_id
from backend.rounds.applications import Wish, replace_ranking
from backend.rounds.models import Application, Offer, Round
from backend.rounds.queries import list_ranking
from backend.rounds.withdrawals import withdraw_application, withdraw_for_offer
from tests.backend.rounds.conftest import Applicant, SignIn
from tests.conftest import NOW, Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import make_applicant, make_institution
from tests.support.rounds import apply_for, make_open_round, make_product


def url(round_: Round, applicant: Applicant) -> str:
    """Return where an institution's wishes are kept."""
    return (
        f"/api/v1/rounds/{round_.id}/institutions/"
        f"{applicant.institution.organization_id}/applications"
    )


@pytest.fixture
def asked(session: Session, applicant: Applicant) -> tuple[Round, list[Offer]]:
    """An announced round whose three offers the applicant's institution asks for."""
    round_, offers = make_open_round(session, *(make_product(session) for _ in range(3)))
    apply_for(session, applicant.institution, *offers)
    return round_, offers


def standing(client: FlaskClient, round_: Round, applicant: Applicant) -> list[dict[str, Any]]:
    """Return the ranking that stands."""
    answer = client.get(url(round_, applicant), headers=applicant.headers)
    rows: list[dict[str, Any]] = answer.json["applications"]
    return rows


def test_one_wish_is_taken_back_and_those_below_move_up(
    client: FlaskClient,
    session: Session,
    applicant: Applicant,
    asked: tuple[Round, list[Offer]],
) -> None:
    round_, (_, second, third) = asked
    first = standing(client, round_, applicant)[0]
    gone = client.delete(
        f"{url(round_, applicant)}/{first['id']}", headers=applicant.headers | AS_IT_IS
    )
    assert (gone.status_code, gone.data) == (204, b"")
    left = standing(client, round_, applicant)
    assert [(row["position"], row["offer_id"]) for row in left] == [
        (1, str(second.id)),
        (2, str(third.id)),
    ]
    row = session.get_one(Application, first["id"], populate_existing=True)
    assert (row.withdrawn_by, row.withdrawn_at) == (applicant.account.id, NOW)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "applications.withdrawn")
    ).one()
    assert event.actor_id == applicant.account.id
    assert event.chain == str(applicant.institution.organization_id)


def test_all_wishes_are_taken_back_at_once(
    client: FlaskClient, applicant: Applicant, asked: tuple[Round, list[Offer]]
) -> None:
    round_, _ = asked
    assert (
        client.delete(url(round_, applicant), headers=applicant.headers | AS_IT_IS).status_code
        == 204
    )
    assert standing(client, round_, applicant) == []
    again = client.delete(url(round_, applicant), headers=applicant.headers | AS_IT_IS)
    assert (again.status_code, again.json["code"]) == (404, "application_not_found")


def test_a_wish_that_was_taken_back_can_be_made_again(
    client: FlaskClient, session: Session, applicant: Applicant, asked: tuple[Round, list[Offer]]
) -> None:
    round_, offers = asked
    client.delete(url(round_, applicant), headers=applicant.headers | AS_IT_IS)
    apply_for(session, applicant.institution, offers[2])
    assert [row["offer_id"] for row in standing(client, round_, applicant)] == [str(offers[2].id)]


def test_what_is_not_there_cannot_be_taken_back(
    client: FlaskClient, session: Session, applicant: Applicant, asked: tuple[Round, list[Offer]]
) -> None:
    round_, offers = asked
    other = make_institution(session)
    theirs = apply_for(session, other, offers[0])[0]
    for application_id in (new_id(), theirs.id):
        answer = client.delete(
            f"{url(round_, applicant)}/{application_id}", headers=applicant.headers | AS_IT_IS
        )
        assert (answer.status_code, answer.json["code"]) == (404, "application_not_found")
    assert session.get_one(Application, theirs.id, populate_existing=True).withdrawn_at is None


def test_from_the_deadline_on_wishes_stay(
    client: FlaskClient, session: Session, applicant: Applicant, clock: Clock
) -> None:
    round_, (offer,) = make_open_round(
        session, make_product(session), closes_at=NOW + timedelta(minutes=5)
    )
    (row,) = apply_for(session, applicant.institution, offer)
    clock.move(minutes=5)
    for address in (url(round_, applicant), f"{url(round_, applicant)}/{row.id}"):
        late = client.delete(address, headers=applicant.headers | AS_IT_IS)
        assert (late.status_code, late.json["code"]) == (409, "round_not_open")
        assert "2026-11-23 12:05" in late.json["detail"]
    assert len(standing(client, round_, applicant)) == 1


def test_nobody_takes_back_what_another_institution_asks_for(
    client: FlaskClient,
    session: Session,
    applicant: Applicant,
    asked: tuple[Round, list[Offer]],
    officer: dict[str, str],
    sign_in: SignIn,
) -> None:
    round_, _ = asked
    one = standing(client, round_, applicant)[0]
    rival = sign_in(make_applicant(session, make_institution(session)).email)
    for address in (url(round_, applicant), f"{url(round_, applicant)}/{one['id']}"):
        assert client.delete(address).status_code == 401
        for headers in (rival, officer):
            assert client.delete(address, headers=headers | AS_IT_IS).status_code == 403
    assert len(standing(client, round_, applicant)) == 3


def test_a_pledge_to_buy_is_kept_with_its_words(
    client: FlaskClient, session: Session, applicant: Applicant
) -> None:
    round_, offers = make_open_round(session, make_product(session), make_product(session))
    pledge = {"pledges_purchase": True, "pledge_text": "시범사용 뒤 보건지소 4곳에 구매"}
    body = {
        "applications": [
            {"offer_id": str(offers[0].id), "reason": "야간 안심 귀갓길에 씁니다.", **pledge},
            {"offer_id": str(offers[1].id), "reason": "야간 안심 귀갓길에 씁니다."},
        ]
    }
    answer = client.put(url(round_, applicant), json=body, headers=applicant.headers | AS_IT_IS)
    assert answer.status_code == 200, answer.text
    told = [(row["pledges_purchase"], row["pledge_text"]) for row in answer.json["applications"]]
    assert told == [(True, pledge["pledge_text"]), (False, None)]


@pytest.mark.parametrize(
    "pledge",
    [
        {"pledges_purchase": True},
        {"pledges_purchase": True, "pledge_text": None},
        {"pledge_text": "구매하겠습니다."},
        {"pledges_purchase": False, "pledge_text": "구매하겠습니다."},
    ],
)
def test_a_pledge_without_words_and_words_without_a_pledge_are_refused(
    client: FlaskClient, session: Session, applicant: Applicant, pledge: dict[str, Any]
) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    body = {"applications": [{"offer_id": str(offer.id), "reason": "필요합니다.", **pledge}]}
    answer = client.put(url(round_, applicant), json=body, headers=applicant.headers | AS_IT_IS)
    assert (answer.status_code, answer.json["code"]) == (422, "pledge_incomplete")
    assert list(answer.json["errors"]) == ["json.applications.0.pledge_text"]


def test_who_asked_first_and_who_changed_it_are_both_kept(
    client: FlaskClient, session: Session, applicant: Applicant, clock: Clock, sign_in: SignIn
) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    body = {"applications": [{"offer_id": str(offer.id), "reason": "보건소 앞에 둡니다."}]}
    client.put(url(round_, applicant), json=body, headers=applicant.headers | AS_IT_IS)
    clock.move(minutes=5)
    colleague = make_applicant(session, applicant.institution)
    headers = sign_in(colleague.email)
    body["applications"][0]["reason"] = "보건소 뒤에 둡니다."
    client.put(url(round_, applicant), json=body, headers=headers | AS_IT_IS)
    (row,) = standing(client, round_, applicant)
    assert (row["applied_by"], row["changed_by"]) == (str(applicant.account.id), str(colleague.id))
    assert row["applied_at"] < row["changed_at"]
    assert row["reason"] == "보건소 뒤에 둡니다."


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("rank"), st.permutations(range(4)), st.integers(0, 4)),
        st.tuples(st.just("withdraw"), st.integers(0, 3)),
        st.tuples(st.just("offer"), st.integers(0, 3)),
    ),
    min_size=1,
    max_size=8,
)
"""Rank some of four offers; withdraw the wish at a place; let an offer fall out."""


@given(steps=STEPS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_taken_back_a_ranking_counts_from_one_in_its_order(
    session: Session, applicant: Applicant, steps: list[Any]
) -> None:
    round_, offers = make_open_round(session, *(make_product(session) for _ in range(4)))
    ids = {"round_id": round_.id, "institution_id": applicant.institution.organization_id}
    expected: list[Offer] = []
    for kind, *facts in steps:
        if kind == "rank":
            order, length = facts
            expected = [offers[number] for number in order[:length]]
            wishes = [Wish(offer.id, "필요합니다.") for offer in expected]
            replace_ranking(session, **ids, wishes=wishes, actor_id=None, now=NOW)
        elif kind == "withdraw" and facts[0] < len(expected):
            row = list_ranking(session, **ids)[facts[0]]
            del expected[facts[0]]
            withdraw_application(session, **ids, application_id=row.id, actor_id=None, now=NOW)
        elif kind == "offer":
            fallen = withdraw_for_offer(session, offers[facts[0]].id, NOW)
            assert bool(fallen) == (offers[facts[0]] in expected)
            expected = [offer for offer in expected if offer is not offers[facts[0]]]
        ranked = list_ranking(session, **ids)
        assert [row.offer_id for row in ranked] == [offer.id for offer in expected]
        assert [row.position for row in ranked] == list(range(1, len(expected) + 1))
