"""A photo's whole life with its files in a bucket behind HTTP instead of on the disk."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.files.place import EXTENSION
from backend.files.storage import Storage, open_storage
from backend.jobs.worker import run_jobs
from backend.proposals.models import Proposal
from tests.support.buckets import running_bucket
from tests.support.photos import send_photo, stored_names
from tests.support.pictures import jpeg, webp_chunks

API = "/api/v1"
Headers = dict[str, str]


@pytest.fixture
def storage(app: Flask) -> Iterator[Storage]:
    """The application's storage: a bucket of its own."""
    before = app.extensions.get(EXTENSION)
    with running_bucket() as settings:
        app.extensions[EXTENSION] = open_storage(settings)
        yield app.extensions[EXTENSION]
    app.extensions[EXTENSION] = before


def test_a_photo_is_sent_shown_and_deleted(
    app: Flask, client: FlaskClient, draft: Proposal, by_author: Headers, storage: Storage
) -> None:
    photo = send_photo(client, draft.id, by_author, jpeg(800, 600)).json
    run_jobs(app)
    path = f"{API}/photos/{photo['id']}"
    shown = client.get(path, headers=by_author).json
    for size in ("full", "thumb"):
        answer = client.get(shown[size]["url"], headers=by_author)
        assert webp_chunks(answer.data) == [b"VP8 "]
    assert len(stored_names(storage)) == 2
    assert client.delete(path, headers=by_author).status_code == 204
    run_jobs(app)
    assert stored_names(storage) == []
