"""Owns the round of the demonstration: products, areas, offers, applications, run, publication."""

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.catalogue.answers import link_proposal
from backend.catalogue.designations import designate
from backend.catalogue.models import Product
from backend.catalogue.service import create_product
from backend.catalogue.validity import seoul_date
from backend.demo.applications import Wanted, make_rankings
from backend.demo.institutions import Body
from backend.demo.people import Officers
from backend.demo.proposals import DATA, Idea
from backend.rounds.applications import replace_ranking
from backend.rounds.approval import approve_plan
from backend.rounds.execution import carry_out
from backend.rounds.freezing import Announcement, freeze_inputs
from backend.rounds.models import MatchingRun, Round
from backend.rounds.offers import add_area, add_offer
from backend.rounds.publication import publish_plan
from backend.rounds.runs import request_run
from backend.rounds.seeds import enter_seed
from backend.rounds.service import close_round, create_round, open_round

AREAS = (
    ("overseas", "해외실증", "Overseas demonstration", 7_000_000_000, False),
    ("growth", "신성장·신산업 (표본 배분)", "New growth (sample split)", 38_000_000_000, True),
    ("citizen", "국민체감 공공서비스 (표본 배분)", "Services citizens feel (sample split)",
     8_000_000_000, True),
)  # fmt: skip
"""53.0 billion KRW, 7.0 of it overseas, as published for 2024; how the rest is split is sample."""

POLICY = {"product_budget_cap_krw": 1_000_000_000}

APPLICATIONS = 300

DRAWN = "3-11-19-27-34-45"
"""The number of the made-up draw."""

FIXED = "hydrogen-generator"
"""Key of the product that an institution asked for itself, so that it skips the matching."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A product of the demonstration with the facts that it was made of."""

    facts: Mapping[str, Any]
    product: Product
    emd_codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Deed:
    """Which officer does something, and when."""

    officer_id: UUID
    now: datetime


def enter_products(
    session: Session, ideas: Sequence[Idea], supplier_id: UUID, deed: Deed
) -> list[Sample]:
    """Enter the sample products, designate them, and say which proposals they answer."""
    officer_id, now = deed.officer_id, deed.now
    by_number = {idea.number: idea for idea in ideas}
    products = json.loads((DATA / "demo_products.json").read_text(encoding="utf-8"))
    samples = []
    for index, facts in enumerate(products, start=1):
        rnd_code = facts["rnd_local_government_code"]
        product = create_product(
            session,
            name_ko=facts["name_ko"],
            name_en=facts["name_en"],
            summary=facts["summary_ko"],
            category=facts["category"],
            unit_price_krw=facts["unit_price_krw"],
            supplier_id=supplier_id,
            rnd_local_government_code=rnd_code,
            rnd_project="지역문제 해결 연구개발 (표본)" if rnd_code else None,
            is_sample=True,
            actor_id=officer_id,
            now=now,
        )
        designate(
            session,
            product_id=product.id,
            track=facts["track"],
            designation_type=facts["designation_type"],
            certificate_number=f"표본-{now.year}-{index:03}",
            designated_on=seoul_date(now - timedelta(days=20 * index)),
            actor_id=officer_id,
            now=now,
        )
        answered = [by_number[number].proposal for number in facts["answers"]]
        for proposal in answered:
            link_proposal(
                session,
                product_id=product.id,
                proposal_id=proposal.id,
                actor_id=officer_id,
                now=now,
            )
        emd_codes = frozenset(proposal.emd_code or "" for proposal in answered)
        samples.append(Sample(facts, product, emd_codes))
    return samples


