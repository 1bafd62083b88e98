"""An institution's wishes: a whole ranking, within the window, for itself only."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.db import new_id
from backend.rounds.models import Application, Offer, Round
from tests.backend.rounds.conftest import Applicant, SignIn
from tests.conftest import NOW, Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import (
    CITY_HALL,
    CITY_HALL_EMD,
    make_applicant,
    make_institution,
    make_overseas_institution,
)
from tests.support.rounds import (
    announce,
    make_area,
    make_offer,
    make_open_round,
    make_product,
    make_round,
)

JONGNO = (126.9797, 37.5752)
"""(lon, lat) of 서울특별시 종로구 중학동, outside 중구."""
MUGYO = (126.97906, 37.56805)
"""(lon, lat) of 서울특별시 중구 무교동."""


def url(round_: Round, applicant: Applicant) -> str:
    """Return where an institution's wishes are kept."""
    return (
        f"/api/v1/rounds/{round_.id}/institutions/"
        f"{applicant.institution.organization_id}/applications"
    )


def wish(offer: Offer, **facts: Any) -> dict[str, Any]:
    """Return a wish as a request has it."""
    return {"offer_id": str(offer.id), "reason": "보건소 앞 골목에 쓰겠습니다.", **facts}


def test_an_institution_ranks_what_it_asks_for(
    client: FlaskClient, session: Session, applicant: Applicant
) -> None:
    round_, (first, second) = make_open_round(session, make_product(session), make_product(session))
    address = url(round_, applicant)
    body = {"applications": [wish(second), wish(first)]}
    answer = client.put(address, json=body, headers=applicant.headers | AS_IT_IS)
    assert answer.status_code == 200, answer.text
    ranked = answer.json["applications"]
    assert [row["offer_id"] for row in ranked] == [str(second.id), str(first.id)]
    assert [row["position"] for row in ranked] == [1, 2]
    assert ranked[0]["site_emd_code"] == CITY_HALL_EMD
    assert ranked[0]["site"] == pytest.approx({"lon": CITY_HALL[0], "lat": CITY_HALL[1]})
    assert client.get(address, headers=applicant.headers).json == answer.json
    chain = session.scalars(
        select(AuditEvent.chain).where(AuditEvent.action == "applications.replaced")
    ).one()
    assert chain == str(applicant.institution.organization_id)


def test_the_whole_ranking_is_replaced(
    client: FlaskClient, session: Session, applicant: Applicant, clock: Clock
) -> None:
    round_, offers = make_open_round(session, *(make_product(session) for _ in range(3)))
    address = url(round_, applicant)

    def put(*wanted: Offer) -> list[dict[str, Any]]:
        body = {"applications": [wish(offer) for offer in wanted]}
        answer = client.put(address, json=body, headers=applicant.headers | AS_IT_IS)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json["applications"]
        return rows

    before = put(*offers)
    clock.move(minutes=5)
    after = put(offers[2], offers[0])
    assert [row["id"] for row in after] == [before[2]["id"], before[0]["id"]]
    assert after[0]["applied_at"] == before[2]["applied_at"]
    assert after[0]["changed_at"] > before[2]["changed_at"]
    withdrawn = session.scalars(
        select(Application).where(Application.withdrawn_at.is_not(None))
    ).one()
    assert withdrawn.offer_id == offers[1].id
    assert [row["position"] for row in put(offers[1], offers[2], offers[0])] == [1, 2, 3]
    assert put() == []


