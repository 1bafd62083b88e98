"""Owns the sentences of a run's outcomes; reads each plan once."""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.rounds import engine
from backend.rounds.models import MatchingRun
from geo.matching import Explainer, load_json, parse_plan

KEPT = 4
"""Plans kept in memory: the round of the day and a few before it."""

_explainers: "OrderedDict[UUID, Explainer]" = OrderedDict()
_lock = Lock()


def explainer_of(session: Session, run_id: UUID) -> Explainer:
    """Return what explains the outcomes of a run.

    It is kept between calls, because what a run computed never changes.
    """
    with _lock:
        explainer = _explainers.get(run_id)
        if explainer is not None:
            _explainers.move_to_end(run_id)
            return explainer
    row = session.execute(
        select(MatchingRun.instance_text, MatchingRun.plan_text).where(MatchingRun.id == run_id)
    ).one()
    explainer = Explainer(
        engine.read_instance(row.instance_text), parse_plan(load_json(row.plan_text.encode()))
    )
    with _lock:
        _explainers[run_id] = explainer
        while len(_explainers) > KEPT:
            _explainers.popitem(last=False)
    return explainer


def reason_of(
    session: Session, *, run_id: UUID, institution_id: UUID, offer_id: UUID
) -> dict[str, str]:
    """Say in Korean and English what became of an application or a fixed placement, and why.

    :return: ``{"ko": ..., "en": ...}``.
    """
    explainer = explainer_of(session, run_id)
    institution, product = str(institution_id), str(offer_id)
    return {
        "ko": explainer.explain(institution, product, "ko"),
        "en": explainer.explain(institution, product, "en"),
    }
