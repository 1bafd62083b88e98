"""What was done to systems like this one, and is not done to it: each attack by its name.

Sources: the published advisories of Decidim, and the OWASP API Security Top 10 of 2023.
"""

import base64
import json
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.accounts.tokens import issue_access_token
from backend.files.storage import Storage
from tests.conftest import NOW, Clock
from tests.support.addresses import read_addresses
from tests.support.headers import AS_IT_IS
from tests.support.people import make_institution, make_reviewer, make_sign_in, register
from tests.support.photos import send_photo
from tests.support.private import text_of
from tests.support.proposals import make_decided, make_draft, make_submitted
from tests.support.rounds import apply_for, close, make_open_round, make_product, run
from tests.support.town import build_town
from tests.support.town_facts import CODE, HOMES, Secrets

API = "/api/v1"
REASON = "같은 골목의 같은 문제를 말하고 있습니다."
SCRIPT = "<script>alert(1)</script>"
AWARDED = '"reason": "awarded"'
SQL = "id); DROP TABLE proposal; --"


def signed_in(app: Flask, session: Session, account: object, **issued: str) -> dict[str, str]:
    """Return the headers of somebody; by default with the application's own secret and issuer."""
    given = {"secret": app.config["SECRET_KEY"], "issuer": app.config["ISSUER"], **issued}
    token = issue_access_token(
        *make_sign_in(session, account),  # type: ignore[arg-type]
        now=NOW,
        life=timedelta(minutes=15),
        **given,
    )
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    "issued", [{"issuer": "https://other.example"}, {"secret": "of another installation, as long"}]
)
def test_a_token_of_another_installation_opens_nothing(
    app: Flask, client: FlaskClient, session: Session, issued: dict[str, str]
) -> None:
    account = register(session)
    assert client.get(f"{API}/me", headers=signed_in(app, session, account)).status_code == 200
    answer = client.get(f"{API}/me", headers=signed_in(app, session, account, **issued))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "local-governments/11140/reviews"),
        ("GET", "local-governments/11140/comment-reports"),
        ("GET", "proposals/{id}/review"),
        ("PUT", "proposals/{id}/decision"),
        ("PUT", "local-governments/11140/proposal-ranks/2026"),
    ],
)
def test_the_token_of_one_office_is_no_good_at_another(
    app: Flask, client: FlaskClient, session: Session, method: str, path: str
) -> None:
    proposal = make_submitted(session)
    here, elsewhere = (
        signed_in(app, session, make_reviewer(session, code)) for code in ("11140", "26470")
    )
    address = f"{API}/{path.format(id=proposal.id)}"
    bodies = {"decision": {"outcome": "adopted", "reason": REASON}, "2026": {"ranking": []}}
    body = bodies.get(path.rsplit("/", 1)[-1])
    state = {} if method == "GET" else AS_IT_IS
    refused = client.open(address, method=method, json=body, headers=elsewhere | state)
    assert (refused.status_code, refused.json["code"]) == (403, "permission_denied")
    assert client.open(address, method=method, json=body, headers=here | state).status_code == 200