def test_a_ranking_is_refused_as_a_whole(
    client: FlaskClient, session: Session, applicant: Applicant
) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    address = url(round_, applicant)
    client.put(address, json={"applications": [wish(offer)]}, headers=applicant.headers | AS_IT_IS)
    _, (foreign,) = make_open_round(session, make_product(session))
    for body, field, code in (
        ([wish(offer), wish(offer)], "json.applications.1.offer_id", "offer_repeated"),
        ([wish(offer), wish(foreign)], "json.applications.1.offer_id", "offer_unknown"),
        ([wish(offer, reason="")], "json.applications.0.reason", "fields_invalid"),
        ([wish(offer, rank=1)], "json.applications.0.rank", "fields_invalid"),
        ([wish(offer, offer_id="P1")], "json.applications.0.offer_id", "fields_invalid"),
        (
            [wish(offer, site={"lon": 37.5, "lat": 127.0})],
            "json.applications.0.site",
            "coordinates_swapped",
        ),
        (
            [wish(offer, site={"lon": 125.0, "lat": 34.0})],
            "json.applications.0.site",
            "point_outside_korea",
        ),
        (
            [wish(offer, site={"lon": JONGNO[0], "lat": JONGNO[1]})],
            "json.applications.0.site",
            "site_outside_jurisdiction",
        ),
        ([wish(offer, site={"lon": 127.0})], "json.applications.0.site.lat", "fields_invalid"),
    ):
        answer = client.put(
            address, json={"applications": body}, headers=applicant.headers | AS_IT_IS
        )
        assert (answer.status_code, answer.json["code"]) == (422, code), answer.text
        assert list(answer.json["errors"]) == [field]
    standing = client.get(address, headers=applicant.headers).json["applications"]
    assert [row["offer_id"] for row in standing] == [str(offer.id)]


@pytest.mark.parametrize("body", [{}, {"applications": None}, {"applications": {}}, [], None])
def test_a_body_that_is_no_ranking_is_refused(
    client: FlaskClient, session: Session, applicant: Applicant, body: Any
) -> None:
    round_, _ = make_open_round(session, make_product(session))
    answer = client.put(url(round_, applicant), json=body, headers=applicant.headers | AS_IT_IS)
    assert answer.status_code == 422


def test_a_product_may_stand_elsewhere_in_the_jurisdiction(
    client: FlaskClient, session: Session, applicant: Applicant
) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    body = {"applications": [wish(offer, site={"lon": MUGYO[0], "lat": MUGYO[1]})]}
    answer = client.put(url(round_, applicant), json=body, headers=applicant.headers | AS_IT_IS)
    assert answer.json["applications"][0]["site_emd_code"] == "11140101"


