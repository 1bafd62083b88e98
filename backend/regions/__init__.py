"""Regions over HTTP and on the command line; what they are is known by `geo.regions`."""

from flask import Flask

from backend.openapi import Api
from backend.regions import geocoding_views, views
from backend.regions.atlas import ATLAS, Atlas
from backend.regions.cli import PUT_IN_FORCE, commands
from backend.regions.comparisons import COMPARISONS, Comparisons
from backend.regions.crosswalk_cli import crosswalk
from backend.regions.generation_commands import COMMANDS
from geo.regions import activate


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands."""
    app.extensions[ATLAS] = Atlas()
    app.extensions[COMPARISONS] = Comparisons()
    api.register_blueprint(views.blp)
    api.register_blueprint(geocoding_views.blp)
    for command in (*COMMANDS, crosswalk):
        commands.add_command(command)
    app.cli.add_command(commands)
    app.extensions[PUT_IN_FORCE] = activate
