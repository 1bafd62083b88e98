"""Following, and one's own lists of what one follows and backs."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.notifications.models import Notice
from tests.conftest import Clock
from tests.support.people import register
from tests.support.proposals import REASON, make_draft, make_submitted

URL = "/api/v1/proposals"


def told(session: Session, person: Any) -> list[str]:
    """Return the kinds of what a person was told."""
    return list(
        session.scalars(select(Notice.kind).where(Notice.recipient_id == person.account.id))
    )


def test_following_begins_and_ends_and_repeats(
    client: FlaskClient, session: Session, passer_by: Any
) -> None:
    path = f"{URL}/{make_submitted(session).id}/follow"
    steps = [
        client.open(path, method=method, headers=passer_by.headers).json
        for method in ("PUT", "PUT", "DELETE", "DELETE")
    ]
    assert [step["following"] for step in steps] == [True, True, False, False]


def test_following_needs_an_account_and_something_public(
    client: FlaskClient, session: Session, passer_by: Any
) -> None:
    assert client.put(f"{URL}/{make_submitted(session).id}/follow").status_code == 401
    path = f"{URL}/{make_draft(session).id}/follow"
    assert client.put(path, headers=passer_by.headers).status_code == 404


@pytest.mark.parametrize(
    ("outcome", "follower", "endorser"),
    [
        ("adopted", ["followed_proposal_adopted"], ["endorsed_proposal_adopted"]),
        ("rejected", ["followed_proposal_rejected"], []),
        ("supplement_requested", [], []),
    ],
)
def test_followers_and_endorsers_hear_what_becomes_of_it(
    client: FlaskClient,
    session: Session,
    newcomer: Callable[[str], Any],
    reviewer: Any,
    outcome: str,
    follower: list[str],
    endorser: list[str],
) -> None:
    proposal = make_submitted(session)
    people = {name: newcomer(name) for name in ("follows", "endorses", "both", "neither")}
    for name, ways in (
        ("follows", ["follow"]),
        ("endorses", ["endorsement"]),
        ("both", ["follow", "endorsement"]),
    ):
        for way in ways:
            client.put(f"{URL}/{proposal.id}/{way}", headers=people[name].headers)
    client.put(
        f"{URL}/{proposal.id}/decision",
        json={"outcome": outcome, "reason": REASON},
        headers=reviewer.headers,
    )
    assert {name: told(session, person) for name, person in people.items()} == {
        "follows": follower,
        "endorses": endorser,
        "both": endorser or follower,
        "neither": [],
    }


def test_ones_own_lists_have_the_latest_first_and_page(
    client: FlaskClient, session: Session, passer_by: Any, clock: Clock
) -> None:
    author = register(session, residence="11140103")
    proposals = [make_submitted(session, author, title=f"제안 {n}") for n in range(3)]
    for proposal in proposals:
        clock.move(minutes=1)
        for way in ("follow", "endorsement"):
            client.put(f"{URL}/{proposal.id}/{way}", headers=passer_by.headers)
    for path, since in (
        ("/api/v1/me/followed-proposals", "followed_at"),
        ("/api/v1/me/endorsements", "endorsed_at"),
    ):
        first = client.get(f"{path}?limit=2", headers=passer_by.headers)
        rest = client.get(
            f"{path}?limit=2&after={first.json['next_cursor']}", headers=passer_by.headers
        )
        items = first.json["items"] + rest.json["items"]
        titles = [item["proposal"]["title"] for item in items]
        assert titles == ["제안 2", "제안 1", "제안 0"]
        assert items[0][since] == clock.time.isoformat()
        assert rest.json["next_cursor"] is None
        assert client.get(path).status_code == 401


def test_a_persons_standing_is_their_own_matter(
    client: FlaskClient, session: Session, writer: Any, passer_by: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    path = f"/api/v1/me/proposals/{proposal.id}/standing"
    client.put(f"{URL}/{proposal.id}/follow", headers=passer_by.headers)
    client.put(f"{URL}/{proposal.id}/endorsement", headers=passer_by.headers)
    assert client.get(path, headers=passer_by.headers).json == {
        "role": None,
        "endorsed": True,
        "following": True,
    }
    assert client.get(path, headers=writer.headers).json == {
        "role": "author",
        "endorsed": False,
        "following": False,
    }
    assert client.get(path).status_code == 401
    draft = f"/api/v1/me/proposals/{make_draft(session, writer.account).id}/standing"
    assert client.get(draft, headers=passer_by.headers).status_code == 404
