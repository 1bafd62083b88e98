"""Photos are shown to whom the proposal is, as pictures and nothing else, and cached with care."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.files.storage import Storage
from backend.jobs.worker import run_jobs
from backend.proposals.models import Proposal
from backend.proposals.photos.models import Photo
from tests.backend.proposals.photos.test_photos import submit
from tests.support.photos import make_photo, stored_names
from tests.support.pictures import webp_chunks

API = "/api/v1"
Headers = dict[str, str]


@pytest.fixture
def photo(session: Session, draft: Proposal, storage: Storage) -> Photo:
    """A photo of a draft."""
    return make_photo(session, storage, draft)


def test_a_photo_of_a_draft_is_there_for_its_author_alone(
    client: FlaskClient, photo: Photo, by_author: Headers, somebody: Headers
) -> None:
    for path in (f"{API}/photos/{photo.id}", f"{API}/photos/{photo.id}/full?v=1"):
        assert client.get(path, headers=by_author).status_code == 200
        for headers in (somebody, {}):
            hidden = client.get(path, headers=headers)
            unknown = client.get(path.replace(str(photo.id), str(uuid4())), headers=headers)
            assert (hidden.status_code, hidden.json) == (404, unknown.json)
    kept = client.get(f"{API}/photos/{photo.id}/full?v=1", headers=by_author)
    assert kept.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in kept.headers["Vary"]


def test_a_photo_of_a_public_proposal_is_there_for_everybody(
    app: Flask, client: FlaskClient, session: Session, draft: Proposal, photo: Photo
) -> None:
    submit(session, draft)
    run_jobs(app)
    shown = client.get(f"{API}/proposals/{draft.id}").json["photos"][0]
    assert shown == client.get(f"{API}/photos/{photo.id}").json
    assert client.get(f"{API}/proposals").json["items"][0]["photos"] == [shown]
    for size in ("full", "thumb"):
        answer = client.get(shown[size]["url"])
        assert answer.status_code == 200
        assert webp_chunks(answer.data) == [b"VP8 "]
        assert len(answer.data) == shown[size]["size_bytes"]
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "public, max-age=86400, immutable"


def test_who_has_a_photo_is_told_so_without_a_look_at_the_storage(
    client: FlaskClient, session: Session, draft: Proposal, photo: Photo, storage: Storage
) -> None:
    submit(session, draft)
    path = f"{API}/photos/{photo.id}/full"
    tag = client.get(path).headers["ETag"]
    assert not tag.startswith("W/")
    for name in stored_names(storage):
        storage.delete(name)
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.headers["ETag"], again.data) == (304, tag, b"")
    assert client.get(path).status_code == 404, "it is gone indeed"


def test_without_a_version_the_present_one_is_asked_for_each_time(
    client: FlaskClient, session: Session, draft: Proposal, photo: Photo
) -> None:
    submit(session, draft)
    answer = client.get(f"{API}/photos/{photo.id}/full")
    assert answer.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("path", "status"), [("full?v=2", 404), ("full?v=0", 422), ("huge", 404), ("thumb", 404)]
)
def test_what_there_is_not_is_not_shown(
    client: FlaskClient, photo: Photo, by_author: Headers, path: str, status: int
) -> None:
    answer = client.get(f"{API}/photos/{photo.id}/{path}", headers=by_author)
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
