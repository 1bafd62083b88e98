"""Parts of an answer can be asked for: those that it shows anyhow, with a tag of their own."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, strategies
from sqlalchemy.orm import Session

from backend.errors import Invalid
from backend.proposals.models import Proposal
from backend.proposals.schemas import ProposalSchema
from backend.sparse import MOST_PATHS, read_fields, select_parts
from tests.support.people import CITY_HALL_EMD, register
from tests.support.proposals import make_draft, make_submitted

API = "/api/v1"
SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def proposal(session: Session) -> Proposal:
    """A submitted proposal of `author`."""
    author = register(session, email="author@example.com", residence=CITY_HALL_EMD)
    return make_submitted(session, author)


@pytest.fixture
def author(proposal: Proposal, sign_in: SignIn) -> dict[str, str]:
    """The headers of its author."""
    return sign_in("author@example.com")


def test_one_thing_is_shown_in_parts(client: FlaskClient, proposal: Proposal) -> None:
    path = f"{API}/proposals/{proposal.id}"
    whole = client.get(path).json
    parts = client.get(f"{path}?fields=id,place.emd.name,place.lon").json
    place = whole["place"]
    assert parts == {
        "id": whole["id"],
        "place": {"emd": {"name": place["emd"]["name"]}, "lon": place["lon"]},
    }


def test_of_a_list_each_item_is_shown_in_parts(
    client: FlaskClient, proposal: Proposal, session: Session
) -> None:
    make_submitted(session)
    page = client.get(f"{API}/proposals?fields=title&limit=1")
    assert list(page.json) == ["items", "next_cursor"]
    assert page.json["items"] == [{"title": proposal.title}]
    following = page.headers["Link"].partition("<")[2].partition(">")[0]
    assert client.get(following).json["items"] == [{"title": proposal.title}]


def test_a_list_with_nothing_in_it_is_one_still(client: FlaskClient) -> None:
    assert client.get(f"{API}/proposals?fields=id").json == {"items": [], "next_cursor": None}


def test_a_whole_that_is_asked_for_beside_a_part_is_whole(
    client: FlaskClient, proposal: Proposal
) -> None:
    path = f"{API}/proposals/{proposal.id}"
    both = client.get(f"{path}?fields=place.lon,place").json
    assert both == client.get(f"{path}?fields=place").json
    assert set(both["place"]) == {"lon", "lat", "emd", "sigungu", "local_government"}


def test_fields_given_twice_are_taken_together(client: FlaskClient, proposal: Proposal) -> None:
    parts = client.get(f"{API}/proposals/{proposal.id}?fields=id&fields=title").json
    assert set(parts) == {"id", "title"}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ("id,nothing", "nothing"),
        ("place.nothing", "place.nothing"),
        ("title.nothing", "title.nothing"),
        ("place.emd.name.first", "place.emd.name.first"),
        ("", ""),
        ("id,,title", ""),
        ("place.", "place."),
        ("next_cursor", "next_cursor"),
        ("__class__", "__class__"),
    ],
)
def test_a_field_that_is_not_there_is_named(client: FlaskClient, fields: str, path: str) -> None:
    answer = client.get(
        f"{API}/proposals", query_string={"fields": fields}, headers={"Accept-Language": "en"}
    )
    assert (answer.status_code, answer.json["code"]) == (422, "field_unknown")
    assert answer.json["errors"] == {"query.fields": [f"This answer has no field “{path}”."]}


def test_too_many_fields_are_refused(client: FlaskClient) -> None:
    answer = client.get(f"{API}/proposals?fields={'id,' * MOST_PATHS}id")
    assert (answer.status_code, answer.json["code"]) == (422, "fields_too_many")


def test_what_a_stranger_is_not_shown_cannot_be_asked_for(
    client: FlaskClient, proposal: Proposal, author: dict[str, str]
) -> None:
    for field in ("point", "residence", "author_id", "geom"):
        assert client.get(f"{API}/proposals/{proposal.id}?fields={field}").status_code == 422
    own = client.get(f"{API}/me/proposals/{proposal.id}?fields=point.lon", headers=author)
    assert set(own.json["point"]) == {"lon"}


def test_nothing_is_passed_over_where_there_is_nothing(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    draft = make_draft(session, register(session, email="d@example.com"), region_code=CITY_HALL_EMD)
    path = f"{API}/me/proposals/{draft.id}?fields=point.lon"
    assert client.get(path, headers=sign_in("d@example.com")).json == {"point": None}


def test_parts_have_a_tag_of_their_own(client: FlaskClient, proposal: Proposal) -> None:
    path = f"{API}/proposals/{proposal.id}"
    whole = client.get(path).headers["ETag"]
    tag = client.get(f"{path}?fields=title").headers["ETag"]
    other = client.get(f"{path}?fields=id").headers["ETag"]
    assert len({whole, tag, other}) == 3

    def ask(known: str) -> int:
        headers = {"If-None-Match": known}
        return client.get(f"{path}?fields=title", headers=headers).status_code

    assert [ask(known) for known in (tag, whole, other)] == [304, 200, 200]


def test_answers_that_make_their_own_tag_have_another_for_parts(client: FlaskClient) -> None:
    whole = client.get(f"{API}/meta")
    parts = client.get(f"{API}/meta?fields=version,limits.page_items")
    assert parts.json == {
        "version": whole.json["version"],
        "limits": {"page_items": whole.json["limits"]["page_items"]},
    }
    assert parts.headers["ETag"] != whole.headers["ETag"]
    assert parts.headers["Cache-Control"] == whole.headers["Cache-Control"]

    def ask(known: Any) -> int:
        headers = {"If-None-Match": known.headers["ETag"]}
        return client.get(
            f"{API}/meta?fields=version,limits.page_items", headers=headers
        ).status_code

    assert (ask(parts), ask(whole)) == (304, 200)


def test_the_tag_of_parts_is_none_of_the_whole(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    draft = make_draft(session, register(session, email="d@example.com"))
    headers = sign_in("d@example.com")
    tag = client.get(f"{API}/me/proposals/{draft.id}?fields=id", headers=headers).headers["ETag"]
    answer = client.patch(
        f"{API}/proposals/{draft.id}", json={"title": "나"}, headers=headers | {"If-Match": tag}
    )
    assert answer.status_code == 412


def test_a_write_has_no_parts_to_choose(client: FlaskClient, author: dict[str, str]) -> None:
    draft = {"category": "safety", "title": "가로등"}
    answer = client.post(f"{API}/proposals?fields=id", json=draft, headers=author)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["query.fields"]
    assert client.get(f"{API}/me/proposals", headers=author).json["items"][0]["title"] != "가로등"


@pytest.mark.parametrize(
    "path",
    ["/categories?x=1", "/meta?lang=en", "/regions/11?deep=1", "/rounds?nothing=1", "/regions?x"],
)
def test_a_parameter_that_an_address_does_not_have_is_named(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{API}{path}")
    assert (answer.status_code, answer.json["code"]) == (422, "fields_invalid")
    name = path.partition("?")[2].partition("=")[0]
    assert answer.json["errors"] == {f"query.{name}": ["알 수 없는 항목입니다."]}


def test_who_is_refused_is_told_that_before_what_they_sent(client: FlaskClient) -> None:
    for method, path in (("GET", "me"), ("POST", "proposals"), ("PUT", "me/password")):
        answer = client.open(f"/api/v1/{path}?nothing=1", method=method, json={})
        assert (answer.status_code, answer.json["code"]) == (401, "token_missing")


def test_every_json_answer_that_is_read_is_described_with_fields(client: FlaskClient) -> None:
    paths = client.get(f"{API}/openapi.json").json["paths"]
    reads = [(path, found["get"]) for path, found in paths.items() if "get" in found]
    without = {
        path
        for path, operation in reads
        if path.startswith(API)
        and {"$ref": "#/components/parameters/Fields"} not in operation.get("parameters", ())
    }
    # GeoJSON, files, and the documents that are published as they were hashed.
    # Pages that letters open, and pictures, have no parts either.
    endings = (
        *("/{token}", "/{size}", "geojson", ".csv", ".xlsx", "/instance", "/plan", "/record"),
        *("/maps/proposals", "/maps/placements", "{run_id}", "{inputs_id}"),
    )
    assert {path for path in without if not path.endswith(endings)} == {
        f"{API}/rounds/{{round_id}}/vacancies/{{vacancy_id}}/events"
    }


NAMES = strategies.sampled_from(
    ["id", "title", "place", "place.lon", "place.emd", "place.emd.code", "point.lat", "residence",
     "residence.region.name"]
)  # fmt: skip


@given(strategies.lists(NAMES, min_size=1, max_size=6))
def test_parts_are_the_whole_with_the_rest_left_out(paths: list[str]) -> None:
    region = {"code": "1", "name": "가", "full_name": "가"}
    whole = {
        "id": "1", "title": "나", "place": {"lon": 1.0, "lat": 2.0, "emd": region},
        "point": {"lon": 1.0, "lat": 2.0}, "residence": {"region": region, "confirmed": True},
    }  # fmt: skip
    parts = select_parts(whole, read_fields(",".join(paths), ProposalSchema()))
    leaves = {path for path, _ in _leaves(whole)}
    kept = {leaf for leaf in leaves if any(leaf == p or leaf.startswith(f"{p}.") for p in paths)}
    assert dict(_leaves(parts)) == {leaf: found for leaf, found in _leaves(whole) if leaf in kept}


@given(strategies.text(max_size=30))
def test_whatever_is_named_is_read_or_refused(text: str) -> None:
    schema = ProposalSchema()
    try:
        wanted = read_fields(text, schema)
    except Invalid:
        return
    assert set(wanted) <= set(schema.fields)


def _leaves(data: Any, path: str = "") -> list[tuple[str, Any]]:
    if not isinstance(data, dict):
        return [(path, data)]
    return [
        leaf
        for name, below in data.items()
        for leaf in _leaves(below, f"{path}.{name}" if path else name)
    ]
