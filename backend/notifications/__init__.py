"""What people are told: in the application, on their devices and by e-mail, as they choose."""

from flask import Flask

from backend.notifications.addresses.views import blp as addresses_blp
from backend.notifications.areas.views import blp as areas_blp
from backend.notifications.letters.views import blp as letters_blp
from backend.notifications.preferences.views import blp as preferences_blp
from backend.notifications.push.views import blp as push_blp
from backend.notifications.views import blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the domain's routes."""
    for blueprint in (blp, preferences_blp, push_blp, letters_blp, addresses_blp, areas_blp):
        api.register_blueprint(blueprint)
