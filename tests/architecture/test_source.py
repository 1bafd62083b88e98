"""The house rules that can be read off the source; each check is also shown something broken."""

from pathlib import Path

import pytest

from tests.architecture import source

FILES = list(source.source_files())
BARE = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(source.ROOT)))

COMMITS_ALLOWED = {"backend/db.py"}
"""The unit of work; whoever else commits splits a write in two."""


@BARE
def test_only_the_unit_of_work_commits(path: Path) -> None:
    if str(path.relative_to(source.ROOT)) not in COMMITS_ALLOWED:
        assert source.commits(path.read_text(encoding="utf-8")) == []


@BARE
def test_no_function_imports_our_own_packages(path: Path) -> None:
    assert source.own_imports_inside_functions(path.read_text(encoding="utf-8")) == []


@BARE
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= source.LONGEST_FILE


@BARE
def test_what_is_public_says_what_it_does(path: Path) -> None:
    assert source.undocumented(path.read_text(encoding="utf-8")) == []


def test_a_commit_in_a_service_would_be_found() -> None:
    assert source.commits("def submit(session):\n    session.commit()\n") == [2]


def test_an_import_that_dodges_a_cycle_would_be_found() -> None:
    code = "def submit():\n    from backend.reviews import service\n"
    assert source.own_imports_inside_functions(code) == [2]


def test_a_silent_function_would_be_found() -> None:
    assert source.undocumented('"""A module."""\ndef submit():\n    pass\n') == ["submit"]


def test_the_root_holds_only_what_every_project_has() -> None:
    listed = {
        "backend", "geo", "migrations", "tests", "setup.cfg", "wsgi.py",
        "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "pyproject.toml",
        "requirements.lock", "requirements-dev.lock", "ruff.toml", "docs", "bench",
        ".ci", ".gitignore",
    }  # fmt: skip
    generated = {".git", ".venv", "var", "dongne.egg-info", "build"}
    found = {path.name for path in source.ROOT.iterdir() if not path.name.endswith("_cache")}
    assert found - generated - {".hypothesis", "__pycache__"} <= listed
