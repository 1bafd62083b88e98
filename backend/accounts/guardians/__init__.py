"""A guardian's consent for a child under fourteen, asked for by a link good for two days."""

from functools import partial

from flask import Flask

from backend.accounts.guardians.letters import connect_carrier
from backend.accounts.guardians.views import blp
from backend.mail import is_mail_on, send_mail
from backend.openapi import Api


def init_app(app: Flask, api: Api) -> None:
    """Register the routes; letters go by mail, where the installation sends any."""
    api.register_blueprint(blp)
    if is_mail_on(app.config):
        connect_carrier(app, partial(send_mail, app.config))
