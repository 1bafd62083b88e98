"""Owns the commands about boundaries: loading them and telling what is in force."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from backend import clock
from backend.db import db, unit_of_work
from geo.boundaries import (
    BadRows,
    GovernmentTable,
    InvalidLayer,
    OperatorFile,
    SourceCorrupt,
    SourceUnavailable,
    UnknownReference,
    UnreadableFile,
    Wording,
    current_governments,
    load_country,
    load_file,
)
from geo.boundaries.coverage import BrokenCoverage
from geo.boundaries.localgov import TableMismatch, read_governments
from geo.regions import NoActiveGeneration, stats

PUT_IN_FORCE = "regions.put_in_force"
"""Extension: how loaded boundaries come into force; who moves records with them sets another."""

commands = AppGroup("regions", help="Boundaries of the country.")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DATE = click.DateTime(["%Y-%m-%d"])

REFUSALS = (
    SourceUnavailable,
    SourceCorrupt,
    InvalidLayer,
    UnreadableFile,
    UnknownReference,
    BadRows,
    BrokenCoverage,
    TableMismatch,
)
"""What a boundary set can be refused for; each says what to change."""


@commands.command("load")
@click.option("--progress", is_flag=True, help="Say each step.")
@click.option("--from", "path", type=FILE, help="Your own file, loaded as a draft.")
@click.option("--layer", help="Its layer, when it has several.")
@click.option("--code-field", help="Its field of codes, unless it is EMD_CD or code.")
@click.option("--name-field", help="Its field of names, unless it is EMD_KOR_NM or name.")
@click.option("--srid", type=int, help="4326, 5179 or 5186, when the file does not say.")
@click.option("--label", help="What to call the boundary set; the file's name by default.")
@click.option("--data-date", type=DATE, help="The date of its data; today by default.")
@click.option("--attribution", help="Whom the data is owed to.")
@click.option("--governments", type=FILE, help="CSV of the governments, when they changed.")
def load(
    *,
    progress: bool,
    path: Path | None,
    label: str | None,
    data_date: datetime | None,
    attribution: str | None,
    governments: Path | None,
    **how: Any,
) -> None:
    """Load the boundaries of the country and put them in force; once is enough.

    With --from, load a GeoPackage, Shapefile (also zipped) or GeoJSON of neighbourhoods as a draft.
    """
    said: list[str] = []

    def say(message: str) -> None:
        said.append(message)
        if progress:
            click.echo(message)

    cache_dir = Path(current_app.config["VAR_DIR"]) / "boundaries"
    try:
        # A draft touches nobody: only what is put in force makes the writers wait.
        with unit_of_work(alone=path is None) as session:
            if path is None:
                put_in_force = current_app.extensions[PUT_IN_FORCE]
                load_country(session, cache_dir, say, clock.now(), put_in_force)
            else:
                dated = data_date.date() if data_date else clock.now().date()
                draft = load_file(
                    session,
                    OperatorFile(path, **how),
                    Wording(dated, label, attribution),
                    _governments(governments),
                    now=clock.now(),
                    say=say,
                )
                say(f"generation {draft} is a draft")
    except REFUSALS as error:
        raise click.ClickException(str(error)) from error
    if not progress:
        click.echo(said[-1])


def _governments(path: Path | None) -> GovernmentTable:
    return read_governments(path.read_text("utf-8-sig")) if path else current_governments()


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
