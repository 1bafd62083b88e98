"""Owns the commands about generations: listing, checking, comparing, handing out, throwing away."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from backend import clock
from backend.db import db, unit_of_work
from backend.regions import generations, tables
from geo import regions
from geo.boundaries import NotExportable
from geo.regions import GenerationNotFound, NoActiveGeneration, NotADraft
from geo.tiling import EMD, LEVEL_NAMES, SIDO, SIGUNGU

REFUSALS = (GenerationNotFound, NoActiveGeneration, NotADraft, NotExportable)
LEVELS = {LEVEL_NAMES[level]: level for level in (SIDO, SIGUNGU, EMD)}


@contextmanager
def _refusals_said() -> Iterator[None]:
    try:
        yield
    except REFUSALS as error:
        raise click.ClickException(str(error)) from error


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


@click.command("generations")
@with_appcontext
def list_all() -> None:
    """List every boundary set that was loaded, the oldest first."""
    _say(tables.generation_lines(regions.list_generations(db.session())))


@click.command("validate")
@click.argument("generation_id", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="The report as it is stored.")
@with_appcontext
def validate(*, generation_id: int, as_json: bool) -> None:
    """Check a draft against what is in force; only what passes may be put in force."""
    with _refusals_said(), unit_of_work() as session:
        report = generations.validate(session, generation_id, clock.now())
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _say(tables.report_lines(report))
        click.echo("validated" if report.passed else "still a draft: mend the errors")
    if not report.passed:
        raise click.exceptions.Exit(1)


@click.command("compare")
@click.argument("generation_id", metavar="ID", type=int)
@click.option("--with", "before", type=int, help="The earlier one; by default what is in force.")
@click.option("--json", "as_json", is_flag=True, help="All changes as one JSON object.")
@with_appcontext
def compare(*, generation_id: int, before: int | None, as_json: bool) -> None:
    """Tell what a boundary set changes: codes, names, governments, shapes."""
    with _refusals_said(), unit_of_work() as session:
        difference = generations.compare(session, generation_id, before)
    if as_json:
        click.echo(json.dumps(difference.as_json(), ensure_ascii=False))
    else:
        _say(tables.difference_lines(difference))


@click.command("discard")
@click.argument("generation_id", metavar="ID", type=int)
@with_appcontext
def discard(*, generation_id: int) -> None:
    """Throw away a boundary set that was never in force."""
    with _refusals_said(), unit_of_work() as session:
        generations.discard(session, generation_id)
    click.echo(f"generation {generation_id} is gone")


@click.command("export")
@click.argument("generation_id", metavar="ID", type=int)
@click.argument("path", metavar="OUT", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "file_format", type=click.Choice(["gpkg", "geojson"]), default="gpkg")
@click.option("--level", type=click.Choice(list(LEVELS)), default="emd")
@with_appcontext
def export(*, generation_id: int, path: Path, file_format: str, level: str) -> None:
    """Write a boundary set to a file; of neighbourhoods, one that `load --from` takes back."""
    with _refusals_said(), unit_of_work() as session:
        count = generations.export(
            session, generation_id, path, file_format=file_format, level=LEVELS[level]
        )
    click.echo(f"{count} {level} in {path.name}")


COMMANDS = (list_all, validate, compare, export, discard)
