"""Rounds over HTTP: setting one up, announcing it and closing it."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, current_identity, public, requires
from backend.auth.permissions import Permission
from backend.auth.policy import permits
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.preconditions import needs_match
from backend.rounds import offers, queries, schemas, service
from backend.rounds.models import Round
from backend.schemas import page_of, with_next_link

blp = Blueprint("rounds", __name__, url_prefix=URL_PREFIX, description="Pilot purchase rounds")


class AnyDraft:
    """Stands for all drafts, where the question is whether somebody sees drafts at all."""

    is_public = False


def visible_round(round_id: UUID, **_: object) -> Round:
    """Return the round that a route is about; a draft is there for officers and auditors only.

    :raises RoundNotFound: when there is none, or the caller may not know that there is.
    """
    round_ = queries.get_round(db.session(), round_id)
    if not permits(current_identity(), Permission.Round.READ_DRAFT, round_):
        raise queries.RoundNotFound
    return round_


@blp.get("/rounds")
@public
@blp.arguments(schemas.RoundQuerySchema, location="query")
@blp.response(200, page_of(schemas.RoundSchema))
def list_rounds(query: dict[str, Any]) -> Any:
    """List rounds, the newest first; drafts for officers and auditors only."""
    drafts = permits(current_identity(), Permission.Round.READ_DRAFT, AnyDraft())
    return with_next_link(queries.list_rounds(db.session(), include_drafts=drafts, **query))


@blp.post("/rounds")
@requires(Permission.Round.EDIT)
@blp.arguments(schemas.RoundCreateSchema)
@blp.response(201, schemas.RoundSchema)
def create_round(payload: dict[str, Any]) -> Any:
    """Begin a round as a draft."""
    with unit_of_work() as session:
        return service.create_round(
            session, **payload, actor_id=current_account_id(), now=clock.now()
        )


@blp.get("/rounds/<uuid:round_id>")
@requires(Permission.Round.READ_DRAFT, subject=visible_round)
@blp.response(200, schemas.RoundSchema)
def show_round(round_id: UUID) -> Any:
    """Show a round with its rules and its money."""
    return visible_round(round_id)


@blp.patch("/rounds/<uuid:round_id>")
@needs_match
@requires(Permission.Round.EDIT)
@blp.arguments(schemas.RoundUpdateSchema)
@blp.response(200, schemas.RoundSchema)
def edit_round(payload: dict[str, Any], round_id: UUID) -> Any:
    """Change a draft."""
    with unit_of_work() as session:
        return service.edit_round(
            session,
            round_id=round_id,
            changes=payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/rounds/<uuid:round_id>/areas")
@requires(Permission.Round.EDIT)
@blp.arguments(schemas.AreaCreateSchema)
@blp.response(201, schemas.AreaSchema)
def add_area(payload: dict[str, Any], round_id: UUID) -> Any:
    """Give a draft a budget area."""
    with unit_of_work() as session:
        return offers.add_area(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.delete("/rounds/<uuid:round_id>/areas/<uuid:area_id>")
@requires(Permission.Round.EDIT)
@blp.response(204)
def remove_area(round_id: UUID, area_id: UUID) -> None:
    """Take an area without offers out of a draft."""
    with unit_of_work() as session:
        offers.remove_area(
            session,
            round_id=round_id,
            area_id=area_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.get("/rounds/<uuid:round_id>/offers")
@requires(Permission.Round.READ_DRAFT, subject=visible_round)
@blp.arguments(schemas.OfferQuerySchema, location="query")
@blp.response(200, page_of(schemas.OfferSchema))
def list_offers(query: dict[str, Any], round_id: UUID) -> Any:
    """List what a round offers."""
    return with_next_link(queries.list_offers(db.session(), round_id=round_id, **query))


@blp.post("/rounds/<uuid:round_id>/offers")
@requires(Permission.Round.EDIT)
@blp.arguments(schemas.OfferCreateSchema)
@blp.response(201, schemas.OfferSchema)
def add_offer(payload: dict[str, Any], round_id: UUID) -> Any:
    """Offer a designated product in an area of a draft."""
    with unit_of_work() as session:
        return offers.add_offer(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.delete("/rounds/<uuid:round_id>/offers/<uuid:offer_id>")
@requires(Permission.Round.EDIT)
@blp.response(204)
def remove_offer(round_id: UUID, offer_id: UUID) -> None:
    """Take an offer out of a draft."""
    with unit_of_work() as session:
        offers.remove_offer(
            session,
            round_id=round_id,
            offer_id=offer_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/rounds/<uuid:round_id>/opening")
@requires(Permission.Round.EDIT)
@blp.response(200, schemas.RoundSchema)
def open_round(round_id: UUID) -> Any:
    """Announce a round; from here on its terms are fixed and everybody sees them."""
    with unit_of_work() as session:
        return service.open_round(
            session, round_id=round_id, actor_id=current_account_id(), now=clock.now()
        )


@blp.post("/rounds/<uuid:round_id>/closing")
@requires(Permission.Round.EDIT)
@blp.response(200, schemas.RoundSchema)
def close_round(round_id: UUID) -> Any:
    """Close the demand survey of a round whose deadline has passed."""
    with unit_of_work() as session:
        return service.close_round(
            session, round_id=round_id, actor_id=current_account_id(), now=clock.now()
        )
