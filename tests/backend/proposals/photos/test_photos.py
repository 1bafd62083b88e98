"""Photos over HTTP: what an author may do with them, how many, how large, and to whom they show."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.files.storage import Storage
from backend.jobs.worker import run_jobs
from backend.proposals.models import Proposal
from backend.proposals.photos import service
from backend.proposals.photos.models import Photo
from backend.reviews.submission import submit_proposal
from tests.support.bad_files import CORPUS, ODD_NAMES
from tests.support.forged_files import CANARY
from tests.support.headers import AS_IT_IS
from tests.support.people import local_government_organization
from tests.support.photos import make_photo, send_photo, stored_names
from tests.support.pictures import HEIC, jpeg, opened

API = "/api/v1"
SignIn = Callable[..., dict[str, str]]
Headers = dict[str, str]


def submit(session: Session, proposal: Proposal) -> None:
    local_government_organization(session, "11140")
    submit_proposal(
        session, proposal_id=proposal.id, actor_id=proposal.author_id, now=proposal.created_at
    )
    session.commit()


def test_a_photo_is_kept_and_told_with_its_proposal(
    client: FlaskClient, draft: Proposal, by_author: Headers, storage: Storage
) -> None:
    answer = send_photo(client, draft.id, by_author, alt="가로등이 꺼진 골목")
    assert answer.status_code == 201, answer.text
    photo = answer.json
    assert photo["alt"] == "가로등이 꺼진 골목"
    assert photo["thumb"] is None
    assert (photo["full"]["width"], photo["full"]["height"]) == (64, 48)
    shown = client.get(f"{API}/me/proposals/{draft.id}", headers=by_author).json
    assert shown["photos"] == [photo]
    (name,) = stored_names(storage)
    assert photo["full"]["size_bytes"] == len(storage.get(name))


def test_the_thumbnail_comes_with_its_job(
    app: Flask, client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    photo = send_photo(client, draft.id, by_author, jpeg(1200, 900)).json
    assert client.get(f"{API}/photos/{photo['id']}/thumb", headers=by_author).status_code == 404
    run_jobs(app)
    thumb = client.get(f"{API}/photos/{photo['id']}", headers=by_author).json["thumb"]
    assert (thumb["width"], thumb["height"]) == (480, 360)
    assert opened(client.get(thumb["url"], headers=by_author).data).size == (480, 360)


def test_a_phones_own_format_is_taken(
    client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    answer = send_photo(client, draft.id, by_author, HEIC, declared="image/heic")
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("declared", ["image/png", "text/html", "application/octet-stream", "x"])
def test_the_bytes_decide_what_it_is_and_not_what_is_declared(
    client: FlaskClient, draft: Proposal, by_author: Headers, declared: str
) -> None:
    photo = send_photo(client, draft.id, by_author, declared=declared).json
    shown = client.get(photo["full"]["url"], headers=by_author)
    assert shown.headers["Content-Type"] == "image/webp"
    refused = send_photo(client, draft.id, by_author, b"<html>", declared="image/jpeg")
    assert (refused.status_code, refused.json["code"]) == (422, "photo_unreadable")


@pytest.mark.parametrize("name", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_the_name_of_the_file_is_nowhere(
    client: FlaskClient, draft: Proposal, by_author: Headers, storage: Storage, name: str
) -> None:
    answer = send_photo(client, draft.id, by_author, name=name)
    assert answer.status_code == 201, answer.text
    (stored,) = stored_names(storage)
    assert set(stored) <= set("photswebp/.0123456789abcdef")
    shown = client.get(answer.json["full"]["url"], headers=by_author)
    photo_id = answer.json["id"]
    assert shown.headers["Content-Disposition"] == f'inline; filename="{photo_id}-full.webp"'


@pytest.mark.heavy
@pytest.mark.parametrize("bad", CORPUS, ids=lambda bad: bad.name)
def test_a_bad_file_leaves_nothing_of_itself_behind(
    client: FlaskClient, draft: Proposal, by_author: Headers, storage: Storage, bad: object
) -> None:
    answer = send_photo(client, draft.id, by_author, bad.make())  # type: ignore[attr-defined]
    refusal = bad.refusal  # type: ignore[attr-defined]
    if refusal is None:
        assert answer.status_code == 201, answer.text
    else:
        assert (answer.status_code, answer.json["code"]) == (422, refusal)
        assert answer.json["detail"]
    bodies = [storage.get(name) for name in stored_names(storage)]
    assert len(bodies) == (refusal is None)
    assert not any(CANARY in body for body in bodies)


def test_a_photo_that_is_sent_again_is_there_once(
    client: FlaskClient, draft: Proposal, by_author: Headers, storage: Storage
) -> None:
    photo_id = str(uuid4())
    first = send_photo(client, draft.id, by_author, id=photo_id)
    again = send_photo(client, draft.id, by_author, id=photo_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert first.json["id"] == photo_id
    assert len(stored_names(storage)) == 1


def test_a_form_that_is_sent_again_with_its_key_is_answered_again(
    client: FlaskClient, draft: Proposal, by_author: Headers, storage: Storage
) -> None:
    headers = by_author | {"Idempotency-Key": "photo-1"}
    first, again = (
        send_photo(client, draft.id, headers, boundary=boundary) for boundary in ("one", "two")
    )
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == first.json
    assert len(stored_names(storage)) == 1
    other = send_photo(client, draft.id, headers, jpeg(80, 80))
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


def test_an_id_of_anothers_photo_is_taken(
    client: FlaskClient, session: Session, draft: Proposal, by_author: Headers, storage: Storage,
    somebody: Headers,
) -> None:  # fmt: skip
    photo = make_photo(session, storage, draft)
    own = client.post(
        f"{API}/proposals", json={"category": "safety", "title": "소화전"}, headers=somebody
    )
    answer = send_photo(client, own.json["id"], somebody, id=str(photo.id))
    assert (answer.status_code, answer.json["code"]) == (409, "id_taken")


def test_the_limits_are_told_beforehand(client: FlaskClient) -> None:
    limits = client.get(f"{API}/meta").json["limits"]
    assert (limits["photos"], limits["photo_bytes"]) == (5, 10 * 1024 * 1024)
    assert limits["photo_pixels"] == 50_000_000
    assert "image/heic" in limits["photo_types"]


def test_a_proposal_takes_five_photos(
    client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    answers = [send_photo(client, draft.id, by_author) for _ in range(service.MOST_PHOTOS + 1)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [409]
    assert answers[-1].json["code"] == "photos_full"


def test_a_file_may_have_ten_megabytes(
    client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    fits = jpeg() + b"\0" * (service.MOST_BYTES - len(jpeg()))
    assert send_photo(client, draft.id, by_author, fits).status_code == 201
    for size in (service.MOST_BYTES + 1, service.MOST_BYTES * 2):
        answer = send_photo(client, draft.id, by_author, fits.ljust(size, b"\0"))
        assert answer.status_code == 413
        assert answer.json["code"] in ("photo_too_large", "body_too_large")


@pytest.mark.parametrize(
    "fields", [{"photo": "not a file"}, {}], ids=["a text in its place", "nothing"]
)
def test_a_form_without_a_file_is_refused(
    client: FlaskClient, draft: Proposal, by_author: Headers, fields: dict[str, str]
) -> None:
    answer = client.post(
        f"{API}/proposals/{draft.id}/photos",
        data={"alt": "x", **fields},
        headers=by_author,
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["multipart.photo"]


def test_what_is_no_form_is_refused(
    client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    path = f"{API}/proposals/{draft.id}/photos"
    assert client.post(path, json={"photo": "x"}, headers=by_author).status_code == 415


@pytest.mark.parametrize("alt", ["a" * 301, "a\u202eb", "   "])
def test_what_is_written_about_a_photo_is_plain_and_short(
    client: FlaskClient, draft: Proposal, by_author: Headers, alt: str
) -> None:
    assert send_photo(client, draft.id, by_author, alt=alt).status_code == 422


def test_a_script_in_a_caption_is_text(
    client: FlaskClient, draft: Proposal, by_author: Headers
) -> None:
    text = "<script>alert(1)</script>"
    answer = send_photo(client, draft.id, by_author, caption=text)
    assert answer.json["caption"] == text
    assert answer.content_type == "application/json"


def test_an_author_describes_orders_and_deletes(
    app: Flask, client: FlaskClient, session: Session, draft: Proposal, by_author: Headers,
    storage: Storage,
) -> None:  # fmt: skip
    photos = [make_photo(session, storage, draft) for _ in range(3)]
    ids = [str(photo.id) for photo in photos]
    path = f"{API}/photos/{ids[0]}"
    tag = client.get(path, headers=by_author).headers["ETag"]
    change = {"alt": "표지판", "caption": None}
    assert client.patch(path, json=change, headers=by_author).status_code == 428
    changed = client.patch(path, json=change, headers=by_author | {"If-Match": tag})
    assert changed.json["alt"] == "표지판"
    stale = client.patch(path, json=change, headers=by_author | {"If-Match": '"other"'})
    assert stale.status_code == 412
    order = f"{API}/proposals/{draft.id}/photos/order"
    ordered = client.put(order, json={"photo_ids": ids[::-1]}, headers=by_author)
    assert [item["id"] for item in ordered.json["items"]] == ids[::-1]
    assert client.delete(path, headers=by_author).status_code == 204
    listed = client.get(f"{API}/proposals/{draft.id}/photos", headers=by_author).json["items"]
    assert [item["id"] for item in listed] == [ids[2], ids[1]]
    run_jobs(app)
    assert len(stored_names(storage)) == 4, "two photos with their thumbnails"
    actions = list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))
    assert actions[-3:] == ["photo.described", "photo.ordered", "photo.deleted"]


@pytest.mark.parametrize("change", ["less", "twice", "unknown"])
def test_an_order_names_every_photo_once(
    client: FlaskClient, session: Session, draft: Proposal, by_author: Headers, storage: Storage,
    change: str,
) -> None:  # fmt: skip
    one, two = (str(make_photo(session, storage, draft).id) for _ in range(2))
    ids = {"less": [one], "twice": [one, one], "unknown": [one, str(uuid4())]}[change]
    order = f"{API}/proposals/{draft.id}/photos/order"
    answer = client.put(order, json={"photo_ids": ids}, headers=by_author)
    assert (answer.status_code, answer.json["code"]) == (409, "photos_changed")
    assert two


def test_under_review_photos_stay_as_they_are(
    client: FlaskClient, session: Session, draft: Proposal, by_author: Headers, storage: Storage
) -> None:
    photo_id = make_photo(session, storage, draft).id
    submit(session, draft)
    path = f"{API}/photos/{photo_id}"
    answers = [
        send_photo(client, draft.id, by_author),
        client.patch(path, json={"alt": "x"}, headers=by_author | AS_IT_IS),
        client.delete(path, headers=by_author),
        client.put(
            f"{API}/proposals/{draft.id}/photos/order",
            json={"photo_ids": [str(photo_id)]},
            headers=by_author,
        ),
    ]
    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [
        (409, "proposal_not_editable")
    ] * 4


def test_nobody_else_changes_them(
    client: FlaskClient, session: Session, draft: Proposal, somebody: Headers, storage: Storage
) -> None:
    photo_id = make_photo(session, storage, draft).id
    path = f"{API}/photos/{photo_id}"

    def statuses() -> list[int]:
        return [
            send_photo(client, draft.id, somebody).status_code,
            client.patch(path, json={"alt": "x"}, headers=somebody | AS_IT_IS).status_code,
            client.delete(path, headers=somebody).status_code,
        ]

    assert statuses() == [404, 404, 404], "a draft is not even there"
    submit(session, draft)
    assert statuses() == [403, 403, 403]
    assert session.get(Photo, UUID(str(photo_id))) is not None
