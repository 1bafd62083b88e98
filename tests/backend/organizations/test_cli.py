"""The operator's way from an empty installation to the staff of the local governments."""

import csv
import io
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.organizations.models import Invitation, Membership, Organization
from tests.support import people

Run = Callable[..., Result]
SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def run(app: Flask, client: FlaskClient) -> Run:
    """Run a command inside the test's savepoint, at the test's time."""

    def invoke(*args: str, typed: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=args, input=typed)

    return invoke


@pytest.fixture
def synchronised(run: Run) -> None:
    assert run("organizations", "sync").exit_code == 0


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def make_admin(run: Run, *more: str, typed: str | None = "ten letters!\n") -> Result:
    command = ["accounts", "create-admin", "--email", "Ops@example.com", "--password-stdin"]
    return run(*command, *more, typed=typed)


def test_the_first_administrator_can_sign_in_and_invite(
    run: Run, client: FlaskClient, sign_in: SignIn
) -> None:
    made = make_admin(run)
    assert made.exit_code == 0, made.output
    headers = sign_in("ops@example.com", "ten letters!")
    (mine,) = client.get("/api/v1/me/memberships", headers=headers).json["items"]
    assert (mine["role"], mine["organization"]["name_ko"]) == ("admin", "조달청")
    answer = client.post(
        f"/api/v1/organizations/{mine['organization']['id']}/invitations",
        json={"email": "officer@example.com", "role": "officer"},
        headers=headers,
    )
    assert answer.status_code == 201


def test_what_to_do_next_is_printed_and_the_password_is_not(run: Run) -> None:
    made = make_admin(run)
    assert "regions load" in made.output
    assert "organizations sync" in made.output
    assert "ten letters!" not in made.output


def test_the_password_is_asked_for_twice(run: Run, sign_in: SignIn) -> None:
    made = run("accounts", "create-admin", "--email", "ops@example.com", typed="ten letters!\n" * 2)
    assert made.exit_code == 0, made.output
    sign_in("ops@example.com", "ten letters!")


@pytest.mark.parametrize("typed", ["", "\n", "short\n"])
def test_there_is_no_administrator_without_a_good_password(
    run: Run, session: Session, typed: str
) -> None:
    made = make_admin(run, typed=typed)
    assert made.exit_code == 1
    assert "password" in made.output
    assert count(session, Account) == 0


def test_an_account_that_exists_is_not_promoted_unasked(run: Run, session: Session) -> None:
    people.register(session, email="ops@example.com")
    made = make_admin(run)
    assert made.exit_code == 1
    assert "--existing" in made.output
    assert count(session, Membership) == 0


def test_an_account_that_exists_is_promoted_when_said_so(
    run: Run, session: Session, sign_in: SignIn
) -> None:
    people.register(session, email="ops@example.com")
    assert make_admin(run, "--existing", typed=None).exit_code == 0
    sign_in("ops@example.com", people.PASSWORD)
    again = make_admin(run, "--existing", typed=None)
    assert (again.exit_code, count(session, Membership)) == (1, 1)


def test_nobody_unknown_is_promoted(run: Run) -> None:
    made = make_admin(run, "--existing", typed=None)
    assert (made.exit_code, made.output) == (1, "Error: There is no such account.\n")


def test_sync_says_what_it_did(run: Run, session: Session) -> None:
    first, second = run("organizations", "sync"), run("organizations", "sync")
    assert first.output.startswith("243 local governments: 243 created")
    assert second.output.startswith("243 local governments: 0 created")
    assert count(session, Organization) == 243


@pytest.mark.usefixtures("synchronised")
def test_a_manager_is_invited_and_accepts(run: Run, client: FlaskClient, sign_in: SignIn) -> None:
    done = run(
        *("organizations", "invite", "--local-government", "44130"),
        *("--role", "manager", "--email", "kim@cheonan.example"),
    )
    assert done.exit_code == 0, done.output
    assert "충청남도 천안시" in done.stderr
    body = {
        "token": done.stdout.strip(),
        "registration": {"password": "ten letters!", "display_name": "김관리"},
    }
    answer = client.post("/api/v1/invitations/acceptance", json=body)
    assert (answer.status_code, answer.json["role"]) == (201, "manager")


