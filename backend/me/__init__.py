"""One person's things across all domains: copy, erasure, retention, who looked, what changed."""

from flask import Flask

from backend.me.access_log import views as access_log
from backend.me.erasure import views as erasure
from backend.me.exports import views as exports
from backend.me.retention import views as retention
from backend.me.sync import views as sync
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:  # noqa: ARG001 (every domain is opened the same way)
    """Register the routes."""
    for views in (sync, exports, erasure, retention, access_log):
        api.register_blueprint(views.blp)