def play_round(
    session: Session,
    *,
    samples: Sequence[Sample],
    bodies: Sequence[Body],
    officers: Officers,
    chance: Random,
    now: datetime,
) -> MatchingRun:
    """Announce a round, let institutions apply, match, approve and publish, in the last weeks.

    :param now: the present; the round was published five days ago.
    """
    announced = now - timedelta(days=35)
    closes = now - timedelta(days=12)
    year = seoul_date(now).year
    round_ = create_round(
        session,
        code=f"{year}-1",
        programme_year=year,
        title_ko=f"{year}년 제1차 시범구매 (표본)",
        title_en=f"Pilot purchase round 1 of {year} (sample)",
        opens_at=announced,
        closes_at=closes,
        policy=POLICY,
        is_sample=True,
        actor_id=officers.first,
        now=announced - timedelta(days=7),
    )
    asked = next(body for body in bodies if body.institution.institution_type == "state_body")
    fixed = {FIXED: asked.institution.organization_id}
    offers = _offer(session, round_, samples, fixed, Deed(officers.first, announced))
    open_round(session, round_id=round_.id, actor_id=officers.first, now=announced)
    for ranking in make_rankings(bodies, offers, total=APPLICATIONS, chance=chance):
        replace_ranking(
            session,
            round_id=round_.id,
            institution_id=ranking.body.institution.organization_id,
            wishes=ranking.wishes,
            actor_id=None,
            now=announced + timedelta(days=1, minutes=chance.randrange(20_000)),
        )
    close_round(session, round_id=round_.id, actor_id=officers.first, now=closes)
    run = _match(session, round_, officers, now)
    decided: dict[str, Any] = {"round_id": round_.id, "run_id": run.id}
    approved = now - timedelta(days=6)
    approve_plan(session, **decided, actor_id=officers.second, now=approved)
    return publish_plan(session, **decided, actor_id=officers.second, now=now - timedelta(days=5))


def _match(session: Session, round_: Round, officers: Officers, now: datetime) -> MatchingRun:
    """Freeze the inputs, announce a draw, enter its number by two people, and run."""
    drawn = now - timedelta(days=9)
    announcement = Announcement(
        source="표본 추첨: 시연을 위해 지어낸 공개 추첨 (sample draw, made up)",
        form="n1-n2-n3-n4-n5-n6, 작은 수부터 (ascending)",
        due_at=drawn,
    )
    freeze_inputs(
        session,
        round_id=round_.id,
        announcement=announcement,
        reason=None,
        actor_id=officers.first,
        now=now - timedelta(days=11),
    )
    for officer_id in (officers.first, officers.second):
        enter_seed(session, round_id=round_.id, seed=DRAWN, actor_id=officer_id, now=drawn)
    ran = now - timedelta(days=8)
    run = request_run(session, round_id=round_.id, seed=None, actor_id=officers.first, now=ran)
    # In this transaction, for the demonstration is played wholly or not at all.
    carry_out(lambda: nullcontext(session), run_id=run.id, now=lambda: ran)
    return run


def _offer(
    session: Session,
    round_: Round,
    samples: Sequence[Sample],
    fixed: Mapping[str, UUID],
    deed: Deed,
) -> list[Wanted]:
    areas = {
        key: add_area(
            session,
            round_id=round_.id,
            key=key,
            name_ko=name_ko,
            name_en=name_en,
            budget_krw=budget_krw,
            is_sample=is_sample,
            actor_id=deed.officer_id,
            now=deed.now,
        )
        for key, name_ko, name_en, budget_krw, is_sample in AREAS
    }
    wanted = []
    for sample in samples:
        institution_id = fixed.get(sample.facts["key"])
        offer = add_offer(
            session,
            round_id=round_.id,
            area_id=areas[sample.facts["area"]].id,
            product_id=sample.product.id,
            max_placements=1 if institution_id else sample.facts["max_placements"],
            fixed_institution_ids=[institution_id] if institution_id else (),
            actor_id=deed.officer_id,
            now=deed.now,
        )
        if institution_id is None:
            category, area = sample.product.category, sample.facts["area"]
            wanted.append(Wanted(offer.id, area, category, sample.emd_codes))
    return wanted
