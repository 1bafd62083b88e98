"""Products: entering, changing, finding; and what is refused."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.catalogue.models import Product
from backend.db import new_id
from tests.support.headers import AS_IT_IS
from tests.support.people import make_supplier
from tests.support.proposals import make_decided
from tests.support.rounds import make_product

URL = "/api/v1/products"
BELL = {
    "name_ko": "안심 비상벨",
    "name_en": "Safety bell",
    "summary": "누르면 관제센터와 바로 이어집니다.",
    "category": "safety",
    "unit_price_krw": 60_000_000,
}


def test_an_officer_enters_a_product_that_everybody_sees(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    supplier = make_supplier(session)
    body = {
        **BELL,
        "supplier_id": str(supplier.organization_id),
        "rnd_local_government_code": "44130",
        "rnd_project": "천안시 지역문제 해결형 연구개발",
        "ministry_weight": 2,
    }
    answer = client.post(URL, json=body, headers=officer)
    assert answer.status_code == 201, answer.text
    shown = client.get(f"{URL}/{answer.json['id']}").json
    assert {name: shown[name] for name in body} == body
    assert shown["designations"] == []
    assert shown["is_sample"] is False
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "product.created")).one()
    assert event.subject_id == answer.json["id"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"category": "weather"}, "json.category", "category_unknown"),
        ({"unit_price_krw": 0}, "json.unit_price_krw", "fields_invalid"),
        ({"unit_price_krw": 1.0}, "json.unit_price_krw", "fields_invalid"),
        ({"unit_price_krw": True}, "json.unit_price_krw", "fields_invalid"),
        ({"unit_price_krw": 10**14}, "json.unit_price_krw", "fields_invalid"),
        ({"name_ko": "   "}, "json.name_ko", "fields_invalid"),
        ({"name_ko": "가" * 101}, "json.name_ko", "fields_invalid"),
        ({"name_en": None}, "json.name_en", "fields_invalid"),
        ({"price": 1}, "json.price", "fields_invalid"),
        ({"ministry_weight": -1}, "json.ministry_weight", "fields_invalid"),
        ({"supplier_id": "nobody"}, "json.supplier_id", "fields_invalid"),
        ({"supplier_id": str(new_id())}, "json.supplier_id", "supplier_unknown"),
        ({"rnd_project": "과제"}, "json.rnd_project", "rnd_origin_incomplete"),
        (
            {"rnd_project": "과제", "rnd_local_government_code": "99999"},
            "json.rnd_local_government_code",
            "rnd_local_government_unknown",
        ),
    ],
)
def test_a_wrong_product_is_refused_by_its_field(
    client: FlaskClient,
    session: Session,
    officer: dict[str, str],
    change: dict[str, Any],
    field: str,
    code: str,
) -> None:
    answer = client.post(URL, json={**BELL, **change}, headers=officer)
    assert answer.status_code == 422
    assert answer.json["code"] == code
    assert list(answer.json["errors"]) == [field]
    assert session.scalar(select(func.count()).select_from(Product)) == 0


def test_a_refusal_speaks_the_callers_language(
    client: FlaskClient, officer: dict[str, str]
) -> None:
    body = {**BELL, "rnd_project": "과제"}
    korean = client.post(URL, json=body, headers=officer).json["detail"]
    english = client.post(URL, json=body, headers={**officer, "Accept-Language": "en"}).json
    assert korean == "지방자치단체 연구개발 제품은 지방자치단체 코드와 과제명을 함께 적어 주세요."
    assert english["detail"] == "Give the local government and the project together, or neither."


def test_only_an_officer_enters_or_changes_products(
    client: FlaskClient, session: Session, citizen: dict[str, str]
) -> None:
    product = make_product(session)
    assert client.post(URL, json=BELL).status_code == 401
    assert client.post(URL, json=BELL, headers=citizen).status_code == 403
    address = f"{URL}/{product.id}"
    assert client.patch(address, json={"name_ko": "다른 이름"}).status_code == 401
    assert (
        client.patch(address, json={"name_ko": "다른 이름"}, headers=citizen | AS_IT_IS).status_code
        == 403
    )


def test_a_change_leaves_the_rest_as_it_was(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    product = make_product(session)
    answer = client.patch(
        f"{URL}/{product.id}", json={"unit_price_krw": 55_000_000}, headers=officer | AS_IT_IS
    )
    assert answer.status_code == 200
    assert answer.json["unit_price_krw"] == 55_000_000
    assert answer.json["name_ko"] == product.name_ko


def test_half_an_origin_cannot_be_taken_away(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    product = make_product(session, rnd_local_government_code="44130", rnd_project="과제")
    address = f"{URL}/{product.id}"
    half = client.patch(address, json={"rnd_project": None}, headers=officer | AS_IT_IS)
    assert half.json["code"] == "rnd_origin_incomplete"
    assert client.get(address).json["rnd_project"] == "과제"
    whole = client.patch(
        address,
        json={"rnd_project": None, "rnd_local_government_code": None},
        headers=officer | AS_IT_IS,
    )
    assert whole.status_code == 200


def test_an_unknown_product_is_not_found(client: FlaskClient, officer: dict[str, str]) -> None:
    for answer in (
        client.get(f"{URL}/{new_id()}"),
        client.patch(f"{URL}/{new_id()}", json={}, headers=officer | AS_IT_IS),
    ):
        assert answer.status_code == 404
        assert answer.json["code"] == "product_not_found"


def test_products_are_found_by_what_they_are(client: FlaskClient, session: Session) -> None:
    proposal = make_decided(session)
    bell = make_product(session, name_ko="비상벨", name_en="Bell", answers=[proposal])
    pump = make_product(session, category="health", name_ko="인공호흡기", name_en="Respirator")
    lapsed = make_product(session, designated_on=date(2020, 3, 1), name_ko="드론", name_en="Drone")
    plain = make_product(session, designated_on=None, name_ko="표지판_1", name_en="Sign")

    def found(**query: Any) -> set[str]:
        return {item["id"] for item in client.get(URL, query_string=query).json["items"]}

    assert found() == {str(product.id) for product in (bell, pump, lapsed, plain)}
    assert found(category="health") == {str(pump.id)}
    assert found(proposal_id=str(proposal.id)) == {str(bell.id)}
    assert found(valid_on="2026-11-23") == {str(bell.id), str(pump.id)}
    assert found(valid_on="2023-02-28") == {str(lapsed.id)}
    assert found(valid_on="2023-03-01") == set()
    assert found(q="상벨") == {str(bell.id)}
    assert found(q="RESPIR") == {str(pump.id)}
    assert found(q="_") == {str(plain.id)}
    assert found(q="%") == set()


def test_a_list_goes_on_where_its_page_ended(client: FlaskClient, session: Session) -> None:
    products = [make_product(session) for _ in range(3)]
    first = client.get(URL, query_string={"limit": 2})
    assert 'rel="next"' in first.headers["Link"]
    second = client.get(URL, query_string={"limit": 2, "after": first.json["next_cursor"]})
    ids = [item["id"] for item in first.json["items"] + second.json["items"]]
    assert ids == [str(product.id) for product in reversed(products)]
    assert second.json["next_cursor"] is None


def test_an_unknown_filter_is_refused(client: FlaskClient) -> None:
    for query in ({"colour": "red"}, {"valid_on": "soon"}, {"proposal_id": "1"}, {"limit": 0}):
        assert client.get(URL, query_string=query).status_code == 422
