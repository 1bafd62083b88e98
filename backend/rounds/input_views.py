"""Frozen inputs and the seed over HTTP: officers make them, everybody reads them."""

from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.idempotency import not_kept
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds import freezing, inputs, seeds
from backend.rounds import input_schemas as schemas
from backend.rounds.plan_files import FILE, file_of
from backend.rounds.views import visible_round
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("inputs", __name__, url_prefix=URL_PREFIX, description="Frozen inputs and seeds")


@blp.post("/rounds/<uuid:round_id>/inputs")
@requires(Permission.Round.FREEZE)
@blp.arguments(schemas.InputsCreateSchema)
@blp.response(201, schemas.InputsSchema)
def freeze_inputs(payload: dict[str, Any], round_id: UUID) -> Any:
    """Freeze the inputs of a closed round and announce which number will be the seed."""
    with unit_of_work() as session:
        return freezing.freeze_inputs(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.get("/rounds/<uuid:round_id>/inputs")
@requires(Permission.Round.READ_DRAFT, subject=visible_round)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.InputsSchema))
def list_inputs(query: dict[str, Any], round_id: UUID) -> Any:
    """List the frozen inputs of a round, the newest first: hash, announcement, what changed."""
    return with_next_link(inputs.list_inputs(db.session(), round_id=round_id, **query))


@blp.get("/rounds/<uuid:round_id>/inputs/<uuid:inputs_id>")
@requires(Permission.Round.READ_DRAFT, subject=visible_round)
@blp.response(200, FILE, content_type="application/json")
def show_inputs(round_id: UUID, inputs_id: UUID) -> Response:
    """Give the file that the hash is of: the instance, its seed null; it names no person."""
    return file_of(inputs.get_inputs_text(db.session(), round_id, inputs_id))


@blp.post("/rounds/<uuid:round_id>/seed-entries")
@not_kept
@requires(Permission.Round.ENTER_SEED)
@blp.arguments(schemas.SeedEntryCreateSchema)
@blp.response(201, schemas.EnteredSchema)
def enter_seed(payload: dict[str, Any], round_id: UUID) -> Any:
    """Enter the announced number; the second equal one, by somebody else, makes it official."""
    with unit_of_work() as session:
        entered = seeds.enter_seed(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )
    if entered.differs:
        # After the commit: the entry stays, whatever it is answered.
        raise seeds.SeedsDiffer
    return entered


@blp.get("/rounds/<uuid:round_id>/seed")
@requires(Permission.Round.READ_DRAFT, subject=visible_round)
@blp.response(200, schemas.SeedSchema)
def show_seed(round_id: UUID) -> Any:
    """Show the official seed of a round."""
    return seeds.get_official_seed(db.session(), round_id)
