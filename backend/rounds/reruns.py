"""Owns the proof that a stored round gives the same plan again, from its frozen inputs and seed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from backend.rounds import engine
from backend.rounds.inputs import get_inputs_text
from backend.rounds.run_queries import get_current_run, get_texts


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which of what was computed anew equals what is stored, byte by byte."""

    is_hash_equal: bool
    is_instance_equal: bool
    is_plan_equal: bool

    @property
    def is_equal(self) -> bool:
        """Tell whether everything does."""
        return self.is_hash_equal and self.is_instance_equal and self.is_plan_equal


def rerun(session: Session, round_id: UUID) -> Comparison:
    """Compute the plan of a round that stands anew, storing nothing, and compare.

    :raises PlanNotFound: when no plan was computed yet.
    """
    run = get_current_run(session, round_id)
    instance_text, plan_text = get_texts(session, round_id, run.id)
    # A run from before inputs were frozen has no other inputs than the ones it stored.
    instance = (
        engine.with_seed(instance_text, run.seed)
        if run.inputs_id is None
        else engine.with_seed(get_inputs_text(session, round_id, run.inputs_id), run.seed)
    )
    computed = engine.compute(instance)
    return Comparison(
        is_hash_equal=computed.inputs_sha256 == run.inputs_sha256,
        is_instance_equal=computed.instance_text == instance_text,
        is_plan_equal=computed.plan_text == plan_text,
    )
