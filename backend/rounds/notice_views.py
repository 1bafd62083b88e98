"""Notices of a round over HTTP: corrections, extensions, its cancellation, policy versions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds import notice_schemas as schemas
from backend.rounds import notices, offer_withdrawals, policy_changes, policy_versions, queries
from backend.rounds.views import visible_round
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint(
    "round_notices", __name__, url_prefix=URL_PREFIX, description="Notices of announced rounds"
)


@dataclass(frozen=True, slots=True)
class Supplied:
    """What a supplier supplies.

    :param organization_id: the supplier's; None where it is not known.
    """

    organization_id: UUID | None


def load_supplied(round_id: UUID, offer_id: UUID, **_: object) -> Supplied:
    """Return whose product the offer is that a route is about.

    :raises RoundNotFound: when there is no such round that the caller may know of.
    :raises OfferNotFound: when the round has no such offer.
    """
    visible_round(round_id)
    return Supplied(queries.get_offer(db.session(), round_id, offer_id).product.supplier_id)


@blp.get("/rounds/<uuid:round_id>/notices")
@requires(Permission.Round.READ_DRAFT, subject=visible_round)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.RoundNoticeSchema))
def list_round_notices(query: dict[str, Any], round_id: UUID) -> Any:
    """List what changed of a round since it was announced, the newest first."""
    return with_next_link(notices.list_notices(db.session(), round_id=round_id, **query))


@blp.post("/rounds/<uuid:round_id>/corrections")
@requires(Permission.Round.AMEND)
@blp.arguments(schemas.CorrectionSchema)
@blp.response(201, schemas.RoundNoticeSchema)
def correct_round(payload: dict[str, Any], round_id: UUID) -> Any:
    """Correct titles and names of an announced round; its applicants are told."""
    with unit_of_work() as session:
        return notices.correct_round(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/rounds/<uuid:round_id>/extensions")
@requires(Permission.Round.AMEND)
@blp.arguments(schemas.RoundExtensionSchema)
@blp.response(201, schemas.RoundNoticeSchema)
def extend_round(payload: dict[str, Any], round_id: UUID) -> Any:
    """Put the deadline of an announced round off; its applicants are told."""
    with unit_of_work() as session:
        return notices.extend_round(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/rounds/<uuid:round_id>/cancellation")
@requires(Permission.Round.AMEND)
@blp.arguments(schemas.ReasonSchema)
@blp.response(201, schemas.RoundNoticeSchema)
def cancel_round(payload: dict[str, Any], round_id: UUID) -> Any:
    """End an announced round for good; applicants and proposers are told."""
    with unit_of_work() as session:
        return notices.cancel_round(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/rounds/<uuid:round_id>/offers/<uuid:offer_id>/withdrawal")
@requires(Permission.Offer.WITHDRAW, subject=load_supplied)
@blp.arguments(schemas.ReasonSchema)
@blp.response(201, schemas.RoundNoticeSchema)
def withdraw_offer(payload: dict[str, Any], round_id: UUID, offer_id: UUID) -> Any:
    """Take an offer back on behalf of its supplier; whoever asked for it is told."""
    with unit_of_work() as session:
        return offer_withdrawals.withdraw_offer(
            session,
            round_id=round_id,
            offer_id=offer_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.get("/rounds/<uuid:round_id>/policy-versions")
@requires(Permission.Round.READ_DRAFT, subject=visible_round)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.PolicyVersionSchema))
def list_policy_versions(query: dict[str, Any], round_id: UUID) -> Any:
    """List the versions of a round's policy, the one in force first."""
    page = policy_versions.list_policy_versions(db.session(), round_id=round_id, **query)
    return with_next_link(page)


@blp.post("/rounds/<uuid:round_id>/policy-versions")
@requires(Permission.Round.AMEND)
@blp.arguments(schemas.PolicyChangeSchema)
@blp.response(201, schemas.PolicyVersionSchema)
def change_policy(payload: dict[str, Any], round_id: UUID) -> Any:
    """Change rules of a round before its window opens."""
    with unit_of_work() as session:
        return policy_changes.change_policy(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )
