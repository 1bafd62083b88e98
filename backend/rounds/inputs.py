"""Owns how the frozen inputs of a round are read."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from backend.errors import Conflict, NotFound
from backend.pagination import Page, paginate
from backend.rounds import states
from backend.rounds.models import FrozenInputs, Round


class InputsNotFound(NotFound):
    """The round has no such frozen inputs."""

    code = "inputs_not_found"
    ko = "이 차수에 그런 확정 입력이 없습니다."
    en = "The round has no such frozen inputs."


class InputsNotFrozen(Conflict):
    """Nothing is matched before its inputs are frozen and published."""

    code = "inputs_not_frozen"
    ko = "매칭 입력을 확정하고 추첨 번호의 출처를 공고한 뒤에 할 수 있습니다."
    en = "First freeze the inputs and announce which number will be the seed."


class InputsFrozen(Conflict):
    """From the freeze on, what goes into the matching stays as it was announced."""

    code = "inputs_frozen"
    ko = "매칭 입력을 확정한 차수여서 더는 바꿀 수 없습니다."
    en = "The inputs of the matching are frozen; this does not change any more."


def check_not_frozen(session: Session, round_: Round) -> None:
    """Refuse to change what goes into the matching once it was frozen.

    :param round_: locked.
    :raises RoundCancelled: when the round was cancelled.
    :raises RoundRun: when its matching was run.
    :raises InputsFrozen: when its inputs are frozen.
    """
    states.check_not_run(round_)
    if find_inputs(session, round_.id) is not None:
        raise InputsFrozen


def find_inputs(
    session: Session, round_id: UUID, *, with_texts: bool = False
) -> FrozenInputs | None:
    """Return the frozen inputs of a round that stand.

    :param with_texts: load the instance and its requests too.
    """
    statement = select(FrozenInputs).where(
        FrozenInputs.round_id == round_id, FrozenInputs.superseded_at.is_(None)
    )
    if with_texts:
        statement = statement.options(
            undefer(FrozenInputs.instance_text), undefer(FrozenInputs.requests)
        ).execution_options(populate_existing=True)
    return session.scalar(statement)


def list_inputs(session: Session, *, round_id: UUID, limit: int, after: str | None) -> Page:
    """Return all inputs that were frozen for a round, the newest first, without the files."""
    statement = select(FrozenInputs).where(FrozenInputs.round_id == round_id)
    return paginate(session, statement, FrozenInputs.id, limit=limit, after=after, descending=True)


def get_inputs_text(session: Session, round_id: UUID, inputs_id: UUID) -> str:
    """Return the file of some frozen inputs: the canonical instance, its seed null.

    :raises InputsNotFound: when the round has none of that id.
    """
    text: str | None = session.scalar(
        select(FrozenInputs.instance_text).where(
            FrozenInputs.id == inputs_id, FrozenInputs.round_id == round_id
        )
    )
    if text is None:
        raise InputsNotFound
    return text


def get_requests(
    session: Session, inputs_id: UUID | None
) -> dict[tuple[str, str], tuple[UUID | None, int | None]]:
    """Return what each request of some frozen inputs came of.

    :return: (institution, offer) -> its application, None of a fixed institution, and its
        residence tier, None where no proposer's home counts.
    """
    rows = session.scalars(select(FrozenInputs.requests).where(FrozenInputs.id == inputs_id)).one()
    return {
        (institution, offer): (UUID(application) if application else None, tier)
        for institution, offer, application, tier in rows
    }
