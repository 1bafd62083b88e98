"""A local government's work: submission, queue, decision with a reason, and priorities."""

from flask import Flask

from backend.openapi import Api
from backend.reviews.views import blp


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the domain's routes."""
    api.register_blueprint(blp)
