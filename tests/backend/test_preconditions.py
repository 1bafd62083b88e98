"""What was read is changed only while it is the same, and is not sent twice to who has it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.db import unit_of_work
from backend.proposals.models import Proposal
from tests.support.headers import AS_IT_IS
from tests.support.people import (
    CITY_HALL_EMD,
    PASSWORD,
    local_government_organization,
    make_officer,
    register,
)
from tests.support.proposals import make_draft, make_submitted
from tests.support.rounds import make_product, make_round

API = "/api/v1"
SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def draft(session: Session) -> Proposal:
    """The draft of `author`."""
    return make_draft(session, register(session, email="author@example.com"))


@pytest.fixture
def author(draft: Proposal, sign_in: SignIn) -> dict[str, str]:
    """The headers of the draft's author."""
    return sign_in("author@example.com")


@pytest.fixture
def officer(session: Session, sign_in: SignIn) -> dict[str, str]:
    """The headers of an officer."""
    return sign_in(make_officer(session).email)


def matching(tag: str) -> dict[str, str]:
    return {"If-Match": tag}


def test_what_a_reader_has_is_not_sent_again(
    client: FlaskClient, draft: Proposal, author: dict[str, str]
) -> None:
    address = f"{API}/me/proposals/{draft.id}"
    first = client.get(address, headers=author)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept-Language"} <= set(first.vary)
    again = client.get(address, headers=author | {"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)


def test_a_changed_resource_has_another_tag(
    client: FlaskClient, draft: Proposal, author: dict[str, str]
) -> None:
    address = f"{API}/me/proposals/{draft.id}"
    tag = client.get(address, headers=author).headers["ETag"]
    client.patch(f"{API}/proposals/{draft.id}", json={"title": "가로등"}, headers=author | AS_IT_IS)
    again = client.get(address, headers=author | {"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["ETag"] != tag


def test_who_is_not_signed_in_gets_no_private_answer(client: FlaskClient, session: Session) -> None:
    address = f"{API}/proposals/{make_submitted(session).id}"
    assert client.get(address).headers["Cache-Control"] == "no-cache"


def test_an_answer_with_a_rule_of_its_own_keeps_it(client: FlaskClient) -> None:
    answer = client.get(f"{API}/regions/locate?lon=126.9779&lat=37.5663")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_a_tag_of_tokens_is_not_made(client: FlaskClient, session: Session) -> None:
    facts = {"email": register(session).email, "password": PASSWORD}
    assert "ETag" not in client.post(f"{API}/sessions", json=facts).headers


def test_a_stale_change_is_refused_and_changes_nothing(
    client: FlaskClient, draft: Proposal, author: dict[str, str]
) -> None:
    address, own = f"{API}/proposals/{draft.id}", f"{API}/me/proposals/{draft.id}"
    tag = client.get(own, headers=author).headers["ETag"]
    first = client.patch(address, json={"title": "첫째"}, headers=author | matching(tag))
    assert first.status_code == 200, first.text
    second = client.patch(address, json={"title": "둘째"}, headers=author | matching(tag))
    assert (second.status_code, second.json["code"]) == (412, "precondition_failed")
    assert client.get(own, headers=author).json["title"] == "첫째"


def test_the_answer_of_a_change_carries_the_tag_for_the_next(
    client: FlaskClient, author: dict[str, str]
) -> None:
    body = {"category": "safety", "title": "비상벨", "region_code": CITY_HALL_EMD}
    made = client.post(f"{API}/proposals", json=body, headers=author)
    address = f"{API}/proposals/{made.json['id']}"
    changed = client.patch(
        address, json={"title": "새 비상벨"}, headers=author | matching(made.headers["ETag"])
    )
    assert changed.status_code == 200, changed.text
    discarded = client.delete(address, headers=author | matching(changed.headers["ETag"]))
    assert discarded.status_code == 204


def test_what_only_the_author_sees_counts_for_the_author(
    client: FlaskClient, draft: Proposal, author: dict[str, str]
) -> None:
    address, own = f"{API}/proposals/{draft.id}", f"{API}/me/proposals/{draft.id}"
    tag = client.get(own, headers=author).headers["ETag"]
    client.patch(address, json={"neighbourhood_public": True}, headers=author | AS_IT_IS)
    answer = client.patch(address, json={"title": "둘째"}, headers=author | matching(tag))
    assert answer.status_code == 412


def test_a_change_that_names_no_state_is_refused_and_changes_nothing(
    client: FlaskClient, session: Session, draft: Proposal, author: dict[str, str]
) -> None:
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    answer = client.patch(f"{API}/proposals/{draft.id}", json={"title": "첫째"}, headers=author)
    assert (answer.status_code, answer.json["code"]) == (428, "precondition_required")
    assert client.get(f"{API}/me/proposals/{draft.id}", headers=author).json["title"] == draft.title
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before


@pytest.mark.parametrize("body", [{"colour": "red"}, {"category": "none"}, {"title": ""}])
def test_what_is_wrong_otherwise_is_told_first(
    client: FlaskClient, draft: Proposal, author: dict[str, str], body: dict[str, str]
) -> None:
    address = f"{API}/proposals/{draft.id}"
    assert client.patch(address, json=body, headers=author).status_code == 422


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_each_form_of_the_header_is_read(
    client: FlaskClient, draft: Proposal, author: dict[str, str], form: str
) -> None:
    tag = client.get(f"{API}/me/proposals/{draft.id}", headers=author).headers["ETag"]
    headers = author | matching(form.format(tag=tag))
    answer = client.patch(f"{API}/proposals/{draft.id}", json={"title": "첫째"}, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ['"other"', "", "nothing of the kind"])
def test_what_names_nothing_matches_nothing(
    client: FlaskClient, draft: Proposal, author: dict[str, str], header: str
) -> None:
    headers = author | matching(header)
    answer = client.patch(f"{API}/proposals/{draft.id}", json={"title": "첫째"}, headers=headers)
    assert answer.status_code == 412


def test_a_transition_matches_what_it_changes(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    person = register(session, residence=CITY_HALL_EMD)
    draft = make_draft(session, person)
    local_government_organization(session, "11140")
    author = sign_in(person.email)
    own, submission = f"{API}/me/proposals/{draft.id}", f"{API}/proposals/{draft.id}/submission"
    stale = client.get(own, headers=author).headers["ETag"]
    address = f"{API}/proposals/{draft.id}"
    changed = client.patch(address, json={"title": "끝"}, headers=author | AS_IT_IS)
    assert client.post(submission, headers=author | matching(stale)).status_code == 412
    fresh = author | matching(changed.headers["ETag"])
    assert client.post(submission, headers=fresh).json["status"] == "submitted"


def test_a_change_of_a_part_matches_the_whole(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    address = f"{API}/rounds/{make_round(session).id}"
    area = {"key": "citizen", "name_ko": "국민", "name_en": "Citizens", "budget_krw": 10**9}
    stale = client.get(address, headers=officer).headers["ETag"]
    made = client.post(f"{address}/areas", json=area, headers=officer | matching(stale))
    assert made.status_code == 201, made.text
    part = f"{address}/areas/{made.json['id']}"
    assert client.delete(part, headers=officer | matching(stale)).status_code == 412
    fresh = client.get(address, headers=officer).headers["ETag"]
    assert client.delete(part, headers=officer | matching(fresh)).status_code == 204


def test_a_product_is_changed_while_it_is_the_same(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    address = f"{API}/products/{make_product(session).id}"
    tag = client.get(address).headers["ETag"]
    for status in (200, 412):
        body = {"name_en": "Another bell"}
        answer = client.patch(address, json=body, headers=officer | matching(tag))
        assert answer.status_code == status


def test_a_list_is_not_what_a_new_item_changes(client: FlaskClient, author: dict[str, str]) -> None:
    tag = client.get(f"{API}/proposals", headers=author).headers["ETag"]
    body = {"category": "safety", "title": "비상벨"}
    answer = client.post(f"{API}/proposals", json=body, headers=author | matching(tag))
    assert answer.status_code == 412


def test_a_repeated_change_is_answered_although_its_tag_is_stale_by_itself(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    address = f"{API}/rounds/{make_round(session).id}"
    tag = client.get(address, headers=officer).headers["ETag"]
    area = {"key": "citizen", "name_ko": "국민", "name_en": "Citizens", "budget_krw": 10**9}
    headers = officer | matching(tag) | {"Idempotency-Key": "once"}
    first, again = (client.post(f"{address}/areas", json=area, headers=headers) for _ in range(2))
    assert (again.status_code, again.data) == (201, first.data)


def test_of_five_changes_of_one_state_one_is_made(committed_app: Flask) -> None:
    with committed_app.app_context(), unit_of_work() as session:
        person = register(session)
        email, draft_id = person.email, make_draft(session, person).id
    facts = {"email": email, "password": PASSWORD}
    pair = committed_app.test_client().post(f"{API}/sessions", json=facts).json
    author = {"Authorization": f"Bearer {pair['access_token']}"}
    own = f"{API}/me/proposals/{draft_id}"
    tag = committed_app.test_client().get(own, headers=author).headers["ETag"]
    barrier = Barrier(5)

    def change(number: int) -> Any:
        client = committed_app.test_client()
        barrier.wait()
        body = {"title": f"제안 {number}"}
        return client.patch(
            f"{API}/proposals/{draft_id}", json=body, headers=author | matching(tag)
        )

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(change, range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
    (made,) = (answer.json["title"] for answer in answers if answer.status_code == 200)
    assert committed_app.test_client().get(own, headers=author).json["title"] == made
