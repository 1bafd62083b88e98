"""A call that takes turns: corrected, extended, short of an offer, with moved money; and its end.

An institution ranks two products and pledges to buy one. The notice is corrected and the deadline
put off, a supplier withdraws, money is moved, and the plan places what is left; everybody sees each
turn with its reason.
"""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy.orm import Session

from backend.auth.identity import Role
from tests.functional.kit import Country, Person
from tests.support.people import make_member, make_supplier
from tests.support.proposals import make_decided
from tests.support.rounds import PRICE_KRW, make_product

HOME = "11140103"
"""The neighbourhood of the institution, in 서울특별시 중구."""


class Call(NamedTuple):
    """Who takes part in the call, and its ids."""

    country: Country
    supplier: Person
    applicant: Person
    path: str
    ranking: str
    bell: str
    lamp: str


@pytest.fixture
def call(country: Country, session: Session) -> Call:
    """An announced round in its window: a bell and a lamp, and money for nothing in their area."""
    organization_id = make_supplier(session).organization_id
    supplier = country.person(make_member(session, organization_id, Role.SUPPLIER).email)
    bell = make_product(session, supplier_id=organization_id, answers=[make_decided(session)])
    lamp = make_product(session)
    opens = country.clock.time + timedelta(hours=1)
    priority = {"open": ["pledge", "reporting", "rural"]}
    made = country.officer.post(
        "/rounds",
        code="2026-2",
        programme_year=2026,
        title_ko="2026년 제2차 시범구메",
        title_en="Pilot purchase round 2 of 2026",
        opens_at=opens.isoformat(),
        closes_at=(opens + timedelta(days=14)).isoformat(),
        policy={"seat_precedence": ["open"], "seat_priority": priority},
    )
    path = f"/rounds/{made['id']}"
    areas = [
        country.officer.post(
            f"{path}/areas", key=key, name_ko=name, name_en=key, budget_krw=budget_krw
        )
        for key, name, budget_krw in (("citizen", "국민체감", 0), ("growth", "신성장", PRICE_KRW))
    ]
    offers = [
        country.officer.post(
            f"{path}/offers", area_id=areas[0]["id"], product_id=str(product.id), seats={}
        )
        for product in (bell, lamp)
    ]
    country.officer.bare(f"{path}/opening", 200)
    institution_id, applicant = country.institution(session, HOME)
    country.clock.move(hours=2)
    ranking = f"{path}/institutions/{institution_id}/applications"
    return Call(country, supplier, applicant, path, ranking, offers[0]["id"], offers[1]["id"])


def heard(person: Person) -> list[str]:
    """Return the kinds of notices that a person got, the oldest first."""
    return [item["kind"] for item in person.get("/me/notices")["items"]][::-1]


def rank(call: Call, *offers: str, status: int = 200) -> Any:
    """Let the institution ask for some offers, with a pledge to buy the first."""
    wishes: list[dict[str, Any]] = [
        {"offer_id": offer, "reason": "골목이 어두워 민원이 많습니다."} for offer in offers
    ]
    wishes[0] |= {"pledges_purchase": True, "pledge_text": "효과가 있으면 다섯 대를 삽니다."}
    return call.applicant.put(call.ranking, status, applications=wishes)


def test_every_turn_of_a_call_is_told_and_the_plan_places_what_is_left(call: Call) -> None:
    country, officer, path = call.country, call.country.officer, call.path
    rank(call, call.bell, call.lamp)
    reason = "차수 이름의 오기를 바로잡습니다."
    officer.post(f"{path}/corrections", title_ko="2026년 제2차 시범구매", reason=reason)
    later = country.clock.time + timedelta(days=30)
    reason = "설명회를 한 번 더 엽니다."
    officer.post(f"{path}/extensions", closes_at=later.isoformat(), reason=reason)

    call.supplier.post(f"{path}/offers/{call.bell}/withdrawal", reason="부품을 구할 수 없습니다.")
    left = call.applicant.get(call.ranking)["applications"]
    assert [(row["position"], row["offer_id"]) for row in left] == [(1, call.lamp)]
    rank(call, call.bell, status=409)
    rank(call, call.lamp)

    areas = {row["key"]: row["id"] for row in country.stranger.get(path)["areas"]}
    officer.post(
        f"{path}/transfers",
        from_area_id=areas["growth"],
        to_area_id=areas["citizen"],
        amount_krw=PRICE_KRW,
        reason="신성장 분야에는 신청이 없습니다.",
    )
    country.clock.time = later
    call.applicant.put(call.ranking, 409, applications=[])
    officer.bare(f"{path}/closing", 200)
    round_id = path.rsplit("/", 1)[-1]
    country.draw(round_id, "3-11-19-27-34-45")
    moved_late = {"from_area_id": areas["citizen"], "to_area_id": areas["growth"]}
    officer.post(f"{path}/transfers", 409, **moved_late, amount_krw=1, reason="늦었습니다.")
    country.release(round_id, country.run(round_id)["id"])

    told = country.stranger.get(f"{path}/notices")["items"]
    assert [notice["kind"] for notice in told] == ["offer_withdrawn", "extended", "corrected"]
    assert all(notice["reason"] for notice in told)
    (moved,) = country.stranger.get(f"{path}/transfers")["items"]
    assert (moved["amount_krw"], moved["from_area_key"]) == (PRICE_KRW, "growth")
    (outcome,) = country.stranger.get(f"{path}/outcomes")["items"]
    assert outcome["reason"] == "awarded"
    assert heard(call.applicant) == [
        "round_corrected",
        "round_extended",
        "offer_withdrawn_in_window",
        "placement_awarded",
    ]


def test_a_call_that_cannot_go_on_ends_for_everybody(call: Call) -> None:
    country, path = call.country, call.path
    rank(call, call.lamp)
    call.applicant.post(f"{path}/cancellation", 403, reason="저희는 필요 없습니다.")
    country.officer.post(f"{path}/cancellation", reason="예산이 다른 곳에 쓰이게 되었습니다.")
    assert country.stranger.get(path)["status"] == "cancelled"
    assert heard(call.applicant) == ["round_cancelled"]
    rank(call, call.lamp, status=409)
    country.officer.bare(f"{path}/closing", 409)
    country.officer.post(f"{path}/runs", 409, seed="drawn in public")
    (notice,) = country.stranger.get(f"{path}/notices")["items"]
    assert notice["reason"] == "예산이 다른 곳에 쓰이게 되었습니다."
