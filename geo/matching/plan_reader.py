"""Owns the way from untrusted JSON to a `Plan`; whether it is right is for `verify` to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, NoReturn, TypeVar

from geo.matching.jsonio import LARGEST_INTEGER, Refused, child, is_integer, is_text, show
from geo.matching.plan import (
    ENGINE,
    FORMAT,
    REASONS,
    AreaResult,
    Outcome,
    PassRecord,
    Plan,
    ProductResult,
    Seat,
)

_ROOT = (
    "format",
    "engine",
    "inputs_sha256",
    "seed",
    "pass_log",
    "areas",
    "products",
    "outcomes",
)
_AREA = ("id", "budget_krw", "preassigned_krw", "spent_krw", "remaining_krw")
_OUTCOME = frozenset(Outcome._fields)
_OUTCOME_FIELDS = itemgetter(*Outcome._fields)
_REASONS = frozenset(REASONS)
# What the class itself does in the end, without its check of arguments.
_make = partial(tuple.__new__, Outcome)
_DETAIL: dict[str, dict[str, tuple[type, ...]]] = {
    "preassigned": {},
    "awarded": {},
    "ineligible": {"rule": (str,)},
    "capacity_used": {"products": (list,)},
    "got_higher_choice": {"products": (list,)},
    "below_cutoff": {"type": (str,), "key": (str,), "applicant": (int, str), "holder": (int, str)},
    "money": {
        "cause": (str,),
        "price_krw": (int,),
        "left_krw": (int,),
        "last_funded": (str, type(None)),
    },
    "max_placements": {"cause": (str,), "cap": (str,), "limit": (int,)},
    "product_budget_cap_krw": {"cause": (str,), "cap": (str,), "limit": (int,)},
    "group_budget_cap_krw": {"cause": (str,), "cap": (str,), "limit": (int,), "left_krw": (int,)},
}

_Row = TypeVar("_Row")


class PlanRefused(Refused):
    """A plan that breaks the format, with the JSON path of the field and what is wrong."""


def parse_plan(document: object) -> Plan:
    """Build a plan from a JSON document of format `dongne-plan/1`.

    :raises PlanRefused: at the first field that the format does not allow. A plan that is read is
        not thereby right: `verify` says so.
    """
    plan, problems = read_plan(document)
    if problems:
        raise problems[0]
    for position, outcome in enumerate(plan.outcomes):
        _require_detail(outcome, f"outcomes[{position}].detail")
    return plan


def read_plan(document: object) -> tuple[Plan, list[PlanRefused]]:
    """Read what can be read of a plan, and list everything that cannot.

    Rows that break the format are left out; whether a detail has the fields that its reason calls
    for is left to whoever compares it with the truth.
    """
    reader = _Reader()
    root = document if type(document) is dict else {}
    if root is not document:
        reader.note("$", f"must be an object, not {show(document)}")
    else:
        for name in root:
            if name not in _ROOT:
                reader.note(child("", name), "unknown field")
        for name in _ROOT:
            if name not in root:
                reader.note(name, "missing")
    for name, due in (("format", FORMAT), ("engine", ENGINE)):
        if name in root and root[name] != due:
            reader.note(name, f"must be {show(due)}, not {show(root[name])}")
    pass_log = reader.rows(root, "pass_log", _read_pass)
    areas = reader.rows(root, "areas", _read_area)
    products = reader.rows(root, "products", _read_product)
    outcomes = reader.rows(root, "outcomes", _read_outcome)
    for position, record in enumerate(pass_log, start=1):
        if record.number != position:
            reader.note(f"pass_log[{position - 1}].pass", f"must be {position}")
    reader.require_order("areas", [row.id for row in areas])
    reader.require_order("products", [row.id for row in products])
    reader.require_order("outcomes", list(map(itemgetter(0, 1), outcomes)))
    plan = Plan(
        engine=ENGINE,
        inputs_sha256=reader.text(root, "inputs_sha256"),
        seed=reader.text(root, "seed"),
        pass_log=tuple(pass_log),
        areas=tuple(areas),
        products=tuple(products),
        outcomes=tuple(outcomes),
    )
    return plan, reader.problems


class _Reader:
    """Collects the problems of a document while its readable parts are read."""

    def __init__(self) -> None:
        self.problems: list[PlanRefused] = []

    def note(self, path: str, problem: str) -> None:
        self.problems.append(PlanRefused(path, problem))

    def text(self, root: dict[str, Any], name: str) -> str:
        value = root.get(name)
        if type(value) is str and is_text(value):
            return value
        if name in root:
            self.note(name, f"must be a text, not {show(value)}")
        return ""

    def rows(self, root: dict[str, Any], name: str, read: Callable[[Any, str], _Row]) -> list[_Row]:
        value = root.get(name)
        if type(value) is not list:
            if name in root:
                self.note(name, f"must be a list, not {show(value)}")
            return []
        found = []
        for position, item in enumerate(value):
            try:
                found.append(read(item, ""))
            except PlanRefused as problem:
                self.note(f"{name}[{position}]{problem.path}", problem.problem)
        return found

    def require_order(self, name: str, keys: Sequence[Any]) -> None:
        for position in range(1, len(keys)):
            if not keys[position - 1] < keys[position]:
                self.note(name, f"{show(keys[position])} is repeated or out of order")
                return


def _refuse(path: str, problem: str) -> NoReturn:
    raise PlanRefused(path, problem)


def _object(value: object, path: str, fields: tuple[str, ...]) -> dict[str, Any]:
    if type(value) is not dict or value.keys() != set(fields):
        _refuse(path, f"must be an object of {', '.join(fields)}, not {show(value)}")
    return value


def _text(value: object, path: str) -> str:
    if type(value) is not str:
        _refuse(path, f"must be a text, not {show(value)}")
    return value


def _count(value: object, path: str) -> int:
    if not is_integer(value):
        _refuse(path, f"must be an integer of at most 53 bits, not {show(value)}")
    assert type(value) is int  # noqa: S101
    return value


def _counts(value: object, path: str) -> dict[str, int]:
    if type(value) is not dict:
        _refuse(path, f"must be an object, not {show(value)}")
    return {_text(name, path): _count(n, child(path, name)) for name, n in value.items()}


def _read_pass(item: object, path: str) -> PassRecord:
    row = _object(item, path, ("pass", "funded", "filled"))
    return PassRecord(
        _count(row["pass"], f"{path}.pass"),
        _counts(row["funded"], f"{path}.funded"),
        _counts(row["filled"], f"{path}.filled"),
    )


def _read_area(item: object, path: str) -> AreaResult:
    row = _object(item, path, _AREA)
    amounts = {name: _count(row[name], f"{path}.{name}") for name in _AREA[1:]}
    return AreaResult(id=_text(row["id"], f"{path}.id"), **amounts)


def _read_product(item: object, path: str) -> ProductResult:
    row = _object(item, path, ("id", "funded", "placed", "seats", "cutoffs"))
    seats = row["seats"]
    if type(seats) is not list:
        _refuse(f"{path}.seats", f"must be a list, not {show(seats)}")
    cutoffs = row["cutoffs"]
    if type(cutoffs) is not dict:
        _refuse(f"{path}.cutoffs", f"must be an object, not {show(cutoffs)}")
    return ProductResult(
        id=_text(row["id"], f"{path}.id"),
        funded=_count(row["funded"], f"{path}.funded"),
        placed=_count(row["placed"], f"{path}.placed"),
        seats=tuple(_read_seat(seat, f"{path}.seats[{at}]") for at, seat in enumerate(seats)),
        cutoffs={
            _text(seat_type, f"{path}.cutoffs"): _read_cutoff(
                keys, child(f"{path}.cutoffs", seat_type)
            )
            for seat_type, keys in cutoffs.items()
        },
    )


def _read_seat(item: object, path: str) -> Seat:
    row = _object(item, path, ("type", "institution"))
    return Seat(
        _text(row["type"], f"{path}.type"), _text(row["institution"], f"{path}.institution")
    )


def _read_cutoff(value: object, path: str) -> dict[str, int | str]:
    if type(value) is not dict:
        _refuse(path, f"must be an object, not {show(value)}")
    for name, item in value.items():
        if not (type(name) is str and (type(item) is str or is_integer(item))):
            _refuse(child(path, name), f"must be an integer or a text, not {show(item)}")
    return dict(value)


def _read_outcome(item: Any, path: str) -> Outcome:
    # A million rows: plain comparisons, and a call only for what they do not settle.
    if type(item) is not dict or item.keys() != _OUTCOME:
        _refuse(path, f"must be an object of {', '.join(sorted(_OUTCOME))}, not {show(item)}")
    fields: tuple[Any, ...] = _OUTCOME_FIELDS(item)
    institution, product, reason, seat, detail = fields
    if type(institution) is not str or type(product) is not str:
        _text(institution, path)
        _text(product, path)
    if seat is not None and type(seat) is not str:
        _text(seat, f"{path}.seat")
    if type(detail) is not dict:
        _refuse(f"{path}.detail", f"must be an object, not {show(detail)}")
    for value in detail.values():
        # Equality with the truth is not enough: in Python 1 equals true and 1.0.
        kind = type(value)
        if kind is str or (kind is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER):
            continue
        if not (value is None or _is_texts(value)):
            name = next(name for name, there in detail.items() if there is value)
            _refuse(child(f"{path}.detail", name), f"is no value of a detail: {show(value)}")
    if type(reason) is not str or reason not in _REASONS:
        _refuse(f"{path}.reason", f"is no reason: {show(reason)}")
    return _make(fields)


def _is_texts(value: object) -> bool:
    return type(value) is list and all(type(entry) is str for entry in value)


def _require_detail(outcome: Outcome, path: str) -> None:
    kind: Any = outcome.reason
    if kind == "not_funded":
        kind = outcome.detail.get("cause")
        if kind == "cap":
            kind = outcome.detail.get("cap")
    fields = _DETAIL.get(kind) if type(kind) is str else None
    if fields is None or fields.keys() != outcome.detail.keys():
        _refuse(path, f"has not the fields that reason {outcome.reason} calls for")
    for name, types in fields.items():
        if type(outcome.detail[name]) not in types:
            _refuse(child(path, name), f"must not be {show(outcome.detail[name])}")
