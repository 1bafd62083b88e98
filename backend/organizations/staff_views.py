"""Staff over HTTP: invitations, who works where, and the end of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import current_app

from backend import clock
from backend.auth.guards import current_account_id, current_identity, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.idempotency import not_kept
from backend.openapi import URL_PREFIX, Blueprint
from backend.openapi_errors import PROBLEM, may_be_gone
from backend.organizations import invitations, memberships, queries, schemas
from backend.organizations.models import Organization
from backend.schemas import PageQuerySchema, ProblemSchema, page_of, with_next_link

blp = Blueprint(
    "staff", __name__, url_prefix=URL_PREFIX, description="Who works for which organization"
)


def load_organization(organization_id: UUID, **_: Any) -> Organization:
    """Return the organization that a route is about."""
    return queries.get_organization(db.session(), organization_id)


@blp.post("/organizations/<uuid:organization_id>/invitations")
@not_kept
@requires(Permission.Organization.INVITE, subject=load_organization)
@blp.arguments(schemas.InvitationCreateSchema)
@blp.response(201, schemas.InvitationOfferSchema)
def invite(payload: dict[str, Any], organization_id: UUID) -> Any:
    """Invite somebody to work for an organization.

    No mail is sent: the answer carries the token, this one time, and the inviter hands it over.
    An open invitation of the same address to the same role ends, so a lost token is replaced by
    inviting again.
    """
    life = timedelta(days=current_app.config["INVITATION_DAYS"])
    who = current_account_id()
    with unit_of_work() as session:
        return invitations.invite(
            session,
            organization_id=organization_id,
            **payload,
            invited_by=who,
            now=clock.now(),
            life=life,
        )


@blp.post("/invitations/acceptance")
@public
@may_be_gone("Used or expired")
@blp.arguments(schemas.AcceptanceSchema)
@blp.response(201, schemas.MembershipSchema)
@blp.alt_response(403, schema=ProblemSchema, content_type=PROBLEM, description="Not the invited")
def accept_invitation(payload: dict[str, Any]) -> Any:
    """Accept an invitation with its token.

    Either sign in with the invited address, or, where it has no account yet, register in the same
    request and sign in afterwards.
    """
    account_id = current_identity().account_id
    with unit_of_work() as session:
        return invitations.accept_invitation(
            session, **payload, account_id=account_id, now=clock.now()
        )


@blp.get("/organizations/<uuid:organization_id>/members")
@requires(Permission.Organization.READ_MEMBERS, subject=load_organization)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.MemberSchema))
def list_members(query: dict[str, Any], organization_id: UUID) -> Any:
    """List who works for an organization today."""
    page = queries.list_members(db.session(), organization_id=organization_id, **query)
    return with_next_link(page)


@blp.delete("/organizations/<uuid:organization_id>/members/<uuid:membership_id>")
@requires(Permission.Organization.INVITE, subject=load_organization)
@blp.response(204)
def end_membership(organization_id: UUID, membership_id: UUID) -> None:
    """End somebody's role at an organization; it counts no more from the next request on."""
    with unit_of_work() as session:
        memberships.end_membership(
            session,
            organization_id=organization_id,
            membership_id=membership_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.get("/me/memberships")
@requires(Permission.Me.READ)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.MembershipSchema))
def list_my_memberships(query: dict[str, Any]) -> Any:
    """List one's own roles."""
    page = queries.list_memberships(db.session(), account_id=current_account_id(), **query)
    return with_next_link(page)
