"""Regions over HTTP and on the command line; what they are is known by `geo.regions`."""

from flask import Flask

from backend.openapi import Api
from backend.regions.cli import commands
from backend.regions.views import blp


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    api.register_blueprint(blp)
    app.cli.add_command(commands)
