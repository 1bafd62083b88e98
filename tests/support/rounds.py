"""Owns the products and rounds of the tests, brought by the services to where a test begins."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.catalogue.answers import link_proposal
from backend.catalogue.designations import designate
from backend.catalogue.models import Product
from backend.catalogue.service import create_product
from backend.jobs.queue import load_tasks
from backend.organizations.models import Institution
from backend.proposals.models import Proposal
from backend.rounds.applications import Wish, replace_ranking
from backend.rounds.approval import approve_plan
from backend.rounds.execution import carry_out
from backend.rounds.freezing import Announcement, freeze_inputs
from backend.rounds.inputs import find_inputs
from backend.rounds.models import (
    Application,
    BudgetArea,
    FrozenInputs,
    MatchingRun,
    Offer,
    OfficialSeed,
    Round,
)
from backend.rounds.offers import add_area, add_offer
from backend.rounds.publication import publish_plan
from backend.rounds.runs import request_run
from backend.rounds.seeds import enter_seed
from backend.rounds.service import close_round, create_round, open_round
from tests.conftest import NOW
from tests.support.people import make_officer

YEAR = 2026
PRICE_KRW = 60_000_000
OPENS_AT = NOW - timedelta(days=10)
CLOSES_AT = NOW + timedelta(days=10)
CLOSED = CLOSES_AT + timedelta(minutes=1)
"""When a round of these tests is closed, run, approved and published."""
SEED = "seed of the tests"

_numbers = count(1)


def make_product(
    session: Session,
    *,
    designated_on: date | None = date(2025, 1, 2),
    answers: Sequence[Proposal] = (),
    now: datetime = OPENS_AT,
    **facts: Any,
) -> Product:
    """Make a product, designated and linked to the proposals it answers, and commit.

    :param designated_on: None for a product that is not designated.
    """
    number = next(_numbers)
    given = {
        "name_ko": f"안심 비상벨 {number}호",
        "name_en": f"Safety bell no. {number}",
        "summary": "누르면 관제센터와 바로 이어지는 비상벨",
        "category": "safety",
        "unit_price_krw": PRICE_KRW,
    }
    product = create_product(session, **{**given, **facts}, actor_id=None, now=now)
    if designated_on is not None:
        designate(
            session,
            product_id=product.id,
            track="FT3",
            designation_type=2,
            certificate_number=f"2025-{number:05}",
            designated_on=designated_on,
            actor_id=None,
            now=now,
        )
    for proposal in answers:
        link_proposal(
            session, product_id=product.id, proposal_id=proposal.id, actor_id=None, now=now
        )
    session.commit()
    return product


def make_round(session: Session, **facts: Any) -> Round:
    """Make a draft round that takes applications around `NOW`, and commit."""
    number = next(_numbers)
    given = {
        "code": f"{YEAR}-{number}",
        "programme_year": YEAR,
        "title_ko": f"{YEAR}년 {number}차 시범구매",
        "title_en": f"Pilot purchase {YEAR}-{number}",
        "opens_at": OPENS_AT,
        "closes_at": CLOSES_AT,
        "actor_id": None,
        "now": OPENS_AT,
    }
    round_ = create_round(session, **{**given, **facts})
    session.commit()
    return round_


def make_area(
    session: Session, round_: Round, *, key: str = "citizen", budget_krw: int = PRICE_KRW
) -> BudgetArea:
    """Make a budget area, by default with money for one placement, and commit."""
    area = add_area(
        session,
        round_id=round_.id,
        key=key,
        name_ko="국민 체감",
        name_en="Citizens",
        budget_krw=budget_krw,
        actor_id=None,
        now=OPENS_AT,
    )
    session.commit()
    return area


def make_offer(session: Session, area: BudgetArea, product: Product, **facts: Any) -> Offer:
    """Offer a product in an area of a draft, and commit."""
    given = {"actor_id": None, "now": OPENS_AT, **facts}
    offer = add_offer(
        session, round_id=area.round_id, area_id=area.id, product_id=product.id, **given
    )
    session.commit()
    return offer


def make_open_round(
    session: Session, *products: Product, budget_krw: int = PRICE_KRW, **facts: Any
) -> tuple[Round, list[Offer]]:
    """Make an announced round with one area that offers some products, and commit."""
    round_ = make_round(session, **facts)
    area = make_area(session, round_, budget_krw=budget_krw)
    offers = [make_offer(session, area, product) for product in products]
    announce(session, round_)
    return round_, offers


def announce(session: Session, round_: Round) -> None:
    """Announce a draft, and commit."""
    open_round(session, round_id=round_.id, actor_id=None, now=OPENS_AT)
    session.commit()


def apply_for(
    session: Session, institution: Institution, *offers: Offer, now: datetime = NOW
) -> list[Application]:
    """Let an institution ask for some offers, its first choice first, and commit."""
    ranking = replace_ranking(
        session,
        round_id=offers[0].round_id,
        institution_id=institution.organization_id,
        wishes=[Wish(offer.id, "바로 쓸 곳이 있습니다.") for offer in offers],
        actor_id=None,
        now=now,
    )
    session.commit()
    return ranking


def close(session: Session, round_: Round, *, now: datetime = CLOSED) -> None:
    """Close an announced round after its deadline, and commit."""
    close_round(session, round_id=round_.id, actor_id=None, now=now)
    session.commit()


def freeze(
    session: Session,
    round_: Round,
    *,
    due_at: datetime | None = None,
    reason: str | None = None,
    now: datetime = CLOSED,
) -> FrozenInputs:
    """Freeze the inputs of a closed round, and commit.

    :param due_at: when the announced number is public; a second after `now` by default.
    """
    frozen = freeze_inputs(
        session,
        round_id=round_.id,
        announcement=Announcement(
            source="동행복권 로또6/45 제1260회",
            form="n1-n2-n3-n4-n5-n6",
            due_at=due_at or now + timedelta(seconds=1),
        ),
        reason=reason,
        actor_id=make_officer(session).id,
        now=now,
    )
    session.commit()
    return frozen


def draw(session: Session, round_: Round, *, seed: str = SEED, now: datetime = CLOSED) -> None:
    """Let two officers enter the seed once it is due, and commit."""
    for _ in range(2):
        enter_seed(
            session,
            round_id=round_.id,
            seed=seed,
            actor_id=make_officer(session).id,
            now=now + timedelta(seconds=1),
        )
    session.commit()


def prepare(session: Session, round_: Round, *, now: datetime = CLOSED) -> None:
    """Freeze the inputs and enter the seed of a closed round, as far as not done yet."""
    if find_inputs(session, round_.id) is None:
        freeze(session, round_, now=now)
    if session.get(OfficialSeed, round_.id) is None:
        draw(session, round_, now=now)


def run(
    session: Session,
    round_: Round,
    officer: Account | None = None,
    *,
    seed: str | None = None,
    now: datetime = CLOSED,
) -> MatchingRun:
    """Run the matching of a closed round, prepared if need be, and commit.

    :param seed: of a rehearsal; the official one by default.
    """
    if seed is None:
        prepare(session, round_, now=now)
    officer = officer or make_officer(session)
    # The application does so when it is made; some rounds are played before there is one.
    load_tasks()
    done = request_run(session, round_id=round_.id, seed=seed, actor_id=officer.id, now=now)
    work(session, done, now=now)
    return done


def work(session: Session, queued: MatchingRun, *, now: datetime = CLOSED) -> None:
    """Carry out a queued run, as a worker would, and commit."""
    carry_out(lambda: nullcontext(session), run_id=queued.id, now=lambda: now)
    session.commit()


def approve(session: Session, done: MatchingRun, *, now: datetime = CLOSED) -> None:
    """Approve a run by another officer, and commit."""
    approver = make_officer(session)
    approve_plan(session, round_id=done.round_id, run_id=done.id, actor_id=approver.id, now=now)
    session.commit()


def publish(session: Session, round_: Round, *, now: datetime = CLOSED) -> MatchingRun:
    """Close (if need be), run, approve and publish an announced round, and commit."""
    if round_.status == "open":
        close(session, round_, now=now)
    done = run(session, round_, now=now)
    approve(session, done, now=now)
    publisher = make_officer(session)
    publish_plan(session, round_id=round_.id, run_id=done.id, actor_id=publisher.id, now=now)
    session.commit()
    return done
