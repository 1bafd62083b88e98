"""Citizens' proposals: drafts, places, who writes and backs them, and what happened to each."""

from flask import Flask

from backend.openapi import Api
from backend.proposals import views
from backend.proposals.co_authors import views as co_authors
from backend.proposals.comments import moderation_views as moderation
from backend.proposals.comments import views as comments
from backend.proposals.follows import views as follows
from backend.proposals.merges import answers
from backend.proposals.photos import views as photos
from backend.proposals.similar import views as similar
from backend.proposals.uploads import views as uploads
from backend.proposals.versions import views as versions

PARTS = (views, versions, photos, uploads, co_authors, follows, comments, moderation, similar)


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes, and how what was merged is answered."""
    answers.init_app(app)
    for part in PARTS:
        api.register_blueprint(part.blp)
