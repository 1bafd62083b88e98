"""Fixtures of the engine's tests: the published results and the command line on a bare Python."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def truth() -> Path:
    """The folder of published results, which lies beside the repository."""
    shared = Path(os.environ.get("DONGNE_SHARED", REPOSITORY.parent / "shared"))
    folder = shared / "truth"
    if not folder.is_dir():
        pytest.skip("no published results: set DONGNE_SHARED to the folder that holds truth/")
    return folder


@pytest.fixture(scope="session")
def engine() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the command line with nothing but the standard library."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-I", "-S", "-c", _ISOLATED, str(REPOSITORY)]
        return subprocess.run(  # noqa: S603
            [*command, *map(str, arguments)], capture_output=True, check=False, timeout=60
        )

    return run


# Without site-packages: importing anything that is not in the standard library fails.
_ISOLATED = (
    "import runpy, sys; sys.path.insert(0, sys.argv[1]); del sys.argv[1];"
    "runpy.run_module('geo.matching', run_name='__main__', alter_sys=True)"
)
