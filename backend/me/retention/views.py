"""What is kept of people over HTTP: one answer, the same for everybody."""

from flask import current_app
from werkzeug import Response

from backend.answers import answer_json
from backend.auth.guards import public
from backend.me.retention.schemas import RetentionSchema
from backend.me.retention.service import describe_retention
from backend.openapi import URL_PREFIX, Blueprint

blp = Blueprint("privacy", __name__, url_prefix=URL_PREFIX, description="What is kept of people")

AN_HOUR = "public, max-age=3600"


@blp.get("/privacy/retention")
@public
@blp.response(200, RetentionSchema)
def show_retention() -> Response:
    """Show what is kept of people, for how long, for which reason, and what deletes it."""
    items = describe_retention(current_app.config)
    return answer_json(RetentionSchema().dump({"items": items}), cache_control=AN_HOUR)
