"""Photos in chunks: going on where the network broke, once and whole, for whom they belong to."""

import io
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.files.place import EXTENSION, current_storage
from backend.files.storage import Storage, StorageUnavailable, disk_storage
from backend.jobs.worker import run_jobs
from backend.proposals.drafts import discard_draft
from backend.proposals.models import Proposal
from backend.proposals.photos.models import Photo
from backend.proposals.uploads import service
from backend.proposals.uploads.disposal import delete_uploads_of, sweep_chunks
from backend.proposals.uploads.models import Upload
from backend.proposals.uploads.queries import UploadNotFound
from backend.proposals.uploads.tasks import end_expired_uploads
from tests.conftest import Clock
from tests.support.photos import stored_names
from tests.support.pictures import encoded, jpeg, noise

API = "/api/v1"
URL = f"{API}/uploads"
SignIn = Callable[..., dict[str, str]]
Headers = dict[str, str]

FILE = encoded(noise(640, 480))


def announce(
    client: FlaskClient, draft: Proposal, headers: Headers, body: bytes = FILE, **facts: Any
) -> Any:
    """Announce a file that is to arrive in chunks."""
    announced = {
        "proposal_id": str(draft.id),
        "size_bytes": len(body),
        "content_type": "image/jpeg",
        **facts,
    }
    return client.post(URL, json=announced, headers=headers)


def send_chunk(
    client: FlaskClient, upload_id: str, headers: Headers, offset: int, body: bytes
) -> Any:
    """Send the bytes that begin at an offset."""
    return client.patch(
        f"{URL}/{upload_id}",
        data=body,
        headers=headers | {"Upload-Offset": str(offset)},
        content_type="application/offset+octet-stream",
    )


def complete(client: FlaskClient, upload_id: str, headers: Headers) -> Any:
    return client.post(f"{URL}/{upload_id}/completion", headers=headers)


@pytest.fixture
def upload_id(client: FlaskClient, draft: Proposal, by_author: Headers) -> str:
    """The id of an upload of `FILE` that has just been announced."""
    found: str = announce(client, draft, by_author).json["id"]
    return found


def test_a_photo_arrives_in_chunks(
    app: Flask, client: FlaskClient, draft: Proposal, by_author: Headers, storage: Storage
) -> None:
    begun = announce(client, draft, by_author, alt="골목", sha256=sha256(FILE).hexdigest())
    assert begun.status_code == 201, begun.text
    assert (begun.json["offset"], begun.json["size_bytes"]) == (0, len(FILE))
    upload_id = begun.json["id"]
    step = len(FILE) // 3
    for offset in range(0, len(FILE), step):
        answer = send_chunk(client, upload_id, by_author, offset, FILE[offset : offset + step])
        assert answer.status_code == 200, answer.text
        assert answer.headers["Upload-Offset"] == str(answer.json["offset"])
    photo = complete(client, upload_id, by_author)
    assert (photo.status_code, photo.json["id"]) == (201, upload_id)
    assert photo.json["alt"] == "골목"
    shown = client.get(f"{API}/proposals/{draft.id}/photos", headers=by_author).json["items"]
    assert shown == [photo.json]
    run_jobs(app)
    assert stored_names(storage, "uploads") == []


def test_a_chunk_whose_answer_was_lost_is_found_to_be_there(
    client: FlaskClient, upload_id: str, by_author: Headers, storage: Storage
) -> None:
    send_chunk(client, upload_id, by_author, 0, FILE[:1000])
    again = send_chunk(client, upload_id, by_author, 0, FILE[:1000])
    assert (again.status_code, again.json["code"]) == (409, "upload_offset_differs")
    assert again.json["offset"] == 1000
    send_chunk(client, upload_id, by_author, again.json["offset"], FILE[1000:])
    assert complete(client, upload_id, by_author).status_code == 201


def test_where_to_go_on_is_asked_with_head(
    client: FlaskClient, upload_id: str, by_author: Headers
) -> None:
    send_chunk(client, upload_id, by_author, 0, FILE[:777])
    answer = client.head(f"{URL}/{upload_id}", headers=by_author)
    assert answer.headers["Upload-Offset"] == "777"
    assert answer.headers["Upload-Length"] == str(len(FILE))
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"{URL}/{upload_id}", headers=by_author).json["offset"] == 777


@pytest.mark.parametrize("offset", [1, len(FILE), 10 * 1024 * 1024])
def test_a_chunk_from_elsewhere_is_refused(
    client: FlaskClient, upload_id: str, by_author: Headers, offset: int
) -> None:
    answer = send_chunk(client, upload_id, by_author, offset, b"x")
    assert (answer.status_code, answer.json["offset"]) == (409, 0)


