"""Owns the operator's commands of fairness: loading how many people live where."""

from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from backend import clock
from backend.db import unit_of_work
from backend.fairness.models import KINDS
from backend.fairness.population import TableUnreadable, keep_table, read_table
from geo.regions import NoActiveGeneration

SHOWN = 20
"""Codes that are listed; the rest is counted."""

commands = AppGroup("fairness", help="Reports of who got what of a round.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)


@commands.command("load-population")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    required=True,
    help="What the table counts; its column has this name.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of the count.")
@click.option("--source", help="Whom the table is owed to; the file's name by default.")
def load_population(file: Path, kind: str, as_of: datetime, source: str | None) -> None:
    """Load a CSV of people by sigungu; reports then count per 100,000 of them."""
    try:
        figures = read_table(file.read_text("utf-8-sig"), kind)
        with unit_of_work() as session:
            loaded = keep_table(
                session,
                figures,
                kind=kind,
                as_of=as_of.date(),
                source=source or file.name,
                now=clock.now(),
            )
    except (TableUnreadable, UnicodeDecodeError) as error:
        msg = f"{file.name}: {error}"
        raise click.ClickException(msg) from error
    except NoActiveGeneration as error:
        msg = "no boundaries are loaded: flask --app wsgi regions load"
        raise click.ClickException(msg) from error
    click.echo(f"{loaded.regions} regions with {loaded.people:,} people ({kind})")
    _list("of the file are none in force", loaded.unknown)
    _list("in force have no figure", loaded.missing)
    if loaded.unknown:
        click.echo("Codes that changed since: flask --app wsgi regions crosswalk load, then again.")


def _list(what: str, codes: tuple[str, ...]) -> None:
    if codes:
        more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
        click.echo(f"{len(codes)} codes {what}: {', '.join(codes[:SHOWN])}{more}")
