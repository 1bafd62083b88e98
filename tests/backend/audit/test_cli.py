"""The audit commands: what they print, and their exit codes."""

from flask import Flask
from sqlalchemy.orm import Session

from tests.backend.audit.factories import append, tamper


def test_verify_says_that_all_is_intact(app: Flask, session: Session) -> None:
    append(session, chain="gu-1")
    append(session, chain="gu-2")
    session.commit()
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, result.output) == (0, "2 events in 2 chains: intact\n")


def test_verify_prints_a_line_per_break_and_fails(app: Flask, session: Session) -> None:
    append(session, chain="gu-1")
    tamper(session, "UPDATE audit_event SET action = 'x'")
    session.commit()
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, result.output) == (
        1,
        "gu-1 #1: edited: content and hash differ\n",
    )


def test_heads_prints_the_end_of_each_chain(app: Flask, session: Session) -> None:
    append(session, chain="gu-1")
    last = append(session, chain="gu-1")
    session.commit()
    result = app.test_cli_runner().invoke(args=["audit", "heads"])
    assert result.output == f"gu-1\t2\t{last.hash.hex()}\n"
