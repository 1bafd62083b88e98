"""Documents that people agree to, by version, and what each person has said to them."""

from flask import Flask

from backend.accounts.consents.views import blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every part is opened the same way)
    """Register the routes."""
    api.register_blueprint(blp)
