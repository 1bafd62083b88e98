"""What the public map is made of: features, statistics, stories and tiles; reads, never writes."""

from flask import Flask

from backend.maps import tiles, views
from backend.maps.ogc import views as ogc
from backend.maps.open311 import views as open311
from backend.maps.tile_cache import TileCache
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and make the cache of its tiles."""
    app.extensions[tiles.EXTENSION] = TileCache(app.config["TILE_CACHE_BYTES"])
    api.register_blueprint(views.blp)
    api.register_blueprint(tiles.blp)
    api.register_blueprint(ogc.blp)
    api.register_blueprint(open311.blp)
