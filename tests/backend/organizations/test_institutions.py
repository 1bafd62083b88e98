"""Registering institutions, changing them and finding them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.organizations.models import Institution, Organization
from tests.support import people
from tests.support.headers import AS_IT_IS

SignIn = Callable[..., dict[str, str]]

HEALTH_CENTRE = {
    "name_ko": "중구보건소",
    "institution_type": "health_centre",
    "scope": "regions",
    "jurisdiction_codes": ["11140"],
    "site": {"lon": 126.9779, "lat": 37.5663},
}
OVERSEAS = {
    "name_ko": "하노이 시립병원",
    "institution_type": "overseas",
    "scope": "overseas",
    "site": {"lon": 105.8542, "lat": 21.0285},
}


@pytest.fixture
def officer(session: Session, sign_in: SignIn) -> dict[str, str]:
    return sign_in(people.make_officer(session).email)


@pytest.fixture
def register(client: FlaskClient, officer: dict[str, str]) -> Callable[..., Any]:
    def post(facts: dict[str, Any] = HEALTH_CENTRE, **changes: Any) -> Any:
        return client.post("/api/v1/institutions", json=facts | changes, headers=officer)

    return post


def rows(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Institution)) or 0


def test_the_emd_and_the_government_follow_from_the_site(register: Callable[..., Any]) -> None:
    answer = register()
    assert answer.status_code == 201, answer.text
    assert answer.json["site_emd_code"] == "11140103"
    assert answer.json["local_government_code"] == "11140"
    assert answer.json["site"] == {"lon": 126.9779, "lat": 37.5663}


def test_a_site_in_a_gu_without_autonomy_counts_for_its_city(register: Callable[..., Any]) -> None:
    answer = register(
        name_ko="천안시 서북구보건소",
        jurisdiction_codes=["44133"],
        site={"lon": 127.1139, "lat": 36.8151},
    )
    assert answer.json["site_emd_code"].startswith("44133")
    assert answer.json["local_government_code"] == "44130"


@pytest.mark.parametrize("codes", [["11"], ["11140"], ["11140103"], ["44130"], ["1114010300"]])
def test_a_jurisdiction_is_of_regions_or_local_governments(
    register: Callable[..., Any], codes: list[str]
) -> None:
    answer = register(jurisdiction_codes=codes)
    assert answer.json["jurisdiction_codes"] == [codes[0][:8]]


def test_a_nationwide_body_has_no_jurisdiction_of_its_own(register: Callable[..., Any]) -> None:
    answer = register(institution_type="forest", scope="nationwide", jurisdiction_codes=[])
    assert (answer.status_code, answer.json["jurisdiction_codes"]) == (201, [])


def test_a_body_abroad_has_a_point_and_no_emd(register: Callable[..., Any]) -> None:
    answer = register(OVERSEAS)
    assert answer.status_code == 201, answer.text
    assert answer.json["site"] == {"lon": 105.8542, "lat": 21.0285}
    assert answer.json["site_emd_code"] is None
    assert answer.json["local_government_code"] is None


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"site": {"lon": 37.5663, "lat": 126.9779}}, "coordinates_swapped", "json.site"),
        ({"site": {"lon": 130.0, "lat": 36.0}}, "point_outside_korea", "json.site"),
        ({"site": {"lon": 105.8542, "lat": 21.0285}}, "point_outside_korea", "json.site"),
        ({"site": {"lon": 10.0, "lat": 91.0}}, "coordinates_invalid", "json.site"),
        ({"jurisdiction_codes": []}, "jurisdiction_missing", "json.jurisdiction_codes"),
        ({"scope": "nationwide"}, "jurisdiction_not_needed", "json.jurisdiction_codes"),
        (
            {"jurisdiction_codes": ["41110", "11", "99999"]},
            "jurisdiction_unknown",
            "json.jurisdiction_codes.2",
        ),
        ({"scope": "overseas"}, "institution_type_and_scope_differ", "json.scope"),
        ({"institution_type": "overseas"}, "institution_type_and_scope_differ", "json.scope"),
        ({"jurisdiction_codes": ["11", "11"]}, "fields_invalid", "json.jurisdiction_codes"),
        ({"jurisdiction_codes": ["중구"]}, "fields_invalid", "json.jurisdiction_codes.0"),
        ({"institution_type": "school"}, "fields_invalid", "json.institution_type"),
        ({"local_government_code": "11110"}, "fields_invalid", "json.local_government_code"),
        ({"site": None}, "fields_invalid", "json.site"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    register: Callable[..., Any], session: Session, changes: Any, code: str, field: str
) -> None:
    answer = register(**changes)
    assert (answer.status_code, answer.json["code"]) == (422, code), answer.text
    assert list(answer.json["errors"]) == [field]
    assert rows(session) == 0
    statement = select(func.count()).where(Organization.kind == "institution")
    assert session.scalar(statement) == 0


def test_a_body_abroad_does_not_stand_in_korea(register: Callable[..., Any]) -> None:
    answer = register(OVERSEAS, site=HEALTH_CENTRE["site"])
    assert (answer.status_code, answer.json["code"]) == (422, "site_in_korea")


def test_the_registration_is_in_the_institutions_own_chain(
    register: Callable[..., Any], session: Session
) -> None:
    made = register().json["id"]
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.chain == made)).all()
    assert event.action == "institution.registered"
    assert event.actor_id is not None


def test_what_is_left_out_of_a_change_stays(
    client: FlaskClient, register: Callable[..., Any], officer: dict[str, str]
) -> None:
    before = register(name_en="Jung-gu Public Health Centre").json
    answer = client.patch(
        f"/api/v1/institutions/{before['id']}",
        json={"name_ko": "서울중구보건소"},
        headers=officer | AS_IT_IS,
    )
    assert answer.json == before | {"name_ko": "서울중구보건소"}


def test_a_new_site_brings_its_emd_and_government(
    client: FlaskClient, register: Callable[..., Any], officer: dict[str, str]
) -> None:
    made = register().json["id"]
    answer = client.patch(
        f"/api/v1/institutions/{made}",
        json={"site": {"lon": 127.1139, "lat": 36.8151}},
        headers=officer | AS_IT_IS,
    )
    assert answer.json["local_government_code"] == "44130"
    assert answer.json["site"] == {"lon": 127.1139, "lat": 36.8151}


def test_a_change_is_checked_with_what_stays(
    client: FlaskClient, register: Callable[..., Any], officer: dict[str, str]
) -> None:
    made = register().json["id"]
    answer = client.patch(
        f"/api/v1/institutions/{made}", json={"scope": "nationwide"}, headers=officer | AS_IT_IS
    )
    assert answer.json["code"] == "jurisdiction_not_needed"
    stored = client.get(f"/api/v1/institutions/{made}").json
    assert (stored["scope"], stored["jurisdiction_codes"]) == ("regions", ["11140"])


def test_a_change_leaves_the_names_of_what_changed(
    client: FlaskClient, register: Callable[..., Any], officer: dict[str, str], session: Session
) -> None:
    made = register().json["id"]
    change = {"name_ko": "중구보건소", "site_address": "서울특별시 중구 세종대로 110"}
    for _ in range(2):
        client.patch(f"/api/v1/institutions/{made}", json=change, headers=officer | AS_IT_IS)
    edits = select(AuditEvent).where(AuditEvent.action == "institution.edited")
    (event,) = session.scalars(edits).all()
    assert event.facts == {"changed": ["site_address"]}


def test_its_applicant_keeps_the_address_up(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    institution = people.make_institution(session)
    headers = sign_in(people.make_applicant(session, institution).email)
    answer = client.patch(
        f"/api/v1/institutions/{institution.organization_id}",
        json={"site_address": "서울특별시 중구 세종대로 110", "name_en": "Health Centre"},
        headers=headers | AS_IT_IS,
    )
    assert answer.json["site_address"] == "서울특별시 중구 세종대로 110"


@pytest.mark.parametrize(
    "change",
    [
        {"name_ko": "국방부"},
        {"institution_type": "police"},
        {"jurisdiction_codes": ["11140103"]},
        {"site": {"lon": 127.1139, "lat": 36.8151}},
    ],
)
def test_its_applicant_does_not_move_it_nearer_to_a_product(
    client: FlaskClient, session: Session, sign_in: SignIn, change: dict[str, Any]
) -> None:
    institution = people.make_institution(session)
    headers = sign_in(people.make_applicant(session, institution).email)
    url = f"/api/v1/institutions/{institution.organization_id}"
    before = client.get(url).json
    answer = client.patch(url, json=change, headers=headers | AS_IT_IS)
    assert (answer.status_code, answer.json["code"]) == (403, "institution_fact_reserved")
    assert client.get(url).json == before


def test_a_closed_institution_is_not_changed_and_not_listed(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    institution = people.make_institution(session)
    institution.organization.closed_at = people.BEFORE
    session.commit()
    url = f"/api/v1/institutions/{institution.organization_id}"
    answer = client.patch(url, json={"name_ko": "새 이름"}, headers=officer | AS_IT_IS)
    assert (answer.status_code, answer.json["code"]) == (409, "organization_closed")
    assert client.get("/api/v1/institutions").json["items"] == []
    assert client.get(url).json["closed_at"] is not None


@pytest.fixture
def three(session: Session) -> None:
    people.make_institution(session, name_ko="중구보건소")
    people.make_institution(
        session,
        name_ko="천안동남소방서",
        institution_type="fire",
        site=(127.1522, 36.8065),
        emd_code="44131102",
    )
    people.make_overseas_institution(session)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["중구보건소", "천안동남소방서", "하노이 시립병원"]),
        ("?type=fire", ["천안동남소방서"]),
        ("?region=44", ["천안동남소방서"]),
        ("?region=1114010300", ["중구보건소"]),
        ("?region=44133", []),
        ("?local_government_code=44130", ["천안동남소방서"]),
        ("?type=fire&region=11", []),
    ],
)
def test_institutions_are_found_by_type_and_place(
    client: FlaskClient, query: str, names: list[str]
) -> None:
    answer = client.get(f"/api/v1/institutions{query}")
    assert [item["name_ko"] for item in answer.json["items"]] == names


@pytest.mark.usefixtures("three")
def test_the_list_goes_on_where_the_page_ended(client: FlaskClient) -> None:
    first = client.get("/api/v1/institutions?limit=2")
    assert 'rel="next"' in first.headers["Link"]
    rest = client.get(f"/api/v1/institutions?limit=2&after={first.json['next_cursor']}")
    assert [item["name_ko"] for item in rest.json["items"]] == ["하노이 시립병원"]
    assert rest.json["next_cursor"] is None


def test_an_unknown_type_is_no_filter(client: FlaskClient) -> None:
    answer = client.get("/api/v1/institutions?type=school")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["query.type"])


def test_what_is_not_there_is_not_found_in_the_callers_language(client: FlaskClient) -> None:
    url = "/api/v1/institutions/00000000-0000-7000-8000-000000000000"
    assert client.get(url).json["detail"] == "시범사용기관을 찾을 수 없습니다."
    english = client.get(url, headers={"Accept-Language": "en"})
    assert (english.status_code, english.json["detail"]) == (404, "There is no such institution.")
