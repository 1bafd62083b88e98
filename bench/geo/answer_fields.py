"""Owns which facts of a peer's answers ours lack, found in the answers themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

FEWEST_VALUES = 2
Flat = dict[str, list[Any]]


def flatten(answer: Any) -> Flat:
    """Return all values of an answer by their path; entries of a list share one, `name[]`."""
    found: Flat = {}
    for path, value in _walk(answer, ""):
        found.setdefault(path, []).append(value)
    return found


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _walk(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and any(isinstance(each, dict) for each in value):
        for each in value:
            yield from _walk(each, f"{path}[]")
    else:
        yield path, value


def lacking(theirs: Sequence[Any], ours: Sequence[Any]) -> list[str]:
    """Return the paths of a peer's fields that ours have neither by name nor by value.

    By name: the last part of the path. By value: everything that the peer says there also stands
    somewhere in our answer about the same point, in all answers, and is not always the same.

    :param theirs: answers about different points.
    :param ours: our answers about the same points, in the same order.
    """
    flat_theirs = [flatten(answer) for answer in theirs]
    flat_ours = [flatten(answer) for answer in ours]
    names = {_leaf(path) for flat in flat_ours for path in flat}
    paths = dict.fromkeys(path for flat in flat_theirs for path in flat)
    return [
        path
        for path in paths
        if _leaf(path) not in names and not _found_by_value(path, flat_theirs, flat_ours)
    ]


def _leaf(path: str) -> str:
    return path.rpartition(".")[2].removesuffix("[]")


def _found_by_value(path: str, theirs: Sequence[Flat], ours: Sequence[Flat]) -> bool:
    seen = set()
    for their, our in zip(theirs, ours, strict=True):
        known = {repr(value) for values in our.values() for value in values}
        said = {repr(value) for value in their.get(path, []) if value not in (None, "")}
        if not said <= known:
            return False
        seen |= said
    return len(seen) >= FEWEST_VALUES
