"""What is missing follows from dpkg's answer; what is done about it is the right commands."""

# ruff: noqa: S603, S607
from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from backend.ops import apt, packages
from backend.ops.packages import CHROMIUM, FONT, GDAL, NODE, SERVER, VENV, Situation


def dpkg_with(*installed: str) -> packages.Query:
    def answer(names: Iterable[str]) -> str:
        return "\n".join(f"{name} installed" for name in names if name in installed)

    return answer


def test_a_bare_machine_lacks_everything_that_make_test_needs() -> None:
    bare = Situation(own_server=True, has_venv=False, has_node=False, tests=True)
    assert packages.missing(bare.needs(), dpkg_with()) == (SERVER, VENV, NODE, CHROMIUM, FONT)


def test_the_demo_needs_neither_browser_nor_font() -> None:
    demo = Situation(own_server=True, has_venv=False, has_node=False, tests=False)
    assert not {CHROMIUM, FONT} & set(demo.needs())


def test_gdal_is_asked_for_by_the_heavy_tests_only() -> None:
    light = Situation(own_server=False, has_venv=True, has_node=True, tests=True)
    heavy = Situation(own_server=False, has_venv=True, has_node=True, tests=True, heavy=True)
    assert GDAL not in light.needs()
    assert packages.missing(heavy.needs(), dpkg_with("chromium", "libatomic1", "fonts-nanum")) == (
        GDAL,
    )


def test_a_given_database_needs_no_server_package() -> None:
    given = Situation(own_server=False, has_venv=True, has_node=True, tests=False)
    assert given.needs() == ()


def test_node_from_elsewhere_is_left_alone() -> None:
    machine = Situation(own_server=False, has_venv=True, has_node=True, tests=True)
    assert NODE not in machine.needs()


def test_a_server_without_postgis_is_incomplete() -> None:
    assert packages.missing([SERVER], dpkg_with("postgresql-15")) == (SERVER,)


def test_any_korean_font_will_do() -> None:
    assert packages.missing([FONT], dpkg_with("fonts-noto-cjk")) == ()


def test_a_removed_package_that_left_its_settings_is_not_installed() -> None:
    assert packages.parse("chromium config-files\nnodejs installed\n") == {"nodejs"}


def test_a_package_that_dpkg_never_heard_of_is_not_installed() -> None:
    assert packages.parse("chromium not-installed\n") == frozenset()


def test_a_node_that_is_too_old_is_not_usable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_program(tmp_path, "node", "echo v12.22.12")
    put_program(tmp_path, "npm", "echo 6")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert not packages.has_usable_node()


def test_a_recent_node_is_usable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_program(tmp_path, "node", "echo v18.20.4")
    put_program(tmp_path, "npm", "echo 9")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert packages.has_usable_node()


def test_debians_own_cluster_is_switched_off_before_the_server_arrives() -> None:
    common, setting, server = apt.plan([SERVER, VENV])
    assert "postgresql-common" in common
    assert "create_main_cluster = false" in setting[-1]
    assert "postgresql-15" in server


def test_without_the_server_the_main_cluster_is_no_concern() -> None:
    assert len(apt.plan([VENV, FONT])) == 1


def test_the_setting_is_added_once(tmp_path: Path) -> None:
    conf = tmp_path / "createcluster.conf"
    conf.write_text("#create_main_cluster = true\nssl = on", encoding="ascii")
    for _ in range(2):
        subprocess.run(["sh", "-c", apt.no_main_cluster(conf)], check=True)
    assert conf.read_text(encoding="ascii").splitlines()[1:] == [
        "ssl = on",
        "create_main_cluster = false",
    ]


def test_the_setting_of_an_administrator_stays(tmp_path: Path) -> None:
    conf = tmp_path / "createcluster.conf"
    conf.write_text("create_main_cluster = true\n", encoding="ascii")
    subprocess.run(["sh", "-c", apt.no_main_cluster(conf)], check=True)
    assert conf.read_text(encoding="ascii") == "create_main_cluster = true\n"


def put_program(folder: Path, name: str, line: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{line}\n", encoding="ascii")
    program.chmod(0o755)
