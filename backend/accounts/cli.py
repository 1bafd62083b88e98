"""Owns the commands about people; domains above add what needs their rows as well."""

import click
from flask import Flask
from flask.cli import AppGroup

from backend import clock
from backend.accounts.queries import find_account_by_email
from backend.accounts.second_factor.service import discard
from backend.db import unit_of_work
from backend.errors import DomainError

commands = AppGroup("accounts", help="People who can sign in.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)


@commands.command("remove-second-factor")
@click.option("--email", required=True, help="Address of who lost both phone and codes.")
def remove_second_factor(email: str) -> None:
    """Remove somebody's second factor, after you have made sure who asks."""
    try:
        with unit_of_work() as session:
            account = find_account_by_email(session, email)
            if account is None:
                raise click.ClickException("nobody has that address")
            discard(session, account_id=account.id, actor_id=None, now=clock.now())
    except DomainError as error:
        raise click.ClickException(error.sentence("en")) from error
    click.echo("Removed. The next sign-in asks for the password alone.")
