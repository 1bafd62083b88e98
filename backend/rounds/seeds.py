"""Owns the seed of a round: two officers read it off the announced source, each for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.errors import Conflict, NotFound
from backend.rounds.inputs import InputsNotFrozen, find_inputs
from backend.rounds.interests import ensure_impartial
from backend.rounds.models import OfficialSeed, SeedEntry
from backend.rounds.queries import lock_round
from backend.rounds.states import check_not_cancelled, show_time
from backend.rounds.trail import record_change


class SeedIsOfficial(Conflict):
    """The seed is known, and inputs are corrected in public from here on."""

    code = "seed_is_official"
    ko = "공식 추첨 번호가 정해졌습니다. 입력은 이제 정정 절차로만 바꿀 수 있습니다."
    en = "The seed is official. From here on inputs change by a public correction only."


class SeedNotDue(Conflict):
    """The announced number is not there yet."""

    code = "seed_not_due"
    ko = "공고한 추첨 시각({due_at}) 전에는 번호를 입력할 수 없습니다."
    en = "The announced number cannot be entered before its time, {due_at} (Korean time)."


class SeedsDiffer(Conflict):
    """Two people read different numbers; neither is told the other's."""

    code = "seeds_differ"
    ko = (
        "다른 담당자가 입력한 번호와 다릅니다. 공고한 출처와 표기 방법을 다시 확인해 주세요. 잘못"
        " 입력한 사람이 다시 입력하면 됩니다."
    )
    en = (
        "This differs from what a colleague entered. Check the announced source and how the number"
        " is written; whoever was wrong enters it again."
    )


class SeedNotOfficial(NotFound):
    """The seed was not entered by two people yet."""

    code = "seed_not_official"
    ko = "공식 추첨 번호가 아직 정해지지 않았습니다."
    en = "The round has no official seed yet."


class SeedMissing(Conflict):
    """An official run needs the official seed."""

    code = "seed_missing"
    ko = "두 담당자가 공고한 추첨 번호를 각각 입력한 뒤에 매칭을 실행할 수 있습니다."
    en = "Two officers have to enter the announced number before the matching is run with it."


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a number that an officer entered.

    :param official: the seed of the round, once two people agree.
    :param differs: somebody else has entered another number, and nobody this one.
    """

    entry: SeedEntry
    official: OfficialSeed | None
    differs: bool


def enter_seed(
    session: Session, *, round_id: UUID, seed: str, actor_id: UUID, now: datetime
) -> Entered:
    """Keep the number that an officer read off the source; the second equal one makes it official.

    A second number of the same officer takes the place of the first. The caller commits in every
    case, and only then refuses a number that differs.

    :raises RoundNotFound: when there is no such round.
    :raises RoundCancelled: when it was cancelled.
    :raises NotImpartial: when the caller has declared an interest in it.
    :raises InputsNotFrozen: when no number was announced.
    :raises SeedIsOfficial: when the round has its seed.
    :raises SeedNotDue: when the announced time has not come.
    """
    round_ = lock_round(session, round_id)
    check_not_cancelled(round_)
    ensure_impartial(session, round_id, actor_id)
    inputs = find_inputs(session, round_id)
    if inputs is None:
        raise InputsNotFrozen
    if session.get(OfficialSeed, round_id) is not None:
        raise SeedIsOfficial
    if now < inputs.seed_due_at:
        raise SeedNotDue(due_at=show_time(inputs.seed_due_at))
    others = []
    for before in list_entries(session, round_id):
        if before.entered_by == actor_id:
            before.replaced_at = now
        else:
            others.append(before)
    session.flush()
    entry = SeedEntry(
        id=new_id(), round_id=round_id, seed=seed, entered_by=actor_id, entered_at=now
    )
    session.add(entry)
    session.flush()
    agreeing = next((other for other in others if other.seed == seed), None)
    if agreeing is None:
        # The trail says that a number was entered, not which: it is read before the second one.
        record_change(
            session,
            round_,
            "round.seed_entered",
            actor_id=actor_id,
            now=now,
            differs=bool(others),
        )
        return Entered(entry, None, bool(others))
    official = OfficialSeed(
        round_id=round_id,
        seed=seed,
        inputs_id=inputs.id,
        first_entered_by=agreeing.entered_by,
        second_entered_by=actor_id,
        set_at=now,
    )
    session.add(official)
    record_change(session, round_, "round.seed_official", actor_id=actor_id, now=now, seed=seed)
    return Entered(entry, official, differs=False)


def get_official_seed(session: Session, round_id: UUID) -> OfficialSeed:
    """Return the seed of a round.

    :raises SeedNotOfficial: when two people have not entered it yet.
    """
    official = session.get(OfficialSeed, round_id)
    if official is None:
        raise SeedNotOfficial
    return official


def list_entries(session: Session, round_id: UUID) -> Sequence[SeedEntry]:
    """Return the numbers that officers have entered for the announcement that stands."""
    return session.scalars(
        select(SeedEntry).where(SeedEntry.round_id == round_id, SeedEntry.replaced_at.is_(None))
    ).all()
