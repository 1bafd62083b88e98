"""Push subscriptions over HTTP: the key, and one's own devices."""

from typing import Any
from uuid import UUID

from flask import current_app

from backend import clock
from backend.auth.guards import current_account_id, public, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.notifications.push import schemas, service
from backend.notifications.push.vapid import load_key
from backend.openapi import URL_PREFIX, Blueprint

blp = Blueprint(
    "push_subscriptions", __name__, url_prefix=URL_PREFIX, description="Devices that are rung"
)


@blp.get("/push-key")
@public
@blp.response(200, schemas.PushKeySchema)
def show_push_key() -> Any:
    """Show the key that a device subscribes with."""
    config = current_app.config
    return {"public_key": load_key(config["VAPID_PRIVATE_KEY"], config["VAR_DIR"]).public}


@blp.get("/me/push-subscriptions")
@requires(Permission.Me.READ)
@blp.response(200, schemas.PushSubscriptionListSchema)
def list_push_subscriptions() -> Any:
    """List one's own devices that take messages, at most ten."""
    return {"items": service.list_subscriptions(db.session(), current_account_id())}


@blp.post("/me/push-subscriptions")
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.PushSubscriptionCreateSchema)
@blp.response(201, schemas.PushSubscriptionSchema)
def subscribe(payload: dict[str, Any]) -> Any:
    """Have a device take messages; of more than ten the oldest goes."""
    with unit_of_work() as session:
        return service.subscribe(
            session,
            account_id=current_account_id(),
            endpoint=payload["endpoint"],
            **payload["keys"],
            device_id=payload["device_id"],
            services=current_app.config["PUSH_SERVICES"],
            now=clock.now(),
        )


@blp.delete("/me/push-subscriptions/<uuid:subscription_id>")
@requires(Permission.Me.EDIT)
@blp.response(204)
def unsubscribe(subscription_id: UUID) -> None:
    """Have a device take no messages any more."""
    with unit_of_work() as session:
        service.unsubscribe(
            session,
            account_id=current_account_id(),
            subscription_id=subscription_id,
            now=clock.now(),
        )
