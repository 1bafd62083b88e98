"""Changing the boundaries in force: the records of every domain follow, or a person decides."""

from flask import Flask

from backend.generations.cli import register
from backend.generations.service import put_in_force
from backend.generations.views import blp
from backend.openapi import Api
from backend.regions.cli import PUT_IN_FORCE


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and commands, and how loaded boundaries come into force."""
    api.register_blueprint(blp)
    register()
    app.extensions[PUT_IN_FORCE] = put_in_force
