"""Owns what other rules would have done with the same inputs; computes, and keeps nothing."""

from typing import Any

from geo.matching import Instance, InstanceRefused, Plan, parse_instance, solve


def without_seats(instance: Instance, seat_type: str) -> Instance | None:
    """Return the instance with every seat of a type open to all; None where that cannot be run.

    :param seat_type: such as ``residence``.
    """
    document: dict[str, Any] = instance.to_json()
    for product in document["products"]:
        product["seats"].pop(seat_type, None)
    try:
        return parse_instance(document)
    except InstanceRefused:
        # Open seats may compare what applications need not have while no seat is open.
        return None


def solve_without(instance: Instance, seat_type: str) -> Plan | None:
    """Return the plan that would have come out with no seats of a type."""
    changed = without_seats(instance, seat_type)
    return solve(changed) if changed is not None else None
