"""What may be offered: designated, not piloted before, and checked again until the matching."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.catalogue.models import Product
from backend.catalogue.validity import last_day
from backend.notifications.models import Notice
from backend.rounds.models import BudgetArea, Placement, Round
from backend.rounds.rules import DesignationNotValid
from tests.backend.rounds.conftest import Applicant, Headers
from tests.conftest import NOW, Clock
from tests.support.people import make_institution
from tests.support.rounds import (
    OPENS_AT,
    announce,
    apply_for,
    make_area,
    make_offer,
    make_open_round,
    make_product,
    make_round,
    publish,
)
from tests.support.vacancies import give_up

URL = "/api/v1/rounds"
LAST_DAY = date(2026, 11, 23)
"""The day of the tests."""
LAPSING = date(2023, 11, 24)
"""Designated on this day, a product is so until `LAST_DAY`."""


@pytest.fixture
def piloted(session: Session) -> Product:
    """A product that a published plan placed."""
    product = make_product(session)
    round_, (offer,) = make_open_round(session, product)
    apply_for(session, make_institution(session), offer)
    publish(session, round_)
    return product


def offer_it(
    client: FlaskClient, area: BudgetArea, product: Product, headers: Headers, **facts: Any
) -> Any:
    """Offer a product over HTTP."""
    body = {"area_id": str(area.id), "product_id": str(product.id), **facts}
    return client.post(f"{URL}/{area.round_id}/offers", json=body, headers=headers)


def test_the_days_of_these_tests_fit() -> None:
    assert last_day(LAPSING, 3) == LAST_DAY == NOW.date()


def test_a_designation_holds_to_the_end_of_its_last_day_in_korea(session: Session) -> None:
    area = make_area(session, make_round(session))
    products = [make_product(session, designated_on=LAPSING) for _ in range(2)]
    midnight = NOW + timedelta(hours=12)
    make_offer(session, area, products[0], now=midnight - timedelta(minutes=1))
    with pytest.raises(DesignationNotValid):
        make_offer(session, area, products[1], now=midnight)


def test_a_refusal_names_the_rule_and_the_product(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    area = make_area(session, make_round(session))
    product = make_product(session, designated_on=None)
    korean = offer_it(client, area, product, officer)
    english = offer_it(client, area, product, {**officer, "Accept-Language": "en"})
    assert (korean.status_code, korean.json["code"]) == (409, "designation_not_valid")
    assert product.name_ko in korean.json["detail"]
    assert product.name_en in english.json["detail"]
    for answer in (korean, english):
        assert "valid_designation" in answer.json["detail"]
        assert answer.json["rule"] == "valid_designation"


def test_a_round_is_not_announced_with_a_lapsed_designation(
    client: FlaskClient, session: Session, officer: Headers, clock: Clock
) -> None:
    product = make_product(session, designated_on=date(2023, 11, 23))
    round_ = make_round(session)
    make_offer(session, make_area(session, round_), product, now=OPENS_AT)
    answer = client.post(f"{URL}/{round_.id}/opening", headers=officer)
    assert (answer.status_code, answer.json["code"]) == (409, "designation_not_valid")
    assert product.name_ko in answer.json["detail"]
    assert client.get(f"{URL}/{round_.id}", headers=officer).json["status"] == "draft"


def test_applicants_hear_at_the_closing_that_a_designation_has_lapsed(
    client: FlaskClient, session: Session, officer: Headers, applicant: Applicant, clock: Clock
) -> None:
    lapsing = make_product(session, designated_on=date(2023, 11, 23))
    deadline = NOW + timedelta(minutes=5)
    round_, offers = make_open_round(session, lapsing, make_product(session), closes_at=deadline)
    apply_for(session, applicant.institution, *offers)
    clock.time = deadline
    assert client.post(f"{URL}/{round_.id}/closing", headers=officer).status_code == 200
    notice = session.scalars(select(Notice).where(Notice.kind == "offer_lapsed")).one()
    assert notice.recipient_id == applicant.account.id
    assert notice.params["product"]["ko"] == lapsing.name_ko
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "round.closed")).one()
    assert str(offers[0].id) in event.data
    assert str(offers[1].id) not in event.data


def test_what_was_piloted_before_is_not_offered_again(
    client: FlaskClient, session: Session, officer: Headers, piloted: Product
) -> None:
    answer = offer_it(client, make_area(session, make_round(session)), piloted, officer)
    assert (answer.status_code, answer.json["code"]) == (409, "product_piloted")
    assert "piloted_once" in answer.json["detail"]
    assert answer.json["rule"] == "piloted_once"
    assert piloted.name_ko in answer.json["detail"]


def test_what_was_given_up_and_taken_by_nobody_is_offered_again(
    client: FlaskClient, session: Session, officer: Headers, piloted: Product
) -> None:
    give_up(session, session.scalars(select(Placement)).one())
    answer = offer_it(client, make_area(session, make_round(session)), piloted, officer)
    assert answer.status_code == 201, answer.text


def test_exports_are_exempt(
    client: FlaskClient, session: Session, officer: Headers, piloted: Product
) -> None:
    area = make_area(session, make_round(session), key="overseas")
    assert offer_it(client, area, piloted, officer).status_code == 201


@pytest.mark.parametrize(
    "policy", [{"exclude_piloted": False}, {"piloted_exempt_areas": ["citizen"]}]
)
def test_the_rule_is_data_of_the_round(
    client: FlaskClient,
    session: Session,
    officer: Headers,
    piloted: Product,
    policy: dict[str, Any],
) -> None:
    area = make_area(session, make_round(session, policy=policy))
    assert offer_it(client, area, piloted, officer).status_code == 201


def test_what_was_placed_since_it_was_offered_keeps_a_round_from_being_announced(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    product = make_product(session)
    waiting = make_round(session)
    make_offer(session, make_area(session, waiting), product)
    round_, (offer,) = make_open_round(session, product)
    apply_for(session, make_institution(session), offer)
    publish(session, round_)
    answer = client.post(f"{URL}/{waiting.id}/opening", headers=officer)
    assert (answer.status_code, answer.json["code"]) == (409, "product_piloted")


def test_a_product_that_nobody_got_may_be_offered_again(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    product = make_product(session)
    round_, _ = make_open_round(session, product)
    publish(session, round_)
    assert (
        offer_it(client, make_area(session, make_round(session)), product, officer).status_code
        == 201
    )


def test_an_offer_may_be_for_fixed_institutions_alone(
    client: FlaskClient, session: Session, officer: Headers, applicant: Applicant
) -> None:
    area = make_area(session, make_round(session))
    fixed = [str(make_institution(session).organization_id)]
    made = offer_it(
        client,
        area,
        make_product(session),
        officer,
        takes_applications=False,
        fixed_institution_ids=fixed,
    )
    assert (made.status_code, made.json["takes_applications"]) == (201, False)
    client.post(f"{URL}/{area.round_id}/opening", headers=officer)
    wishes = {"applications": [{"offer_id": made.json["id"], "reason": "저희도 필요합니다."}]}
    answer = client.put(
        f"{URL}/{area.round_id}/institutions/{applicant.institution.organization_id}/applications",
        json=wishes,
        headers=applicant.headers,
    )
    assert (answer.status_code, answer.json["code"]) == (409, "offer_for_fixed_only")
    assert "fixed_skips_matching" in answer.json["detail"]


def test_an_offer_for_nobody_is_refused(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    area = make_area(session, make_round(session))
    answer = offer_it(client, area, make_product(session), officer, takes_applications=False)
    assert (answer.status_code, answer.json["code"]) == (422, "fixed_institutions_missing")
    assert list(answer.json["errors"]) == ["json.fixed_institution_ids"]


def closing_with(session: Session, client: FlaskClient, officer: Headers, *, other: bool) -> Any:
    """Close a round before its deadline, with an offer for a fixed institution, or another too."""
    round_ = make_round(session)
    area = make_area(session, round_)
    make_offer(
        session,
        area,
        make_product(session),
        takes_applications=False,
        fixed_institution_ids=[make_institution(session).organization_id],
    )
    if other:
        make_offer(session, area, make_product(session))
    announce(session, round_)
    return client.post(f"{URL}/{round_.id}/closing", headers=officer)


def test_a_round_without_applications_need_not_wait_for_its_deadline(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    assert closing_with(session, client, officer, other=True).json["code"] == "deadline_not_passed"
    closed = closing_with(session, client, officer, other=False).json
    assert closed["status"] == "closed"
    publish(session, session.get_one(Round, UUID(closed["id"])), now=NOW)
    placements = client.get(f"{URL}/{closed['id']}/placements").json["items"]
    assert [row["seat"] for row in placements] == ["preassigned"]
