"""Random edits of a plan's JSON, as somebody might make who wants another result to pass."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

Place = tuple[Any, Any]
"""A container and the key or position of one value in it."""


def edit(plan: Any, draw: random.Random) -> Any:
    """Give a copy of a plan with one to three random edits; they may undo each other."""
    edited = copy.deepcopy(plan)
    for _ in range(draw.choice((1, 1, 2, 3))):
        places = list(_places(edited))
        if places:
            draw.choice(_EDITS)(draw, places, *draw.choice(places))
    return edited


def _places(value: Any) -> Iterator[Place]:
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _change(draw: random.Random, _: list[Place], inside: Any, key: Any) -> None:
    value = inside[key]
    if isinstance(value, bool | None):
        inside[key] = draw.choice([0, "", True, []])
    elif isinstance(value, int):
        inside[key] = draw.choice([value + 1, value - 1, -value, float(value), str(value)])
    elif isinstance(value, str):
        inside[key] = draw.choice([value + "0", value[:-1], value.swapcase(), None])
    elif isinstance(value, list):
        inside[key] = draw.choice([value[1:], value[::-1], [*value, 0], {}])
    else:
        inside[key] = draw.choice([{}, [], None, value | {"more": 1}])


def _put_another(draw: random.Random, places: list[Place], inside: Any, key: Any) -> None:
    """Put a value of the same kind from elsewhere in the plan."""
    there = [box[at] for box, at in places if type(box[at]) is type(inside[key])]
    inside[key] = copy.deepcopy(draw.choice(there))


def _swap(draw: random.Random, places: list[Place], inside: Any, key: Any) -> None:
    mine = inside[key]
    others = [(box, at) for box, at in places if type(box[at]) is type(mine)]
    other, at = draw.choice(others)
    if isinstance(mine, dict | list):
        # Never a container into itself.
        inside[key], other[at] = copy.deepcopy(other[at]), copy.deepcopy(mine)
    else:
        inside[key], other[at] = other[at], mine


def _delete(_: random.Random, __: list[Place], inside: Any, key: Any) -> None:
    del inside[key]


def _double(draw: random.Random, _: list[Place], inside: Any, key: Any) -> None:
    if isinstance(inside, list):
        inside.insert(draw.randrange(len(inside) + 1), copy.deepcopy(inside[key]))
    else:
        inside[f"{key}2"] = copy.deepcopy(inside[key])


_EDITS: tuple[Callable[[random.Random, list[Place], Any, Any], None], ...] = (
    _change,
    _put_another,
    _swap,
    _delete,
    _double,
)