@pytest.mark.usefixtures("synchronised")
@pytest.mark.parametrize(
    ("code", "role", "email", "said"),
    [
        ("99999", "manager", "a@example.com", "99999"),
        ("44130", "officer", "a@example.com", "manager, reviewer"),
        ("44130", "king", "a@example.com", "role: "),
        ("44130", "manager", "nobody", "email: "),
    ],
)
def test_a_wrong_invitation_is_refused_with_the_reason(
    run: Run, session: Session, code: str, role: str, email: str, said: str
) -> None:
    done = run(
        "organizations", "invite", "--local-government", code, "--role", role, "--email", email
    )
    assert done.exit_code == 1
    assert said in done.stderr
    assert count(session, Invitation) == 0


ROSTER = """\
code,email,role
11140,kim@jung.example,manager
99999,lee@nowhere.example,manager
44130,not an address,reviewer

44130,park@cheonan.example,king
44130,choi@cheonan.example
36,jung@sejong.example,reviewer
"""


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    file = tmp_path / "staff.csv"
    file.write_text(ROSTER, encoding="utf-8-sig")
    return file


@pytest.mark.usefixtures("synchronised")
def test_a_bad_row_is_named_and_takes_no_other_with_it(
    run: Run, session: Session, roster: Path
) -> None:
    done = run("organizations", "invite-all", str(roster))
    assert done.exit_code == 1
    report = done.stderr.splitlines()
    assert [line.split(":")[0] for line in report] == [
        "line 2", "line 3", "line 4", "line 6", "line 7", "line 8", "6 rows, 4 refused",
    ]  # fmt: skip
    assert [line.split()[1].rstrip(":") for line in report if "refused: " in line] == [
        "3", "4", "6", "7",
    ]  # fmt: skip
    addresses = set(session.scalars(select(Invitation.email)))
    assert addresses == {"kim@jung.example", "jung@sejong.example"}


@pytest.mark.usefixtures("synchronised")
def test_the_tokens_go_into_a_file_that_only_its_owner_reads(
    run: Run, client: FlaskClient, roster: Path, tmp_path: Path
) -> None:
    output = tmp_path / "tokens.csv"
    done = run("organizations", "invite-all", str(roster), "--output", str(output))
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    rows = list(csv.DictReader(output.read_text().splitlines()))
    assert [(row["code"], row["role"]) for row in rows] == [
        ("11140", "manager"),
        ("36", "reviewer"),
    ]
    assert rows[0]["token"] not in done.output
    body = {
        "token": rows[1]["token"],
        "registration": {"password": "ten letters!", "display_name": "정세종"},
    }
    assert client.post("/api/v1/invitations/acceptance", json=body).status_code == 201


@pytest.mark.usefixtures("synchronised")
def test_a_file_of_tokens_is_never_written_over(run: Run, session: Session, roster: Path) -> None:
    done = run("organizations", "invite-all", str(roster), "--output", str(roster))
    assert done.exit_code == 1
    assert roster.read_text(encoding="utf-8-sig") == ROSTER
    assert count(session, Invitation) == 0


@pytest.mark.usefixtures("synchronised")
def test_a_second_run_leaves_the_tokens_of_the_first_good(
    run: Run, client: FlaskClient, roster: Path
) -> None:
    first = tokens(run("organizations", "invite-all", str(roster)))
    again = run("organizations", "invite-all", str(roster))
    assert "invited before" in again.stderr
    assert tokens(again) == []
    renewed = tokens(run("organizations", "invite-all", str(roster), "--renew"))
    codes = [accept_code(client, token) for token in (first[0], renewed[0])]
    assert codes == ["invitation_expired", "registration_needed"]


def tokens(done: Result) -> list[str]:
    return [row["token"] for row in csv.DictReader(io.StringIO(done.stdout))]


def accept_code(client: FlaskClient, token: str) -> str:
    answer = client.post("/api/v1/invitations/acceptance", json={"token": token})
    code: str = answer.json["code"]
    return code


@pytest.mark.parametrize(
    "text", [b"", b"kim@jung.example,11140,manager\n", "code,email,역할\n".encode("cp949")]
)
def test_a_file_of_another_kind_is_refused_whole(run: Run, tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "staff.csv"
    file.write_bytes(text)
    done = run("organizations", "invite-all", str(file))
    assert done.exit_code == 1
    assert str(file) in done.stderr
    assert done.stdout == ""
