"""A local government's work: submission, queue, decision with a reason, and priorities."""

from flask import Flask

from backend.openapi import Api
from backend.reviews.merges.views import blp as merges
from backend.reviews.views import FIRST_YEAR, LAST_YEAR, ProgrammeYear, blp


def init_app(app: Flask, api: Api) -> None:
    """Register the domain's routes, and how a year stands in their paths."""
    app.url_map.converters["programme_year"] = ProgrammeYear
    api.register_converter(
        ProgrammeYear,
        lambda _: {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
    )
    api.register_blueprint(blp)
    api.register_blueprint(merges)
