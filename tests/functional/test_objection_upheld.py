"""From a wrong fact to a corrected plan: an objection, a person's decision, the same seed."""

from sqlalchemy.orm import Session

from tests.functional.kit import Country, Person
from tests.support.people import make_officer, make_reviewer

PRICE_KRW = 31_000_000
HOME = "1130510300"
POINT = (127.0074, 37.6383)
JONGNO_EMD, BUSAN_EMD = "11110119", "26110101"


def asking(country: Country, round_id: str, offer_id: str, who: tuple[str, Person]) -> None:
    """Let an institution ask for the one offer of a round."""
    institution_id, applicant = who
    applicant.put(
        f"/rounds/{round_id}/institutions/{institution_id}/applications",
        applications=[{"offer_id": offer_id, "reason": "관내에 설치하겠습니다."}],
    )


def enter_jurisdiction(country: Country, institution_id: str, code: str) -> None:
    """Let the officer say for which region an institution works."""
    body = {"jurisdiction_codes": [code]}
    country.officer.send("PATCH", f"/institutions/{institution_id}", 200, json=body)


def test_an_upheld_objection_leads_to_a_corrected_plan_by_the_same_number(
    country: Country, session: Session
) -> None:
    citizen = country.citizen("citizen@example.com", HOME)
    reviewer = country.person(make_reviewer(session, "11305").email)
    proposal_id = country.propose(citizen, "소화전 앞 주차방지", "safety", *POINT)
    country.adopt(reviewer, proposal_id)
    product_id = country.product("safety", [proposal_id], PRICE_KRW)
    round_id, offer_id = country.open_round(product_id, PRICE_KRW)
    path = f"/rounds/{round_id}"
    here, there = (country.institution(session, code) for code in (JONGNO_EMD, BUSAN_EMD))
    for who in (here, there):
        asking(country, round_id, offer_id, who)
    # Somebody enters that the office in Busan works for the proposer's neighbourhood.
    enter_jurisdiction(country, there[0], HOME[:8])
    country.finish_round(round_id)
    first = country.stranger.get(f"{path}/plan")
    outcomes = country.stranger.get(f"{path}/outcomes")["items"]
    assert holders(outcomes) == {there[0]}

    refused = next(row["id"] for row in outcomes if row["institution_id"] == here[0])
    complaint = "저희 관할이 잘못 등록되어 있었습니다."
    objection = here[1].post(f"{path}/outcomes/{refused}/objections", reason=complaint)
    there[1].post(f"{path}/outcomes/{refused}/objections", 403, reason=complaint)
    country.clock.move(days=2)
    decision = {
        "decision": "upheld",
        "reason": "등록된 관할구역이 실제와 달랐습니다.",
        "public_summary": "관할구역 등록 오류를 확인하여 인용하였습니다.",
    }
    address = f"/plan-objections/{objection['id']}/decision"
    for involved in (country.officer, country.second_officer):
        involved.put(address, 409, **decision)
    third = country.person(make_officer(session).email)
    assert third.put(address, **decision)["remedy"] == "superseding_plan"

    country.clock.move(days=1)
    enter_jurisdiction(country, there[0], BUSAN_EMD)
    reason = "이의신청에 따라 관할구역을 바로잡았습니다."
    run = country.supersede(round_id, reason)
    assert country.stranger.get(f"{path}/plan") == first
    country.release(round_id, run["id"])

    assert holders(country.stranger.get(f"{path}/outcomes")["items"]) == {here[0]}
    plans = country.stranger.get(f"{path}/plans")["items"]
    assert [plan["state"] for plan in plans] == ["current", "superseded"]
    assert len({plan["seed"] for plan in plans}) == 1
    assert country.stranger.get(f"{path}/plans/{plans[1]['id']}") == first
    inputs = country.stranger.get(f"{path}/inputs")["items"]
    assert (inputs[0]["kind"], inputs[0]["reason"]) == ("corrected", reason)
    tiers = {
        (change["before"], change["after"])
        for change in inputs[0]["changes"]
        if change["path"].endswith("residence_tier")
    }
    assert tiers == {(0, 3)}
    (shown,) = country.stranger.get(f"{path}/objections")["items"]
    assert (shown["state"], shown["remedied_by"]) == ("upheld", plans[0]["id"])
    texts = [notice["text"] for notice in here[1].get("/me/notices", limit=10)["items"]]
    assert any("정정되어" in text and "배정받았습니다" in text for text in texts)
    assert any("받아들여졌습니다" in text for text in texts)


def holders(outcomes: list[dict[str, str | None]]) -> set[str | None]:
    """Return the institutions that were placed."""
    return {row["institution_id"] for row in outcomes if row["seat"]}
