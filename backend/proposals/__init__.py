"""Citizens' proposals: drafts, places, endorsements, and the thread of what happened to each."""

from flask import Flask

from backend.openapi import Api
from backend.proposals.photos.views import blp as photos_blp
from backend.proposals.uploads.views import blp as uploads_blp
from backend.proposals.views import blp


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the domain's routes."""
    for blueprint in (blp, photos_blp, uploads_blp):
        api.register_blueprint(blueprint)
