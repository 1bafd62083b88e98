"""Who got what of a round, and why: answers to neighbourhoods, reports, alerts and comparisons.

Reads what rounds decided and decides nothing.
"""

from flask import Flask

from backend.fairness import cli, report_views, simulation_views, views
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    api.register_blueprint(views.blp)
    api.register_blueprint(report_views.blp)
    api.register_blueprint(simulation_views.blp)
    cli.init_app(app)
