"""Owns the command that brings an installation up to date; what it does lies in the domains."""

import logging
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import with_appcontext

from backend import clock
from backend.config import ROOT
from backend.db import read_connection, unit_of_work
from backend.demo.cli import play_and_tell
from backend.generations.service import put_in_force
from backend.health import code_revision, read_applied_revision
from backend.ops.progress import Progress
from backend.organizations.governments import ensure_local_governments
from geo.boundaries import InvalidLayer, SourceCorrupt, SourceUnavailable, load_country


def init_app(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(prepare)


@click.command("prepare")
@click.option("--demo", is_flag=True, help="Play the demonstration as well, and tell its logins.")
@with_appcontext
def prepare(demo: bool) -> None:
    """Migrate, load the boundaries and enter the local governments, where that is still to do."""
    progress = Progress()
    with read_connection() as connection:
        applied = read_applied_revision(connection)
    if applied != code_revision():
        # The step's line says enough; each revision's own would tear it apart.
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with progress.step("migrate the database"):
            flask_migrate.upgrade(str(ROOT / "migrations"))
    cache_dir = Path(current_app.config["VAR_DIR"]) / "boundaries"
    try:
        with (
            progress.step("boundaries of the country") as step,
            unit_of_work(alone=True) as session,
        ):
            load_country(session, cache_dir, step.tick, clock.now(), put_in_force)
            ensure_local_governments(session, now=clock.now())
    except SourceUnavailable as error:
        # A registry may be out of reach for a while: what needs no boundaries is served meanwhile.
        progress.warn(f"The boundaries of the country are missing: {error}")
        progress.warn("Without them there is no demonstration; the rest of the API starts.")
        return
    except (SourceCorrupt, InvalidLayer) as error:
        raise click.ClickException(str(error)) from error
    if demo:
        play_and_tell(progress)
