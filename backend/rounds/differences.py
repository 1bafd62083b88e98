"""Owns the differences between two instances of a round, value by value, for everybody to read."""

from collections.abc import Iterator
from typing import Any

from geo.matching import Instance

MOST = 1000
"""Differences that are kept; more of them are another round, not a correction."""


def list_differences(before: Instance, after: Instance) -> list[dict[str, Any]]:
    """Return what another instance of a round says differently, by path.

    :return: ``{"path": "applications/I1:P1/keys/distance_m", "before": 1000, "after": 2000}``; what
        is missing on one side is None there.
    """
    found = _differ("", _by_id(before.to_json()), _by_id(after.to_json()))
    return [row for row, _ in zip(found, range(MOST), strict=False)]


def _by_id(document: dict[str, Any]) -> dict[str, Any]:
    """Replace the lists of rows by mappings from what identifies a row."""
    keyed = {name: value for name, value in document.items() if name != "seed"}
    for name in ("areas", "products", "institutions"):
        keyed[name] = {row["id"]: row for row in document[name]}
    keyed["applications"] = {
        f"{row['institution']}:{row['product']}": row for row in document["applications"]
    }
    return keyed


def _differ(path: str, before: Any, after: Any) -> Iterator[dict[str, Any]]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            inside = f"{path}/{name}" if path else name
            yield from _differ(inside, before.get(name), after.get(name))
        return
    yield {"path": path, "before": before, "after": after}
