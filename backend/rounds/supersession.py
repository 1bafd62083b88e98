"""Owns the correction of inputs once the seed is known: a new plan by the same seed, in public."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.rounds import states
from backend.rounds.contracts import ContractsSigned, are_contracts_signed
from backend.rounds.freezing import correct_inputs
from backend.rounds.interests import ensure_impartial
from backend.rounds.models import MatchingRun, OfficialSeed
from backend.rounds.queries import lock_round
from backend.rounds.runs import RUNNABLE, request_run
from backend.rounds.seeds import SeedMissing


def supersede_plan(
    session: Session, *, round_id: UUID, reason: str, actor_id: UUID, now: datetime
) -> MatchingRun:
    """Take the inputs of a round as they are now and queue a run of them with the same seed.

    A plan that waits gives way at once; a published one stands until the new plan was verified,
    approved by a second person and published. What the inputs say differently is public.

    :param reason: for everybody to read; names no person.
    :raises RoundNotFound: when there is no such round.
    :raises NotImpartial: when the caller has declared an interest in it.
    :raises RoundTransition: when it is not closed yet.
    :raises SeedMissing: when the seed is not known: inputs are frozen anew then.
    :raises ContractsSigned: when something was bought by the published plan.
    :raises NothingCorrected: when its inputs are as they were.
    :raises InputsNotFrozen: when its plan is from before inputs were frozen.
    :raises InstanceNotAccepted: when the engine refuses the round.
    """
    round_ = lock_round(session, round_id)
    ensure_impartial(session, round_id, actor_id)
    if round_.status not in RUNNABLE:
        raise states.RoundTransition(current=round_.status, target="matched")
    if session.get(OfficialSeed, round_id) is None:
        raise SeedMissing
    if are_contracts_signed(session, round_id):
        raise ContractsSigned
    correct_inputs(session, round_=round_, reason=reason, actor_id=actor_id, now=now)
    return request_run(session, round_id=round_id, seed=None, actor_id=actor_id, now=now)
