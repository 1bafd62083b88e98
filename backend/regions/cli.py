"""Owns the commands about boundaries: loading them and telling what is in force."""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from backend import clock
from backend.db import db, unit_of_work
from geo.boundaries import InvalidLayer, SourceCorrupt, SourceUnavailable, load_country
from geo.regions import NoActiveGeneration, stats

commands = AppGroup("regions", help="Boundaries of the country.")


@commands.command("load")
@click.option("--progress", is_flag=True, help="Say each step.")
def load(progress: bool) -> None:
    """Load the boundaries of the country and put them in force; once is enough."""
    said: list[str] = []

    def say(message: str) -> None:
        said.append(message)
        if progress:
            click.echo(message)

    cache_dir = Path(current_app.config["VAR_DIR"]) / "boundaries"
    try:
        with unit_of_work() as session:
            load_country(session, cache_dir, say, clock.now())
    except (SourceUnavailable, SourceCorrupt, InvalidLayer) as error:
        raise click.ClickException(str(error)) from error
    if not progress:
        click.echo(said[-1])


@commands.command("stats")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show_stats(as_json: bool) -> None:
    """Tell what is in force: counts, invalid shapes, area, where the shapes came from."""
    try:
        found = stats(db.session())
    except NoActiveGeneration as error:
        message = "no boundaries are loaded: flask --app wsgi regions load"
        raise click.ClickException(message) from error
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if name == "provenance" else value
        click.echo(f"{name:18} {shown}")
