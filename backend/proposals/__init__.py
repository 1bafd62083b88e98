"""Citizens' proposals: drafts, places, endorsements, and the thread of what happened to each."""

from flask import Flask

from backend.openapi import Api
from backend.proposals.merges import answers
from backend.proposals.similar.views import blp as similar
from backend.proposals.views import blp


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes, and how what was merged is answered."""
    answers.init_app(app)
    api.register_blueprint(blp)
    api.register_blueprint(similar)
