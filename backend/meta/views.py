"""The installation over HTTP: one answer, the same for everybody, kept for minutes."""

from flask import current_app
from werkzeug import Response

from backend.answers import answer_json
from backend.auth.guards import public
from backend.meta.schemas import MetaSchema
from backend.meta.service import describe_installation
from backend.openapi import URL_PREFIX, Blueprint

blp = Blueprint("meta", __name__, url_prefix=URL_PREFIX, description="This installation")

MINUTES = "public, max-age=300"
"""An app that is too old hears of it within five minutes."""


@blp.get("/meta")
@public
@blp.response(200, MetaSchema)
def show_meta() -> Response:
    """Show versions, languages, categories and limits."""
    return answer_json(
        MetaSchema().dump(describe_installation(current_app.config)), cache_control=MINUTES
    )
