"""Owns the freezing of a round's inputs, and the announcement of the number that will be its seed.

A commitment before a public draw: the hash is published first, the seed comes of a number that
nobody knows yet, so that neither can be chosen for the sake of the result.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.catalogue.validity import seoul_date
from backend.db import new_id
from backend.errors import Conflict, Invalid
from backend.rounds import engine
from backend.rounds.differences import list_differences
from backend.rounds.facts import gather
from backend.rounds.inputs import InputsNotFrozen, find_inputs
from backend.rounds.interests import ensure_impartial
from backend.rounds.models import FrozenInputs, MatchingRun, OfficialSeed, Round
from backend.rounds.queries import lock_round
from backend.rounds.seeds import SeedIsOfficial, list_entries
from backend.rounds.trail import record_change
from geo.matching import Instance, inputs_sha256


class RoundNotClosed(Conflict):
    """Inputs are frozen between the close of a round and the publication of its plan."""

    code = "round_not_closed"
    ko = "신청을 마감하고 결과를 발표하기 전의 차수에서만 매칭 입력을 확정할 수 있습니다."
    en = "Inputs are frozen once the round is closed and before its plan is published."


class SeedNotAhead(Invalid):
    """The number would be known already."""

    code = "seed_not_ahead"
    ko = "추첨 번호는 아직 나오지 않은 번호여야 합니다. 나오는 때를 앞으로 정해 주세요."
    en = "The seed has to be a number that nobody knows yet. Name a time ahead."


class ReasonNeeded(Invalid):
    """Frozen inputs are replaced for a reason that everybody can read."""

    code = "reason_needed"
    ko = "확정한 입력을 바꾸는 이유를 적어 주세요."
    en = "Say why the frozen inputs are replaced."


class SeedMayBeKnown(Conflict):
    """Whoever changes inputs now could have seen the number."""

    code = "seed_may_be_known"
    ko = (
        "공고한 추첨 시각이 지났거나 번호가 이미 입력되어 입력을 바꿀 수 없습니다. 입력이 같을 때만"
        " 다른 번호를 다시 공고할 수 있습니다."
    )
    en = (
        "The announced draw is over or a number was entered, so that inputs do not change. Another"
        " number can be announced for equal inputs only."
    )


class NothingCorrected(Conflict):
    """A plan of equal inputs would be the same plan."""

    code = "nothing_corrected"
    ko = "확정한 입력과 달라진 것이 없습니다. 잘못된 내용을 먼저 바로잡은 뒤 정정해 주세요."
    en = "Nothing differs from the frozen inputs. Correct what is wrong first."


@dataclass(frozen=True, slots=True)
class Announcement:
    """Which future public number will be the seed.

    :param source: such as the lottery of a date.
    :param form: how the number is written as text, such as ``n1-n2-n3-n4-n5-n6``.
    :param due_at: from when on the number is public; nobody enters one before.
    """

    source: str
    form: str
    due_at: datetime


def freeze_inputs(
    session: Session,
    *,
    round_id: UUID,
    announcement: Announcement,
    reason: str | None,
    actor_id: UUID,
    now: datetime,
) -> FrozenInputs:
    """Keep the inputs of a closed round and announce the number that will be the seed.

    A second time takes a reason. Once the number may be known, inputs stay: only the announcement
    changes then, as when a draw was put off.

    :raises RoundNotFound: when there is no such round.
    :raises NotImpartial: when the caller has declared an interest in it.
    :raises RoundNotClosed: when it is not closed, or its plan was approved.
    :raises SeedNotAhead: when the number would be known already.
    :raises ReasonNeeded: when inputs are frozen a second time without a reason.
    :raises SeedIsOfficial: when two people have entered the seed.
    :raises SeedMayBeKnown: when the inputs differ and the announced time has passed.
    :raises InstanceNotAccepted: when the engine refuses the round.
    """
    round_ = lock_round(session, round_id)
    ensure_impartial(session, round_id, actor_id)
    if round_.status not in ("closed", "matched"):
        raise RoundNotClosed
    if announcement.due_at <= now:
        raise SeedNotAhead(field="json.seed_due_at")
    if session.get(OfficialSeed, round_id) is not None:
        raise SeedIsOfficial
    before = find_inputs(session, round_id, with_texts=True)
    if before is not None and reason is None:
        raise ReasonNeeded(field="json.reason")
    made = _build(session, round_, announcement, now)
    made.frozen_by, made.kind = actor_id, "frozen"
    if before is not None:
        made.kind, made.reason = "refrozen", reason
        is_open = now < before.seed_due_at and not list_entries(session, round_id)
        if not is_open and made.inputs_sha256 != before.inputs_sha256:
            raise SeedMayBeKnown
    _keep(session, round_, made, before, now)
    _end_entries(session, round_id, now)
    return made


def correct_inputs(
    session: Session, *, round_: Round, reason: str, actor_id: UUID, now: datetime
) -> FrozenInputs:
    """Put inputs as they are now in the place of the frozen ones, in public, for the same seed.

    :param round_: locked.
    :raises InputsNotFrozen: when nothing was frozen before.
    :raises NothingCorrected: when they are the same.
    :raises InstanceNotAccepted: when the engine refuses the round.
    """
    before = find_inputs(session, round_.id, with_texts=True)
    if before is None:
        raise InputsNotFrozen
    announcement = Announcement(before.seed_source, before.seed_form, before.seed_due_at)
    made = _build(session, round_, announcement, now)
    if made.inputs_sha256 == before.inputs_sha256:
        raise NothingCorrected
    made.frozen_by, made.kind, made.reason = actor_id, "corrected", reason
    _keep(session, round_, made, before, now)
    return made


def _build(
    session: Session, round_: Round, announcement: Announcement, now: datetime
) -> FrozenInputs:
    facts = gather(session, round_, on=seoul_date(now))
    instance = engine.build_instance(facts, seed=None)
    return FrozenInputs(
        id=new_id(),
        round_id=round_.id,
        version=1,
        inputs_sha256=inputs_sha256(instance),
        instance_text=instance.dumps().decode(),
        requests=[
            [
                str(request.institution.organization_id),
                str(request.offer.id),
                str(request.application.id) if request.application else None,
                engine.tier_of(facts, request),
            ]
            for request in facts.requests
        ],
        changes=[],
        seed_source=announcement.source,
        seed_form=announcement.form,
        seed_due_at=announcement.due_at,
        frozen_at=now,
    )


def _keep(
    session: Session,
    round_: Round,
    made: FrozenInputs,
    before: FrozenInputs | None,
    now: datetime,
) -> None:
    """Store inputs in the place of those before; a plan of those waits no longer."""
    if before is not None:
        made.version = before.version + 1
        made.changes = list_differences(_read(before), _read(made))
        before.superseded_at = now
        session.execute(
            update(MatchingRun)
            .where(
                MatchingRun.round_id == round_.id,
                MatchingRun.superseded_at.is_(None),
                MatchingRun.published_at.is_(None),
                ~MatchingRun.is_rehearsal,
            )
            .values(superseded_at=now)
        )
        session.flush()
    session.add(made)
    record_change(
        session,
        round_,
        f"round.inputs_{made.kind}",
        actor_id=made.frozen_by,
        now=now,
        version=made.version,
        inputs_sha256=made.inputs_sha256,
        seed_source=made.seed_source,
        seed_form=made.seed_form,
        seed_due_at=made.seed_due_at.isoformat(),
        reason=made.reason,
    )


def _read(inputs: FrozenInputs) -> Instance:
    return engine.read_instance(inputs.instance_text, allow_null_seed=True)


def _end_entries(session: Session, round_id: UUID, now: datetime) -> None:
    """Let nobody's number from before count for the number that is announced now."""
    for entry in list_entries(session, round_id):
        entry.replaced_at = now
    session.flush()
