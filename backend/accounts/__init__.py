"""People: accounts, credentials, tokens and residence."""

from flask import Flask

from backend.accounts import (
    cli,
    consents,
    guardians,
    oidc,
    profile_views,
    residence_views,
    views,
)
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    for part in (views, profile_views, residence_views):
        api.register_blueprint(part.blp)
    for package in (oidc, consents, guardians):
        package.init_app(app, api)
    cli.init_app(app)
