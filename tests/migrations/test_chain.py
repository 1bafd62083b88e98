"""The chain as files: one line of numbers, leaning on nothing that changes."""

import ast
from pathlib import Path

import pytest

from tests.migrations.runs import MIGRATIONS, script_directory

FILES = sorted((MIGRATIONS / "versions").glob("*.py"))


def test_there_is_one_head() -> None:
    assert len(script_directory().get_heads()) == 1


def test_numbers_follow_one_another() -> None:
    assert [path.name[:4] for path in FILES] == [f"{n:04d}" for n in range(1, len(FILES) + 1)]


def test_each_revision_is_its_files_number() -> None:
    revisions = {Path(script.path).name[:4]: script.revision for script in _scripts()}
    assert revisions == {number: number for number in revisions}


def test_each_revision_follows_the_number_before_it() -> None:
    below = {script.revision: script.down_revision for script in _scripts()}
    numbers = sorted(below)
    assert below == dict(zip(numbers, [None, *numbers], strict=False))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_migration_imports_nothing_of_ours(path: Path) -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported_by(node)
    }
    assert imported.isdisjoint({"backend", "geo", "tests", "wsgi"})


def _scripts() -> list:
    return list(script_directory().walk_revisions())


def _imported_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
