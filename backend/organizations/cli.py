"""Owns the operator's commands: the first administrator, local governments, their first staff."""

import csv
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from marshmallow import Schema, ValidationError

from backend import clock
from backend.accounts.cli import commands as account_commands
from backend.accounts.queries import find_account_by_email
from backend.accounts.schemas import AccountCreateSchema
from backend.accounts.service import EmailTaken
from backend.db import db, unit_of_work
from backend.errors import DomainError
from backend.organizations import schemas
from backend.organizations.administrators import promote_to_administrator, register_administrator
from backend.organizations.governments import ensure_local_governments
from backend.organizations.invitations import Offer, invite
from backend.organizations.queries import get_local_government_organization
from backend.organizations.roster import RosterUnreadable, Row, invite_from_roster, read_roster
from geo.regions import NoActiveGeneration

commands = AppGroup("organizations", help="Local governments and their staff.")

NEXT_STEPS = """\
Next:
  flask --app wsgi regions load          load the boundaries of the country, unless they are there
  flask --app wsgi organizations sync    one organization for each local government
  flask --app wsgi organizations invite --local-government 11140 --role manager --email NAME@HOST
                                         or invite-all FILE.csv for many; managers invite the rest
Officers and auditors are invited by the administrator over the API:
  POST /api/v1/organizations/{procurement_service}/invitations"""


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)


@account_commands.command("create-admin")
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--display-name", default="관리자", show_default=True, help="Name that others see.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first input line.")
@click.option("--existing", is_flag=True, help="Promote an account that you know to be theirs.")
def create_admin(email: str, display_name: str, password_stdin: bool, existing: bool) -> None:
    """Make an administrator, who invites everybody else; there is no default password."""
    try:
        if existing:
            with unit_of_work() as session:
                membership = promote_to_administrator(session, email=email, now=clock.now())
                organization_id = membership.organization_id
        else:
            if find_account_by_email(db.session(), email) is not None:
                raise EmailTaken
            password = _read_password(password_stdin)
            facts = {"email": email, "password": password, "display_name": display_name}
            checked = _checked(AccountCreateSchema(), facts)
            with unit_of_work() as session:
                membership = register_administrator(session, **checked, now=clock.now())
                organization_id = membership.organization_id
    except EmailTaken as exc:
        msg = (
            f"{exc} If it is theirs, make it an administrator with --existing; its password stays."
        )
        raise click.ClickException(msg) from exc
    except DomainError as exc:
        raise click.ClickException(str(exc)) from exc
    click.echo(f"{email} is an administrator.")
    click.echo(NEXT_STEPS.format(procurement_service=organization_id))


@commands.command("sync")
def sync() -> None:
    """Have one organization for each local government of the boundaries in force."""
    try:
        with unit_of_work() as session:
            changes = ensure_local_governments(session, now=clock.now())
    except NoActiveGeneration as exc:
        msg = f"{exc}: run `flask --app wsgi regions load` first"
        raise click.ClickException(msg) from exc
    click.echo(
        f"{changes.present} local governments: {changes.created} created, {changes.renamed}"
        f" renamed, {changes.reopened} reopened, {changes.closed} closed"
    )


@commands.command("invite")
@click.option("--local-government", "code", required=True, help="Code, such as 11140 or 44.")
@click.option("--role", required=True, help="reviewer or manager.")
@click.option("--email", required=True, help="Address of the invited person.")
def invite_one(code: str, role: str, email: str) -> None:
    """Invite somebody to work for a local government, and print the token to hand over."""
    facts = _checked(schemas.InvitationCreateSchema(), {"email": email, "role": role})
    try:
        with unit_of_work() as session:
            organization = get_local_government_organization(session, code)
            offer = invite(
                session,
                organization_id=organization.id,
                **facts,
                invited_by=None,
                now=clock.now(),
                life=_life(),
            )
            name, until = organization.name_ko, offer.invitation.expires_at
    except DomainError as exc:
        raise click.ClickException(str(exc)) from exc
    click.echo(f"{email}: {role} of {name}, token good until {until:%Y-%m-%d %H:%M} UTC:", err=True)
    click.echo(offer.token)


@commands.command("invite-all")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), help="New file for the tokens (0600).")
@click.option("--renew", is_flag=True, help="Replace invitations that are still open.")
def invite_all(file: Path, output: Path | None, renew: bool) -> None:
    """Invite the people of a CSV file with the columns code, email and role.

    Each row stands for itself: one that is refused is named with its line and changes no other.
    Tokens go to --output or to standard output as CSV; the report goes to the other stream.
    """
    rows = _read_rows(file)
    refused = 0
    with _open_tokens(output) as tokens:
        writer = csv.writer(tokens, lineterminator="\n")
        writer.writerow(("code", "email", "role", "token", "expires_at"))
        for row in rows:
            try:
                said = _invite_row(row, renew, writer)
                tokens.flush()
            except (click.ClickException, DomainError) as exc:
                refused += 1
                said = f"refused: {exc.message if isinstance(exc, click.ClickException) else exc}"
            who = " ".join(row.cells.values()) if row.cells else "?"
            click.echo(f"line {row.line}: {who}: {said}", err=output is None)
    click.echo(f"{len(rows)} rows, {refused} refused", err=output is None)
    if refused:
        raise SystemExit(1)


def _invite_row(row: Row, renew: bool, writer: Any) -> str:
    """Invite one row's person in a transaction of its own and say what happened."""
    if row.cells is None:
        raise click.ClickException("the line has not exactly three cells")
    code = row.cells["code"]
    given = {"email": row.cells["email"], "role": row.cells["role"]}
    facts = _checked(schemas.InvitationCreateSchema(), given)
    with unit_of_work() as session:
        found = invite_from_roster(
            session, code=code, **facts, renew=renew, now=clock.now(), life=_life()
        )
        if isinstance(found, datetime):
            return f"invited before, until {found:%Y-%m-%d} (--renew replaces the token)"
        line = _token_line(code, found)
    # Only a token that is committed is good, so only that one is written.
    writer.writerow(line)
    return "invited"


def _token_line(code: str, offer: Offer) -> tuple[str, ...]:
    invitation = offer.invitation
    expires_at = invitation.expires_at.isoformat(timespec="seconds")
    return (code, invitation.email, invitation.role, offer.token, expires_at)


def _read_rows(file: Path) -> list[Row]:
    try:
        return list(read_roster(file.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError as exc:
        msg = f"{file} is not UTF-8 text"
        raise click.ClickException(msg) from exc
    except (RosterUnreadable, csv.Error) as exc:
        msg = f"{file}: {exc}"
        raise click.ClickException(msg) from exc


def _open_tokens(output: Path | None) -> TextIO:
    if output is None:
        return click.open_file("-", "w")  # type: ignore[return-value]  # closing it leaves stdout open
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as exc:
        msg = f"{output}: {exc.strerror}"
        raise click.ClickException(msg) from exc
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _checked(schema: Schema, values: dict[str, str]) -> dict[str, Any]:
    try:
        checked: dict[str, Any] = schema.load(values)
    except ValidationError as exc:
        texts = (f"{name}: {' '.join(said)}" for name, said in exc.messages_dict.items())
        raise click.ClickException("; ".join(texts)) from exc
    return checked


def _life() -> timedelta:
    return timedelta(days=current_app.config["INVITATION_DAYS"])
