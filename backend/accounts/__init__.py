"""People: accounts, credentials, tokens and residence."""

from flask import Flask

from backend.accounts import cli, consents, guardians, oidc, profile_views
from backend.accounts.views import blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    api.register_blueprint(blp)
    api.register_blueprint(profile_views.blp)
    for part in (oidc, consents, guardians):
        part.init_app(app, api)
    cli.init_app(app)
