"""Owns the reading of what a comparison of policies computes with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from backend.catalogue.validity import seoul_date
from backend.fairness.queries import read_requests
from backend.fairness.sums import Pair, Request, Requests
from backend.rounds import engine
from backend.rounds.facts import Request as RoundRequest
from backend.rounds.facts import gather
from backend.rounds.inputs import find_inputs, get_requests
from backend.rounds.models import MatchingRun, Round
from geo.matching import Instance
from geo.regions import list_regions
from geo.tiling import SIDO, SIGUNGU

SEED = "simulation"
"""Decides the lots where a round has no seed yet."""

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a comparison computes with; holds no row and needs no database.

    :param basis: `run` where the inputs are those of the round's matching run, `frozen` where
        they are frozen and not run, else `current`.
    :param policy: the round's own rules, which complete the given ones.
    :param regions: names of sido and sigungu by code.
    """

    round_code: str
    basis: str
    instance: Instance
    policy: Mapping[str, Any]
    requests: Requests
    regions: Mapping[str, Names]


def gather_inputs(session: Session, round_: Round, *, now: datetime) -> Inputs:
    """Read what a comparison needs: the inputs of the round's run, else those it will be run with.

    Those are the frozen ones, and before they are frozen those of this moment.

    :raises InstanceNotAccepted: when the engine refuses the round as it stands.
    """
    run = session.scalar(
        select(MatchingRun)
        .where(
            MatchingRun.round_id == round_.id,
            MatchingRun.superseded_at.is_(None),
            MatchingRun.state == "done",
            ~MatchingRun.is_rehearsal,
        )
        .order_by(MatchingRun.run_at.desc())
        .limit(1)
        .options(undefer(MatchingRun.instance_text))
    )
    if run is not None and run.instance_text is not None:
        basis, instance = "run", engine.read_instance(run.instance_text)
        requests: Requests = read_requests(session, run.id)
    else:
        basis, instance, requests = _foresee(session, round_, now)
    return Inputs(
        round_code=round_.code,
        basis=basis,
        instance=instance,
        policy=dict(round_.policy),
        requests=requests,
        regions={
            region.code: {"ko": region.full_name, "en": region.full_name_en or region.full_name}
            for level in (SIDO, SIGUNGU)
            for region in list_regions(session, level)
        },
    )


def _foresee(session: Session, round_: Round, now: datetime) -> tuple[str, Instance, Requests]:
    """Return what the round would be run with: basis, instance and requests."""
    facts = gather(session, round_, on=seoul_date(now))
    frozen = find_inputs(session, round_.id, with_texts=True)
    if frozen is None:
        basis, instance = "current", engine.build_instance(facts, seed=SEED)
        tiers = {_pair_of(one): engine.tier_of(facts, one) for one in facts.requests}
    else:
        basis, instance = "frozen", engine.with_seed(frozen.instance_text, SEED)
        found = get_requests(session, frozen.id)
        tiers = {pair: tier for pair, (_, tier) in found.items()}
    requests = {
        pair: Request(
            institution=pair[0],
            product=pair[1],
            emd_code=one.site_emd_code,
            is_rural=None,
            institution_type=one.institution.institution_type,
            tier=tiers[pair],
        )
        for one in facts.requests
        if (pair := _pair_of(one)) in tiers
    }
    return basis, instance, requests


def _pair_of(request: RoundRequest) -> Pair:
    return str(request.institution.organization_id), str(request.offer.id)
