"""Changing one application at its place: its reason, its site, its pledge, until the deadline."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.db import new_id
from backend.rounds.models import Application
from tests.backend.rounds.conftest import Applicant, SignIn
from tests.conftest import NOW, Clock
from tests.support.people import CITY_HALL, CITY_HALL_EMD, make_applicant, make_institution
from tests.support.rounds import apply_for, make_open_round, make_product

MUGYO = {"lon": 126.97906, "lat": 37.56805}
"""A point in 서울특별시 중구 무교동."""
JONGNO = {"lon": 126.9797, "lat": 37.5752}
"""A point in 서울특별시 종로구 중학동, outside 중구."""


@pytest.fixture
def asked(session: Session, applicant: Applicant) -> Application:
    """The second of two applications of an institution, five minutes before the deadline."""
    products = [make_product(session) for _ in range(2)]
    _, offers = make_open_round(session, *products, closes_at=NOW + timedelta(minutes=5))
    return apply_for(session, applicant.institution, *offers)[1]


def patch(client: FlaskClient, row: Application, headers: dict[str, str], **changes: Any) -> Any:
    """Change an application over HTTP."""
    address = f"/api/v1/rounds/{row.round_id}/institutions/{row.institution_id}/applications"
    return client.patch(f"{address}/{row.id}", json=changes, headers=headers)


def test_what_is_left_out_stays_and_so_does_the_place_in_the_ranking(
    client: FlaskClient, session: Session, applicant: Applicant, asked: Application
) -> None:
    answer = patch(client, asked, applicant.headers, reason="골목마다 설치하겠습니다.")
    assert answer.status_code == 200, answer.text
    assert (answer.json["position"], answer.json["reason"]) == (2, "골목마다 설치하겠습니다.")
    assert answer.json["site_emd_code"] == CITY_HALL_EMD
    assert answer.json["changed_by"] == str(applicant.account.id)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "applications.edited")
    ).one()
    assert event.chain == str(asked.institution_id)


def test_a_site_moves_and_comes_back_to_the_institutions_own(
    client: FlaskClient, applicant: Applicant, asked: Application
) -> None:
    moved = patch(client, asked, applicant.headers, site=MUGYO).json
    assert moved["site_emd_code"] == "11140101"
    assert moved["site"] == pytest.approx(MUGYO)
    kept = patch(client, asked, applicant.headers, reason="그대로 둡니다.").json
    assert kept["site"] == pytest.approx(MUGYO)
    back = patch(client, asked, applicant.headers, site=None).json
    assert back["site"] == pytest.approx({"lon": CITY_HALL[0], "lat": CITY_HALL[1]})


def test_a_pledge_is_made_and_taken_back(
    client: FlaskClient, applicant: Applicant, asked: Application
) -> None:
    words = "효과가 있으면 세 대를 삽니다."
    made = patch(client, asked, applicant.headers, pledges_purchase=True, pledge_text=words).json
    assert (made["pledges_purchase"], made["pledge_text"]) == (True, words)
    half = patch(client, asked, applicant.headers, pledges_purchase=False)
    assert (half.status_code, half.json["code"]) == (422, "pledge_incomplete")
    back = patch(client, asked, applicant.headers, pledges_purchase=False, pledge_text=None).json
    assert (back["pledges_purchase"], back["pledge_text"]) == (False, None)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"site": JONGNO}, "json.site", "site_outside_jurisdiction"),
        ({"site": {"lon": 125.0, "lat": 34.0}}, "json.site", "point_outside_korea"),
        ({"reason": " "}, "json.reason", "fields_invalid"),
        ({"pledge_text": "삽니다."}, "json.pledge_text", "pledge_incomplete"),
        ({"position": 1}, "json.position", "fields_invalid"),
        ({"offer_id": str(new_id())}, "json.offer_id", "fields_invalid"),
    ],
)
def test_a_wrong_change_is_refused_by_its_field(
    client: FlaskClient,
    applicant: Applicant,
    asked: Application,
    changes: dict[str, Any],
    field: str,
    code: str,
) -> None:
    answer = patch(client, asked, applicant.headers, **changes)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert list(answer.json["errors"]) == [field]


def test_from_the_deadline_on_an_application_stays(
    client: FlaskClient, applicant: Applicant, asked: Application, clock: Clock
) -> None:
    clock.move(minutes=5)
    answer = patch(client, asked, applicant.headers, reason="늦었습니다.")
    assert (answer.status_code, answer.json["code"]) == (409, "round_not_open")


def test_only_what_stands_and_is_ones_own_is_changed(
    client: FlaskClient,
    session: Session,
    applicant: Applicant,
    asked: Application,
    officer: dict[str, str],
    sign_in: SignIn,
) -> None:
    rival = sign_in(make_applicant(session, make_institution(session)).email)
    assert patch(client, asked, {}, reason="바꿉니다.").status_code == 401
    for headers in (rival, officer):
        assert patch(client, asked, headers, reason="바꿉니다.").status_code == 403
    address = f"/api/v1/rounds/{asked.round_id}/institutions/{asked.institution_id}/applications"
    client.delete(f"{address}/{asked.id}", headers=applicant.headers)
    gone = patch(client, asked, applicant.headers, reason="바꿉니다.")
    assert (gone.status_code, gone.json["code"]) == (404, "application_not_found")
