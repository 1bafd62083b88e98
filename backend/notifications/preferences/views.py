"""Choices over HTTP: how one wants to be told."""

from typing import Any

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.notifications.preferences import schemas, service
from backend.notifications.preferences.choices import Preferences
from backend.openapi import URL_PREFIX, Blueprint
from backend.preconditions import needs_match

blp = Blueprint(
    "notification_preferences", __name__, url_prefix=URL_PREFIX, description="How one is told"
)


@blp.get("/me/notification-preferences")
@requires(Permission.Me.READ)
@blp.response(200, schemas.PreferencesSchema)
def show_preferences() -> Any:
    """Show how one is told: by which channels, when, and in which language."""
    return service.get_preferences(db.session(), current_account_id())


@blp.put("/me/notification-preferences")
@needs_match
@requires(Permission.Me.EDIT)
@blp.arguments(schemas.PreferencesSchema)
@blp.response(200, schemas.PreferencesSchema)
def set_preferences(chosen: Preferences) -> Any:
    """Choose how one is told."""
    with unit_of_work() as session:
        return service.set_preferences(
            session, account_id=current_account_id(), chosen=chosen, now=clock.now()
        )
