"""Signing in with OpenID providers: attempts, ID tokens, and who came from where."""

from flask import Flask

from backend.accounts.oidc import cli  # noqa: F401 (adds its command to the group)
from backend.accounts.oidc.directory import Directory
from backend.accounts.oidc.views import EXTENSION, blp
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the routes, and begin to know the providers."""
    app.extensions[EXTENSION] = Directory()
    api.register_blueprint(blp)
