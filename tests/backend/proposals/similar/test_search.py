"""Searching for similar proposals: what is found, why, what it costs, and what nobody learns."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.proposals.models import Proposal
from backend.proposals.similar.queries import MOST_CANDIDATES, list_near, list_with_like_titles
from geo.orm import lift_time_limits
from tests.conftest import NOW
from tests.support.people import CITY_HALL, CITY_HALL_EMD, register
from tests.support.plans import nodes, plan_of
from tests.support.proposals import make_decided, make_draft, make_submitted

API = "/api/v1/proposals"

SAID = {
    "title": "시청 뒷골목이 너무 어두워요",
    "problem": "가로등이 드문드문 있어서 밤에 앞이 안 보입니다. 넘어진 적도 있어요.",
    "category": "safety",
    "now": NOW,
}
ASKED = {
    "title": "시청 뒤편 보안등 보강",
    "problem": "이면도로의 조도가 낮아 야간에 깜깜하고 낙상 위험이 있음. 보안등을 늘려 주세요.",
    "category": "safety",
}


def at(lon: float = CITY_HALL[0], lat: float = CITY_HALL[1]) -> dict[str, Any]:
    """Return a place as it is asked with."""
    return {"location": {"lon": lon, "lat": lat}}


def search(client: FlaskClient, **facts: Any) -> Any:
    """Ask for what is similar to a text."""
    answer = client.post(f"{API}/similar", json={**ASKED, **(facts or at())})
    assert answer.status_code == 200, answer.text
    return answer.json


def found(client: FlaskClient, **facts: Any) -> list[str]:
    """Return the ids of what is similar to a text."""
    return [hit["proposal"]["id"] for hit in search(client, **facts)["items"]]


def test_the_same_trouble_at_the_same_place_is_found_and_explained(
    client: FlaskClient, session: Session
) -> None:
    first = make_submitted(session, **SAID)
    answer = search(client)
    (hit,) = answer["items"]
    assert hit["proposal"]["id"] == str(first.id)
    assert hit["score"] >= answer["threshold"]
    weighed = sum(signal["value"] * signal["weight"] for signal in hit["signals"])
    assert hit["score"] == pytest.approx(weighed)
    said = {signal["name"]: signal["text"] for signal in hit["signals"]}
    assert "어두움" in said["trouble"]["ko"]
    assert "darkness" in said["trouble"]["en"]
    assert said["distance"]["ko"].startswith("약 ")
    assert not hit["is_decided"]
    assert "심사 중" in hit["text"]["ko"]


def test_the_same_words_elsewhere_are_another_problem(
    client: FlaskClient, session: Session
) -> None:
    make_submitted(session, **SAID)
    assert found(client, **at(CITY_HALL[0] + 0.02)) == []


def test_another_trouble_at_the_same_place_is_another_problem(
    client: FlaskClient, session: Session
) -> None:
    make_submitted(
        session,
        title="시청 뒷골목 음식물 쓰레기통 악취",
        problem="음식물 수거함이 넘쳐서 냄새가 나고 벌레가 꼬입니다.",
        category="environment",
        now=NOW,
    )
    assert found(client) == []


def test_what_is_decided_is_shown_and_marked(client: FlaskClient, session: Session) -> None:
    make_decided(session, outcome="rejected", **SAID)
    (hit,) = search(client)["items"]
    assert hit["is_decided"]
    assert hit["proposal"]["status"] == "rejected"
    assert "불채택" in hit["text"]["ko"]


def test_what_is_not_public_is_not_found(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    make_draft(session, **SAID)
    author = register(session, residence=CITY_HALL_EMD)
    withdrawn = make_submitted(session, author, **SAID)
    client.post(f"{API}/{withdrawn.id}/withdrawal", headers=sign_in(author.email))
    assert found(client) == []


def test_an_author_asks_about_the_own_draft_and_nobody_else_does(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    first = make_submitted(session, **SAID)
    author = register(session)
    draft = make_draft(session, author, **SAID)
    own = client.get(f"{API}/{draft.id}/similar", headers=sign_in(author.email))
    assert [hit["proposal"]["id"] for hit in own.json["items"]] == [str(first.id)]
    stranger = sign_in(register(session).email)
    assert client.get(f"{API}/{draft.id}/similar", headers=stranger).status_code == 404
    assert client.get(f"{API}/{draft.id}/similar").status_code == 404


def test_distances_are_to_public_points_only(client: FlaskClient, session: Session) -> None:
    here, there = (CITY_HALL, (CITY_HALL[0] + 0.0003, CITY_HALL[1] + 0.0002))
    for lon, lat in (here, there):
        make_submitted(session, **SAID, location={"lon": lon, "lat": lat})
    points = session.scalars(select(func.ST_AsText(Proposal.public_geom))).all()
    assert len(set(points)) == 1, "both lie in one cell"
    hits = search(client)["items"]
    values = [signal["value"] for hit in hits for signal in hit["signals"][:1]]
    assert len(values) == 2
    assert values[0] == values[1]
    asked = client.get(f"{API}/{hits[0]['proposal']['id']}/similar").json["items"]
    assert asked[0]["signals"][0]["text"]["ko"] == "약 0 m 떨어져 있습니다"


def test_a_whole_neighbourhood_is_found_from_a_point_in_it(
    client: FlaskClient, session: Session
) -> None:
    whole = make_submitted(session, **SAID, region_code=CITY_HALL_EMD)
    (hit,) = search(client)["items"]
    assert hit["proposal"]["id"] == str(whole.id)
    assert hit["signals"][0]["text"]["ko"] == "같은 동네입니다"
    assert found(client, region_code=CITY_HALL_EMD) == [str(whole.id)]
    assert found(client, region_code="26110101") == []


def test_without_a_place_only_what_is_all_but_the_same_is_told(
    client: FlaskClient, session: Session
) -> None:
    first = make_submitted(session, **SAID)
    same = {"title": SAID["title"], "problem": SAID["problem"]}
    answer = client.post(f"{API}/similar", json={**same, "category": "safety"})
    assert [hit["proposal"]["id"] for hit in answer.json["items"]] == [str(first.id)]
    assert client.post(f"{API}/similar", json=ASKED).json["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {**ASKED, **at(), "region_code": CITY_HALL_EMD},
        {**ASKED, **at(139.7, 35.7)},
        {**ASKED, "region_code": "11"},
        {"problem": "제목이 없다", **at()},
        {**ASKED, **at(), "author_id": "x"},
    ],
)
def test_a_bad_question_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    assert client.post(f"{API}/similar", json=body).status_code == 422


def test_asking_keeps_nothing(client: FlaskClient, session: Session) -> None:
    search(client)
    assert session.scalar(select(func.count()).select_from(Proposal)) == 0


def test_a_crowded_country_costs_no_more(session: Session) -> None:
    _crowd(session, make_submitted(session, **SAID), 10_000)
    connection = session.connection()
    found = []

    def ask_near() -> None:
        found.extend(list_near(session, lon=CITY_HALL[0], lat=CITY_HALL[1], without=None))

    _is_by_index(plan_of(connection, ask_near), "ix_proposal_public_geom")
    assert len(found) == MOST_CANDIDATES
    title = str(SAID["title"])

    def ask_by_title() -> None:
        list_with_like_titles(session, title=title, without=None)

    _is_by_index(plan_of(connection, ask_by_title), "ix_proposal_text_trgm")


def _is_by_index(plan: dict[str, Any], index: str) -> None:
    steps = nodes(plan)
    assert index in {step.get("Index Name") for step in steps}
    assert not [step for step in steps if step["Node Type"] == "Seq Scan"]


def _crowd(session: Session, proposal: Proposal, number: int) -> None:
    """Have many more proposals around one, within some kilometres."""
    columns = [
        column.name
        for column in Proposal.__table__.columns
        if column.name not in ("id", "title", "geom", "public_geom", "accuracy_m")
    ]
    names = ", ".join(columns)
    lift_time_limits(session)
    session.execute(
        text(f"""
            INSERT INTO proposal (id, title, public_geom, {names})
            SELECT gen_random_uuid(), md5(n::text),
                   ST_SetSRID(ST_MakePoint(126.93 + (n % 100) / 1000.0, 37.5 + (n / 100) / 1000.0),
                              4326), {names}
            FROM proposal, generate_series(1, :number) n WHERE proposal.id = :like
        """),  # noqa: S608 (columns of the model)
        {"number": number, "like": proposal.id},
    )
    session.execute(text("ANALYZE proposal"))
