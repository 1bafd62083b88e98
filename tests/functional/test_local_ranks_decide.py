"""Where nobody is nearer than anybody else, the local governments' own ranks decide."""

import pytest
from sqlalchemy.orm import Session

from tests.functional.kit import Country
from tests.support.people import make_reviewer

PRICE_KRW = 31_000_000
PLACES = {
    "11305": ("1130510300", (127.0074, 37.6383)),
    "11110": ("1111011900", (126.9769, 37.5759)),
}
"""Local government -> residence and point of its proposals."""


def ranked(country: Country, session: Session, code: str, *, rank_of_answered: int) -> str:
    """Have a local government adopt and rank two proposals; return the one to be answered."""
    residence, point = PLACES[code]
    citizen = country.citizen(f"citizen-{code}@example.com", residence)
    reviewer = country.person(make_reviewer(session, code).email)
    answered = country.propose(citizen, "소화전 앞 주차방지", "safety", *point)
    other = country.propose(citizen, "빗물받이 막힘 알림", "safety", *point)
    for proposal_id in (answered, other):
        country.adopt(reviewer, proposal_id)
    ranking = [answered, other] if rank_of_answered == 1 else [other, answered]
    reviewer.put(f"/local-governments/{code}/proposal-ranks/2026", ranking=ranking)
    return answered


@pytest.mark.parametrize(("first", "second"), [("11305", "11110"), ("11110", "11305")])
def test_of_two_equally_near_the_one_whose_government_ranked_higher_wins(
    country: Country, session: Session, first: str, second: str
) -> None:
    proposals = [
        ranked(country, session, first, rank_of_answered=1),
        ranked(country, session, second, rank_of_answered=2),
    ]
    product_id = country.product("safety", proposals, PRICE_KRW)
    round_id, offer_id = country.open_round(product_id, PRICE_KRW)
    institutions = {}
    for code in (second, first):
        institution_id, applicant = country.institution(session, PLACES[code][0][:8])
        institutions[institution_id] = code
        applicant.put(
            f"/rounds/{round_id}/institutions/{institution_id}/applications",
            applications=[{"offer_id": offer_id, "reason": "관내에 설치하겠습니다."}],
        )
    country.finish_round(round_id)

    items = country.stranger.get(f"/rounds/{round_id}/outcomes")["items"]
    reasons = {institutions[item["institution_id"]]: item["reason"] for item in items}
    assert reasons == {first: "awarded", second: "below_cutoff"}
    (refused,) = [item for item in items if item["reason"] == "below_cutoff"]
    assert refused["detail"]["key"] == "review_rank"
