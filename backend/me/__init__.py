"""One person's things across all domains; so far what changed for them since they last asked."""

from flask import Flask

from backend.me.sync.views import blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the routes."""
    api.register_blueprint(blp)
