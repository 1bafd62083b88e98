"""Owns what must hold between the rows of an instance; single fields are checked before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence

from geo.matching.application_reader import Applications
from geo.matching.fields import refuse
from geo.matching.instance import OPEN, Application, Area, Institution, Policy, Product
from geo.matching.jsonio import child, show


def check_between_rows(
    policy: Policy,
    areas: Sequence[Area],
    products: Sequence[Product],
    institutions: Sequence[Institution],
    applications: Applications,
) -> None:
    """Check references, rankings, needed keys and pre-assignments; rows are in document order.

    :raises InstanceRefused: at the first row that contradicts another.
    """
    area_ids = {area.id for area in areas}
    for position, product in enumerate(products):
        if product.area not in area_ids:
            refuse(f"products[{position}].area", f"{show(product.area)} is no area")
    needed = {product.id: _needed_keys(policy, product) for product in products}
    # Whole institutions are compared first: row by row is for finding what to refuse.
    if not (
        _rankings_agree(needed, institutions, applications.by_institution)
        and _keys_suffice(needed, applications.key_names)
    ):
        unanswered = _check_applications(needed, institutions, applications.rows)
        _check_rankings(products, institutions, unanswered)
    _check_preassigned(products, institutions)
    _check_preassigned_money(policy, areas, products)


def _rankings_agree(
    known: Container[str],
    institutions: Sequence[Institution],
    rows_of: Mapping[str, Sequence[Application]],
) -> bool:
    """Tell whether every institution ranks known products and applies for exactly those."""
    nothing: list[Application] = []
    ranking = 0
    for body in institutions:
        ranking += bool(body.ranking)
        rows = rows_of.get(body.id, nothing)
        if [row[1] for row in rows] != sorted(body.ranking):
            return False
        if not all(map(known.__contains__, body.ranking)):
            return False
    return ranking == len(rows_of)


def _keys_suffice(
    needed: Mapping[str, frozenset[str]], key_names: Iterable[tuple[str, ...]]
) -> bool:
    """Tell whether any row has the keys that any product compares."""
    everything = frozenset().union(*needed.values())
    return all(everything.issubset(names) for names in key_names)


def _check_applications(
    needed: Mapping[str, frozenset[str]],
    institutions: Sequence[Institution],
    applications: Sequence[Application],
) -> dict[str, set[str]]:
    """Check every application; return per institution what it ranks and does not apply for."""
    unanswered = {institution.id: set(institution.ranking) for institution in institutions}
    for position, row in enumerate(applications):
        keys_needed = needed.get(row.product)
        mine = unanswered.get(row.institution)
        if mine is None:
            path = f"applications[{position}].institution"
            refuse(path, f"{show(row.institution)} is no institution")
        if keys_needed is None:
            refuse(f"applications[{position}].product", f"{show(row.product)} is no product")
        if row.product not in mine:
            if any(row[:2] == earlier[:2] for earlier in applications[:position]):
                path = f"applications[{position}]"
                refuse(path, f"repeats {show(row.institution)} for {show(row.product)}")
            path = f"applications[{position}].product"
            refuse(path, f"missing in the ranking of {show(row.institution)}")
        mine.remove(row.product)
        if not keys_needed <= row.keys.keys():
            key = min(keys_needed - row.keys.keys())
            path = child(f"applications[{position}].keys", key)
            refuse(path, "missing: a seat type of the product compares it")
    return unanswered


def _needed_keys(policy: Policy, product: Product) -> frozenset[str]:
    # "all" takes every placement that the numbers leave, so nothing stays open.
    types = {seat_type for seat_type, number in product.seats.items() if number != 0}
    if "all" not in product.seats.values():
        types.add(OPEN)
    return frozenset(key for seat_type in types for key in policy.seat_priority[seat_type])


def _check_rankings(
    products: Sequence[Product],
    institutions: Sequence[Institution],
    unanswered: dict[str, set[str]],
) -> None:
    product_ids = {product.id for product in products}
    for position, institution in enumerate(institutions):
        if not unanswered[institution.id]:
            continue
        for place, product in enumerate(institution.ranking):
            path = f"institutions[{position}].ranking[{place}]"
            if product not in product_ids:
                refuse(path, f"{show(product)} is no product")
            if product in unanswered[institution.id]:
                refuse(path, f"there is no application for {show(product)}")


def _check_preassigned(products: Sequence[Product], institutions: Sequence[Institution]) -> None:
    ranking = {institution.id: institution.ranking for institution in institutions}
    for position, product in enumerate(products):
        for place, institution in enumerate(product.preassigned):
            path = f"products[{position}].preassigned[{place}]"
            if institution not in ranking:
                refuse(path, f"{show(institution)} is no institution")
            if product.id in ranking[institution]:
                refuse(path, f"{show(institution)} also applies for this product")


def _check_preassigned_money(
    policy: Policy, areas: Sequence[Area], products: Sequence[Product]
) -> None:
    area_left = {area.id: area.budget_krw for area in areas}
    group_spent: Counter[str] = Counter()
    for position, product in enumerate(products):
        path = f"products[{position}].preassigned"
        count = len(product.preassigned)
        cost = count * product.price_krw
        if count > product.max_placements:
            refuse(path, f"holds {count}, beyond max_placements {product.max_placements}")
        cap = policy.product_budget_cap_krw
        if cap is not None and cost > cap:
            refuse(path, f"costs {cost}, beyond product_budget_cap_krw {cap}")
        area_left[product.area] -= cost
        if area_left[product.area] < 0:
            refuse(path, f"goes beyond the budget of area {show(product.area)}")
        if product.cap_group is not None and policy.group_budget_cap_krw is not None:
            group_spent[product.cap_group] += cost
            if group_spent[product.cap_group] > policy.group_budget_cap_krw:
                refuse(path, f"goes beyond the cap of group {show(product.cap_group)}")
