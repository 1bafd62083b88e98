"""Owns the way from untrusted JSON to the events that leave placements vacant."""

from __future__ import annotations

from typing import Literal, NamedTuple

from geo.matching.fields import read_id, read_list, read_object, refuse
from geo.matching.jsonio import show

FORMAT = "dongne-vacancies/1"
CONTRACT: Literal["contract"] = "contract"
WITHDRAWAL: Literal["withdrawal"] = "withdrawal"

_KINDS: dict[str, Literal["contract", "withdrawal"]] = {
    CONTRACT: CONTRACT,
    WITHDRAWAL: WITHDRAWAL,
}
_ROOT = frozenset({"format", "events"})
_EVENT = frozenset({"event", "institution", "product"})


class Event(NamedTuple):
    """What happened to one placement or application: its contract was signed, or it ended."""

    kind: Literal["contract", "withdrawal"]
    institution: str
    product: str


def parse_vacancies(document: object) -> list[Event]:
    """Read a document of format `dongne-vacancies/1`: its events in the order they happened.

    :raises InstanceRefused: at the first field that the format does not allow.
    """
    root = read_object(document, "", _ROOT)
    if root["format"] != FORMAT:
        refuse("format", f"must be {show(FORMAT)}, not {show(root['format'])}")
    return [
        _event(item, f"events[{at}]") for at, item in enumerate(read_list(root["events"], "events"))
    ]


def _event(value: object, path: str) -> Event:
    row = read_object(value, path, _EVENT)
    institution = read_id(row["institution"], f"{path}.institution")
    product = read_id(row["product"], f"{path}.product")
    kind = _KINDS.get(row["event"]) if type(row["event"]) is str else None
    if kind is None:
        refuse(f"{path}.event", f'must be "contract" or "withdrawal", not {show(row["event"])}')
    return Event(kind, institution, product)
