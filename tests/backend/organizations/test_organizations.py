"""The public list of organizations, and suppliers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.organizations.governments import ensure_local_governments
from tests.support import people

SUPPLIER = {"name_ko": "동네기술", "business_number": "123-45-67891"}


@pytest.fixture
def governments(session: Session, now: datetime) -> None:
    ensure_local_governments(session, now=now)
    session.commit()


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["name_ko"] for item in answer.json["items"]]


@pytest.mark.usefixtures("governments")
def test_a_local_government_is_found_by_its_code(client: FlaskClient) -> None:
    answer = client.get("/api/v1/organizations?local_government_code=44130")
    assert names(answer) == ["충청남도 천안시"]


@pytest.mark.usefixtures("governments")
def test_a_local_government_is_found_by_part_of_its_name(client: FlaskClient) -> None:
    assert names(client.get("/api/v1/organizations?q=천안")) == ["충청남도 천안시"]


@pytest.mark.parametrize("q", ["%", "_", "천%시"])
@pytest.mark.usefixtures("governments")
def test_wildcards_are_letters_like_others(client: FlaskClient, q: str) -> None:
    assert names(client.get("/api/v1/organizations", query_string={"q": q})) == []


@pytest.mark.usefixtures("governments")
def test_all_of_them_are_there_page_by_page(client: FlaskClient) -> None:
    found: list[str] = []
    query: dict[str, Any] = {"kind": "local_government", "limit": 100}
    for _ in range(3):
        answer = client.get("/api/v1/organizations", query_string=query)
        found += names(answer)
        query["after"] = answer.json["next_cursor"]
    assert query["after"] is None
    assert len(found) == len(set(found)) == 243


def test_a_kind_is_no_other_kind(client: FlaskClient, session: Session) -> None:
    people.make_supplier(session)
    people.make_institution(session)
    assert names(client.get("/api/v1/organizations?kind=supplier")) == ["동네기술"]


def test_a_closed_organization_is_shown_and_not_listed(
    client: FlaskClient, session: Session
) -> None:
    closed = people.local_government_organization(session, "11140")
    closed.closed_at = people.BEFORE
    session.commit()
    assert names(client.get("/api/v1/organizations")) == []
    shown = client.get(f"/api/v1/organizations/{closed.id}").json
    assert (shown["name_ko"], shown["closed_at"]) == (
        "서울특별시 중구",
        "2026-01-05T00:00:00+00:00",
    )


def test_strangers_see_no_business_number(client: FlaskClient, session: Session) -> None:
    supplier = people.make_supplier(session)
    answer = client.get(f"/api/v1/organizations/{supplier.organization_id}")
    assert supplier.business_number not in answer.text


@pytest.fixture
def register(
    client: FlaskClient, session: Session, sign_in: Callable[..., dict[str, str]]
) -> Callable[..., Any]:
    headers = sign_in(people.make_officer(session).email)

    def post(**changes: Any) -> Any:
        return client.post("/api/v1/suppliers", json=SUPPLIER | changes, headers=headers)

    return post


def test_an_officer_registers_a_supplier(register: Callable[..., Any]) -> None:
    answer = register()
    assert answer.status_code == 201, answer.text
    assert answer.json["business_number"] == "1234567891"


def test_a_mistyped_business_number_is_found(register: Callable[..., Any]) -> None:
    answer = register(business_number="123-45-67892")
    assert (answer.status_code, answer.json["code"]) == (422, "business_number_invalid")


def test_a_business_number_is_registered_once(register: Callable[..., Any]) -> None:
    register()
    answer = register(name_ko="다른 이름", business_number="1234567891")
    assert (answer.status_code, answer.json["code"]) == (409, "business_number_taken")
