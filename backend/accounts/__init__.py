"""People: accounts, credentials, tokens and residence."""

from flask import Flask

from backend.accounts import (
    cli,
    consents,
    guardians,
    oidc,
    password_views,
    profile_views,
    residence_views,
    session_views,
    views,
)
from backend.accounts.second_factor import views as second_factor_views
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    for part in (
        *(views, session_views, second_factor_views, password_views),
        *(profile_views, residence_views),
    ):
        api.register_blueprint(part.blp)
    for package in (oidc, consents, guardians):
        package.init_app(app, api)
    cli.init_app(app)
