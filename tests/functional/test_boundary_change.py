"""Incheon on 2026-07-01: what was made in three gu follows them to four, and returns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from backend.accounts.models import Account, Residence
from backend.accounts.residences import declare_residence
from backend.audit.service import verify
from backend.auth.identity import Role
from backend.db import db, new_id, unit_of_work
from backend.generations.service import NothingToRollBack, activate_generation, roll_back
from backend.notifications.models import Notice
from backend.organizations.models import Institution, Membership, Organization
from backend.proposals.drafts import create_draft
from backend.proposals.events import ProposalEvent
from backend.proposals.models import Proposal
from backend.regions.models import BoundaryCase, BoundaryChange
from backend.reviews.models import Review
from backend.reviews.ranking import rank_proposals
from backend.rounds.models import MatchingRun, Outcome, Placement
from geo.regions import active_generation, get_region
from geo.regions.placing import find_owner
from tests.conftest import NOW, application
from tests.support import databases
from tests.support.incheon import (
    DONG,
    GEOMDAN,
    JEMULPO,
    JUNG,
    SEO,
    SICHEON,
    SICHEON_NORTH,
    YEONGJONG,
)
from tests.support.people import (
    PASSWORD,
    make_institution,
    make_officer,
    make_reviewer,
    register,
)
from tests.support.proposals import make_decided, make_draft, make_submitted
from tests.support.rounds import apply_for, make_open_round, make_product, publish

AIRPORT = "28110147"
"""운서동, on the islands of 중구."""
SINPO = "28110124"
"""신포동, on the mainland of 중구."""
SONGNIM = "28140107"
"""송림동 of 동구."""
CHANGED = NOW + timedelta(days=20)

IN_FORCE = text("""
    SELECT 'residence', id, region_code, generation_id::text, NULL FROM residence
    UNION ALL SELECT 'proposal', id, emd_code, concat_ws(' ', generation_id, sigungu_code,
        local_government_code), concat_ws(' ', residence_generation_id, residence_code)
        FROM proposal
    UNION ALL SELECT 'institution', organization_id, site_emd_code, concat_ws(' ', generation_id,
        local_government_code), array_to_string(jurisdiction_codes, ' ') FROM institution
    UNION ALL SELECT 'application', id, site_emd_code, generation_id::text, NULL FROM application
    UNION ALL SELECT 'placement', id, site_emd_code, generation_id::text, sigungu_code
        FROM placement
    UNION ALL SELECT 'review', id, local_government_code, state, NULL FROM review
    UNION ALL SELECT 'membership', id, organization_id::text, ended_at::text, NULL FROM membership
    UNION ALL SELECT 'ranking', id, local_government_code, (superseded_at IS NULL)::text, NULL
        FROM ranking WHERE superseded_at IS NULL
    UNION ALL SELECT 'organization', id, name_ko, (closed_at IS NULL)::text, NULL FROM organization
        WHERE local_government_code IN ('28110', '28140', '28260')
    ORDER BY 1, 2
""")

MADE = text("""
    SELECT 'residence', id, made_region_code, made_generation_id FROM residence
    UNION ALL SELECT 'proposal', id, made_emd_code, made_generation_id FROM proposal
    UNION ALL SELECT 'proposal residence', id, made_residence_code, made_residence_generation_id
        FROM proposal
    UNION ALL SELECT 'institution', organization_id, made_site_emd_code, made_generation_id
        FROM institution
    UNION ALL SELECT 'application', id, made_site_emd_code, made_generation_id FROM application
    UNION ALL SELECT 'placement', id, made_site_emd_code, made_generation_id FROM placement
    ORDER BY 1, 2
""")


class Person(NamedTuple):
    """Somebody with an account."""

    id: UUID
    email: str


@dataclass
class Incheon:
    """Who and what there was in the three gu, by name, and the generations."""

    old: int
    new: int
    people: dict[str, Person]
    proposals: dict[str, UUID]
    institutions: dict[str, UUID]
    reviewers: dict[str, Person]


@pytest.fixture(scope="module")
def stage(incheon: str) -> Iterator[tuple[Flask, Connection, Incheon]]:
    """The application on one connection, and what was played on it; nothing is committed."""
    app = application(databases.url_of(incheon))
    with app.app_context():
        app.config["CLOCK"] = lambda: CHANGED
        engine = db.engines[None]
        with engine.connect() as connection:
            transaction = connection.begin()
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            db.engines[None] = connection  # type: ignore[assignment]
            played = play(db.session())
            db.session.remove()
            yield app, connection, played
            db.engines[None] = engine
            transaction.rollback()
        engine.dispose()


@pytest.fixture
def session(stage: tuple[Flask, Connection, Incheon]) -> Iterator[Session]:
    """A session in a savepoint of the test's own."""
    savepoint = stage[1].begin_nested()
    yield db.session()
    db.session.remove()
    savepoint.rollback()


