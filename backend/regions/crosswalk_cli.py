"""Owns the commands about the crosswalk of codes: which code became which, and when."""

import gzip
from pathlib import Path

import click
from flask.cli import AppGroup

from backend import clock
from backend.db import db, unit_of_work
from geo.regions import InvalidRegionCode, normalize_code
from geo.regions.code_changes import CodesInCircle, list_changes, load_changes
from geo.regions.code_lists import CodeList, ListUnreadable, read_ministry, read_plain

READERS = {"plain": read_plain, "ministry": read_ministry}

MOST_FAULTS = 20
"""Lines at fault that are shown; the rest is counted."""

crosswalk = AppGroup("crosswalk", help="Codes that became others, from lists of changes.")


@crosswalk.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "list_format",
    type=click.Choice(sorted(READERS)),
    default="plain",
    show_default=True,
    help="plain: old_code,new_code,effective_on. ministry: code,created_on,abolished_on,"
    "former_code.",
)
@click.option("--skip-faults", is_flag=True, help="Load the lines that are right all the same.")
def load(file: Path, list_format: str, skip_faults: bool) -> None:
    """Enter the changes of a CSV list (.gz too); a list can be loaded again."""
    found = _read(file, list_format)
    for fault in found.faults[:MOST_FAULTS]:
        click.echo(f"line {fault.line}: {fault.message}", err=True)
    if len(found.faults) > MOST_FAULTS:
        click.echo(f"and {len(found.faults) - MOST_FAULTS} more lines at fault", err=True)
    if found.faults and not skip_faults:
        msg = (
            f"{len(found.faults)} lines are at fault and nothing was loaded; mend them, or load the"
            " others with --skip-faults"
        )
        raise click.ClickException(msg)
    try:
        with unit_of_work() as session:
            loaded = load_changes(session, found.changes, source=file.name, now=clock.now())
    except CodesInCircle as error:
        lines = [
            str(line)
            for change, line in found.changes.items()
            if change.effective_on == error.effective_on and change.old_code in error.codes
        ]
        msg = f"{error} (lines {', '.join(lines)})"
        raise click.ClickException(msg) from error
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(loaded.kinds.items()))
    click.echo(f"{loaded.added} changes added, {loaded.present} there already ({kinds or 'none'})")
    for reason, number in sorted(found.skipped.items()):
        click.echo(f"{number} lines left out: {reason}")


@crosswalk.command("show")
@click.argument("code")
def show(code: str) -> None:
    """Show what a code was before and what it became, the oldest change first."""
    try:
        wanted = normalize_code(code)
    except InvalidRegionCode as error:
        raise click.ClickException(str(error)) from error
    changes = list_changes(db.session(), wanted)
    if not changes:
        click.echo(f"no list tells of a change of {wanted}")
    for row in changes:
        click.echo(f"{row.effective_on} {row.old_code} -> {row.new_code} {row.kind} ({row.source})")


def _read(file: Path, list_format: str) -> CodeList:
    try:
        content = file.read_bytes()
        if file.suffix == ".gz":
            content = gzip.decompress(content)
        return READERS[list_format](content.decode("utf-8-sig"))
    except (ListUnreadable, UnicodeDecodeError, gzip.BadGzipFile) as error:
        msg = f"{file.name}: {error}"
        raise click.ClickException(msg) from error
