"""Owns the commands of the demonstration."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import text

from backend import clock
from backend.db import db, unit_of_work
from backend.demo.people import Cast, keep_logins, read_logins, renew_password
from backend.demo.play import SEED, is_played, play
from backend.errors import DomainError
from backend.ops.progress import Progress

commands = AppGroup("demo", help="A made-up round, from thirty ideas to placements on the map.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)


@commands.command("play")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Makes it repeatable.")
def play_once(seed: int) -> None:
    """Play the demonstration, unless it has been played, and tell the logins."""
    play_and_tell(Progress(), seed)


@commands.command("logins")
@click.option("--new-password", is_flag=True, help="Draw a new password for everybody made up.")
def logins(new_password: bool) -> None:
    """Tell one login per role."""
    if new_password:
        with unit_of_work() as session:
            cast = renew_password(session)
        keep_logins(cast, _var_dir())
    _tell(read_logins(_var_dir()))


def play_and_tell(progress: Progress, seed: int = SEED) -> None:
    """Play the demonstration, unless it has been played, and tell the logins."""
    if not is_played(db.session()):
        try:
            with progress.step("play the demonstration") as step, unit_of_work() as session:
                session.execute(text("SET LOCAL statement_timeout = 0"))
                cast = play(session, now=clock.now(), seed=seed, say=step.tick)
        except DomainError as error:
            raise click.ClickException(str(error)) from error
        keep_logins(cast, _var_dir())
    _tell(read_logins(_var_dir()))


def _tell(cast: Cast | None) -> None:
    if cast is None:
        click.echo("The logins are not kept here: flask --app wsgi demo logins --new-password")
        return
    click.echo(f"Logins of the demonstration, all with the password {cast.password}")
    for role, email in sorted(cast.logins.items()):
        click.echo(f"  {role:10} {email}")


def _var_dir() -> Path:
    return Path(current_app.config["VAR_DIR"])
