"""Owns the commands that change the boundaries in force and tell what that did."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from backend import clock
from backend.db import db, unit_of_work
from backend.errors import DomainError
from backend.generations.queries import find_latest_change, get_change, list_cases
from backend.generations.service import activate_generation, roll_back
from backend.regions.cli import commands
from backend.regions.models import BoundaryChange

MOST_CASES = 100

remap = AppGroup("remap", help="What changes of the boundaries leave to people.")


def register() -> None:
    """Add the commands to those about boundaries."""
    for command in (activate, rollback, remap_report, remap):
        commands.add_command(command)


class _DryRun(Exception):
    """Nothing is to be kept of what was done."""


@click.command("activate")
@click.argument("generation_id", type=int)
@click.option("--dry-run", is_flag=True, help="Do all of it, show the report, and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
def activate(generation_id: int, dry_run: bool, as_json: bool) -> None:
    """Put a validated generation in force; the records of every domain follow."""
    with _keeping(dry_run) as session:
        change = activate_generation(session, generation_id=generation_id, now=clock.now())
        if change is None:
            click.echo(f"generation {generation_id} is in force; there was nothing to move")
        else:
            _show(change, as_json=as_json, dry_run=dry_run)


@click.command("rollback")
@click.option("--dry-run", is_flag=True, help="Do all of it, show the report, and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
def rollback(dry_run: bool, as_json: bool) -> None:
    """Return to the generation before the last change; the records return too."""
    with _keeping(dry_run) as session:
        _show(roll_back(session, now=clock.now()), as_json=as_json, dry_run=dry_run)


@click.command("remap-report")
@click.argument("change_id", type=click.UUID, required=False)
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
def remap_report(change_id: UUID | None, as_json: bool) -> None:
    """Show what a change of the boundaries did; the last one unless an id is given."""
    _show(_change_of(change_id), as_json=as_json, dry_run=False)


@remap.command("cases")
@click.argument("change_id", type=click.UUID, required=False)
@click.option("--all", "show_all", is_flag=True, help="Closed ones too.")
def cases(change_id: UUID | None, show_all: bool) -> None:
    """List what a change left to people; the last change unless an id is given."""
    change = _change_of(change_id)
    after = None
    while True:
        page = list_cases(
            db.session(),
            change_id=change.id,
            is_open=not show_all,
            limit=MOST_CASES,
            after=after,
        )
        for case in page.items:
            candidates = ",".join(case.candidates) or "-"
            click.echo(
                f"{case.id} {case.subject_type} {case.subject_id} {case.reason}"
                f" {','.join(case.codes)} -> {candidates} {case.outcome or 'open'}"
            )
        after = page.next_cursor
        if after is None:
            return


@contextmanager
def _keeping(dry_run: bool) -> Iterator[Session]:
    try:
        with unit_of_work(alone=True) as session:
            yield session
            if dry_run:
                raise _DryRun
    except _DryRun:
        click.echo("nothing of this was kept (--dry-run)", err=True)
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def _change_of(change_id: UUID | None) -> BoundaryChange:
    try:
        if change_id is not None:
            return get_change(db.session(), change_id)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    change = find_latest_change(db.session())
    if change is None:
        raise click.ClickException("the boundaries have not changed yet")
    return change


def _show(change: BoundaryChange, *, as_json: bool, dry_run: bool) -> None:
    facts: dict[str, Any] = {
        "id": str(change.id),
        "generations": [change.old_generation_id, change.new_generation_id],
        "dry_run": dry_run,
        **change.report,
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"change {change.id}: {change.old_generation_id} -> {change.new_generation_id}")
    for name, told in facts["regions"].items():
        click.echo(f"{name:24} {_counts(told['counts'])}")
        for entry in told["changed"]:
            if len(entry["code"]) < 8 or entry["kind"] in ("split", "orphaned"):
                after = ", ".join(entry["successors"]) or "nothing"
                click.echo(f"  {entry['code']} {entry['kind']} -> {after}")
    for domain, types in facts["records"].items():
        for name, counts in types.items():
            click.echo(f"{domain}.{name:24} {_counts(counts)}")
    click.echo(f"{'left to people':24} {_counts(facts['cases'])}")
    click.echo(f"{'people told':24} {facts['told']}")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in counts.items()) or "none"
