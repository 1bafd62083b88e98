"""Pilot purchase rounds: offers, applications, matching runs, published plans and placements."""

from flask import Flask

from backend.openapi import Api
from backend.rounds import (
    application_views,
    cli,
    input_views,
    interest_views,
    money_views,
    notice_views,
    plan_views,
    run_views,
    vacancy_views,
    views,
)


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    api.register_blueprint(views.blp)
    api.register_blueprint(notice_views.blp)
    api.register_blueprint(money_views.blp)
    api.register_blueprint(interest_views.blp)
    api.register_blueprint(application_views.blp)
    api.register_blueprint(input_views.blp)
    api.register_blueprint(run_views.blp)
    api.register_blueprint(plan_views.blp)
    api.register_blueprint(vacancy_views.blp)
    cli.init_app(app)