@pytest.mark.parametrize("offset", ["", "-1", "one", str(10**9)])
def test_a_chunk_says_where_it_begins(
    client: FlaskClient, upload_id: str, by_author: Headers, offset: str
) -> None:
    headers = by_author | ({"Upload-Offset": offset} if offset else {})
    assert client.patch(f"{URL}/{upload_id}", data=b"x", headers=headers).status_code == 422


def test_more_than_was_announced_is_refused(
    client: FlaskClient, upload_id: str, by_author: Headers
) -> None:
    answer = send_chunk(client, upload_id, by_author, 0, FILE + b"x")
    assert (answer.status_code, answer.json["code"]) == (422, "upload_too_long")
    assert client.get(f"{URL}/{upload_id}", headers=by_author).json["offset"] == 0


def test_a_chunk_larger_than_a_body_is_refused(
    client: FlaskClient, upload_id: str, by_author: Headers
) -> None:
    answer = send_chunk(client, upload_id, by_author, 0, b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413


def test_half_a_file_is_no_photo(client: FlaskClient, upload_id: str, by_author: Headers) -> None:
    send_chunk(client, upload_id, by_author, 0, FILE[:-1])
    answer = complete(client, upload_id, by_author)
    assert (answer.status_code, answer.json["code"]) == (409, "upload_incomplete")
    assert answer.json["offset"] == len(FILE) - 1


def test_other_bytes_than_announced_are_no_photo(
    client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    begun = announce(client, draft, by_author, sha256=sha256(b"another").hexdigest())
    send_chunk(client, begun.json["id"], by_author, 0, FILE)
    answer = complete(client, begun.json["id"], by_author)
    assert (answer.status_code, answer.json["code"]) == (422, "upload_damaged")


def test_a_bad_file_is_refused_when_it_is_whole(
    client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    body = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    upload_id = announce(client, draft, by_author, body).json["id"]
    send_chunk(client, upload_id, by_author, 0, body)
    answer = complete(client, upload_id, by_author)
    assert (answer.status_code, answer.json["code"]) == (422, "photo_unreadable")


def test_a_completion_is_answered_again(
    client: FlaskClient, session: Session, upload_id: str, by_author: Headers
) -> None:
    send_chunk(client, upload_id, by_author, 0, FILE)
    first = complete(client, upload_id, by_author)
    again = complete(client, upload_id, by_author)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert len(session.scalars(select(Photo)).all()) == 1


def test_an_announcement_is_answered_again(
    client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    upload_id = str(uuid4())
    first = announce(client, draft, by_author, id=upload_id)
    send_chunk(client, upload_id, by_author, 0, FILE[:10])
    again = announce(client, draft, by_author, id=upload_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["offset"] == 10


def test_five_files_may_be_on_their_way(
    client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    answers = [announce(client, draft, by_author) for _ in range(service.MOST_OPEN + 1)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [409]
    assert answers[-1].json["code"] == "uploads_full"
    path = f"{URL}/{answers[0].json['id']}"
    assert client.delete(path, headers=by_author).status_code == 204
    assert announce(client, draft, by_author).status_code == 201


@pytest.mark.parametrize(
    "facts",
    [
        {"size_bytes": 10 * 1024 * 1024 + 1},
        {"size_bytes": 0},
        {"content_type": "image/svg+xml"},
        {"content_type": "video/mp4"},
        {"sha256": "A" * 64},
        {"alt": "a" * 301},
    ],
)
def test_what_would_be_refused_anyway_is_refused_at_once(
    client: FlaskClient, draft: Proposal, by_author: Headers, facts: dict[str, Any]
) -> None:
    assert announce(client, draft, by_author, **facts).status_code == 422


def test_nobody_else_learns_of_an_upload(
    client: FlaskClient, draft: Proposal, upload_id: str, somebody: Headers
) -> None:
    answers = [
        client.get(f"{URL}/{upload_id}", headers=somebody),
        send_chunk(client, upload_id, somebody, 0, FILE),
        complete(client, upload_id, somebody),
        client.delete(f"{URL}/{upload_id}", headers=somebody),
        client.get(f"{URL}/{upload_id}"),
        client.get(f"{URL}/{uuid4()}", headers=somebody),
    ]
    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {
        (404, "upload_not_found")
    }
    assert announce(client, draft, somebody).json["code"] == "proposal_not_found"
    assert announce(client, draft, {}).status_code == 401


def test_a_day_later_it_is_given_up_with_its_chunks(
    app: Flask, client: FlaskClient, session: Session, upload_id: str, by_author: Headers,
    storage: Storage, clock: Clock,
) -> None:  # fmt: skip
    send_chunk(client, upload_id, by_author, 0, FILE[:100])
    clock.move(hours=23, minutes=59)
    with app.app_context():
        end_expired_uploads()
    assert session.get(Upload, UUID(upload_id)) is not None
    clock.move(minutes=1)
    with app.app_context():
        end_expired_uploads()
    run_jobs(app)
    assert stored_names(storage, "uploads") == []
    assert session.scalars(select(Upload.id)).all() == []


def test_an_upload_whose_time_is_over_takes_nothing(
    client: FlaskClient, session: Session, upload_id: str, storage: Storage, clock: Clock
) -> None:
    with pytest.raises(UploadNotFound):
        service.append_chunk(
            session,
            storage,
            upload_id=UUID(upload_id),
            offset=0,
            body=FILE,
            now=clock.move(hours=24),
        )


def test_a_discarded_draft_takes_its_chunks_along(
    app: Flask, client: FlaskClient, session: Session, draft: Proposal, upload_id: str,
    by_author: Headers, storage: Storage, now: datetime,
) -> None:  # fmt: skip
    send_chunk(client, upload_id, by_author, 0, FILE[:100])
    discard_draft(session, proposal_id=draft.id, actor_id=draft.author_id, now=now)
    session.commit()
    run_jobs(app)
    assert stored_names(storage, "uploads") == []


def test_the_sweep_deletes_old_chunks_that_nobody_knows(
    client: FlaskClient, session: Session, upload_id: str, by_author: Headers, storage: Storage
) -> None:
    send_chunk(client, upload_id, by_author, 0, FILE[:100])
    kept = stored_names(storage, "uploads")
    storage.put("uploads/aa/stray/0000000000", b"left by a row that was never committed")
    # Files bear the time of the machine, which no test can move.
    today = datetime.now(UTC)
    for later, swept in ((timedelta(0), 0), (timedelta(days=2), 1)):
        assert sweep_chunks(lambda: nullcontext(session), storage, now=today + later) == swept
    assert stored_names(storage, "uploads") == kept


def test_chunks_outlive_the_process_that_took_them(
    app: Flask, client: FlaskClient, upload_id: str, by_author: Headers, tmp_path: Path
) -> None:
    send_chunk(client, upload_id, by_author, 0, FILE[:1000])
    app.extensions[EXTENSION] = disk_storage(tmp_path)
    send_chunk(client, upload_id, by_author, 1000, FILE[1000:])
    assert complete(client, upload_id, by_author).status_code == 201


def test_an_erased_person_leaves_no_chunk(
    app: Flask, client: FlaskClient, session: Session, draft: Proposal, upload_id: str,
    by_author: Headers, storage: Storage,
) -> None:  # fmt: skip
    send_chunk(client, upload_id, by_author, 0, FILE[:100])
    assert delete_uploads_of(session, draft.author_id) == 1
    session.commit()
    run_jobs(app)
    assert stored_names(storage, "uploads") == []


def test_what_the_storage_did_not_take_is_not_counted(
    app: Flask, client: FlaskClient, upload_id: str, by_author: Headers, storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(_name: str, _body: bytes) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patched, app.app_context():
        patched.setattr(current_storage(), "put", refuse)
        answer = send_chunk(client, upload_id, by_author, 0, FILE)
    assert (answer.status_code, answer.json["code"]) == (503, "storage_unavailable")
    assert answer.headers["Retry-After"]
    assert client.get(f"{URL}/{upload_id}", headers=by_author).json["offset"] == 0
    assert send_chunk(client, upload_id, by_author, 0, FILE).status_code == 200


SMALL = jpeg()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_however_it_is_cut_repeated_and_lost_the_file_is_the_same(
    client: FlaskClient, session: Session, draft: Proposal, by_author: Headers, storage: Storage,
    data: st.DataObject,
) -> None:  # fmt: skip
    upload_id = announce(client, draft, by_author, SMALL).json["id"]
    offset = 0
    while offset < len(SMALL):
        size = data.draw(st.integers(1, len(SMALL)))
        answer = send_chunk(client, upload_id, by_author, offset, SMALL[offset : offset + size])
        if data.draw(st.booleans(), label="the answer is lost"):
            answer = send_chunk(client, upload_id, by_author, offset, SMALL[offset : offset + size])
            assert answer.status_code == 409
        offset = answer.json["offset"]
    session.expire_all()
    upload = session.get_one(Upload, UUID(upload_id))
    assert service._assemble(storage, upload) == SMALL
    assert client.delete(f"{URL}/{upload_id}", headers=by_author).status_code == 204


def test_of_a_chunk_that_was_cut_off_what_had_arrived_counts(
    client: FlaskClient, upload_id: str, by_author: Headers
) -> None:
    # A server hands the bytes over as they came, whatever length was announced.
    answer = client.patch(
        f"{URL}/{upload_id}",
        input_stream=io.BytesIO(FILE[:2000]),
        headers=by_author | {"Upload-Offset": "0", "Content-Length": "5000"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.json["offset"] == 2000
    send_chunk(client, upload_id, by_author, 2000, FILE[2000:])
    assert complete(client, upload_id, by_author).status_code == 201
