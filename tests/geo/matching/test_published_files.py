"""A stranger with the two published files, a bare Python and one folder can check a round."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from bench.matching.instances import make_round
from geo.matching import parse_instance, solve
from tests.geo.matching.conftest import REPOSITORY

# The folder is all that is there: no package around it, no site-packages, no environment.
COMMAND = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1));"
    "runpy.run_module('geo.matching', run_name='__main__', alter_sys=True)"
)


@pytest.fixture
def stranger(tmp_path):
    shutil.copytree(
        REPOSITORY / "geo" / "matching",
        tmp_path / "elsewhere" / "geo" / "matching",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    instance = parse_instance(make_round(120))
    (tmp_path / "instance.json").write_bytes(instance.dumps())
    (tmp_path / "plan.json").write_bytes(solve(instance).dumps())

    def run(*arguments):
        return subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", "-c", COMMAND, str(tmp_path / "elsewhere"), *arguments],
            cwd=tmp_path,
            env={},
            capture_output=True,
            check=False,
            timeout=60,
        )

    return run


def test_the_published_plan_is_proven_from_its_files_alone(stranger):
    run = stranger("verify", "instance.json", "plan.json")
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")


def test_a_changed_plan_is_caught_from_its_files_alone(stranger, tmp_path):
    file = tmp_path / "plan.json"
    plan = json.loads(file.read_text("utf-8"))
    plan["areas"][0]["spent_krw"] += 1
    file.write_text(json.dumps(plan), "utf-8")
    run = stranger("verify", "instance.json", "plan.json")
    assert run.returncode == 1
    assert run.stdout.startswith(b"budget: ")


def test_the_plan_can_be_made_again_byte_for_byte(stranger, tmp_path):
    run = stranger("solve", "instance.json")
    assert run.stdout == (tmp_path / "plan.json").read_bytes()
