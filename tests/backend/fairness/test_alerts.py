"""The alert before a deadline: who hears that nobody there applies, and how often."""

from datetime import timedelta

import pytest
import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.fairness.alerts import alert_governments
from backend.fairness.gaps import list_gaps
from backend.fairness.tasks import alert_before_deadlines
from backend.jobs.queue import tasks
from backend.notifications.models import Notice
from backend.notifications.texts import render
from backend.organizations.models import Institution
from backend.proposals.models import Proposal
from backend.rounds.models import Offer, Round
from backend.rounds.offer_withdrawals import withdraw_offer
from tests.conftest import NOW, Clock
from tests.support.maps import BUSAN, BUSAN_EMD
from tests.support.people import make_institution, make_reviewer, make_supplier, register
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSES_AT,
    announce,
    apply_for,
    close,
    make_area,
    make_offer,
    make_open_round,
    make_product,
    make_round,
)

DUE = CLOSES_AT - timedelta(days=3)
JUNG_GU = "11140"


@pytest.fixture
def proposal(session: Session) -> Proposal:
    """An adopted proposal of somebody who lives in 서울특별시 중구."""
    return make_decided(session, neighbourhood_public=True)


def offered(session: Session, *proposals: Proposal) -> tuple[Round, list[Offer]]:
    """Announce a round with one product that answers some proposals."""
    return make_open_round(session, make_product(session, answers=proposals))


def notices(session: Session) -> list[Notice]:
    """Return the alerts that people got."""
    return list(session.scalars(select(Notice).where(Notice.kind == "nobody_applies")))


def gaps(session: Session, round_: Round) -> list[str]:
    """Return the codes of the local governments with a gap."""
    return [gap.local_government_code for gap in list_gaps(session, round_)]


def test_a_local_government_hears_that_nobody_there_applies(
    session: Session, proposal: Proposal
) -> None:
    reviewer = make_reviewer(session, JUNG_GU)
    make_institution(session)
    round_, [offer] = offered(session, proposal)
    alert_governments(session, now=DUE, days=3)
    [notice] = [one for one in notices(session) if one.recipient_id == reviewer.id]
    assert (notice.subject_type, notice.subject_id) == ("round", round_.id)
    korean = render(notice.kind, notice.params, "ko")
    assert offer.product.name_ko in korean
    assert "2026-12-03 12:00까지" in korean
    assert "1곳 등록" in korean
    assert "Jung-gu" in render(notice.kind, notice.params, "en")


@pytest.mark.parametrize(
    ("now", "is_told"),
    [
        (DUE - timedelta(days=1), False),
        (DUE - timedelta(hours=12, seconds=1), False),
        (DUE - timedelta(hours=12), True),
        (CLOSES_AT - timedelta(seconds=1), True),
        (CLOSES_AT, False),
    ],
    ids=["four days", "last second of the fourth day", "third day", "last second", "deadline"],
)
def test_it_is_told_from_the_third_day_before_the_deadline_until_then(
    session: Session, proposal: Proposal, now: object, is_told: bool
) -> None:
    make_reviewer(session, JUNG_GU)
    offered(session, proposal)
    assert bool(alert_governments(session, now=now, days=3)) is is_told  # type: ignore[arg-type]


def test_it_is_told_once(session: Session, proposal: Proposal) -> None:
    make_reviewer(session, JUNG_GU)
    offered(session, proposal)
    assert len(alert_governments(session, now=DUE, days=3)) == 1
    told = len(notices(session))
    assert alert_governments(session, now=DUE + timedelta(days=1), days=3) == []
    assert len(notices(session)) == told


def test_without_staff_it_is_tried_again(session: Session) -> None:
    living_elsewhere = make_decided(session, register(session, residence=BUSAN_EMD))
    offered(session, living_elsewhere)
    assert alert_governments(session, now=DUE, days=3) == []
    make_reviewer(session, "26470")
    [alert] = alert_governments(session, now=DUE + timedelta(days=1), days=3)
    assert alert.local_government_code == "26470"


def test_other_peoples_staff_hears_nothing(session: Session, proposal: Proposal) -> None:
    stranger = make_reviewer(session, "26470")
    make_supplier(session)
    offered(session, proposal)
    alert_governments(session, now=DUE, days=3)
    assert stranger.id not in {notice.recipient_id for notice in notices(session)}


def test_an_application_from_there_closes_the_gap(session: Session, proposal: Proposal) -> None:
    round_, [offer] = offered(session, proposal)
    assert gaps(session, round_) == [JUNG_GU]
    apply_for(session, make_institution(session), offer)
    assert gaps(session, round_) == []


def elsewhere(session: Session, jurisdiction_codes: list[str]) -> Institution:
    """Make an institution whose site is in Busan."""
    return make_institution(
        session, site=BUSAN, emd_code=BUSAN_EMD, jurisdiction_codes=jurisdiction_codes
    )


@pytest.mark.parametrize(
    ("jurisdiction_codes", "left"),
    [([JUNG_GU], []), (["11140103"], []), (["26470"], [JUNG_GU]), (["11"], [JUNG_GU])],
    ids=["serves it", "serves a part", "serves another", "serves the whole province"],
)
def test_an_application_from_elsewhere_counts_by_its_jurisdiction(
    session: Session, proposal: Proposal, jurisdiction_codes: list[str], left: list[str]
) -> None:
    round_, [offer] = offered(session, proposal)
    apply_for(session, elsewhere(session, jurisdiction_codes), offer)
    assert gaps(session, round_) == left


def test_a_product_that_answers_nobody_leaves_no_gap(session: Session) -> None:
    assert gaps(session, offered(session)[0]) == []


def test_a_product_that_was_taken_back_leaves_no_gap(session: Session, proposal: Proposal) -> None:
    round_, [offer] = offered(session, proposal)
    assert gaps(session, round_) == [JUNG_GU]
    withdraw_offer(
        session, round_id=round_.id, offer_id=offer.id, reason="단종", actor_id=None, now=NOW
    )
    assert gaps(session, round_) == []


def test_a_product_is_asked_for_in_whichever_area_offers_it(
    session: Session, proposal: Proposal
) -> None:
    product = make_product(session, answers=[proposal])
    round_ = make_round(session)
    _, second = (
        make_offer(session, make_area(session, round_, key=key), product)
        for key in ("citizen", "growth")
    )
    announce(session, round_)
    apply_for(session, make_institution(session), second)
    assert gaps(session, round_) == []


def test_a_closed_round_alerts_nobody(session: Session, proposal: Proposal) -> None:
    make_reviewer(session, JUNG_GU)
    round_, _ = offered(session, proposal)
    close(session, round_)
    assert alert_governments(session, now=DUE, days=3) == []


def test_it_runs_every_morning_by_the_clock_of_the_application(
    app: Flask, session: Session, clock: Clock, proposal: Proposal
) -> None:
    make_reviewer(session, JUNG_GU)
    offered(session, proposal)
    assert "fairness.alert_governments" in tasks.app.tasks
    clock.time = NOW
    with app.app_context(), structlog.testing.capture_logs() as lines:
        alert_before_deadlines()
        assert [line for line in lines if line["event"] == "deadline_alerted"] == []
        clock.time = DUE
        alert_before_deadlines()
    logged = [line for line in lines if line["event"] == "deadline_alerted"]
    assert [line["local_government_code"] for line in logged] == [JUNG_GU]
