"""Owns the way from untrusted JSON to an `Instance`: every refusal that concerns one row.

Applications have a reader of their own; rules between rows (references, pre-assignments, needed
keys) are `instance_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from operator import attrgetter
from typing import Literal, Protocol, TypeVar

from geo.matching.application_reader import Applications
from geo.matching.fields import (
    InstanceRefused,
    read_boolean,
    read_distinct,
    read_id,
    read_integer,
    read_list,
    read_map,
    read_name,
    read_object,
    read_optional_name,
    read_references,
    read_text,
    refuse,
)
from geo.matching.instance import (
    FORMAT,
    OPEN,
    PREASSIGNED,
    TICKET,
    Area,
    Instance,
    Institution,
    Policy,
    Product,
)
from geo.matching.instance_rules import check_between_rows
from geo.matching.jsonio import child, show

__all__ = ["InstanceRefused", "parse_instance"]

_ROOT = frozenset(
    {"format", "round", "seed", "policy", "areas", "products", "institutions", "applications"}
)
_POLICY = frozenset(
    {
        "funding",
        "product_budget_cap_krw",
        "seat_precedence",
        "seat_priority",
        "reallocate_unclaimed",
        "preassigned_uses_capacity",
    }
)
_PRODUCT = frozenset({"id", "area", "price_krw", "max_placements", "order", "seats", "preassigned"})
_INSTITUTION = frozenset({"id", "capacity", "ranking"})
_NAME = frozenset({"name"})
_FUNDING: dict[object, Literal["breadth_first", "depth_first"]] = {
    "breadth_first": "breadth_first",
    "depth_first": "depth_first",
}


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Row = TypeVar("_Row", bound=_Identified)


def parse_instance(document: object, *, allow_null_seed: bool = False) -> Instance:
    """Build an instance from a JSON document of format `dongne-instance/1`.

    :param document: dicts, lists, strings, integers, booleans and None, as a JSON reader gives.
        The instance keeps the applications' `keys` of it, so do not change them afterwards.
    :param allow_null_seed: accept `seed: null`, for an instance that is only to be hashed.
    :raises InstanceRefused: at the first field that the format does not allow; nothing is dropped
        or repaired.
    """
    root = read_object(document, "", _ROOT)
    if root["format"] != FORMAT:
        refuse("format", f"must be {show(FORMAT)}, not {show(root['format'])}")
    round_id = read_text(root["round"], "round")
    seed = _seed(root["seed"], allow_null_seed)
    policy = _policy(root["policy"])
    areas = _rows(root["areas"], "areas", _area)
    products = _rows(root["products"], "products", lambda row, at: _product(row, at, policy))
    known = {product.id: product.id for product in products}
    institutions = _rows(
        root["institutions"], "institutions", lambda row, at: _institution(row, at, known)
    )
    known |= {institution.id: institution.id for institution in institutions}
    applications = Applications(root["applications"], known)
    check_between_rows(policy, areas, products, institutions, applications)
    by_id = attrgetter("id")
    return Instance(
        round=round_id,
        seed=seed,
        policy=policy,
        areas=tuple(sorted(areas, key=by_id)),
        products=tuple(sorted(map(_with_sorted_preassigned, products), key=by_id)),
        institutions=tuple(sorted(institutions, key=by_id)),
        applications=tuple(chain.from_iterable(applications.by_institution.values())),
    )


def _seed(value: object, allow_null: bool) -> str | None:
    if value is None:
        if not allow_null:
            refuse("seed", "is null: the seed must be known before a plan can be made")
        return None
    # An empty text is a seed like any other; only what UTF-8 cannot carry has no ticket.
    return value if value == "" and type(value) is str else read_text(value, "seed")


def _policy(value: object) -> Policy:
    row = read_object(value, "policy", _POLICY, frozenset({"group_budget_cap_krw", "key_names"}))
    funding = _FUNDING.get(row["funding"]) if type(row["funding"]) is str else None
    if funding is None:
        refuse(
            "policy.funding",
            f'must be "breadth_first" or "depth_first", not {show(row["funding"])}',
        )
    precedence = read_distinct(row["seat_precedence"], "policy.seat_precedence")
    priority = {
        seat_type: read_distinct(keys, path)
        for seat_type, keys, path in read_map(row["seat_priority"], "policy.seat_priority")
    }
    for path, types in (
        ("policy.seat_precedence", precedence),
        ("policy.seat_priority", tuple(priority)),
    ):
        if OPEN not in types:
            refuse(path, f"{show(OPEN)} is missing")
        if PREASSIGNED in types:
            refuse(path, f"{show(PREASSIGNED)} is what a plan calls a fixed placement")
    for seat_type, keys in priority.items():
        if TICKET in keys:
            position = keys.index(TICKET)
            refuse(
                f"{child('policy.seat_priority', seat_type)}[{position}]",
                f"{show(TICKET)} is the name of the lot that ends every tie",
            )
    key_names = None
    if "key_names" in row:
        key_names = {
            key: read_name(name, path)
            for key, name, path in read_map(row["key_names"], "policy.key_names")
        }
    return Policy(
        funding=funding,
        product_budget_cap_krw=_cap(row["product_budget_cap_krw"], "policy.product_budget_cap_krw"),
        group_budget_cap_krw=_cap(row.get("group_budget_cap_krw"), "policy.group_budget_cap_krw"),
        seat_precedence=precedence,
        seat_priority=priority,
        reallocate_unclaimed=read_boolean(
            row["reallocate_unclaimed"], "policy.reallocate_unclaimed"
        ),
        preassigned_uses_capacity=read_boolean(
            row["preassigned_uses_capacity"], "policy.preassigned_uses_capacity"
        ),
        key_names=key_names,
        omitted=frozenset({"group_budget_cap_krw"} - row.keys()),
    )


def _cap(value: object, path: str) -> int | None:
    return None if value is None else read_integer(value, path, least=0)


def _rows(value: object, path: str, read: Callable[[object, str], _Row]) -> list[_Row]:
    rows: list[_Row] = []
    seen: set[str] = set()
    for position, item in enumerate(read_list(value, path)):
        row = read(item, f"{path}[{position}]")
        if row.id in seen:
            refuse(f"{path}[{position}].id", f"{show(row.id)} is the id of an earlier row")
        seen.add(row.id)
        rows.append(row)
    return rows


def _area(value: object, path: str) -> Area:
    row = read_object(value, path, frozenset({"id", "budget_krw"}), frozenset({"name"}))
    return Area(
        id=read_id(row["id"], f"{path}.id"),
        budget_krw=read_integer(row["budget_krw"], f"{path}.budget_krw", least=0),
        name=read_optional_name(row, path),
    )


def _product(value: object, path: str, policy: Policy) -> Product:
    row = read_object(value, path, _PRODUCT, frozenset({"cap_group", "name"}))
    group = row.get("cap_group")
    return Product(
        id=read_id(row["id"], f"{path}.id"),
        area=read_id(row["area"], f"{path}.area"),
        price_krw=read_integer(row["price_krw"], f"{path}.price_krw", least=1),
        max_placements=read_integer(row["max_placements"], f"{path}.max_placements", least=0),
        order=tuple(
            read_integer(entry, f"{path}.order[{position}]")
            for position, entry in enumerate(read_list(row["order"], f"{path}.order"))
        ),
        seats=_seats(row["seats"], f"{path}.seats", policy),
        preassigned=read_references(row["preassigned"], f"{path}.preassigned"),
        cap_group=None if group is None else read_id(group, f"{path}.cap_group"),
        name=read_optional_name(row, path),
        omitted=frozenset({"cap_group"} - row.keys()),
    )


def _with_sorted_preassigned(product: Product) -> Product:
    # Only now: refusals name places in the document as it was given.
    return replace(product, preassigned=tuple(sorted(product.preassigned)))


def _seats(value: object, path: str, policy: Policy) -> dict[str, int | Literal["all"]]:
    seats: dict[str, int | Literal["all"]] = {}
    for seat_type, number, where in read_map(value, path):
        if seat_type == OPEN:
            refuse(where, "open seats are what the other types leave and take no number")
        if seat_type not in policy.seat_precedence:
            refuse(where, "this seat type is missing in policy.seat_precedence")
        if seat_type not in policy.seat_priority:
            refuse(where, "this seat type is missing in policy.seat_priority")
        if number == "all" and type(number) is str:
            if "all" in seats.values():
                refuse(where, '"all" is given to another type of this product already')
            seats[seat_type] = "all"
        elif type(number) is str:
            refuse(where, f'must be a number or "all", not {show(number)}')
        else:
            seats[seat_type] = read_integer(number, where, least=0)
    return seats


def _institution(value: object, path: str, known: Mapping[str, str]) -> Institution:
    row = read_object(value, path, _INSTITUTION, _NAME)
    ranking = read_references(row["ranking"], f"{path}.ranking")
    return Institution(
        id=read_id(row["id"], f"{path}.id"),
        capacity=read_integer(row["capacity"], f"{path}.capacity", least=1),
        # The products' own texts, as the applications have them; an unknown one is refused later.
        ranking=tuple(map(known.get, ranking, ranking)),
        name=read_optional_name(row, path),
    )
