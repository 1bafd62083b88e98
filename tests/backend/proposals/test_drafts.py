"""Drafting over HTTP: who may see and change a draft, and what a place has to be."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from geoalchemy2.shape import to_shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.db import new_id
from backend.proposals.models import Proposal
from tests.support.headers import AS_IT_IS
from tests.support.people import CITY_HALL, CITY_HALL_EMD, make_reviewer, register
from tests.support.proposals import make_draft, make_submitted

URL = "/api/v1/proposals"
SignIn = Callable[..., dict[str, str]]

DRAFT = {
    "category": "safety",
    "title": "골목길 비상벨",
    "problem": "밤길이 어둡다.",
    "location": {"lon": CITY_HALL[0], "lat": CITY_HALL[1], "accuracy_m": 8},
}


@pytest.fixture
def author(session: Session, sign_in: SignIn) -> dict[str, str]:
    """The headers of somebody who lives at City Hall."""
    return sign_in(register(session, residence=CITY_HALL_EMD).email)


@pytest.fixture
def stranger(session: Session, sign_in: SignIn) -> dict[str, str]:
    """The headers of somebody else."""
    return sign_in(register(session).email)


def test_a_point_gives_neighbourhood_and_local_government(
    client: FlaskClient, author: dict[str, str]
) -> None:
    answer = client.post(URL, json=DRAFT, headers=author)
    assert answer.status_code == 201
    place = answer.json["place"]
    assert place["emd"]["code"] == CITY_HALL_EMD
    assert place["emd"]["full_name"] == "서울특별시 중구 태평로1가"
    assert place["sigungu"]["code"] == "11140"
    assert place["local_government"]["code"] == "11140"
    assert answer.json["status"] == "draft"
    assert answer.json["point"] == {"lon": CITY_HALL[0], "lat": CITY_HALL[1], "accuracy_m": 8.0}


def test_the_public_point_is_rounded_once_and_stored(
    client: FlaskClient, session: Session, author: dict[str, str]
) -> None:
    answer = client.post(URL, json=DRAFT, headers=author)
    place = answer.json["place"]
    assert (place["lon"], place["lat"]) != CITY_HALL
    stored = session.get_one(Proposal, UUID(answer.json["id"]))
    assert (to_shape(stored.public_geom).x, to_shape(stored.public_geom).y) == (
        place["lon"],
        place["lat"],
    )


def test_a_neighbourhood_without_a_point_is_shown_at_its_label(
    client: FlaskClient, author: dict[str, str]
) -> None:
    body = {**DRAFT, "region_code": "4413310100"}
    del body["location"]
    answer = client.post(URL, json=body, headers=author)
    assert answer.status_code == 201
    assert answer.json["point"] is None
    assert answer.json["place"]["emd"]["code"] == "44133101"
    assert answer.json["place"]["local_government"]["code"] == "44130", "천안시, not its gu"


def test_a_draft_needs_no_more_than_category_and_title(
    client: FlaskClient, author: dict[str, str]
) -> None:
    answer = client.post(URL, json={"category": "sea", "title": "갯벌"}, headers=author)
    assert answer.status_code == 201
    assert answer.json["place"] is None


def test_the_same_id_again_answers_with_the_same_draft(
    client: FlaskClient, session: Session, author: dict[str, str]
) -> None:
    body = {**DRAFT, "id": str(new_id())}
    first = client.post(URL, json=body, headers=author)
    second = client.post(URL, json=body, headers=author)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert session.scalar(select(func.count()).select_from(Proposal)) == 1


def test_somebody_elses_id_is_refused(
    client: FlaskClient, author: dict[str, str], stranger: dict[str, str]
) -> None:
    body = {**DRAFT, "id": str(new_id())}
    client.post(URL, json=body, headers=author)
    answer = client.post(URL, json=body, headers=stranger)
    assert (answer.status_code, answer.json["code"]) == (409, "id_taken")


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"location": {"lon": 37.5663, "lat": 126.9779}}, 422, "coordinates_swapped", "location"),
        ({"location": {"lon": 131.0, "lat": 36.0}}, 422, "point_outside_korea", "location"),
        ({"location": {"lon": 139.7, "lat": 35.68}}, 422, "point_outside_korea", "location"),
        ({"location": {"lon": 10.0, "lat": 95.0}}, 422, "coordinates_invalid", "location"),
        ({"location": {"lon": 181.0, "lat": 37.5}}, 422, "fields_invalid", "location.lon"),
        ({"location": {"lon": "NaN", "lat": 37.5}}, 422, "fields_invalid", "location.lon"),
        ({"location": {"lon": True, "lat": 37.5}}, 422, "fields_invalid", "location.lon"),
        ({"location": {"lon": 127.0}}, 422, "fields_invalid", "location.lat"),
        (
            {"location": {**DRAFT["location"], "accuracy_m": -1}},
            422,
            "fields_invalid",
            "location.accuracy_m",
        ),
        ({"location": None, "region_code": None}, 422, "fields_invalid", "location"),
        ({"region_code": CITY_HALL_EMD}, 422, "fields_invalid", "region_code"),
        ({"category": "gold"}, 422, "fields_invalid", "category"),
        ({"title": "   "}, 422, "fields_invalid", "title"),
        ({"title": "가" * 101}, 422, "fields_invalid", "title"),
        ({"title": "a\u202eb"}, 422, "fields_invalid", "title"),
        ({"problem": 5}, 422, "fields_invalid", "problem"),
        ({"status": "adopted"}, 422, "fields_invalid", "status"),
        ({"author_id": str(uuid4())}, 422, "fields_invalid", "author_id"),
        ({"id": "1"}, 422, "fields_invalid", "id"),
    ],
)
def test_bad_input_is_explained_and_nothing_is_written(
    client: FlaskClient,
    session: Session,
    author: dict[str, str],
    change: dict[str, object],
    status: int,
    code: str,
    field: str,
) -> None:
    events = session.scalar(select(func.count()).select_from(AuditEvent))
    answer = client.post(URL, json={**DRAFT, **change}, headers=author)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert f"json.{field}" in answer.json["errors"]
    assert session.scalar(select(func.count()).select_from(Proposal)) == 0
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == events


@pytest.mark.parametrize(
    ("region_code", "code"),
    [("11140", "region_too_coarse"), ("11", "region_too_coarse"), ("99999101", "region_unknown")],
)
def test_a_region_has_to_be_a_neighbourhood_in_force(
    client: FlaskClient, session: Session, author: dict[str, str], region_code: str, code: str
) -> None:
    body = {"category": "sea", "title": "갯벌", "region_code": region_code}
    answer = client.post(URL, json=body, headers=author)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert session.scalar(select(func.count()).select_from(Proposal)) == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("ko", "경도와 위도가 서로 바뀐"), ("en", "put 126.9779 into lon (longitude)")],
)
def test_swapped_axes_are_explained_in_the_callers_language(
    client: FlaskClient, author: dict[str, str], language: str, words: str
) -> None:
    body = {**DRAFT, "location": {"lon": 37.5663, "lat": 126.9779}}
    answer = client.post(URL, json=body, headers={**author, "Accept-Language": language})
    assert words in answer.json["detail"]


def test_broken_json_is_malformed(client: FlaskClient, author: dict[str, str]) -> None:
    answer = client.post(
        URL, data='{"title": ', headers={**author, "Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_request")


def test_drafting_needs_an_account(client: FlaskClient) -> None:
    answer = client.post(URL, json={"nonsense": 1})
    assert (answer.status_code, answer.json["code"]) == (401, "token_missing")


def test_nobody_but_the_author_sees_a_draft(
    client: FlaskClient, session: Session, sign_in: SignIn, stranger: dict[str, str]
) -> None:
    proposal = make_draft(session)
    reviewer = sign_in(make_reviewer(session, "11140").email)
    paths = ["", "/events", "/submission", "/withdrawal", "/endorsement", "/decision", "/review"]
    methods = ["GET", "GET", "POST", "POST", "PUT", "PUT", "GET"]
    for headers in (None, stranger, reviewer):
        for method, path in zip(methods, paths, strict=True):
            answer = client.open(
                f"{URL}/{proposal.id}{path}", method=method, headers=headers, json=None
            )
            assert (answer.status_code, answer.json["code"]) == (404, "proposal_not_found"), path
        for method in ("PATCH", "DELETE"):
            answer = client.open(f"{URL}/{proposal.id}", method=method, headers=headers, json={})
            assert answer.status_code == 404
    assert client.get(URL).json["items"] == []


def test_the_author_sees_the_draft_and_the_list_of_their_own(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal = make_draft(session, author)
    make_draft(session)
    headers = sign_in(author.email)
    assert client.get(f"{URL}/{proposal.id}", headers=headers).status_code == 200
    shown = client.get(f"/api/v1/me/proposals/{proposal.id}", headers=headers).json
    assert shown["point"]["lon"] == CITY_HALL[0]
    listed = client.get("/api/v1/me/proposals", headers=headers).json["items"]
    assert [item["id"] for item in listed] == [str(proposal.id)]


def test_an_author_changes_a_draft(client: FlaskClient, session: Session, sign_in: SignIn) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal = make_draft(session, author)
    answer = client.patch(
        f"{URL}/{proposal.id}",
        json={"title": "새 제목", "region_code": "26110101", "neighbourhood_public": True},
        headers=sign_in(author.email) | AS_IT_IS,
    )
    assert answer.status_code == 200
    assert answer.json["title"] == "새 제목"
    assert answer.json["problem"] == proposal.problem
    assert answer.json["neighbourhood_public"] is True
    assert answer.json["place"]["local_government"]["code"] == "26110"
    assert answer.json["point"] is None, "the point of the place before is gone"


def test_a_bad_change_changes_nothing(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal = make_draft(session, author)
    answer = client.patch(
        f"{URL}/{proposal.id}",
        json={"title": "새 제목", "location": {"lon": 131.0, "lat": 36.0}},
        headers=sign_in(author.email) | AS_IT_IS,
    )
    assert answer.status_code == 422
    session.refresh(proposal)
    assert proposal.title != "새 제목"
    assert proposal.emd_code == CITY_HALL_EMD


def test_what_is_under_review_is_neither_changed_nor_deleted(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal = make_submitted(session, author)
    reviewer = sign_in(make_reviewer(session, "11140").email)
    assert client.get(f"{URL}/{proposal.id}/review", headers=reviewer).status_code == 200
    headers = sign_in(author.email)
    changed = client.patch(
        f"{URL}/{proposal.id}", json={"title": "새 제목"}, headers=headers | AS_IT_IS
    )
    assert (changed.status_code, changed.json["code"]) == (409, "proposal_not_editable")
    deleted = client.delete(f"{URL}/{proposal.id}", headers=headers | AS_IT_IS)
    assert (deleted.status_code, deleted.json["code"]) == (409, "proposal_not_discardable")


def test_a_stranger_changes_nothing_of_a_public_proposal(
    client: FlaskClient, session: Session, stranger: dict[str, str]
) -> None:
    proposal = make_submitted(session)
    for headers, status in ((stranger, 403), (None, 401)):
        for method, path in (
            ("PATCH", ""),
            ("DELETE", ""),
            ("POST", "/submission"),
            ("POST", "/withdrawal"),
        ):
            answer = client.open(
                f"{URL}/{proposal.id}{path}", method=method, headers=headers, json={}
            )
            assert answer.status_code == status, (method, path)
        own = client.get(f"/api/v1/me/proposals/{proposal.id}", headers=headers)
        assert own.status_code == status


def test_a_discarded_draft_is_gone(client: FlaskClient, session: Session, sign_in: SignIn) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal = make_draft(session, author)
    headers = sign_in(author.email)
    assert client.delete(f"{URL}/{proposal.id}", headers=headers | AS_IT_IS).status_code == 204
    assert client.get(f"{URL}/{proposal.id}", headers=headers).status_code == 404


def test_categories_have_both_languages(client: FlaskClient) -> None:
    items = client.get("/api/v1/categories").json["items"]
    assert {"code": "safety", "ko": "생활안전", "en": "Everyday safety"} in items
