"""Remembers what a finished step was made from, so that a second run can skip it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path]) -> str:
    """Return a digest of names and contents; a missing file counts as such."""
    total = hashlib.sha256()
    for file in files:
        content = file.read_bytes() if file.is_file() else b"(missing)"
        total.update(f"{file.name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


def matches(stamp: Path, expected: str) -> bool:
    """Tell whether `stamp` was written for the digest `expected`."""
    try:
        return stamp.read_text(encoding="ascii").strip() == expected
    except (OSError, ValueError):
        return False


def write(stamp: Path, value: str) -> None:
    """Write `value` to `stamp`, whole or not at all."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    draft = stamp.with_name(stamp.name + ".new")
    draft.write_text(value + "\n", encoding="ascii")
    draft.replace(stamp)
