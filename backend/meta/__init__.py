"""What an app asks an installation first: versions, languages, categories and limits."""

from flask import Flask

from backend.meta.views import blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the route."""
    api.register_blueprint(blp)
