"""What the rounds put into an instance: each key, the funding order, and who is eligible."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.organizations.models import Institution
from backend.proposals.models import Proposal
from backend.reviews.ranking import rank_categories, rank_proposals
from backend.rounds import engine
from backend.rounds.facts import gather
from backend.rounds.models import Offer, Placement, Round
from tests.conftest import NOW
from tests.support.people import (
    BEFORE,
    CITY_HALL_EMD,
    make_institution,
    make_overseas_institution,
    make_reviewer,
    register,
)
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSED,
    PRICE_KRW,
    SEED,
    YEAR,
    announce,
    apply_for,
    close,
    make_area,
    make_offer,
    make_open_round,
    make_product,
    make_round,
    publish,
)
from tests.support.vacancies import give_up

MUGYO_EMD, MUGYO = "11140101", (126.97906, 37.56805)
"""서울특별시 중구 무교동 and a point in it."""
SUSIN_EMD = "44131350"
"""충청남도 천안시 동남구 수신면."""
DUJEONG_EMD, DUJEONG = "44133104", (127.14227, 36.83195)
"""충청남도 천안시 서북구 두정동 and a point in it."""
BUSAN_EMD, BUSAN = "26110101", (129.0328, 35.11223)
"""부산광역시 중구 영주동 and a point in it."""
NOT_RANKED = 1_000_000
CLOSED_ON = CLOSED.date()


def proposal_of(session: Session, home: str = CITY_HALL_EMD, **facts: Any) -> Proposal:
    """Make an adopted proposal by somebody who lives in `home` and agreed to say so."""
    author = register(session, residence=home)
    given = {"neighbourhood_public": True, **facts}
    return make_decided(session, author, **given)


def document(session: Session, round_: Round, *, on: date = CLOSED_ON) -> dict[str, Any]:
    """Return the instance of a round as JSON."""
    instance = engine.build_instance(gather(session, round_, on=on), seed=SEED)
    read: dict[str, Any] = json.loads(instance.dumps())
    return read


def keys(session: Session, round_: Round, institution: Institution, offer: Offer) -> dict[str, int]:
    """Return the keys of one application."""
    for row in document(session, round_)["applications"]:
        ids = (str(institution.organization_id), str(offer.id))
        if (row["institution"], row["product"]) == ids:
            found: dict[str, int] = row["keys"]
            return found
    pytest.fail("there is no such application")


@pytest.mark.parametrize(
    ("facts", "tier"),
    [
        ({}, 0),
        ({"site": MUGYO, "emd_code": MUGYO_EMD, "jurisdiction_codes": [MUGYO_EMD]}, 1),
        ({"site": MUGYO, "emd_code": MUGYO_EMD, "scope": "nationwide"}, 1),
        ({"site": (126.9797, 37.5752), "emd_code": "11110125", "jurisdiction_codes": ["11"]}, 2),
        ({"site": BUSAN, "emd_code": BUSAN_EMD}, 3),
    ],
)
def test_the_tier_is_that_of_the_proposers_home_not_of_the_pin(
    session: Session, facts: dict[str, Any], tier: int
) -> None:
    # The pin lies in Busan; where its author lives counts.
    proposal = proposal_of(session, region_code=BUSAN_EMD)
    round_, (offer,) = make_open_round(session, make_product(session, answers=[proposal]))
    institution = make_institution(session, **facts)
    apply_for(session, institution, offer)
    assert keys(session, round_, institution, offer)["residence_tier"] == tier


def test_without_consent_the_whole_sigungu_is_equally_near(session: Session) -> None:
    proposal = proposal_of(session, neighbourhood_public=False)
    round_, (offer,) = make_open_round(session, make_product(session, answers=[proposal]))
    # Both offices answer for one neighbourhood only, one of them for the author's.
    sites = {CITY_HALL_EMD: (126.9779, 37.5663), MUGYO_EMD: MUGYO}
    offices = [
        make_institution(session, site=site, emd_code=code, jurisdiction_codes=[code])
        for code, site in sites.items()
    ]
    for office in offices:
        apply_for(session, office, offer)
    found = [keys(session, round_, office, offer) for office in offices]
    assert [row["residence_tier"] for row in found] == [0, 0]
    # The distance is to the label point of the sigungu, so it tells no more either.
    label_m = {row["distance_m"] for row in found}
    assert label_m <= {1_000, 2_000}


def test_the_best_of_several_proposals_counts(session: Session) -> None:
    answers = [proposal_of(session, BUSAN_EMD), proposal_of(session)]
    round_, (offer,) = make_open_round(session, make_product(session, answers=answers))
    here, there = (
        make_institution(session),
        make_institution(session, site=BUSAN, emd_code=BUSAN_EMD),
    )
    for institution in (here, there):
        apply_for(session, institution, offer)
        found = keys(session, round_, institution, offer)
        assert (found["residence_tier"], found["distance_m"]) in {(0, 1_000), (0, 0)}


def test_an_unconfirmed_home_counts_unless_the_round_says_otherwise(session: Session) -> None:
    proposal = proposal_of(session)
    product = make_product(session, answers=[proposal])
    institution = make_institution(session)
    lenient, (offer,) = make_open_round(session, product)
    apply_for(session, institution, offer)
    strict, (other,) = make_open_round(
        session, product, policy={"require_confirmed_residence": True}
    )
    apply_for(session, institution, other)
    assert keys(session, lenient, institution, offer)["residence_tier"] == 0
    found = keys(session, strict, institution, other)
    assert (found["residence_tier"], found["distance_m"]) == (3, 0)
    proposal.residence_confirmed = True
    session.commit()
    assert keys(session, strict, institution, other)["residence_tier"] == 0


def test_a_distance_goes_from_the_applications_site_to_the_neighbourhoods_label(
    session: Session,
) -> None:
    round_, (offer,) = make_open_round(
        session, make_product(session, answers=[proposal_of(session)])
    )
    near = make_institution(session)
    far = make_institution(session, site=DUJEONG, emd_code=DUJEONG_EMD)
    abroad = make_overseas_institution(session)
    for institution in (near, far, abroad):
        apply_for(session, institution, offer)
    distances = [keys(session, round_, row, offer)["distance_m"] for row in (near, far, abroad)]
    assert distances[0] == 1_000
    assert 82_000 <= distances[1] <= 84_000
    assert 2_600_000 <= distances[2] <= 2_800_000
    assert all(metres % 1_000 == 0 for metres in distances)


def test_each_institution_has_the_rank_of_its_own_government(session: Session) -> None:
    first, second = proposal_of(session), proposal_of(session)
    elsewhere = proposal_of(session, BUSAN_EMD, region_code=BUSAN_EMD)
    rank(session, "11140", [first, second])
    rank(session, "26110", [elsewhere])
    products = [make_product(session, answers=rows) for rows in ([second], [second, elsewhere])]
    round_, (one, both) = make_open_round(session, *products)
    here = make_institution(session)
    there = make_institution(session, site=BUSAN, emd_code=BUSAN_EMD)
    other = make_institution(session, site=DUJEONG, emd_code=DUJEONG_EMD)
    for institution in (here, there, other):
        apply_for(session, institution, one, both)

    def ranks(institution: Institution) -> list[int]:
        return [keys(session, round_, institution, row)["review_rank"] for row in (one, both)]

    assert ranks(here) == [2, 2]
    assert ranks(there) == [NOT_RANKED, 1]
    assert ranks(other) == [NOT_RANKED, NOT_RANKED]


def test_the_rank_of_a_category_is_that_of_the_year(session: Session) -> None:
    rank_categories_of(session, "11140", YEAR, ["health", "safety"])
    rank_categories_of(session, "11140", YEAR - 1, ["safety"])
    round_, (offer,) = make_open_round(session, make_product(session))
    here = make_institution(session)
    there = make_institution(session, site=BUSAN, emd_code=BUSAN_EMD)
    for institution in (here, there):
        apply_for(session, institution, offer)
    assert keys(session, round_, here, offer)["category_rank"] == 2
    assert keys(session, round_, there, offer)["category_rank"] == NOT_RANKED


@pytest.mark.parametrize(
    ("origin", "institution_type", "jurisdiction", "designator"),
    [
        ("44130", "health_centre", "44130", 0),
        ("44130", "community_office", "44130", 0),
        ("44", "fire", "44130", 0),
        ("44130", "fire", "44130", 1),
        ("44", "local_public_corporation", "44", 0),
        ("44130", "local_public_corporation", "44", 1),
        ("44", "health_centre", "44130", 1),
        ("44130", "police", "44130", 1),
        ("26110", "health_centre", "44130", 1),
        (None, "health_centre", "44130", 1),
    ],
)
def test_bodies_of_the_government_that_developed_the_product_come_first(
    session: Session,
    origin: str | None,
    institution_type: str,
    jurisdiction: str,
    designator: int,
) -> None:
    facts = {"rnd_local_government_code": origin, "rnd_project": "과제"} if origin else {}
    round_, (offer,) = make_open_round(session, make_product(session, **facts))
    body = make_institution(
        session,
        institution_type=institution_type,
        site=DUJEONG,
        emd_code=DUJEONG_EMD,
        jurisdiction_codes=[jurisdiction],
    )
    apply_for(session, body, offer)
    assert keys(session, round_, body, offer)["designator"] == designator


def test_placements_by_published_plans_of_other_rounds_are_counted(session: Session) -> None:
    product, institution = make_product(session), make_institution(session)
    first, (offer,) = make_open_round(session, product)
    apply_for(session, institution, offer)
    second, (again,) = make_open_round(session, product)
    apply_for(session, institution, again)
    assert keys(session, second, institution, again)["earlier_placements"] == 0
    publish(session, first)
    assert keys(session, first, institution, offer)["earlier_placements"] == 0
    assert keys(session, second, institution, again)["earlier_placements"] == 1
    give_up(session, session.scalars(select(Placement)).one())
    assert keys(session, second, institution, again)["earlier_placements"] == 0


def test_the_funding_order_is_kind_then_ministries_then_the_governments_ranks(
    session: Session,
) -> None:
    proposal, unranked = proposal_of(session), proposal_of(session)
    rank(session, "11140", [proposal])
    rank_categories_of(session, "11140", YEAR, ["health", "safety"])
    origin = {"rnd_local_government_code": "44130", "rnd_project": "과제"}
    products = [
        make_product(session, answers=[proposal], ministry_weight=3),
        make_product(session, answers=[unranked], **origin),
        make_product(session, category="health", **origin),
        make_product(session, category="sea"),
    ]
    round_, offers = make_open_round(session, *products)
    rows = {row["id"]: row for row in document(session, round_)["products"]}
    assert [rows[str(offer.id)]["order"] for offer in offers] == [
        [0, -3, 2, 1],
        [0, 0, 2, NOT_RANKED],
        [1, 0, 1, NOT_RANKED],
        [2, 0, NOT_RANKED, NOT_RANKED],
    ]


def test_a_proposal_that_is_not_adopted_any_more_does_not_count(session: Session) -> None:
    proposal = proposal_of(session)
    product = make_product(session, answers=[proposal])
    proposal.status = "rejected"
    session.commit()
    round_, (offer,) = make_open_round(session, product)
    institution = make_institution(session)
    apply_for(session, institution, offer)
    assert keys(session, round_, institution, offer)["residence_tier"] == 3
    assert document(session, round_)["products"][0]["order"][0] == 2


def test_a_lapsed_designation_makes_applications_and_fixed_placements_ineligible(
    session: Session,
) -> None:
    lapsing = make_product(session, designated_on=NOW.date() - timedelta(days=3 * 365 + 1 - 3))
    round_ = make_round(session)
    fixed, asking = make_institution(session), make_institution(session)
    offer = make_offer(
        session,
        make_area(session, round_, budget_krw=2 * PRICE_KRW),
        lapsing,
        fixed_institution_ids=[fixed.organization_id],
    )
    valid = document(session, round_, on=NOW.date())
    assert valid["products"][0]["preassigned"] == [str(fixed.organization_id)]
    announce_and_apply(session, round_, asking, offer)
    late = document(session, round_, on=CLOSED_ON)
    assert late["products"][0]["preassigned"] == []
    assert {row["institution"] for row in late["applications"]} == {
        str(fixed.organization_id),
        str(asking.organization_id),
    }
    assert {row["ineligible_reason"] for row in late["applications"]} == {engine.DESIGNATION_LAPSED}


def test_an_institution_that_is_gone_is_ineligible(session: Session) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    institution = make_institution(session)
    apply_for(session, institution, offer)
    institution.organization.closed_at = NOW
    session.commit()
    row = document(session, round_)["applications"][0]
    assert (row["eligible"], row["ineligible_reason"]) == (False, engine.INSTITUTION_CLOSED)


def test_withdrawn_wishes_are_not_in_the_instance(session: Session) -> None:
    round_, (first, second) = make_open_round(session, make_product(session), make_product(session))
    institution = make_institution(session)
    apply_for(session, institution, first, second)
    apply_for(session, institution, second)
    read = document(session, round_)
    assert [row["ranking"] for row in read["institutions"]] == [[str(second.id)]]
    assert [row["product"] for row in read["applications"]] == [str(second.id)]


def test_nothing_personal_is_in_the_instance(session: Session) -> None:
    author = register(
        session, email="kim.secret@example.com", display_name="김비밀", residence=CITY_HALL_EMD
    )
    proposal = make_decided(
        session,
        author,
        title="우리집 앞 비상벨",
        location={"lon": 126.977123, "lat": 37.566456, "accuracy_m": 5.0},
    )
    round_, (offer,) = make_open_round(session, make_product(session, answers=[proposal]))
    apply_for(session, make_institution(session), offer)
    close(session, round_)
    text = engine.build_instance(gather(session, round_, on=CLOSED_ON), seed=SEED).dumps().decode()
    for secret in (
        "kim.secret",
        "김비밀",
        "우리집",
        str(author.id),
        str(proposal.id),
        "126.97",
        "37.56",
        CITY_HALL_EMD,
        "태평로",
        "residence_code",
    ):
        assert secret not in text


def rank(session: Session, code: str, proposals: list[Proposal]) -> None:
    """Let a local government rank its adopted proposals, and commit."""
    reviewer = make_reviewer(session, code)
    rank_proposals(
        session,
        local_government_code=code,
        programme_year=YEAR,
        ranking=[row.id for row in proposals],
        actor_id=reviewer.id,
        now=BEFORE + timedelta(days=90),
    )
    session.commit()


def rank_categories_of(session: Session, code: str, year: int, ranking: list[str]) -> None:
    """Let a local government rank the categories of a year, and commit."""
    reviewer = make_reviewer(session, code)
    rank_categories(
        session,
        local_government_code=code,
        programme_year=year,
        ranking=ranking,
        actor_id=reviewer.id,
        now=BEFORE + timedelta(days=90),
    )
    session.commit()


def announce_and_apply(
    session: Session, round_: Round, institution: Institution, offer: Offer
) -> None:
    """Announce a draft and let an institution apply, and commit."""
    announce(session, round_)
    apply_for(session, institution, offer)