def test_not_anybody_merges_what_others_wrote(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    first = make_submitted(session)
    later = make_submitted(session, now=first.created_at + timedelta(days=2))
    nobody_competent = [
        register(session),
        session.get_one(type(register(session)), first.author_id),
        session.get_one(type(register(session)), later.author_id),
        make_reviewer(session, "26470"),
    ]
    body = {"into": str(first.id), "reason": REASON}
    for account in nobody_competent:
        headers = signed_in(app, session, account)
        answer = client.post(f"{API}/proposals/{later.id}/merge", json=body, headers=headers)
        assert answer.status_code == 403
    reviewer = signed_in(app, session, make_reviewer(session, "11140"))
    answer = client.post(f"{API}/proposals/{later.id}/merge", json=body, headers=reviewer)
    assert answer.status_code == 201
    for account in nobody_competent:
        headers = signed_in(app, session, account)
        undone = client.post(
            f"{API}/proposals/{later.id}/merge/undo", json={"reason": REASON}, headers=headers
        )
        assert undone.status_code == 403


def cursors() -> list[str]:
    """Return cursors as somebody bad makes them: well packed, with something else inside."""
    inside = ([SQL], [SQL, SQL], [NOW.isoformat(), SQL], [{"$gt": ""}, None], SQL)
    return [base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in inside]


def test_nothing_is_injected_through_an_order_or_a_cursor(
    app: Flask, client: FlaskClient, session: Session, storage: Storage
) -> None:
    town = build_town(session, storage, Secrets("marked", HOMES[1], (127.0104, 37.6283)))
    before = session.scalar(text("SELECT count(*) FROM proposal"))
    injected = {name: [SQL] for name in ("sort", "order_by", "sortby", "fields")}
    injected["after"] = cursors()
    for _, address in read_addresses(app, town):
        path = address.partition("?")[0]
        if not path.startswith(("/api/", "/ogc/", "/open311/")):
            continue
        for name, values in injected.items():
            for value in values:
                with client.get(path, query_string={name: value}) as answer:
                    assert answer.status_code < 500, f"{path} {name}={value}"
                    assert name == "sortby" or answer.status_code != 200, f"{path} {name}={value}"
    assert session.scalar(text("SELECT count(*) FROM proposal")) == before


def test_a_script_in_a_name_is_text_wherever_it_is_read(
    app: Flask, client: FlaskClient, session: Session, storage: Storage
) -> None:
    town = build_town(session, storage, Secrets(SCRIPT, HOMES[1], (127.0104, 37.6283)))
    for table, column in (
        ("account", "display_name"),
        ("organization", "name_ko"),
        ("product", "name_ko"),
        ("product", "summary"),
        ("round", "title_ko"),
        ("proposal", "title"),
    ):
        session.execute(text(f'UPDATE "{table}" SET {column} = {column} || :it'), {"it": SCRIPT})  # noqa: S608
    session.execute(text("UPDATE proposal SET anonymous = false"))
    session.commit()
    read_as_page = 0
    for _, address in read_addresses(app, town):
        with client.get(address) as answer:
            kind = answer.content_type or ""
            if "html" in kind:
                assert SCRIPT not in answer.text, address
                read_as_page += SCRIPT in unescape(answer.text)
            elif answer.data:
                assert answer.headers["X-Content-Type-Options"] == "nosniff", address
    assert read_as_page > 0, "no page shows a name, so that nothing was tried"


@pytest.mark.parametrize("name", [f"{SCRIPT}.jpg", "../../site.css", "photo.html", "a\u202egpj.js"])
def test_the_name_of_a_file_is_not_kept(
    app: Flask, client: FlaskClient, session: Session, storage: Storage, name: str
) -> None:
    author = register(session, residence="11140103")
    draft = make_draft(session, author)
    headers = signed_in(app, session, author)
    answer = send_photo(client, draft.id, headers, name=name)
    assert answer.status_code == 201, answer.text
    photo = client.get(f"{API}/photos/{answer.json['id']}/full", headers=headers)
    assert photo.content_type == "image/webp"
    for said in (answer, photo):
        assert name not in text_of(said)
        assert "script" not in text_of(said)
    stored = [found.name for found in storage.list("photos")]
    assert stored
    assert not any("script" in found or "css" in found or "html" in found for found in stored)


def test_a_plan_that_is_not_published_is_in_no_form_anywhere(
    app: Flask, client: FlaskClient, clock: Clock, session: Session, storage: Storage
) -> None:
    town = build_town(session, storage, Secrets("marked", HOMES[1], (127.0104, 37.6283)))
    product = make_product(session, answers=[make_decided(session, neighbourhood_public=True)])
    round_, (offer,) = make_open_round(session, product)
    institution = make_institution(session, name_ko="중구보건소")
    apply_for(session, institution, offer)
    close(session, round_)
    done = run(session, round_)
    outcome = session.execute(text("SELECT id FROM outcome WHERE run_id = :id"), {"id": done.id})
    secret = [str(done.id), *(str(row.id) for row in outcome)]
    assert len(secret) == 2
    town.ids |= {"round_id": [str(round_.id)], "run_id": [str(done.id)]}
    told = {}
    for _, address in read_addresses(app, town):
        path = address.replace(CODE, round_.code)
        with client.get(path) as answer:
            body = text_of(answer).replace(path, "")
        words = (*secret, *([AWARDED] if round_.code in path or str(round_.id) in path else []))
        if found := [word for word in words if word in body]:
            told[path] = found
    assert told == {}


def test_one_key_of_two_people_gives_each_their_own(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = {"category": "safety", "title": "같은 제목"}
    made = []
    for _ in range(2):
        account = register(session, residence="11140103")
        headers = signed_in(app, session, account) | key
        answer = client.post(f"{API}/proposals", json=body, headers=headers)
        assert answer.status_code == 201
        assert "Idempotency-Replayed" not in answer.headers
        made.append(answer.json["id"])
    assert made[0] != made[1]


def test_the_place_in_ones_copy_is_no_good_to_somebody_else(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    one, other = (signed_in(app, session, register(session)) for _ in range(2))
    token = client.get(f"{API}/sync", headers=one).json["next_since"]
    answer = client.get(f"{API}/sync", query_string={"since": token}, headers=other)
    assert (answer.status_code, answer.json["code"]) == (410, "sync_token_expired")
