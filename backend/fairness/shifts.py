"""Owns who gains and who loses between two plans, in places of their own ranking; pure functions.

A plan and its instance are documents, as JSON has them; standard library only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shift:
    """How an institution fares by one plan against another.

    :param places: how many places better in its own ranking; negative when it loses.
    :param before: places of what it got, the best first.
    :param after: the same by the other plan.
    """

    institution: str
    places: int
    before: tuple[int, ...]
    after: tuple[int, ...]


def list_shifts(first: tuple[Document, Document], other: tuple[Document, Document]) -> list[Shift]:
    """Return the institutions that fare differently, the greatest losses first.

    What an institution did not get counts as the place after its last wish, as often as it could
    have had a product: so a first choice that falls to nothing in a ranking of three is a loss of
    three places. Fixed placements are in no ranking and do not count.

    :param first: instance and plan that others are compared with.
    :param other: instance and plan to be compared; of the same institutions and rankings.
    """
    before, after = _places_held(first), _places_held(other)
    capacity = _capacities(first[0])
    other_capacity = _capacities(other[0])
    shifts = []
    for row in first[0]["institutions"]:
        key, wishes = row["id"], len(row["ranking"])
        room = min(wishes, max(capacity[key], other_capacity[key]))
        places = _sum_places(before.get(key, ()), wishes, room) - _sum_places(
            after.get(key, ()), wishes, room
        )
        if before.get(key, ()) != after.get(key, ()):
            shifts.append(Shift(key, places, before.get(key, ()), after.get(key, ())))
    return sorted(shifts, key=lambda shift: (shift.places, shift.institution))


def _capacities(instance: Document) -> dict[str, int]:
    return {row["id"]: row["capacity"] for row in instance["institutions"]}


def _places_held(documents: tuple[Document, Document]) -> dict[str, tuple[int, ...]]:
    instance, plan = documents
    place = {
        (row["id"], product): at
        for row in instance["institutions"]
        for at, product in enumerate(row["ranking"], start=1)
    }
    held: dict[str, list[int]] = {}
    for row in plan["outcomes"]:
        if row["reason"] == "awarded":
            held.setdefault(row["institution"], []).append(
                place[row["institution"], row["product"]]
            )
    return {key: tuple(sorted(places)) for key, places in held.items()}


def _sum_places(held: Sequence[int], wishes: int, room: int) -> int:
    return sum(held) + (wishes + 1) * (room - len(held))
