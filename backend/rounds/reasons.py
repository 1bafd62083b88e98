"""Owns the sentences of a run's outcomes, and what happened since; reads each plan once."""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.rounds import engine
from backend.rounds.models import MatchingRun, Placement
from geo.matching import Explainer, load_json, parse_plan

KEPT = 4
"""Plans kept in memory: the round of the day and a few before it."""

TAKEN = {
    "ko": "그 뒤 다른 기관이 계약 전에 반납한 배정을 공개된 우선순위에 따라 이어받았습니다.",
    "en": "Since then it has taken over, as next by the published priorities, a placement that"
    " another institution gave up before its contract.",
}
LEFT = {
    "ko": "그 뒤 계약 전에 이 배정을 반납했거나 더 앞 순위의 제품으로 옮겼습니다.",
    "en": "Since then, before a contract, it has given this placement up or left it for a product"
    " that it had ranked higher.",
}

Changes = Mapping[tuple[UUID, UUID], Mapping[str, str]]
"""Ids of institution and offer -> what happened since the plan: `TAKEN` or `LEFT`."""

NOTHING_SINCE: Changes = {}

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


def list_changes(session: Session, run_id: UUID) -> Changes:
    """Return whose placements changed by vacancies since a plan was published, few as a rule."""
    rows = session.execute(
        select(Placement.institution_id, Placement.offer_id, Placement.ended_at)
        .where(
            Placement.run_id == run_id,
            Placement.vacancy_id.is_not(None) | Placement.ended_at.is_not(None),
        )
        # Who took the same placement again has it: the one that stands comes last.
        .order_by(Placement.ended_at.asc().nulls_last())
    )
    return {
        (row.institution_id, row.offer_id): LEFT if row.ended_at is not None else TAKEN
        for row in rows
    }


def reason_of(
    session: Session,
    *,
    run_id: UUID,
    institution_id: UUID,
    offer_id: UUID,
    changes: Changes = NOTHING_SINCE,
) -> dict[str, str]:
    """Say in Korean and English what became of an application or a fixed placement, and why.

    :param changes: what happened since the plan, to be told too.
    :return: ``{"ko": ..., "en": ...}``.
    """
    explainer = explainer_of(session, run_id)
    institution, product = str(institution_id), str(offer_id)
    since = changes.get((institution_id, offer_id))
    told = {
        "ko": explainer.explain(institution, product, "ko"),
        "en": explainer.explain(institution, product, "en"),
    }
    return {lang: f"{said} {since[lang]}" if since else said for lang, said in told.items()}
