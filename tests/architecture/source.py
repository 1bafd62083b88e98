"""Owns how the architecture tests read the source, and what they find wrong in it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 300
OURS = ("backend", "bench", "geo")


def source_files(root: Path = ROOT) -> Iterator[Path]:
    """Yield the product's own Python files."""
    for package in OURS:
        yield from sorted((root / package).rglob("*.py"))


def commits(code: str) -> list[int]:
    """Return the lines on which something is committed."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]


def own_imports_inside_functions(code: str) -> list[int]:
    """Return the lines on which a function imports one of our own packages."""
    return [
        inner.lineno
        for outer in ast.walk(ast.parse(code))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
        if _imports_ours(inner)
    ]


def _imports_ours(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in OURS
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in OURS for alias in node.names)
    return False


def undocumented(code: str) -> list[str]:
    """Return the public functions and classes that say nothing about themselves."""
    tree = ast.parse(code)
    missing = [] if ast.get_docstring(tree) else ["module"]
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_") and not ast.get_docstring(node):
            missing.append(node.name)
    return missing
