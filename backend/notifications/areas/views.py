"""Areas over HTTP: follow circles and regions."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.notifications.areas import schemas, service
from backend.openapi import URL_PREFIX, Blueprint

blp = Blueprint(
    "area_subscriptions", __name__, url_prefix=URL_PREFIX, description="Areas that one follows"
)


@blp.get("/me/area-subscriptions")
@requires(Permission.Me.READ)
@blp.response(200, schemas.AreaSubscriptionListSchema)
def list_area_subscriptions() -> Any:
    """List the areas that one follows, at most ten."""
    return {"items": service.list_areas(db.session(), current_account_id())}


@blp.post("/me/area-subscriptions")
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.AreaSubscriptionCreateSchema)
@blp.response(201, schemas.AreaSubscriptionSchema)
def follow_area(payload: dict[str, Any]) -> Any:
    """Follow what happens in a circle or a region."""
    with unit_of_work() as session:
        return service.follow_area(
            session, account_id=current_account_id(), **payload, now=clock.now()
        )


@blp.delete("/me/area-subscriptions/<uuid:area_id>")
@requires(Permission.Me.EDIT)
@blp.response(204)
def unfollow_area(area_id: UUID) -> None:
    """Follow an area no more."""
    with unit_of_work() as session:
        service.unfollow(session, account_id=current_account_id(), area_id=area_id, now=clock.now())
