"""A published plan is superseded, never changed: same seed, corrected inputs, all of it public."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.service import verify as verify_audit
from backend.jobs.worker import run_jobs
from backend.maps.queries import Filter, list_placements
from backend.notifications.models import Notice
from backend.organizations.models import Institution
from backend.rounds.contracts import ContractsSigned, record_contract
from backend.rounds.models import Application, MatchingRun, Offer, Placement, Round
from backend.rounds.plan_states import RunSuperseded
from backend.rounds.publication import publish_plan
from backend.rounds.supersession import supersede_plan
from tests.conftest import Clock
from tests.support.people import (
    CITY_HALL_EMD,
    make_applicant,
    make_institution,
    make_officer,
    register,
)
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSED,
    SEED,
    apply_for,
    approve,
    close,
    freeze,
    make_open_round,
    make_product,
    prepare,
    publish,
    run,
    work,
)

URL = "/api/v1/rounds"
REASON = "관할구역 등록 오류를 바로잡았습니다."
LATER = CLOSED + timedelta(days=3)


class Story:
    """A published round: one of two institutions has the product, by a jurisdiction that is wrong.

    A third one asks for another product, which is not the citizen's.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        author = register(session, residence=CITY_HALL_EMD)
        proposal = make_decided(session, author, neighbourhood_public=True)
        product = make_product(session, answers=[proposal])
        other = make_product(session)
        self.round: Round
        self.offer: Offer
        self.round, (self.offer, self.other) = make_open_round(
            session, product, other, budget_krw=2 * product.unit_price_krw
        )
        self.author_id = author.id
        self.wrong = busan_institution(session, "부산보건소", [CITY_HALL_EMD])
        self.right = busan_institution(session, "서울보건소", ["11"])
        self.aside = busan_institution(session, "제삼보건소", ["26110"])
        self.applicants: dict[str, Account] = {
            name: make_applicant(session, getattr(self, name))
            for name in ("wrong", "right", "aside")
        }
        apply_for(session, self.wrong, self.offer)
        apply_for(session, self.right, self.offer)
        apply_for(session, self.aside, self.other)

    def publish(self) -> MatchingRun:
        return publish(self.session, self.round)

    def correct(self) -> None:
        self.wrong.jurisdiction_codes = ["26110"]
        self.session.commit()

    def supersede(self) -> MatchingRun:
        officer = make_officer(self.session)
        queued = supersede_plan(
            self.session, round_id=self.round.id, reason=REASON, actor_id=officer.id, now=LATER
        )
        self.session.commit()
        work(self.session, queued, now=LATER)
        return queued

    def release(self, done: MatchingRun) -> None:
        approve(self.session, done, now=LATER)
        publisher = make_officer(self.session)
        publish_plan(
            self.session,
            round_id=self.round.id,
            run_id=done.id,
            actor_id=publisher.id,
            now=LATER,
        )
        self.session.commit()

    def holders(self, done: MatchingRun) -> set[Any]:
        statement = select(Placement.institution_id).where(
            Placement.run_id == done.id, Placement.offer_id == self.offer.id
        )
        return set(self.session.scalars(statement))


def sign(session: Session, placement: Placement) -> None:
    """Record the contract of a placement."""
    record_contract(
        session,
        round_id=placement.run.round_id,
        placement_id=placement.id,
        actor_id=make_officer(session).id,
        now=LATER,
    )


def busan_institution(session: Session, name_ko: str, jurisdiction: list[str]) -> Institution:
    """Make a body with its site in Busan."""
    return make_institution(
        session,
        name_ko=name_ko,
        site=(129.0328, 35.11223),
        emd_code="26110101",
        jurisdiction_codes=jurisdiction,
    )


@pytest.fixture
def story(session: Session) -> Story:
    """The round, applied for."""
    return Story(session)


