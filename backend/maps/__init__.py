"""What the public map is made of: features, statistics, stories and tiles; reads, never writes."""

from flask import Flask

from backend.maps import tiles, views
from backend.maps.ogc import views as ogc
from backend.maps.open311 import views as open311
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the domain's routes."""
    api.register_blueprint(views.blp)
    api.register_blueprint(tiles.blp)
    api.register_blueprint(ogc.blp)
    api.register_blueprint(open311.blp)
