"""People: accounts, credentials, tokens and residence."""

from flask import Flask

from backend.accounts.views import blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the domain's routes."""
    api.register_blueprint(blp)