@pytest.fixture
def incheon_app(stage: tuple[Flask, Connection, Incheon], session: Session) -> Flask:
    """The application that works in the test's savepoint."""
    return stage[0]


@pytest.fixture
def before(stage: tuple[Flask, Connection, Incheon], session: Session) -> Incheon:
    """What is there before the change."""
    return stage[2]


def play(session: Session) -> Incheon:
    """Play, by the services, what is there before the change."""
    new = session.scalar(text("SELECT id FROM region_generation WHERE state = 'validated'"))
    old = active_generation(session).id
    homes = {"islander": AIRPORT, "mainlander": SINPO, "easterner": SONGNIM, "northerner": SICHEON}
    people = {name: register(session) for name in homes}
    for name, code in homes.items():
        declare_residence(
            session, account_id=people[name].id, region_code=code, now=NOW - timedelta(days=90)
        )
    # One that an earlier release took at the level of the gu.
    people["vague"] = register(session)
    session.add(
        Residence(
            id=new_id(),
            account_id=people["vague"].id,
            region_code=JUNG,
            generation_id=old,
            declared_at=NOW,
        )
    )
    reviewers = {
        code: make_reviewer(session, code, role=Role.MANAGER) for code in (JUNG, DONG, SEO)
    }
    north = _label(session, new, SICHEON_NORTH)
    places = {
        "islander": {"location": _label(session, old, AIRPORT)},
        "mainlander": {"location": _label(session, old, SINPO)},
        "easterner": {"region_code": SONGNIM},
        "northerner": {"location": north},
    }
    proposals = {
        name: make_submitted(session, people[name], title=f"{name}의 제안", **place).id
        for name, place in places.items()
    }
    proposals["unclear"] = make_submitted(
        session, people["mainlander"], title="시천동 어딘가", region_code=SICHEON
    ).id
    proposals["draft"] = make_draft(
        session, people["islander"], location=_label(session, old, AIRPORT)
    ).id
    adopted = make_decided(
        session, people["easterner"], reviewer=reviewers[DONG], region_code=SONGNIM
    )
    proposals["adopted"] = adopted.id
    rank_proposals(
        session,
        local_government_code=DONG,
        programme_year=2026,
        ranking=[adopted.id],
        actor_id=reviewers[DONG].id,
        now=NOW,
    )
    session.commit()
    made = {
        "islands": make_institution(
            session,
            name_ko="중구보건소 영종",
            emd_code=AIRPORT,
            site=_pair(session, old, AIRPORT),
            jurisdiction_codes=[JUNG],
        ),
        "east": make_institution(
            session, name_ko="동구보건소", emd_code=SONGNIM, site=_pair(session, old, SONGNIM)
        ),
    }
    product = make_product(session, answers=[adopted])
    round_, (offer,) = make_open_round(session, product)
    apply_for(session, made["east"], offer)
    publish(session, round_)
    session.commit()
    institutions = {name: row.organization_id for name, row in made.items()}
    return Incheon(
        old,
        new,
        {name: Person(one.id, one.email) for name, one in people.items()},
        proposals,
        institutions,
        {code: Person(one.id, one.email) for code, one in reviewers.items()},
    )


@pytest.fixture
def change(session: Session, before: Incheon) -> BoundaryChange:
    """Activate the change of Incheon, and commit."""
    return activate(before)


def activate(before: Incheon) -> BoundaryChange:
    with unit_of_work(alone=True) as session:
        change = activate_generation(session, generation_id=before.new, now=CHANGED)
    assert change is not None
    return change


def undo() -> BoundaryChange:
    with unit_of_work(alone=True) as session:
        return roll_back(session, now=CHANGED + timedelta(days=1))


def _label(session: Session, generation: int, code: str) -> dict[str, float]:
    lon, lat = _pair(session, generation, code)
    return {"lon": lon, "lat": lat}


