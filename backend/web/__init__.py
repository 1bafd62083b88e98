"""The pages: thin, server-rendered, on the same services as the API."""

from flask import Flask

from backend.openapi import Api
from backend.web import guardian_views, headers, round_views
from backend.web.views import blp


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the pages and the headers that guard them."""
    headers.init_app(app)
    app.register_blueprint(blp)
    app.register_blueprint(round_views.blp)
    app.register_blueprint(guardian_views.blp)
