"""`make bench` runs every benchmark there is, and `make bench-geo` only its own."""

from pathlib import Path

import pytest

from backend.ops import steps
from backend.ops.__main__ import COMMANDS
from backend.ops.errors import OpsError
from backend.ops.paths import Paths, here
from backend.ops.progress import Progress


def test_a_benchmark_is_a_package_that_can_be_run(tmp_path: Path) -> None:
    for name in ("geo", "matching", "notes"):
        (tmp_path / "bench" / name).mkdir(parents=True)
    (tmp_path / "bench" / "__init__.py").touch()
    for name in ("matching", "geo"):
        (tmp_path / "bench" / name / "__main__.py").touch()
    assert steps.benchmarks(Paths(tmp_path)) == ["geo", "matching"]


@pytest.mark.parametrize("name", ["api", "geo", "matching"])
def test_our_benchmarks_are_there(name: str) -> None:
    assert name in steps.benchmarks(here())
    assert f"bench-{name}" in COMMANDS


def test_an_unknown_benchmark_is_named(tmp_path: Path) -> None:
    with pytest.raises(OpsError, match="no benchmark geo in bench/"):
        steps.bench(Paths(tmp_path), Progress(), [], only="geo")