def test_a_corrected_plan_takes_the_place_of_the_published_one(
    client: FlaskClient, session: Session, story: Story
) -> None:
    first = story.publish()
    assert story.holders(first) == {story.wrong.organization_id}
    before = client.get(f"{URL}/{story.round.id}/plan").data
    story.correct()
    second = story.supersede()
    assert second.seed == SEED
    assert client.get(f"{URL}/{story.round.id}/plan").data == before
    assert client.get(f"{URL}/{story.round.id}").json["status"] == "published"
    story.release(second)
    assert story.holders(second) == {story.right.organization_id}
    after = client.get(f"{URL}/{story.round.id}/plan").data
    assert after != before
    plans = client.get(f"{URL}/{story.round.id}/plans").json["items"]
    assert [(row["id"], row["state"]) for row in plans] == [
        (str(second.id), "current"),
        (str(first.id), "superseded"),
    ]
    assert [row["correction"] for row in plans] == [REASON, None]
    assert {row["seed"] for row in plans} == {SEED}
    old = f"{URL}/{story.round.id}/plans/{first.id}"
    assert client.get(old).data == before
    assert client.get(f"{old}/instance").status_code == 200
    outcomes = client.get(f"{old}/outcomes").json["items"]
    assert {row["institution_name_ko"] for row in outcomes if row["seat"]} == {
        "부산보건소",
        "제삼보건소",
    }
    assert verify_audit(session) == []


def test_what_was_corrected_is_public(client: FlaskClient, story: Story) -> None:
    story.publish()
    story.correct()
    story.supersede()
    newest = client.get(f"{URL}/{story.round.id}/inputs").json["items"][0]
    assert (newest["kind"], newest["reason"]) == ("corrected", REASON)
    (change,) = newest["changes"]
    assert change["path"].startswith(f"applications/{story.wrong.organization_id}:")
    assert (change["before"], change["after"]) == (0, 3)


def test_places_of_a_superseded_plan_are_on_no_map_and_in_no_list(
    client: FlaskClient, session: Session, story: Story
) -> None:
    story.publish()
    story.correct()
    story.release(story.supersede())
    assert session.scalar(select(func.count()).select_from(Placement)) == 4
    listed = client.get(f"{URL}/{story.round.id}/placements").json["items"]
    assert {row["institution_name_ko"] for row in listed} == {"서울보건소", "제삼보건소"}
    shown = list_placements(session.connection(), Filter(limit=100)).features
    assert len(shown) == 2


def test_everybody_hears_what_the_correction_means_for_them(session: Session, story: Story) -> None:
    story.publish()
    story.correct()
    session.execute(delete(Notice))
    story.release(story.supersede())
    rows = session.scalars(select(Notice)).all()
    kinds = {row.recipient_id: row.kind for row in rows if row.subject_type == "round"}
    assert kinds == {
        story.applicants["wrong"].id: "corrected_refusal",
        story.applicants["right"].id: "corrected_award",
        story.applicants["aside"].id: "outcome_unchanged",
    }
    assert all(row.params["correction"] == REASON for row in rows if row.subject_type == "round")
    told = [row.recipient_id for row in rows if row.kind == "proposal_deployed"]
    assert told == [story.author_id]


def test_a_correction_that_moves_nothing_leaves_proposers_in_peace(
    session: Session, story: Story
) -> None:
    story.publish()
    story.right.jurisdiction_codes = ["41"]
    session.execute(delete(Notice))
    story.release(story.supersede())
    kinds = set(session.scalars(select(Notice.kind)))
    assert kinds == {"outcome_unchanged"}


def test_a_withdrawn_institution_hears_that_it_is_out(session: Session, story: Story) -> None:
    story.publish()
    session.execute(delete(Notice))
    # Nobody applies or withdraws after the deadline; a supplier that withdraws its offer does this.
    session.execute(
        update(Application)
        .where(Application.institution_id == story.aside.organization_id)
        .values(withdrawn_at=LATER)
    )
    session.commit()
    story.release(story.supersede())
    kind = select(Notice.kind).where(Notice.recipient_id == story.applicants["aside"].id)
    assert session.scalars(kind).all() == ["outcome_withdrawn"]


def test_it_is_approved_by_a_second_person_and_once(
    client: FlaskClient, session: Session, story: Story, officer: dict[str, str], clock: Clock
) -> None:
    story.publish()
    story.correct()
    address = f"{URL}/{story.round.id}"
    queued = client.post(f"{address}/supersession", json={"reason": REASON}, headers=officer)
    assert queued.status_code == 202, queued.text
    run_jobs(client.application)
    run_address = f"{address}/runs/{queued.json['id']}"
    assert client.get(run_address, headers=officer).json["state"] == "done"
    own = client.post(f"{run_address}/approval", headers=officer)
    assert own.json["code"] == "second_person_needed"
    early = client.post(f"{run_address}/publication", headers=officer)
    assert early.json["code"] == "invalid_transition"
    done = session.get_one(MatchingRun, UUID(queued.json["id"]))
    approve(session, done)
    again = client.post(f"{run_address}/approval", headers=officer)
    assert again.json["code"] == "invalid_transition"
    published = client.post(f"{run_address}/publication", headers=officer)
    assert published.status_code == 200, published.text
    twice = client.post(f"{run_address}/publication", headers=officer)
    assert twice.json["code"] == "invalid_transition"


