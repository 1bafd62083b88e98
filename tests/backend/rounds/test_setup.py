"""Setting up a round: its rules, its money, its offers; and from the notice on, no change."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.db import new_id
from backend.notifications.models import Notice
from backend.rounds.models import Round
from backend.rounds.policy import DEFAULT_POLICY
from tests.backend.rounds.conftest import Applicant
from tests.conftest import NOW, Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import make_institution
from tests.support.proposals import make_decided
from tests.support.rounds import (
    PRICE_KRW,
    announce,
    make_area,
    make_offer,
    make_open_round,
    make_product,
    make_round,
)

URL = "/api/v1/rounds"
FIRST = {
    "code": "2026-1",
    "programme_year": 2026,
    "title_ko": "2026년 1차 시범구매",
    "title_en": "Pilot purchase 2026-1",
    "opens_at": "2026-11-24T00:00:00+09:00",
    "closes_at": "2026-12-24T18:00:00+09:00",
}
AREA = {
    "key": "citizen",
    "name_ko": "국민 체감",
    "name_en": "Citizens",
    "budget_krw": 11_800_000_000,
}


def test_an_officer_sets_up_a_round_and_announces_it(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    product = make_product(session, answers=[make_decided(session)])
    made = client.post(URL, json=FIRST, headers=officer)
    assert made.status_code == 201, made.text
    assert made.json["status"] == "draft"
    assert made.json["policy"] == DEFAULT_POLICY
    address = f"{URL}/{made.json['id']}"
    area = client.post(f"{address}/areas", json=AREA, headers=officer)
    assert area.status_code == 201, area.text
    offer = client.post(
        f"{address}/offers",
        json={"area_id": area.json["id"], "product_id": str(product.id)},
        headers=officer,
    )
    assert offer.status_code == 201, offer.text
    assert offer.json["unit_price_krw"] == product.unit_price_krw
    assert offer.json["max_placements"] == 5
    assert offer.json["area_key"] == "citizen"
    opened = client.post(f"{address}/opening", headers=officer)
    assert opened.status_code == 200, opened.text
    shown = client.get(address).json
    assert shown["status"] == "open"
    assert shown["opened_at"] is not None
    assert [row["budget_krw"] for row in shown["areas"]] == [11_800_000_000]
    assert shown["policy"] == DEFAULT_POLICY
    offers = client.get(f"{address}/offers").json["items"]
    assert [row["product_name_ko"] for row in offers] == [product.name_ko]
    actions = session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject_id == made.json["id"])
    ).all()
    assert set(actions) == {
        "round.created",
        "round.area_added",
        "round.offer_added",
        "round.opened",
    }


def test_proposers_hear_that_a_round_offers_what_answers_them(
    client: FlaskClient, session: Session
) -> None:
    proposal = make_decided(session)
    product = make_product(session, answers=[proposal])
    round_ = make_round(session)
    make_offer(session, make_area(session, round_), product)
    make_offer(session, make_area(session, round_, key="growth"), product)
    offered = select(Notice).where(Notice.kind == "product_offered")
    assert session.scalars(offered).all() == []
    announce(session, round_)
    notice = session.scalars(offered).one()
    assert notice.recipient_id == proposal.author_id
    assert notice.params["product"]["ko"] == product.name_ko
    assert notice.params["closes_at"] == "2026-12-03 12:00"
    events = client.get(f"/api/v1/proposals/{proposal.id}/events").json["items"]
    assert events[-1]["kind"] == "offered"
    assert events[-1]["data"]["round"] == round_.code


def test_a_draft_is_the_officers_own(
    client: FlaskClient,
    session: Session,
    officer: dict[str, str],
    auditor: dict[str, str],
    citizen: dict[str, str],
) -> None:
    draft = make_round(session)
    for address in (f"{URL}/{draft.id}", f"{URL}/{draft.id}/offers"):
        for headers in (None, citizen):
            hidden = client.get(address, headers=headers)
            assert hidden.status_code == 404
        for headers in (officer, auditor):
            assert client.get(address, headers=headers).status_code == 200
    assert client.get(URL).json["items"] == []
    assert client.get(URL, headers=citizen).json["items"] == []
    assert len(client.get(URL, headers=officer).json["items"]) == 1
    assert client.get(URL, query_string={"status": "draft"}).json["items"] == []


def test_a_draft_is_no_round_to_those_who_may_not_know_of_it(
    client: FlaskClient, session: Session, citizen: dict[str, str], applicant: Applicant
) -> None:
    draft = make_round(session)

    def answers(round_id: UUID) -> list[Any]:
        address = f"{URL}/{round_id}"
        wishes = f"{address}/institutions/{applicant.institution.organization_id}/applications"
        tried = [
            client.get(f"{address}{path}", headers=headers)
            for path in ("", "/offers", "/plan", "/instance", "/outcomes", "/placements")
            for headers in (None, citizen, applicant.headers)
        ]
        tried.append(client.get(wishes, headers=applicant.headers))
        tried.append(client.put(wishes, json={"applications": []}, headers=applicant.headers))
        return [(answer.status_code, answer.json) for answer in tried]

    hidden = answers(draft.id)
    assert {(status, body["code"]) for status, body in hidden} == {(404, "round_not_found")}
    assert hidden == answers(new_id())


def test_rounds_are_found_by_state_and_year(client: FlaskClient, session: Session) -> None:
    announced, _ = make_open_round(session, make_product(session))
    older, _ = make_open_round(session, make_product(session), programme_year=2025)

    def found(**query: Any) -> list[str]:
        return [row["id"] for row in client.get(URL, query_string=query).json["items"]]

    assert found() == [str(older.id), str(announced.id)]
    assert found(programme_year=2026) == [str(announced.id)]
    assert found(status="closed") == []


def test_nobody_but_an_officer_sets_up_rounds(
    client: FlaskClient, session: Session, citizen: dict[str, str], auditor: dict[str, str]
) -> None:
    draft = make_round(session)
    address = f"{URL}/{draft.id}"
    for method, where in (
        ("POST", URL),
        ("PATCH", address),
        ("POST", f"{address}/areas"),
        ("POST", f"{address}/offers"),
        ("POST", f"{address}/opening"),
        ("POST", f"{address}/closing"),
        ("POST", f"{address}/corrections"),
        ("POST", f"{address}/extensions"),
        ("POST", f"{address}/cancellation"),
        ("POST", f"{address}/policy-versions"),
        ("POST", f"{address}/transfers"),
        ("POST", f"{address}/interests"),
        ("POST", f"{address}/runs"),
        ("POST", f"{address}/runs/{new_id()}/approval"),
        ("POST", f"{address}/runs/{new_id()}/publication"),
        ("DELETE", f"{address}/areas/{new_id()}"),
        ("DELETE", f"{address}/offers/{new_id()}"),
    ):
        assert client.open(where, method=method, json={}).status_code == 401
        for headers in (citizen, auditor):
            assert client.open(where, method=method, json={}, headers=headers).status_code == 403


def test_the_seats_follow_the_kind_of_product(session: Session) -> None:
    area = make_area(session, make_round(session))
    proposal = make_decided(session)
    origin = {"rnd_local_government_code": "44130", "rnd_project": "천안시 연구개발"}
    expected = [
        (make_product(session, answers=[proposal]), {"residence": "all"}),
        (make_product(session, **origin), {"designator": 1}),
        (
            make_product(session, answers=[proposal], **origin),
            {"designator": 1, "residence": "all"},
        ),
        (make_product(session), {}),
    ]
    for product, seats in expected:
        assert make_offer(session, area, product).seats == seats


def test_seats_can_be_chosen(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    round_ = make_round(session)
    area, product = make_area(session, round_), make_product(session)
    body = {"area_id": str(area.id), "product_id": str(product.id), "seats": {"residence": 2}}
    answer = client.post(f"{URL}/{round_.id}/offers", json=body, headers=officer)
    assert answer.status_code == 201
    assert answer.json["seats"] == {"residence": 2}


@pytest.mark.parametrize("designated_on", [None, date(2020, 1, 1), date(2026, 11, 24)])
def test_only_a_designated_product_is_offered(
    client: FlaskClient, session: Session, officer: dict[str, str], designated_on: date | None
) -> None:
    round_ = make_round(session)
    later = NOW + timedelta(days=3)
    product = make_product(session, designated_on=designated_on, now=later)
    area = make_area(session, round_)
    body = {"area_id": str(area.id), "product_id": str(product.id)}
    answer = client.post(f"{URL}/{round_.id}/offers", json=body, headers=officer)
    assert answer.status_code == 409
    assert answer.json["code"] == "designation_not_valid"
    assert "valid_designation" in answer.json["detail"]


def test_an_offer_keeps_the_price_of_its_day(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    product = make_product(session)
    round_, _ = make_open_round(session, product)
    client.patch(
        f"/api/v1/products/{product.id}", json={"unit_price_krw": 1}, headers=officer | AS_IT_IS
    )
    offers = client.get(f"{URL}/{round_.id}/offers").json["items"]
    assert [row["unit_price_krw"] for row in offers] == [PRICE_KRW]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "2026/1"}, "json.code"),
        ({"code": "2026:1"}, "json.code"),
        ({"code": ""}, "json.code"),
        ({"programme_year": 1999}, "json.programme_year"),
        ({"programme_year": 2026.0}, "json.programme_year"),
        ({"opens_at": "2026-11-24T00:00:00"}, "json.opens_at"),
        ({"closes_at": "2026-11-01T00:00:00Z"}, "json.closes_at"),
        ({"budget": 1}, "json.budget"),
        ({"policy": {"funding": "by_hand"}}, "json.policy.funding"),
        ({"policy": {"institution_capacity": 0}}, "json.policy.institution_capacity"),
        ({"policy": {"product_budget_cap_krw": 0.5}}, "json.policy.product_budget_cap_krw"),
        ({"policy": {"colour": "red"}}, "json.policy.colour"),
        ({"policy": {"seat_priority": {"open": ["beauty"]}}}, "json.policy.seat_priority"),
    ],
)
def test_a_wrong_round_is_refused_by_its_field(
    client: FlaskClient,
    session: Session,
    officer: dict[str, str],
    change: dict[str, Any],
    field: str,
) -> None:
    answer = client.post(URL, json={**FIRST, **change}, headers=officer)
    assert answer.status_code == 422, answer.text
    assert list(answer.json["errors"]) == [field]
    assert session.scalars(select(Round)).all() == []


def test_a_policy_that_the_engine_refuses_is_named_by_its_path(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    body = {**FIRST, "policy": {"seat_precedence": ["residence"]}}
    answer = client.post(URL, json=body, headers={**officer, "Accept-Language": "en"})
    assert answer.status_code == 409
    assert answer.json["code"] == "round_not_runnable"
    assert "policy.seat_precedence" in answer.json["detail"]
    assert session.scalars(select(Round)).all() == []


def test_codes_and_keys_are_given_once(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    round_ = make_round(session)
    area = make_area(session, round_)
    offer = make_offer(session, area, make_product(session))
    for where, body, code in (
        (URL, {**FIRST, "code": round_.code}, "round_code_taken"),
        (f"{URL}/{round_.id}/areas", AREA, "budget_area_key_taken"),
        (
            f"{URL}/{round_.id}/offers",
            {"area_id": str(area.id), "product_id": str(offer.product_id)},
            "product_offered_already",
        ),
    ):
        answer = client.post(where, json=body, headers=officer)
        assert answer.status_code == 409
        assert answer.json["code"] == code


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"area_id": str(new_id())}, 404, "budget_area_not_found"),
        ({"product_id": str(new_id())}, 404, "product_not_found"),
        ({"max_placements": 0}, 422, "fields_invalid"),
        ({"unit_price_krw": 0}, 422, "fields_invalid"),
        ({"seats": {"residence": "some"}}, 422, "fields_invalid"),
        ({"seats": {"residence": True}}, 422, "fields_invalid"),
        ({"seats": {"residence": -1}}, 422, "fields_invalid"),
        ({"seats": {"police": 1}}, 409, "round_not_runnable"),
        ({"seats": {"open": 1}}, 409, "round_not_runnable"),
        ({"seats": {"residence": "all", "designator": "all"}}, 409, "round_not_runnable"),
        ({"fixed_institution_ids": [str(new_id())]}, 422, "fixed_institution_unknown"),
        ({"cap_group": "Group: A"}, 422, "fields_invalid"),
    ],
)
def test_a_wrong_offer_is_refused(
    client: FlaskClient,
    session: Session,
    officer: dict[str, str],
    change: dict[str, Any],
    status: int,
    code: str,
) -> None:
    round_ = make_round(session)
    area, product = make_area(session, round_), make_product(session)
    body = {"area_id": str(area.id), "product_id": str(product.id), **change}
    answer = client.post(f"{URL}/{round_.id}/offers", json=body, headers=officer)
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text
    assert client.get(f"{URL}/{round_.id}/offers", headers=officer).json["items"] == []


def test_fixed_placements_stay_within_the_money(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    round_ = make_round(session)
    area = make_area(session, round_, budget_krw=PRICE_KRW)
    fixed = [str(make_institution(session).organization_id) for _ in range(2)]
    body = {
        "area_id": str(area.id),
        "product_id": str(make_product(session).id),
        "fixed_institution_ids": fixed,
    }
    answer = client.post(f"{URL}/{round_.id}/offers", json=body, headers=officer)
    assert answer.status_code == 409
    assert answer.json["code"] == "round_not_runnable"
    body["fixed_institution_ids"] = fixed[:1]
    answer = client.post(f"{URL}/{round_.id}/offers", json=body, headers=officer)
    assert answer.json["fixed_institution_ids"] == fixed[:1]


def test_an_area_of_another_round_cannot_be_used(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    mine, other = make_round(session), make_round(session)
    body = {
        "area_id": str(make_area(session, other).id),
        "product_id": str(make_product(session).id),
    }
    answer = client.post(f"{URL}/{mine.id}/offers", json=body, headers=officer)
    assert answer.json["code"] == "budget_area_not_found"


def test_a_draft_is_corrected(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    round_ = make_round(session)
    area = make_area(session, round_)
    offer = make_offer(session, area, make_product(session))
    address = f"{URL}/{round_.id}"
    changed = client.patch(
        address,
        json={"policy": {"institution_capacity": 2}, "title_en": "New"},
        headers=officer | AS_IT_IS,
    )
    assert changed.json["policy"] == {**DEFAULT_POLICY, "institution_capacity": 2}
    assert changed.json["title_en"] == "New"
    in_use = client.delete(f"{address}/areas/{area.id}", headers=officer)
    assert in_use.json["code"] == "budget_area_in_use"
    for where in (f"{address}/offers/{offer.id}", f"{address}/areas/{area.id}"):
        assert client.delete(where, headers=officer).status_code == 204
        assert client.delete(where, headers=officer).status_code == 404


def test_an_empty_round_is_not_announced(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    round_ = make_round(session)
    make_area(session, round_)
    answer = client.post(f"{URL}/{round_.id}/opening", headers=officer)
    assert answer.status_code == 409
    assert answer.json["code"] == "round_empty"


def test_a_round_is_not_announced_after_its_deadline(
    client: FlaskClient, session: Session, officer: dict[str, str], clock: Clock
) -> None:
    round_ = make_round(session, closes_at=NOW + timedelta(minutes=5))
    make_offer(session, make_area(session, round_), make_product(session))
    clock.move(minutes=5)
    answer = client.post(f"{URL}/{round_.id}/opening", headers=officer)
    assert answer.json["code"] == "window_over"


def test_the_terms_of_an_announced_round_do_not_change(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    round_ = make_round(session)
    area = make_area(session, round_)
    offer = make_offer(session, area, make_product(session))
    announce(session, round_)
    address = f"{URL}/{round_.id}"
    body = {"area_id": str(area.id), "product_id": str(make_product(session).id)}
    answers = [
        client.patch(address, json={"title_ko": "다른 이름"}, headers=officer | AS_IT_IS),
        client.post(f"{address}/areas", json={**AREA, "key": "overseas"}, headers=officer),
        client.post(f"{address}/offers", json=body, headers=officer),
        client.delete(f"{address}/offers/{offer.id}", headers=officer),
        client.delete(f"{address}/areas/{area.id}", headers=officer),
    ]
    assert [answer.status_code for answer in answers] == [409] * 5
    assert {answer.json["code"] for answer in answers} == {"round_not_draft"}
    again = client.post(f"{address}/opening", headers=officer)
    assert again.json["code"] == "invalid_transition"
    assert again.json["detail"] == "차수가 ‘공고’ 상태여서 ‘공고’ 상태로 바꿀 수 없습니다."


def test_a_round_closes_when_its_deadline_has_passed(
    client: FlaskClient, session: Session, officer: dict[str, str], clock: Clock
) -> None:
    round_, _ = make_open_round(
        session, make_product(session), closes_at=NOW + timedelta(minutes=5)
    )
    address = f"{URL}/{round_.id}/closing"
    early = client.post(address, headers=officer)
    assert early.status_code == 409
    assert early.json["code"] == "deadline_not_passed"
    assert "2026-11-23 12:05" in early.json["detail"]
    clock.move(minutes=5)
    closed = client.post(address, headers=officer)
    assert closed.json["status"] == "closed"
    assert client.post(address, headers=officer).json["code"] == "invalid_transition"


def test_a_round_that_is_none_is_not_found(client: FlaskClient, officer: dict[str, str]) -> None:
    address = f"{URL}/{new_id()}"
    for answer in (
        client.get(address),
        client.get(f"{address}/plan"),
        client.get(f"{address}/runs", headers=officer),
        client.get(f"{address}/applications", headers=officer),
        client.post(f"{address}/runs", json={"seed": "1"}, headers=officer),
    ):
        assert answer.status_code == 404
        assert answer.json["code"] == "round_not_found"
