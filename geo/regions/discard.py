"""Owns throwing away a generation that was never in force, with all that hangs on it."""

from sqlalchemy import delete

from geo.orm import Executor
from geo.regions.models import GenerationRow
from geo.regions.validation import lock_draft


def discard(conn: Executor, generation_id: int) -> None:
    """Delete a draft or a validated generation with its regions; commits nothing.

    :param generation_id: a generation that was never in force, to which no record can refer.
    :raises GenerationNotFound: when there is none of this id.
    :raises NotADraft: when it is or was in force.
    """
    lock_draft(conn, generation_id)
    conn.execute(
        delete(GenerationRow)
        .where(GenerationRow.id == generation_id)
        .execution_options(synchronize_session=False)
    )
