"""The floors of the house, as import-linter's contracts in setup.cfg state them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the packages below a folder, without its cache."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(  # noqa: S603 (our own tool on our own files)
        [program, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_point_down() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        (
            "backend/accounts/queries.py",
            "import backend.proposals.models",
            "Imports of the backend",
        ),
        ("backend/accounts/service.py", "import flask", "Services, queries, models and states"),
        ("geo/crs.py", "import flask", "geo knows no web framework"),
        ("geo/matching/funding.py", "import numpy", "The matching engine"),
        ("geo/matching/verify/__init__.py", "import geo.matching.funding", "verify shares no code"),
    ],
)
def test_a_broken_floor_is_named(tmp_path: Path, module: str, line: str, contract: str) -> None:
    for package in ("backend", "geo"):
        ignored = shutil.ignore_patterns("node_modules", "vendor", "__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    broken = tmp_path / module
    broken.write_text(f"{broken.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode == 1
    kept_or_broken = [row for row in result.stdout.splitlines() if contract in row]
    assert any("BROKEN" in row for row in kept_or_broken), result.stdout
