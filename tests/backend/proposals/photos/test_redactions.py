"""Redaction: by the competent office alone, for good, on record, and its author is told."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.files.storage import Storage
from backend.jobs.worker import run_jobs
from backend.proposals.models import Proposal
from backend.proposals.photos.models import Photo, PhotoRedaction
from tests.backend.proposals.photos.test_photos import submit
from tests.support.people import local_government_organization, make_reviewer
from tests.support.photos import make_photo, stored_names
from tests.support.pictures import BLUE, is_near, jpeg, opened

API = "/api/v1"
SignIn = Callable[..., dict[str, str]]
Headers = dict[str, str]

LEFT_HALF = {"x": 0, "y": 0, "width": 0.5, "height": 1}
REDACTION = {"rectangles": [LEFT_HALF], "reason": "지나가는 사람의 얼굴이 보입니다."}


@pytest.fixture
def photo(app: Flask, session: Session, draft: Proposal, storage: Storage) -> Photo:
    """A photo of a public proposal, with its thumbnail."""
    photo = make_photo(session, storage, draft, jpeg(800, 600))
    submit(session, draft)
    run_jobs(app)
    session.expire_all()
    return photo


@pytest.fixture
def reviewer(session: Session, sign_in: SignIn) -> Headers:
    """The headers of a reviewer of 중구."""
    return sign_in(make_reviewer(session, "11140").email)


def redact(client: FlaskClient, photo: Photo, headers: Headers, **changes: Any) -> Any:
    return client.post(
        f"{API}/photos/{photo.id}/redactions", json={**REDACTION, **changes}, headers=headers
    )


def test_what_was_covered_is_nowhere_any_more(
    app: Flask, client: FlaskClient, photo: Photo, reviewer: Headers, storage: Storage
) -> None:
    before = client.get(f"{API}/photos/{photo.id}").json
    originals = stored_names(storage)
    answer = redact(client, photo, reviewer)
    assert answer.status_code == 201, answer.text
    assert answer.json["thumb"] is None
    assert answer.json["redacted_at"] is not None
    for size in ("full", "thumb"):
        assert client.get(before[size]["url"]).status_code == 404
    run_jobs(app)
    after = client.get(f"{API}/photos/{photo.id}").json
    for size in ("full", "thumb"):
        shown = opened(client.get(after[size]["url"]).data)
        assert is_near(shown.getpixel((shown.width // 4, shown.height // 2)), (0, 0, 0))
        assert is_near(shown.getpixel((shown.width * 3 // 4, shown.height // 2)), BLUE)
    assert set(stored_names(storage)).isdisjoint(originals)
    assert len(stored_names(storage)) == 2


def test_it_can_be_done_again(
    client: FlaskClient, photo: Photo, reviewer: Headers, session: Session
) -> None:
    redact(client, photo, reviewer)
    right = {"x": 0.5, "y": 0, "width": 0.5, "height": 1}
    answer = redact(client, photo, reviewer, rectangles=[right])
    shown = opened(client.get(answer.json["full"]["url"]).data)
    for x in (10, 400, 790):
        assert is_near(shown.getpixel((x, 300)), (0, 0, 0))
    assert len(session.scalars(select(PhotoRedaction)).all()) == 2


def test_the_author_is_told_and_the_office_has_it_on_record(
    client: FlaskClient, session: Session, photo: Photo, reviewer: Headers, by_author: Headers
) -> None:
    redact(client, photo, reviewer)
    notices = client.get(f"{API}/me/notices", headers=by_author).json["items"]
    assert REDACTION["reason"] in notices[0]["text"]
    events = f"{API}/proposals/{photo.proposal_id}/events"
    kinds = [event["kind"] for event in client.get(events, headers=by_author).json["items"]]
    assert "photo_redacted" in kinds
    assert "photo_redacted" not in [event["kind"] for event in client.get(events).json["items"]], (
        "strangers need not know"
    )
    chain = str(local_government_organization(session, "11140").id)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.chain == chain, AuditEvent.action == "photo.redacted")
    ).one()
    assert event.subject_id == str(photo.id)
    assert "reason" not in event.data


def test_nobody_else_may(
    client: FlaskClient, session: Session, sign_in: SignIn, photo: Photo, by_author: Headers,
    somebody: Headers,
) -> None:  # fmt: skip
    elsewhere = sign_in(make_reviewer(session, "11110").email)
    for headers in (by_author, somebody, elsewhere):
        assert redact(client, photo, headers).status_code == 403
    assert redact(client, photo, {}).status_code == 401


def test_a_draft_is_not_the_offices_business(
    client: FlaskClient, session: Session, draft: Proposal, storage: Storage, reviewer: Headers
) -> None:
    assert redact(client, make_photo(session, storage, draft), reviewer).status_code == 404


@pytest.mark.parametrize(
    "rectangle",
    [
        {"x": -0.1, "y": 0, "width": 0.5, "height": 1},
        {"x": 0.6, "y": 0, "width": 0.5, "height": 1},
        {"x": 0, "y": 0.5, "width": 1, "height": 0.6},
        {"x": 0, "y": 0, "width": 0, "height": 1},
        {"x": True, "y": 0, "width": 0.5, "height": 1},
        {"x": 0, "y": 0, "width": 0.5},
    ],
)
def test_a_rectangle_lies_in_the_photo(
    client: FlaskClient, photo: Photo, reviewer: Headers, rectangle: dict[str, float]
) -> None:
    assert redact(client, photo, reviewer, rectangles=[rectangle]).status_code == 422


def test_a_redaction_covers_something_and_says_why(
    client: FlaskClient, photo: Photo, reviewer: Headers
) -> None:
    assert redact(client, photo, reviewer, rectangles=[]).status_code == 422
    assert redact(client, photo, reviewer, reason=" ").status_code == 422