def _pair(session: Session, generation: int, code: str) -> tuple[float, float]:
    row = session.execute(
        text("""
            SELECT ST_X(label_point), ST_Y(label_point) FROM region
            WHERE generation_id = :generation AND code = :code
        """),
        {"generation": generation, "code": code},
    ).one()
    return row[0], row[1]


def proposal(session: Session, before: Incheon, name: str) -> Proposal:
    return session.get_one(Proposal, before.proposals[name])


def snapshot(session: Session, statement: Any = IN_FORCE) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(statement)]


def kinds_told(session: Session, account: Person) -> list[str]:
    return list(session.scalars(select(Notice.kind).where(Notice.recipient_id == account.id)))


@pytest.mark.usefixtures("change")
def test_points_decide_where_proposals_lie(session: Session, before: Incheon) -> None:
    found = {name: proposal(session, before, name).sigungu_code for name in before.proposals}
    assert found == {
        "islander": YEONGJONG,
        "mainlander": JEMULPO,
        "easterner": JEMULPO,
        "northerner": GEOMDAN,
        "unclear": SEO,
        "draft": YEONGJONG,
        "adopted": JEMULPO,
    }


@pytest.mark.usefixtures("change")
def test_every_moved_point_lies_in_the_code_it_got(session: Session, before: Incheon) -> None:
    for name in ("islander", "mainlander", "northerner"):
        moved = proposal(session, before, name)
        point = moved.exact_point
        assert point is not None
        assert find_owner(session, before.new, point.lon, point.lat) == moved.emd_code


def test_the_report_counts_what_became_of_the_records(change: BoundaryChange) -> None:
    records = change.report["records"]
    assert records["proposals"]["proposal"] == {"orphaned": 1, "renamed": 5, "split": 1}
    assert records["accounts"]["residence"] == {"orphaned": 2, "renamed": 3}
    assert records["organizations"]["membership"] == {"merged": 1}
    assert records["organizations"]["institution_jurisdiction"] == {"merged": 1, "split": 1}
    assert records["reviews"] == {
        "review": {"merged": 1, "split": 3},
        "ranking": {"merged": 1},
    }
    assert records["rounds"] == {"application": {"renamed": 1}, "placement": {"renamed": 1}}


def test_the_report_tells_what_became_of_the_governments(change: BoundaryChange) -> None:
    changed = {
        entry["code"]: (entry["kind"], entry["successors"])
        for entry in change.report["regions"]["local_governments"]["changed"]
    }
    assert changed == {
        JUNG: ("split", [JEMULPO, YEONGJONG]),
        DONG: ("merged", [JEMULPO]),
        SEO: ("split", [SEO, GEOMDAN]),
    }


@pytest.mark.usefixtures("change")
def test_open_reviews_go_along_and_their_authors_hear_of_it(
    session: Session, before: Incheon
) -> None:
    review = session.scalars(
        select(Review).where(Review.proposal_id == before.proposals["islander"])
    ).one()
    assert (review.local_government_code, review.closed_at) == (YEONGJONG, None)
    assert "local_government_changed" in kinds_told(session, before.people["islander"])
    events = session.scalars(
        select(ProposalEvent.kind).where(ProposalEvent.proposal_id == review.proposal_id)
    ).all()
    assert events[-1] == "local_government_changed"


@pytest.mark.usefixtures("change")
def test_decided_reviews_stay_where_they_were_decided(session: Session, before: Incheon) -> None:
    review = session.scalars(
        select(Review).where(Review.proposal_id == before.proposals["adopted"])
    ).one()
    assert review.local_government_code == DONG


@pytest.mark.usefixtures("change")
def test_governments_open_and_close(session: Session) -> None:
    rows = session.execute(
        select(Organization.local_government_code, Organization.closed_at).where(
            Organization.local_government_code.in_((JUNG, DONG, SEO, JEMULPO, YEONGJONG, GEOMDAN))
        )
    )
    is_open = {code: closed_at is None for code, closed_at in rows}
    assert is_open == {
        JUNG: False, DONG: False, SEO: True, JEMULPO: True, YEONGJONG: True, GEOMDAN: True,
    }  # fmt: skip


@pytest.mark.usefixtures("change")
def test_staff_follow_the_only_successor_and_wait_where_there_are_two(
    session: Session, before: Incheon
) -> None:
    where = {
        old: session.scalar(
            select(Organization.local_government_code)
            .join(Membership, Membership.organization_id == Organization.id)
            .where(Membership.account_id == account.id)
        )
        for old, account in before.reviewers.items()
    }
    assert where == {JUNG: JUNG, DONG: JEMULPO, SEO: SEO}


