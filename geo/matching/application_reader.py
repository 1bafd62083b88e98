"""Owns the reading of applications, of which there may be a million: few calls, no copies."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from geo.matching.fields import (
    read_boolean,
    read_integer,
    read_list,
    read_map,
    read_object,
    read_text,
    refuse,
)
from geo.matching.instance import Application
from geo.matching.jsonio import LARGEST_INTEGER, child, show

_APPLICATION = frozenset({"institution", "product", "eligible", "ineligible_reason", "keys"})


def read_applications(value: object) -> list[Application]:
    """Read the applications, each by itself; whether its ids exist is a rule between rows.

    :return: them in document order, with the `keys` objects of the document.
    :raises InstanceRefused: at the first field that is not what it should be.
    """
    sound_names: set[tuple[str, ...]] = set()
    rows = []
    for position, item in enumerate(read_list(value, "applications")):
        path = f"applications[{position}]"
        row = read_object(item, path, _APPLICATION)
        institution, product = row["institution"], row["product"]
        if type(institution) is not str or type(product) is not str:
            read_text(institution, f"{path}.institution")
            read_text(product, f"{path}.product")
        eligible, reason = row["eligible"], row["ineligible_reason"]
        if eligible is not True:
            read_boolean(eligible, f"{path}.eligible")
            read_text(reason, f"{path}.ineligible_reason")
        elif reason is not None:
            refuse(f"{path}.ineligible_reason", "must be null, for the application is eligible")
        keys = _keys(row["keys"], path, sound_names)
        rows.append(Application(institution, product, eligible, reason, keys))
    return rows


def sort_applications(applications: list[Application]) -> tuple[Application, ...]:
    """Sort applications by institution and product."""
    # Many short lists sort several times as fast as one long one.
    rows_of: dict[str, list[Application]] = {}
    for row in applications:
        rows_of.setdefault(row.institution, []).append(row)
    for rows in rows_of.values():
        rows.sort(key=attrgetter("product"))
    return tuple(row for institution in sorted(rows_of) for row in rows_of[institution])


def _keys(value: Any, path: str, sound_names: set[tuple[str, ...]]) -> dict[str, int]:
    # Six values in each of a million rows: the check of read_integer, inlined, and no copies.
    if type(value) is not dict:
        refuse(f"{path}.keys", f"must be an object, not {show(value)}")
    names = tuple(value)
    if names not in sound_names:
        sound_names.add(tuple(name for name, _, _ in read_map(value, f"{path}.keys")))
    for number in value.values():
        if type(number) is not int or not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
            for name in names:
                read_integer(value[name], child(f"{path}.keys", name))
    return value
