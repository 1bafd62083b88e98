"""Local governments, institutions, suppliers and who works for them."""

from flask import Flask

from backend.openapi import Api
from backend.organizations import cli, staff_views, views


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    api.register_blueprint(views.blp)
    api.register_blueprint(staff_views.blp)
    cli.init_app(app)