@pytest.mark.usefixtures("change")
def test_a_divided_jurisdiction_loses_no_ground(session: Session, before: Incheon) -> None:
    islands = session.get_one(Institution, before.institutions["islands"])
    assert islands.jurisdiction_codes == [JEMULPO, YEONGJONG]
    assert islands.local_government_code == YEONGJONG


@pytest.mark.usefixtures("change")
def test_what_nothing_decides_is_left_to_a_person(session: Session) -> None:
    cases = session.execute(
        select(BoundaryCase.subject_type, BoundaryCase.codes, BoundaryCase.reason)
    )
    assert {(row.subject_type, *row.codes, row.reason) for row in cases} == {
        ("residence", JUNG, "several_successors"),
        ("residence", SICHEON, "several_successors"),
        ("proposal", SICHEON, "several_successors"),
        ("proposal_residence", SICHEON, "several_successors"),
        ("institution_jurisdiction", JUNG, "jurisdiction_divided"),
        ("local_government", JUNG, "several_successors"),
    }


@pytest.mark.usefixtures("change")
def test_residents_whose_neighbourhood_is_unclear_are_told(
    session: Session, before: Incheon
) -> None:
    assert kinds_told(session, before.people["vague"]) == ["residence_unclear"]
    assert "residence_unclear" not in kinds_told(session, before.people["islander"])


def test_records_keep_what_they_were_made_under(session: Session, before: Incheon) -> None:
    made = snapshot(session, MADE)
    activate(before)
    assert snapshot(session, MADE) == made
    assert {row[3] for row in made if row[3] is not None} == {before.old}


def test_published_plans_do_not_change(session: Session, before: Incheon) -> None:
    statement = select(MatchingRun.plan_text, MatchingRun.instance_text)
    plans = session.execute(statement).all()
    outcomes = session.execute(select(Outcome.__table__)).all()
    activate(before)
    assert session.execute(statement).all() == plans
    assert session.execute(select(Outcome.__table__)).all() == outcomes
    assert session.scalars(select(Placement.sigungu_code)).all() == [JEMULPO]


def test_rolling_back_returns_everything_as_it_was(session: Session, before: Incheon) -> None:
    was = snapshot(session)
    activate(before)
    assert snapshot(session) != was
    undo()
    assert snapshot(session) == was
    assert active_generation(session).id == before.old


def test_rolling_back_closes_what_was_left_to_people(session: Session, before: Incheon) -> None:
    activate(before)
    undo()
    assert set(session.scalars(select(BoundaryCase.outcome))) == {"rolled_back"}


def test_what_was_written_since_moves_back_by_its_point(session: Session, before: Incheon) -> None:
    activate(before)
    code = get_region(session, proposal(session, before, "islander").emd_code or "").code
    author = register(session, residence=code, now=CHANGED)
    draft, _ = create_draft(
        session,
        author_id=author.id,
        category="safety",
        title="영종구에서 쓴 제안",
        location=_label(session, before.new, code),
        now=CHANGED,
    )
    session.commit()
    undo()
    session.refresh(draft)
    assert (draft.emd_code, draft.generation_id) == (AIRPORT, before.old)
    assert draft.made_emd_code == code


def test_it_can_be_activated_again(session: Session, before: Incheon) -> None:
    activate(before)
    there = snapshot(session)
    undo()
    activate(before)
    # A ranking is written anew each time; everything else is the same record.
    assert [row for row in snapshot(session) if row[0] != "ranking"] == [
        row for row in there if row[0] != "ranking"
    ]


@pytest.mark.usefixtures("before")
def test_without_a_change_there_is_nothing_to_roll_back(session: Session) -> None:
    with pytest.raises(NothingToRollBack):
        roll_back(session, now=CHANGED)


@pytest.mark.usefixtures("change")
def test_every_domain_leaves_an_audit_event_and_the_chain_holds(session: Session) -> None:
    domains = session.scalars(
        text("""
            SELECT data::json ->> 'domain' FROM audit_event
            WHERE action = 'boundaries.remapped' ORDER BY seq
        """)
    ).all()
    assert domains == [
        "accounts", "notifications", "organizations", "proposals", "reviews", "catalogue",
        "rounds",
    ]  # fmt: skip
    assert list(verify(session)) == []


