"""Priorities: strict ranks of one's own adopted proposals and of categories, with history."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.reviews.models import ProposalRank, Ranking
from backend.reviews.priorities import category_ranks, proposal_ranks
from tests.backend.reviews.conftest import Person
from tests.conftest import Clock
from tests.support.headers import AS_IT_IS
from tests.support.proposals import make_decided, make_draft, make_submitted

PROPOSALS = "/api/v1/local-governments/11140/proposal-ranks/2027"
CATEGORIES = "/api/v1/local-governments/11140/category-ranks/2027"


def put(client: FlaskClient, url: str, ranking: list[Any], person: Person | None) -> Any:
    """Set a ranking."""
    headers = (person.headers if person else {}) | AS_IT_IS
    return client.put(url, json={"ranking": ranking}, headers=headers)


def test_a_ranking_is_public_and_strict(
    client: FlaskClient, session: Session, reviewer: Person
) -> None:
    ids = [str(make_decided(session, title=title).id) for title in ("가", "나")]
    answer = put(client, PROPOSALS, ids[::-1], reviewer)
    assert answer.status_code == 200
    shown = client.get(PROPOSALS).json
    assert shown == answer.json
    assert [(item["rank"], item["title"]) for item in shown["items"]] == [(1, "나"), (2, "가")]
    assert str(reviewer.account.id) not in str(shown)


def test_a_new_ranking_replaces_the_whole_and_keeps_the_old_as_history(
    client: FlaskClient, session: Session, reviewer: Person, clock: Clock
) -> None:
    first, second = (make_decided(session).id for _ in range(2))
    put(client, PROPOSALS, [str(first), str(second)], reviewer)
    clock.move(minutes=1)
    put(client, PROPOSALS, [str(second)], reviewer)
    assert [item["proposal_id"] for item in client.get(PROPOSALS).json["items"]] == [str(second)]
    assert proposal_ranks(session, 2027, [first, second]) == {("11140", second): 1}
    superseded = session.scalars(select(Ranking).where(Ranking.superseded_at.is_not(None))).one()
    kept = session.scalars(
        select(ProposalRank.proposal_id)
        .where(ProposalRank.ranking_id == superseded.id)
        .order_by(ProposalRank.rank)
    ).all()
    assert kept == [first, second]
    recorded = select(func.count()).where(AuditEvent.action == "review.ranked_proposals")
    assert session.scalar(recorded) == 2


def test_the_same_ranking_again_changes_nothing(
    client: FlaskClient, session: Session, reviewer: Person, clock: Clock
) -> None:
    ranking = [str(make_decided(session).id)]
    first = put(client, PROPOSALS, ranking, reviewer)
    clock.move(minutes=1)
    second = put(client, PROPOSALS, ranking, reviewer)
    assert second.json == first.json
    assert session.scalar(select(func.count()).select_from(Ranking)) == 1


def test_an_empty_ranking_clears_the_order(
    client: FlaskClient, session: Session, reviewer: Person
) -> None:
    put(client, PROPOSALS, [str(make_decided(session).id)], reviewer)
    answer = put(client, PROPOSALS, [], reviewer)
    assert answer.status_code == 200
    assert answer.json["items"] == []
    assert answer.json["ranked_at"] is not None


def test_years_are_apart(client: FlaskClient, session: Session, reviewer: Person) -> None:
    proposal = make_decided(session)
    put(client, PROPOSALS, [str(proposal.id)], reviewer)
    assert client.get(PROPOSALS.replace("2027", "2028")).json["items"] == []
    assert proposal_ranks(session, 2028, [proposal.id]) == {}


def test_only_ones_own_adopted_proposals_are_ranked(
    client: FlaskClient, session: Session, reviewer: Person
) -> None:
    mine = make_decided(session).id
    refused: list[UUID] = [
        make_decided(session, region_code="26110101").id,
        make_decided(session, outcome="rejected").id,
        make_submitted(session).id,
        make_draft(session).id,
        uuid4(),
    ]
    for proposal_id in refused:
        answer = put(client, PROPOSALS, [str(mine), str(proposal_id)], reviewer)
        assert (answer.status_code, answer.json["code"]) == (422, "proposal_not_adopted_here")
        assert list(answer.json["errors"]) == ["json.ranking.1"]
    assert session.scalar(select(func.count()).select_from(Ranking)) == 0


def test_a_ranking_names_nothing_twice(
    client: FlaskClient, session: Session, reviewer: Person
) -> None:
    proposal_id = str(make_decided(session).id)
    for url, ranking in (
        (PROPOSALS, [proposal_id, proposal_id]),
        (CATEGORIES, ["safety", "sea", "safety"]),
    ):
        answer = put(client, url, ranking, reviewer)
        assert (answer.status_code, answer.json["code"]) == (422, "ranked_twice")


@pytest.mark.parametrize("ranking", [["gold"], "safety", [1], None])
def test_a_bad_category_ranking_is_explained(
    client: FlaskClient, session: Session, reviewer: Person, ranking: Any
) -> None:
    answer = put(client, CATEGORIES, ranking, reviewer)
    assert (answer.status_code, answer.json["code"]) == (422, "fields_invalid")
    assert session.scalar(select(func.count()).select_from(Ranking)) == 0


def test_rounds_learn_the_ranks_of_categories(
    client: FlaskClient, session: Session, reviewer: Person, reviewer_elsewhere: Person
) -> None:
    put(client, CATEGORIES, ["safety", "sea"], reviewer)
    put(client, CATEGORIES.replace("11140", "26110"), ["sea"], reviewer_elsewhere)
    assert category_ranks(session, 2027, "sea") == {"11140": 2, "26110": 1}
    assert category_ranks(session, 2027, "safety") == {"11140": 1}
    assert category_ranks(session, 2026, "sea") == {}
    items = client.get(CATEGORIES).json["items"]
    assert items == [{"rank": 1, "category": "safety"}, {"rank": 2, "category": "sea"}]


@pytest.mark.parametrize("url", [PROPOSALS, CATEGORIES])
def test_only_the_local_government_itself_ranks(
    client: FlaskClient,
    reviewer: Person,
    reviewer_elsewhere: Person,
    stranger: Person,
    url: str,
) -> None:
    assert put(client, url, [], None).status_code == 401
    for person in (reviewer_elsewhere, stranger):
        assert put(client, url, [], person).status_code == 403
    assert put(client, url, [], reviewer).status_code == 200


@pytest.mark.parametrize("url", [PROPOSALS, CATEGORIES])
def test_unknown_governments_are_not_found(client: FlaskClient, reviewer: Person, url: str) -> None:
    unknown = url.replace("11140", "99999")
    for answer in (client.get(unknown), put(client, unknown, [], reviewer)):
        assert (answer.status_code, answer.json["code"]) == (404, "local_government_unknown")


@pytest.mark.parametrize("year", ["2018", "2101", "99999999999", "-1", "x"])
def test_impossible_years_are_not_found(
    client: FlaskClient, session: Session, reviewer: Person, year: str
) -> None:
    for url in (PROPOSALS, CATEGORIES):
        assert client.get(url.replace("2027", year)).status_code == 404
        # The router of a path that only another method knows answers 405.
        assert put(client, url.replace("2027", year), [], reviewer).status_code in (404, 405)
    assert session.scalar(select(func.count()).select_from(Ranking)) == 0


@pytest.mark.parametrize("year", ["2018", "2101", "02026", "-2026", "x"])
@pytest.mark.parametrize("subject", ["proposal-ranks", "category-ranks"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_year_outside_the_programme_has_no_ranking(
    client: FlaskClient, method: str, subject: str, year: str
) -> None:
    address = f"/api/v1/local-governments/11140/{subject}/{year}"
    answer = client.open(address, method=method, json={"ranking": []})
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
