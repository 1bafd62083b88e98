"""What the public map is made of: features, statistics, stories and tiles; reads, never writes."""

from flask import Flask

from backend.maps import point_tiles, tiles, views
from backend.maps.ogc import views as ogc
from backend.maps.open311 import views as open311
from backend.maps.tile_cache import TileCache
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes and make the cache of its tiles."""
    app.extensions[tiles.EXTENSION] = TileCache(app.config["TILE_CACHE_BYTES"])
    # Points change: a tile of them is shared by those who ask at once, and not kept.
    app.extensions[point_tiles.EXTENSION] = TileCache(0)
    api.register_blueprint(views.blp)
    # Before the regions', whose rule for descriptions takes any name.
    api.register_blueprint(point_tiles.blp)
    api.register_blueprint(tiles.blp)
    api.register_blueprint(ogc.blp)
    api.register_blueprint(open311.blp)
