"""Money between the areas of a round: whole won, a reason, never below nothing, until the run."""

import threading
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.rounds.models import BudgetArea, BudgetTransfer, Round
from backend.rounds.transfers import BalanceTooLow, transfer_money
from tests.backend.rounds.conftest import Applicant, Headers
from tests.conftest import NOW
from tests.support.people import PASSWORD, make_institution, make_officer
from tests.support.rounds import (
    PRICE_KRW,
    announce,
    close,
    make_area,
    make_offer,
    make_product,
    make_round,
    run,
)

REASON = "국민체감 분야의 수요가 더 많습니다."


def url(round_: Round) -> str:
    """Return where the transfers of a round are."""
    return f"/api/v1/rounds/{round_.id}/transfers"


def body(giving: BudgetArea, taking: BudgetArea, amount_krw: Any) -> dict[str, Any]:
    """Return a transfer as a request has it."""
    return {
        "from_area_id": str(giving.id),
        "to_area_id": str(taking.id),
        "amount_krw": amount_krw,
        "reason": REASON,
    }


@pytest.fixture
def areas(session: Session) -> tuple[Round, BudgetArea, BudgetArea]:
    """An announced round with one offer and money for three of it in each of two areas."""
    round_ = make_round(session)
    citizen = make_area(session, round_, budget_krw=3 * PRICE_KRW)
    growth = make_area(session, round_, key="growth", budget_krw=3 * PRICE_KRW)
    make_offer(session, citizen, make_product(session))
    announce(session, round_)
    return round_, citizen, growth


def balances(client: FlaskClient, round_: Round) -> dict[str, tuple[int, int]]:
    """Return what each area had at first and has now."""
    shown = client.get(f"/api/v1/rounds/{round_.id}").json["areas"]
    return {row["key"]: (row["initial_krw"], row["budget_krw"]) for row in shown}


def test_money_moves_and_everybody_sees_it(
    client: FlaskClient,
    session: Session,
    officer: Headers,
    areas: tuple[Round, BudgetArea, BudgetArea],
) -> None:
    round_, citizen, growth = areas
    moved = client.post(url(round_), json=body(growth, citizen, PRICE_KRW), headers=officer)
    assert moved.status_code == 201, moved.text
    assert (moved.json["from_area_key"], moved.json["to_area_key"]) == ("growth", "citizen")
    assert (moved.json["vat_included"], moved.json["budget_year"]) == (True, 2026)
    assert balances(client, round_) == {
        "citizen": (3 * PRICE_KRW, 4 * PRICE_KRW),
        "growth": (3 * PRICE_KRW, 2 * PRICE_KRW),
    }
    assert client.get(url(round_)).json["items"] == [moved.json]
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "round.budget_transferred")
    ).one()
    assert REASON in event.data
    assert session.scalars(select(BudgetTransfer.transferred_by)).one() == event.actor_id


def test_an_area_gives_all_it_has_and_not_a_won_more(
    client: FlaskClient, officer: Headers, areas: tuple[Round, BudgetArea, BudgetArea]
) -> None:
    round_, citizen, growth = areas
    beyond = body(growth, citizen, 3 * PRICE_KRW + 1)
    refused = client.post(url(round_), json=beyond, headers=officer)
    assert (refused.status_code, refused.json["code"]) == (409, "balance_too_low")
    assert "180,000,000" in refused.json["detail"]
    everything = body(growth, citizen, 3 * PRICE_KRW)
    assert client.post(url(round_), json=everything, headers=officer).status_code == 201
    assert balances(client, round_)["growth"] == (3 * PRICE_KRW, 0)


MOVES = st.lists(st.tuples(st.booleans(), st.integers(1, 4 * PRICE_KRW)), min_size=1, max_size=6)
"""Whether money goes from citizen to growth or back, and how much of it."""


@given(moves=MOVES)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_area_has_what_it_had_at_first_and_the_transfers_since(
    session: Session,
    areas: tuple[Round, BudgetArea, BudgetArea],
    moves: list[tuple[bool, int]],
) -> None:
    round_, citizen, growth = areas
    for forth, amount_krw in moves:
        giving, taking = (citizen, growth) if forth else (growth, citizen)
        with suppress(BalanceTooLow):
            transfer_money(
                session,
                round_id=round_.id,
                from_area_id=giving.id,
                to_area_id=taking.id,
                amount_krw=amount_krw,
                reason=REASON,
                actor_id=None,
                now=NOW,
            )
    rows = session.scalars(select(BudgetTransfer).where(BudgetTransfer.round_id == round_.id)).all()
    for area in (citizen, growth):
        gained = sum(row.amount_krw for row in rows if row.to_area_id == area.id)
        given_away = sum(row.amount_krw for row in rows if row.from_area_id == area.id)
        assert area.budget_krw == area.initial_krw + gained - given_away >= 0