def test_a_nation_wide_body_may_use_a_product_anywhere_in_korea(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    body = make_institution(session, scope="nationwide", institution_type="state_body")
    account = make_applicant(session, body)
    applicant = Applicant(body, account, sign_in(account.email))
    round_, (offer,) = make_open_round(session, make_product(session))
    wishes = {"applications": [wish(offer, site={"lon": JONGNO[0], "lat": JONGNO[1]})]}
    answer = client.put(url(round_, applicant), json=wishes, headers=applicant.headers | AS_IT_IS)
    assert answer.status_code == 200, answer.text
    assert answer.json["applications"][0]["site_emd_code"].startswith("11110")


def test_an_overseas_body_applies_with_its_site_abroad(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    body = make_overseas_institution(session)
    account = make_applicant(session, body)
    applicant = Applicant(body, account, sign_in(account.email))
    round_, (offer,) = make_open_round(session, make_product(session))
    answer = client.put(
        url(round_, applicant),
        json={"applications": [wish(offer)]},
        headers=applicant.headers | AS_IT_IS,
    )
    assert answer.json["applications"][0]["site_emd_code"] is None


def test_the_window_opens_and_closes_to_the_second(
    client: FlaskClient, session: Session, applicant: Applicant, clock: Clock
) -> None:
    round_ = make_round(
        session, opens_at=NOW + timedelta(minutes=5), closes_at=NOW + timedelta(minutes=10)
    )
    offer = make_offer(session, make_area(session, round_), make_product(session))
    body = {"applications": [wish(offer)]}

    def put() -> tuple[int, str | None]:
        answer = client.put(url(round_, applicant), json=body, headers=applicant.headers | AS_IT_IS)
        return answer.status_code, answer.json.get("code")

    assert put() == (404, "round_not_found")
    announce(session, round_)
    assert put() == (409, "round_not_open")
    clock.move(minutes=5)
    assert put()[0] == 200
    clock.move(minutes=4, seconds=59)
    assert put()[0] == 200
    clock.move(seconds=1)
    assert put() == (409, "round_not_open")


def test_the_refusal_after_the_deadline_names_the_window(
    client: FlaskClient, session: Session, applicant: Applicant, clock: Clock
) -> None:
    round_, _ = make_open_round(
        session, make_product(session), closes_at=NOW + timedelta(minutes=5)
    )
    clock.move(minutes=5)
    address = url(round_, applicant)
    korean = client.put(address, json={"applications": []}, headers=applicant.headers | AS_IT_IS)
    assert korean.json["detail"] == (
        "지금은 신청을 받지 않습니다. 신청 기간: 2026-11-13 12:00 ~ 2026-11-23 12:05"
    )
    english = client.put(
        address,
        json={"applications": []},
        headers={**applicant.headers, "Accept-Language": "en"},
    )
    assert english.json["detail"].startswith("Applications are not taken now.")


def test_nobody_applies_for_another_institution(
    client: FlaskClient,
    session: Session,
    applicant: Applicant,
    officer: dict[str, str],
    citizen: dict[str, str],
    sign_in: SignIn,
) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    address = url(round_, applicant)
    body = {"applications": [wish(offer)]}
    other = make_institution(session)
    rival = sign_in(make_applicant(session, other).email)
    assert client.put(address, json=body).status_code == 401
    for headers in (rival, officer, citizen):
        assert client.put(address, json=body, headers=headers | AS_IT_IS).status_code == 403
    assert client.get(address, headers=rival).status_code == 403
    assert client.get(address, headers=officer).status_code == 200
    unknown = address.replace(str(applicant.institution.organization_id), str(new_id()))
    assert (
        client.put(unknown, json=body, headers=rival | AS_IT_IS).json["code"]
        == "institution_not_found"
    )


def test_an_institution_that_is_gone_cannot_apply(
    client: FlaskClient, session: Session, applicant: Applicant
) -> None:
    round_, (offer,) = make_open_round(session, make_product(session))
    applicant.institution.organization.closed_at = NOW
    session.commit()
    answer = client.put(
        url(round_, applicant),
        json={"applications": [wish(offer)]},
        headers=applicant.headers | AS_IT_IS,
    )
    assert answer.json["code"] == "institution_closed"


def test_a_fixed_institution_need_not_apply(
    client: FlaskClient, session: Session, applicant: Applicant
) -> None:
    round_ = make_round(session)
    offer = make_offer(
        session,
        make_area(session, round_),
        make_product(session),
        fixed_institution_ids=[applicant.institution.organization_id],
    )
    announce(session, round_)
    answer = client.put(
        url(round_, applicant),
        json={"applications": [wish(offer)]},
        headers=applicant.headers | AS_IT_IS,
    )
    assert answer.status_code == 409
    assert answer.json["code"] == "institution_fixed"


def test_officers_and_auditors_see_all_applications(
    client: FlaskClient,
    session: Session,
    applicant: Applicant,
    officer: dict[str, str],
    auditor: dict[str, str],
    citizen: dict[str, str],
) -> None:
    round_, offers = make_open_round(session, make_product(session), make_product(session))
    body = {"applications": [wish(offer) for offer in offers]}
    client.put(url(round_, applicant), json=body, headers=applicant.headers | AS_IT_IS)
    client.put(
        url(round_, applicant),
        json={"applications": [wish(offers[1])]},
        headers=applicant.headers | AS_IT_IS,
    )
    address = f"/api/v1/rounds/{round_.id}/applications"
    for headers in (officer, auditor):
        rows = client.get(address, headers=headers).json["items"]
        assert [row["offer_id"] for row in rows] == [str(offers[1].id)]
    by_offer = client.get(address, query_string={"offer_id": offers[0].id}, headers=officer)
    assert by_offer.json["items"] == []
    assert client.get(address).status_code == 401
    for headers in (citizen, applicant.headers):
        assert client.get(address, headers=headers).status_code == 403


def test_wishes_before_the_window_leave_no_trace(
    client: FlaskClient, session: Session, applicant: Applicant
) -> None:
    round_, (offer,) = make_open_round(session, make_product(session), opens_at=NOW + timedelta(1))
    client.put(
        url(round_, applicant),
        json={"applications": [wish(offer)]},
        headers=applicant.headers | AS_IT_IS,
    )
    assert session.scalars(select(Application)).all() == []
