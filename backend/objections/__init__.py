"""Objections to plans: who may object to an outcome, the clock, the decision, its remedy."""

from flask import Flask

from backend.objections import views
from backend.openapi import Api


def init_app(_app: Flask, api: Api) -> None:
    """Register the domain's routes."""
    api.register_blueprint(views.blp)
