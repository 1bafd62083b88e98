"""A guardian's consent for a child under fourteen, asked for by a link good for two days."""

from flask import Flask

from backend.accounts.guardians.views import blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every part is opened the same way)
    """Register the routes."""
    api.register_blueprint(blp)
