"""Owns the group of the commands about people; domains above add what needs their rows as well."""

from flask import Flask
from flask.cli import AppGroup

commands = AppGroup("accounts", help="People who can sign in.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)
