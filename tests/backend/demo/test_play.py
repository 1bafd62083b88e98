"""The demonstration plays a whole round, the same one from the same seed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.service import verify as verify_audit
from backend.catalogue.models import Product
from backend.demo.play import InstallationInUse, is_played, play
from backend.notifications.models import Notice
from backend.organizations.models import Organization
from backend.proposals.models import Proposal
from backend.rounds.models import Application, BudgetArea, MatchingRun, Offer, Outcome, Placement
from backend.rounds.verification import Verdict, verify_texts
from tests.conftest import NOW
from tests.support import databases
from tests.support.people import register

Placed = set[tuple[str, str, str]]


def placed(session: Session) -> Placed:
    """Return who got what, by names."""
    rows = session.execute(
        select(Organization.name_ko, Product.name_ko, Placement.seat)
        .join(Organization, Organization.id == Placement.institution_id)
        .join(Product, Product.id == Placement.product_id)
    )
    return {(institution, product, seat) for institution, product, seat in rows}


@contextmanager
def installation(template: str, now: datetime) -> Iterator[Session]:
    """Yield a session on a database of its own in which the demonstration was played."""
    with databases.copy_of(template) as url:
        engine = create_engine(url)
        with Session(engine) as session:
            play(session, now=now, say=lambda _: None)
            session.commit()
            yield session
        engine.dispose()


@pytest.fixture(scope="module")
def played(template: str) -> Iterator[Session]:
    """A session in which the demonstration was played."""
    with installation(template, NOW) as session:
        yield session


def count(session: Session, entity: type) -> int:
    return session.scalar(select(func.count()).select_from(entity)) or 0


def test_a_whole_round_is_there(played: Session) -> None:
    assert is_played(played)
    assert count(played, Proposal) == 30
    assert count(played, Product) == 20
    assert 290 <= count(played, Application) <= 310
    assert count(played, Outcome) == count(played, Application) + 1
    assert count(played, Placement) > 100
    assert sum(area.budget_krw for area in played.scalars(select(BudgetArea))) == 53_000_000_000
    assert [len(offer.fixed) for offer in played.scalars(select(Offer)) if offer.fixed] == [1]


def test_the_applicant_is_told_what_came_of_it(played: Session) -> None:
    kinds = select(Notice.kind).join(Account).where(Account.email.startswith("applicant@"))
    assert set(played.scalars(kinds)) <= {"placement_awarded", "application_refused"}
    assert played.scalars(kinds).all() != []


def test_its_plan_verifies(played: Session) -> None:
    texts = played.execute(select(MatchingRun.instance_text, MatchingRun.plan_text)).one()
    assert verify_texts(*texts) == Verdict(0, [])


def test_its_audit_chains_are_intact(played: Session) -> None:
    assert verify_audit(played) == []


def test_everything_is_marked_as_made_up(played: Session) -> None:
    bodies = select(Organization.name_ko).where(
        Organization.kind == "institution", ~Organization.is_synthetic
    )
    assert played.scalars(bodies).all() == []
    assert played.scalars(select(Proposal.id).where(~Proposal.is_synthetic)).all() == []
    assert played.scalars(select(Product.id).where(~Product.is_sample)).all() == []


@pytest.mark.heavy
def test_the_same_seed_places_the_same_on_another_day(played: Session, template: str) -> None:
    with installation(template, NOW + timedelta(days=5)) as later:
        assert placed(later) == placed(played)


def test_it_does_not_play_where_real_people_are(session: Session) -> None:
    register(session)
    with pytest.raises(InstallationInUse):
        play(session, now=NOW, say=lambda _: None)
