"""Who got what of a round, and why: answers to neighbourhoods, reports, alerts and comparisons.

Reads what rounds decided and decides nothing.
"""

from flask import Flask

from backend.fairness import views
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the domain's routes."""
    api.register_blueprint(views.blp)