class Caller:
    """Somebody who is signed in to the application."""

    def __init__(self, client: FlaskClient, account: Person | Account) -> None:
        facts = {"email": account.email, "password": PASSWORD}
        token = client.post("/api/v1/sessions", json=facts).json["access_token"]
        self._client, self._headers = client, {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        """Read a path of the API."""
        return self._client.get(f"/api/v1{path}", headers=self._headers)

    def put(self, path: str, **body: Any) -> Any:
        """Replace at a path of the API."""
        return self._client.put(f"/api/v1{path}", headers=self._headers, json=body)


def case_of(session: Session, subject_type: str, code: str) -> BoundaryCase:
    return session.scalars(
        select(BoundaryCase).where(
            BoundaryCase.subject_type == subject_type, BoundaryCase.codes == [code]
        )
    ).one()


def test_an_officer_decides_where_an_unclear_proposal_lies(
    session: Session, incheon_app: Flask, before: Incheon, change: BoundaryChange
) -> None:
    officer = Caller(incheon_app.test_client(), make_officer(session))
    case = case_of(session, "proposal", SICHEON)
    path = f"/boundary-changes/{change.id}/cases/{case.id}"
    answer = officer.put(path, region_codes=[SICHEON_NORTH])
    assert (answer.status_code, answer.json["outcome"]) == (200, "decided")
    session.expire_all()
    assert proposal(session, before, "unclear").local_government_code == GEOMDAN
    review = session.scalars(
        select(Review).where(Review.proposal_id == before.proposals["unclear"])
    ).one()
    assert review.local_government_code == GEOMDAN
    assert officer.put(path, region_codes=[SICHEON_NORTH]).status_code == 200
    assert officer.put(path, region_codes=[SICHEON]).json["code"] == "boundary_case_closed"


def test_an_officer_names_the_heir_of_a_divided_government(
    session: Session, incheon_app: Flask, before: Incheon, change: BoundaryChange
) -> None:
    officer = Caller(incheon_app.test_client(), make_officer(session))
    case = case_of(session, "local_government", JUNG)
    path = f"/boundary-changes/{change.id}/cases/{case.id}"
    assert officer.put(path, region_codes=[YEONGJONG]).status_code == 200
    queue = Caller(incheon_app.test_client(), before.reviewers[JUNG]).get(
        f"/local-governments/{YEONGJONG}/reviews"
    )
    assert [item["proposal"]["id"] for item in queue.json["items"]] == [
        str(before.proposals["islander"])
    ]


def test_a_decision_by_hand_is_taken_back_too(
    session: Session, incheon_app: Flask, before: Incheon
) -> None:
    was = snapshot(session)
    change = activate(before)
    officer = Caller(incheon_app.test_client(), make_officer(session))
    for subject_type, code, decided in (
        ("proposal", SICHEON, SICHEON_NORTH),
        ("residence", SICHEON, SICHEON),
        ("local_government", JUNG, JEMULPO),
    ):
        case = case_of(session, subject_type, code)
        path = f"/boundary-changes/{change.id}/cases/{case.id}"
        assert officer.put(path, region_codes=[decided]).status_code == 200
    undo()
    session.expire_all()
    kept = {row[1] for row in was}
    assert [row for row in snapshot(session) if row[1] in kept] == was


def test_cases_are_for_those_who_decide(
    incheon_app: Flask, before: Incheon, change: BoundaryChange
) -> None:
    citizen = Caller(incheon_app.test_client(), before.people["islander"])
    assert citizen.get(f"/boundary-changes/{change.id}").status_code == 403
    assert citizen.get(f"/boundary-changes/{change.id}/cases").status_code == 403


def test_the_commands_tell_what_happens(incheon_app: Flask, before: Incheon) -> None:
    run = incheon_app.test_cli_runner().invoke
    dry = run(args=["regions", "activate", str(before.new), "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "28110 split -> 28121, 28151" in dry.output
    assert run(args=["regions", "rollback"]).exit_code == 1
    done = run(args=["regions", "activate", str(before.new)])
    assert done.exit_code == 0, done.output
    report = run(args=["regions", "remap-report"])
    assert "proposals.proposal" in report.output
    assert "residence" in run(args=["regions", "remap", "cases"]).output
    back = run(args=["regions", "rollback"])
    assert "restored" in back.output
