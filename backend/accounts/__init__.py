"""People: accounts, credentials, tokens and residence."""

from flask import Flask

from backend.accounts import cli, password_views, session_views, views
from backend.accounts.second_factor import views as second_factor_views
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    for module in (views, session_views, second_factor_views, password_views):
        api.register_blueprint(module.blp)
    cli.init_app(app)
