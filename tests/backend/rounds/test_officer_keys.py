"""Keys that an officer may put into a priority, and ministries' demands in the funding order."""

import json
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.organizations.models import Institution
from backend.organizations.reporting import record_reporting
from backend.rounds import engine
from backend.rounds.applications import Wish, replace_ranking
from backend.rounds.facts import gather
from backend.rounds.models import Offer, Round
from backend.rounds.policy import DEFAULT_POLICY
from backend.rounds.reasons import reason_of
from tests.backend.rounds.conftest import Headers
from tests.conftest import NOW
from tests.support.headers import AS_IT_IS
from tests.support.people import make_institution, make_overseas_institution
from tests.support.rounds import (
    CLOSED,
    SEED,
    announce,
    apply_for,
    close,
    make_area,
    make_offer,
    make_open_round,
    make_product,
    make_round,
    run,
)

URL = "/api/v1/rounds"
SUSIN_EMD, SUSIN = "44131350", (127.2745, 36.7245)
"""충청남도 천안시 동남구 수신면, a myeon, and a point near its middle."""
DEMANDS = {
    "disaster": {"ministry": "행정안전부", "ko": "재난 대응", "en": "Disasters", "weight": 3},
    "ageing": {"ministry": "보건복지부", "ko": "고령 돌봄", "en": "Ageing", "weight": 2},
}


def document(session: Session, round_: Round) -> dict[str, Any]:
    """Return the instance of a round as JSON."""
    instance = engine.build_instance(gather(session, round_, on=CLOSED.date()), seed=SEED)
    read: dict[str, Any] = json.loads(instance.dumps())
    return read


def keys(session: Session, round_: Round, institution: Institution) -> dict[str, int]:
    """Return the keys of the only application of an institution."""
    (found,) = (
        row["keys"]
        for row in document(session, round_)["applications"]
        if row["institution"] == str(institution.organization_id)
    )
    return found


def pledge(session: Session, institution: Institution, offer: Offer) -> None:
    """Let an institution ask for an offer and pledge to buy more, and commit."""
    replace_ranking(
        session,
        round_id=offer.round_id,
        institution_id=institution.organization_id,
        wishes=[Wish(offer.id, "필요합니다.", None, True, "시범사용 뒤 3대 구매")],
        actor_id=None,
        now=NOW,
    )
    session.commit()


def test_a_pledge_is_a_key(session: Session) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    pledging, asking = make_institution(session), make_institution(session)
    pledge(session, pledging, offer)
    apply_for(session, asking, offer)
    assert [keys(session, round_, one)["pledge"] for one in (pledging, asking)] == [0, 1]


def test_a_site_in_a_myeon_is_rural_and_one_in_a_dong_or_abroad_is_not(session: Session) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    bodies = [
        make_institution(session, site=SUSIN, emd_code=SUSIN_EMD),
        make_institution(session),
        make_overseas_institution(session),
    ]
    for body in bodies:
        apply_for(session, body, offer)
    assert [keys(session, round_, body)["rural"] for body in bodies] == [0, 1, 1]


def test_reporting_is_neutral_until_results_are_due(session: Session) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    good, nothing, bad = (make_institution(session) for _ in range(3))
    for body in (good, nothing, bad):
        apply_for(session, body, offer)
    assert {keys(session, round_, body)["reporting"] for body in (good, nothing, bad)} == {1}
    for body, reported_on in ((good, date(2026, 5, 1)), (bad, None)):
        record_reporting(
            session,
            institution_id=body.organization_id,
            subject_type="deployment",
            subject_id=new_id(),
            due_on=date(2026, 5, 31),
            reported_on=reported_on,
        )
    session.commit()
    found = [keys(session, round_, body)["reporting"] for body in (good, nothing, bad)]
    assert found == [0, 1, 3]


def test_every_key_has_a_name_in_both_languages(session: Session) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    institution = make_institution(session)
    apply_for(session, institution, offer)
    assert keys(session, round_, institution).keys() == DEFAULT_POLICY["key_names"].keys()


def test_an_officer_puts_a_pledge_first_and_the_loser_is_told_so(session: Session) -> None:
    priority = {"open": ["pledge", "rural", "reporting"]}
    policy = {"seat_precedence": ["open"], "seat_priority": priority}
    round_, (offer,) = make_open_round(session, make_product(session), policy=policy)
    pledging, asking = (
        make_institution(session, name_ko=name) for name in ("중구보건소", "종로보건소")
    )
    pledge(session, pledging, offer)
    apply_for(session, asking, offer)
    close(session, round_)
    done = run(session, round_)
    assert done.verified_at is not None
    told = reason_of(
        session, run_id=done.id, institution_id=asking.organization_id, offer_id=offer.id
    )
    assert "후속 구매 약속에서 갈렸습니다" in told["ko"]
    assert "종로보건소: 약속하지 않음, 중구보건소: 약속함" in told["ko"]
    assert "a pledge to buy after the trial decided: no for" in told["en"]


def test_what_ministries_want_is_funded_earlier(session: Session) -> None:
    round_ = make_round(session, policy={"policy_demands": DEMANDS})
    area = make_area(session, round_)
    products = [make_product(session, ministry_weight=weight) for weight in (0, 1, 0)]
    offers = [
        make_offer(session, area, product, policy_demands=demands)
        for product, demands in zip(
            products, (["disaster", "ageing", "disaster"], ["ageing"], []), strict=True
        )
    ]
    announce(session, round_)
    orders = {row["id"]: row["order"][1] for row in document(session, round_)["products"]}
    assert [orders[str(offer.id)] for offer in offers] == [-5, -3, 0]


def test_demands_are_set_and_tagged_over_http(
    client: FlaskClient, session: Session, officer: Headers
) -> None:
    round_ = make_round(session)
    address = f"{URL}/{round_.id}"
    area = make_area(session, round_)
    tagged = {
        "area_id": str(area.id),
        "product_id": str(make_product(session).id),
        "policy_demands": ["disaster"],
    }
    unknown = client.post(f"{address}/offers", json=tagged, headers=officer)
    assert (unknown.status_code, unknown.json["code"]) == (422, "policy_demand_unknown")
    assert list(unknown.json["errors"]) == ["json.policy_demands"]
    changed = client.patch(
        address, json={"policy": {"policy_demands": DEMANDS}}, headers=officer | AS_IT_IS
    )
    assert changed.json["policy"]["policy_demands"] == DEMANDS
    made = client.post(f"{address}/offers", json=tagged, headers=officer)
    assert (made.status_code, made.json["policy_demands"]) == (201, ["disaster"])
    emptied = client.patch(
        address, json={"policy": {"policy_demands": {}}}, headers=officer | AS_IT_IS
    )
    assert (emptied.status_code, emptied.json["code"]) == (422, "policy_demand_unknown")


@pytest.mark.parametrize(
    "change", [{"weight": -1}, {"weight": 1.0}, {"weight": None}, {"ministry": ""}, {"rank": 1}]
)
def test_a_demand_that_is_none_is_refused(
    client: FlaskClient, session: Session, officer: Headers, change: dict[str, Any]
) -> None:
    round_ = make_round(session)
    body = {"policy": {"policy_demands": {"disaster": {**DEMANDS["disaster"], **change}}}}
    answer = client.patch(f"{URL}/{round_.id}", json=body, headers=officer | AS_IT_IS)
    assert answer.status_code == 422
    (field,) = answer.json["errors"]
    assert field.startswith("json.policy.policy_demands.disaster")
