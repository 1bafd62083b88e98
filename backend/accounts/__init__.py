"""People: accounts, credentials, tokens and residence."""

from flask import Flask

from backend.accounts import cli, residence_views, views
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    api.register_blueprint(views.blp)
    api.register_blueprint(residence_views.blp)
    cli.init_app(app)