def test_what_fixed_placements_need_stays(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    round_ = make_round(session)
    citizen = make_area(session, round_, budget_krw=PRICE_KRW)
    growth = make_area(session, round_, key="growth")
    fixed = [make_institution(session).organization_id]
    make_offer(session, citizen, make_product(session), fixed_institution_ids=fixed)
    refused = client.post(url(round_), json=body(citizen, growth, 1), headers=officer)
    assert (refused.status_code, refused.json["code"]) == (409, "round_not_runnable")
    assert client.get(url(round_), headers=officer).json["items"] == []


@pytest.mark.parametrize("amount_krw", [0, -1, 1.0, 0.5, True, "1", None, 10**14])
def test_an_amount_is_whole_won(
    client: FlaskClient,
    officer: Headers,
    areas: tuple[Round, BudgetArea, BudgetArea],
    amount_krw: Any,
) -> None:
    round_, citizen, growth = areas
    answer = client.post(url(round_), json=body(growth, citizen, amount_krw), headers=officer)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["json.amount_krw"]


def test_money_goes_between_two_areas_of_the_round(
    client: FlaskClient,
    session: Session,
    officer: Headers,
    areas: tuple[Round, BudgetArea, BudgetArea],
) -> None:
    round_, citizen, growth = areas
    foreign = make_area(session, make_round(session))
    for giving, taking, code in (
        (citizen, citizen, "transfer_to_itself"),
        (citizen, foreign, "budget_area_not_found"),
        (foreign, growth, "budget_area_not_found"),
    ):
        answer = client.post(url(round_), json=body(giving, taking, 1), headers=officer)
        assert answer.json["code"] == code
    nothing = {**body(citizen, growth, 1), "reason": " "}
    assert client.post(url(round_), json=nothing, headers=officer).status_code == 422


@pytest.mark.parametrize("facts", [{"vat_included": False}, {"budget_year": 2025}])
def test_amounts_that_do_not_add_up_do_not_mix(
    client: FlaskClient, session: Session, officer: Headers, facts: dict[str, Any]
) -> None:
    round_ = make_round(session)
    citizen = make_area(session, round_)
    area = {"key": "growth", "name_ko": "신성장", "name_en": "Growth", "budget_krw": PRICE_KRW}
    other = client.post(
        f"/api/v1/rounds/{round_.id}/areas", json={**area, **facts}, headers=officer
    )
    assert other.status_code == 201, other.text
    assert other.json.items() >= facts.items()
    growth = session.get_one(BudgetArea, UUID(other.json["id"]))
    answer = client.post(url(round_), json=body(citizen, growth, 1), headers=officer)
    assert (answer.status_code, answer.json["code"]) == (409, "amounts_differ")


def test_an_offers_price_is_of_the_kind_of_its_area(
    client: FlaskClient, areas: tuple[Round, BudgetArea, BudgetArea]
) -> None:
    (offer,) = client.get(f"/api/v1/rounds/{areas[0].id}/offers").json["items"]
    assert (offer["vat_included"], offer["budget_year"]) == (True, 2026)


def test_from_the_run_on_money_stays(
    client: FlaskClient,
    session: Session,
    officer: Headers,
    areas: tuple[Round, BudgetArea, BudgetArea],
) -> None:
    round_, citizen, growth = areas
    close(session, round_)
    moved = client.post(url(round_), json=body(growth, citizen, 1), headers=officer)
    assert moved.status_code == 201
    run(session, round_)
    late = client.post(url(round_), json=body(growth, citizen, 1), headers=officer)
    assert (late.status_code, late.json["code"]) == (409, "round_run_already")


def test_an_area_with_transfers_stays(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    round_ = make_round(session)
    citizen, growth = make_area(session, round_), make_area(session, round_, key="growth")
    client.post(url(round_), json=body(growth, citizen, 1), headers=officer)
    answer = client.delete(f"/api/v1/rounds/{round_.id}/areas/{growth.id}", headers=officer)
    assert answer.json["code"] == "budget_area_in_use"


def test_nobody_but_an_officer_moves_money(
    client: FlaskClient,
    citizen: Headers,
    auditor: Headers,
    applicant: Applicant,
    areas: tuple[Round, BudgetArea, BudgetArea],
) -> None:
    round_, giving, taking = areas
    wanted = body(giving, taking, 1)
    assert client.post(url(round_), json=wanted).status_code == 401
    for headers in (citizen, auditor, applicant.headers):
        assert client.post(url(round_), json=wanted, headers=headers).status_code == 403


def test_two_officers_cannot_give_the_same_money_away(
    committed_app: Flask,
) -> None:
    app = committed_app
    app.config["CLOCK"] = lambda: NOW
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with Session(engine, expire_on_commit=False) as session:
        round_ = make_round(session)
        giving = make_area(session, round_, budget_krw=100)
        taking = make_area(session, round_, key="growth", budget_krw=0)
        emails = [make_officer(session).email for _ in range(4)]
    statuses: list[int] = []
    start = threading.Barrier(len(emails))

    def move(email: str) -> None:
        client = app.test_client()
        facts = {"email": email, "password": PASSWORD}
        token = client.post("/api/v1/sessions", json=facts).json["access_token"]
        start.wait()
        while True:
            answer = client.post(
                url(round_),
                json=body(giving, taking, 60),
                headers={"Authorization": f"Bearer {token}"},
            )
            if "Retry-After" not in answer.headers:
                statuses.append(answer.status_code)
                return

    threads = [threading.Thread(target=move, args=(email,)) for email in emails]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409, 409, 409]
    with Session(engine) as session:
        kept = dict(session.execute(select(BudgetArea.key, BudgetArea.budget_krw)).all())
    engine.dispose()
    assert kept == {"citizen": 40, "growth": 60}
