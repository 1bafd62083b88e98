"""Innovative products: their designations and the proposals they answer."""

from flask import Flask

from backend.catalogue.views import blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the domain's routes."""
    api.register_blueprint(blp)