def test_a_plan_that_waits_gives_way_at_once(session: Session, story: Story) -> None:
    close(session, story.round)
    waiting = run(session, story.round)
    approve(session, waiting)
    story.correct()
    corrected = story.supersede()
    session.refresh(story.round)
    assert (story.round.status, story.round.approved_at) == ("matched", None)
    publisher = make_officer(session).id
    facts = {"round_id": story.round.id, "actor_id": publisher, "now": LATER}
    with pytest.raises(RunSuperseded):
        publish_plan(session, run_id=waiting.id, **facts)
    story.release(corrected)
    assert story.holders(corrected) == {story.right.organization_id}


def test_after_a_contract_the_plan_stays(session: Session, story: Story) -> None:
    first = story.publish()
    placement = session.scalars(select(Placement)).first()
    assert placement is not None
    story.correct()
    waiting = story.supersede()
    approve(session, waiting, now=LATER)
    sign(session, placement)
    sign(session, placement)
    session.commit()
    facts = {"round_id": story.round.id, "actor_id": make_officer(session).id, "now": LATER}
    with pytest.raises(ContractsSigned):
        publish_plan(session, run_id=waiting.id, **facts)
    session.rollback()
    with pytest.raises(ContractsSigned):
        supersede_plan(session, reason=REASON, **facts)
    session.rollback()
    session.refresh(first)
    assert first.superseded_at is None


def test_a_superseded_placement_is_not_contracted(session: Session, story: Story) -> None:
    story.publish()
    placement = session.scalars(select(Placement)).first()
    assert placement is not None
    story.correct()
    story.release(story.supersede())
    with pytest.raises(RunSuperseded):
        sign(session, placement)


def test_without_a_seed_inputs_are_frozen_anew_and_not_corrected(
    client: FlaskClient, session: Session, story: Story, officer: dict[str, str]
) -> None:
    address = f"{URL}/{story.round.id}/supersession"
    body = {"reason": REASON}
    early = client.post(address, json=body, headers=officer)
    assert early.json["code"] == "invalid_transition"
    close(session, story.round)
    freeze(session, story.round)
    no_seed = client.post(address, json=body, headers=officer)
    assert (no_seed.status_code, no_seed.json["code"]) == (409, "seed_missing")
    prepare(session, story.round)
    silent = client.post(address, json={"reason": " "}, headers=officer)
    assert silent.status_code == 422


def test_equal_inputs_supersede_nothing(
    client: FlaskClient, session: Session, story: Story, officer: dict[str, str]
) -> None:
    standing = story.publish()
    address = f"{URL}/{story.round.id}/supersession"
    answer = client.post(address, json={"reason": REASON}, headers=officer)
    assert (answer.status_code, answer.json["code"]) == (409, "nothing_corrected")
    assert session.scalars(select(MatchingRun.id)).all() == [standing.id]


def test_only_officers_have_a_plan_superseded(
    client: FlaskClient, story: Story, citizen: dict[str, str], auditor: dict[str, str]
) -> None:
    address = f"{URL}/{story.round.id}/supersession"
    for headers in (citizen, auditor):
        assert client.post(address, json={"reason": REASON}, headers=headers).status_code == 403


def test_an_unpublished_correction_is_nobodys_to_read(
    client: FlaskClient, story: Story, officer: dict[str, str], citizen: dict[str, str]
) -> None:
    story.publish()
    story.correct()
    waiting = story.supersede()
    address = f"{URL}/{story.round.id}/plans/{waiting.id}"
    assert client.get(address, headers=officer).status_code == 200
    for headers in (None, citizen):
        assert client.get(address, headers=headers).status_code == 404
    plans = client.get(f"{URL}/{story.round.id}/plans").json["items"]
    assert [row["state"] for row in plans] == ["current"]
