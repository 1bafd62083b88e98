"""A stranger with two published files and the engine checks a round, and learns no name."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import db, unit_of_work
from backend.demo.play import play
from backend.proposals.models import Proposal
from backend.rounds.models import Application, Round
from tests.conftest import NOW, application
from tests.support import databases

ROOT = Path(__file__).parents[2]
API = "/api/v1"
PUBLIC = ("", "/offers", "/inputs", "/seed", "/plans", "/outcomes", "/placements", "/vacancies")


@pytest.fixture(scope="module")
def played(template: str) -> Iterator[Flask]:
    """The application on a database in which the demonstration was played."""
    with databases.copy_of(template) as url:
        app = application(url)
        with app.app_context(), unit_of_work() as session:
            play(session, now=NOW, say=lambda _: None)
        yield app
        with app.app_context():
            for pool in db.engines.values():
                pool.dispose()


@pytest.fixture(scope="module")
def files(played: Flask) -> dict[str, bytes]:
    """What anybody can download of the round, by name."""
    client = played.test_client()
    with played.app_context():
        base = f"{API}/rounds/{db.session().scalars(select(Round.id)).one()}"
    (inputs,) = client.get(f"{base}/inputs").json["items"]
    (plan,) = client.get(f"{base}/plans").json["items"]
    names = [*PUBLIC, "/instance", "/plan", f"/inputs/{inputs['id']}"]
    names += [f"/plans/{plan['id']}{rest}" for rest in ("", "/instance", "/outcomes")]
    found = {name: client.get(base + name) for name in names}
    assert {name for name, answer in found.items() if answer.status_code != 200} == set()
    return {name: answer.data for name, answer in found.items()}


@pytest.fixture(scope="module")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the two files and the engine, and nothing else of ours."""
    folder = tmp_path_factory.mktemp("stranger")
    (folder / "instance.json").write_bytes(files["/instance"])
    (folder / "plan.json").write_bytes(files["/plan"])
    (folder / "geo").mkdir()
    shutil.copy(ROOT / "geo" / "__init__.py", folder / "geo")
    shutil.copytree(
        ROOT / "geo" / "matching",
        folder / "geo" / "matching",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return folder


def engine(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the engine as a stranger: no packages, no settings, no database."""
    return subprocess.run(  # noqa: S603 (our own interpreter on copied files)
        [sys.executable, "-E", "-s", "-S", "-m", "geo.matching", *arguments],
        cwd=folder,
        env={"PATH": os.defpath},
        capture_output=True,
        check=False,
    )


def test_the_published_plan_holds(folder: Path) -> None:
    checked = engine(folder, "verify", "instance.json", "plan.json")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


def test_the_plan_can_be_computed_from_the_inputs(folder: Path, files: dict[str, bytes]) -> None:
    assert engine(folder, "solve", "instance.json").stdout == files["/plan"]


def test_the_hash_announced_before_the_draw_is_that_of_the_plan(
    folder: Path, files: dict[str, bytes]
) -> None:
    announced = json.loads(files["/inputs"])["items"][0]["inputs_sha256"]
    assert engine(folder, "hash", "instance.json").stdout.decode().strip() == announced
    frozen = next(data for name, data in files.items() if name.startswith("/inputs/"))
    (folder / "frozen.json").write_bytes(frozen)
    assert engine(folder, "hash", "frozen.json").stdout.decode().strip() == announced


def test_a_plan_with_one_won_moved_does_not_hold(folder: Path) -> None:
    plan = (folder / "plan.json").read_text(encoding="utf-8")
    before, rest = plan.split('"spent_krw":', 1)
    digits = rest[: rest.index("}")]
    forged = f'{before}"spent_krw":{int(digits) + 1}{rest[len(digits) :]}'
    (folder / "forged.json").write_text(forged, encoding="utf-8")
    checked = engine(folder, "verify", "instance.json", "forged.json")
    assert checked.returncode == 1
    assert b"budget" in checked.stdout


def secrets_of(session: Session) -> dict[str, set[str]]:
    """Return everything personal in the database, by kind."""
    accounts = session.scalars(select(Account)).all()
    points = session.execute(
        select(func.ST_X(Proposal.geom), func.ST_Y(Proposal.geom)).where(Proposal.geom.is_not(None))
    ).all()
    return {
        "e-mail": {row.email for row in accounts},
        "name": {row.display_name for row in accounts},
        "account": {str(row.id) for row in accounts},
        # Four decimals are eleven metres: nobody's point comes out even that roughly.
        "longitude": {f"{lon:.4f}" for lon, _ in points},
        "latitude": {f"{lat:.4f}" for _, lat in points},
        "reason": set(session.scalars(select(Application.reason))),
    }


@pytest.mark.parametrize("kind", ["e-mail", "name", "account", "longitude", "latitude", "reason"])
def test_nothing_personal_is_in_the_files(
    played: Flask, files: dict[str, bytes], kind: str
) -> None:
    with played.app_context():
        secrets = secrets_of(db.session())[kind]
    assert secrets
    # Placements say where institutions are: their sites are public, whoever proposed nearby.
    skipped = {"/placements"} if kind in ("longitude", "latitude") else set()
    leaks = [
        (name, secret)
        for name, data in files.items()
        for secret in secrets
        if name not in skipped and secret in readable(data)
    ]
    assert leaks == []


def readable(data: bytes) -> str:
    """Return a JSON file with its escapes written out."""
    return json.dumps(json.loads(data), ensure_ascii=False)
