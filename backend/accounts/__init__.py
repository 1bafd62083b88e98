"""People: accounts, credentials, tokens and residence."""

from flask import Flask

from backend.accounts import cli
from backend.accounts.views import blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    api.register_blueprint(blp)
    cli.init_app(app)
