"""Owns the step from money to a whole number of placements per product; knows no wishes.

Pre-assigned placements are every product's first and are paid before any scan. A placement that
does not fit the money left is skipped and the scan goes on, as participatory budgets do it that
spend down the ballot (Krakow's districts).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from geo.matching.instance import Instance, Product
from geo.matching.tickets import product_ticket

Counts = Mapping[str, int]
"""A number per product id; of placements, pre-assigned ones included."""


def list_in_funding_order(instance: Instance, seed: str) -> list[Product]:
    """List products by `order` (shorter first if equal so far), ties by ticket."""
    return sorted(
        instance.products, key=lambda product: (product.order, product_ticket(seed, product.id))
    )


def cap_placements(instance: Instance, eligible: Counts) -> dict[str, int]:
    """Give each product the most placements that its own limits and its applications allow.

    A group's shared cap is money and is kept by `fund_placements`.

    :param eligible: eligible applications per product id.
    """
    budget_cap = instance.policy.product_budget_cap_krw
    caps = {}
    for product in instance.products:
        cap = min(product.max_placements, eligible[product.id] + len(product.preassigned))
        if budget_cap is not None:
            cap = min(cap, budget_cap // product.price_krw)
        caps[product.id] = cap
    return caps


def fund_placements(
    instance: Instance, ordered: Iterable[Product], caps: Counts, kept: Counts
) -> dict[str, int]:
    """Spend the areas' money on placements, on top of those that are kept and paid first.

    :param ordered: products in funding order.
    :param caps: the most placements of each product.
    :param kept: placements that each product has already; never more than its cap.
    :return: placements of each product.
    """
    ordered = list(ordered)
    purse = _Purse(instance, kept)
    funded = dict(kept)
    if instance.policy.funding == "depth_first":
        for product in ordered:
            while funded[product.id] < caps[product.id] and purse.pay(product):
                funded[product.id] += 1
        return funded

    # Money only falls within a run, so a product that was skipped once can never fit again.
    active = [product for product in ordered if funded[product.id] < caps[product.id]]
    scan = min((funded[product.id] for product in active), default=0)
    while active:
        scan += 1
        going_on = []
        for product in active:
            if funded[product.id] < scan:
                if not purse.pay(product):
                    continue
                funded[product.id] += 1
            if funded[product.id] < caps[product.id]:
                going_on.append(product)
        active = going_on
    return funded


class _Purse:
    """The money left in areas and groups, in KRW."""

    def __init__(self, instance: Instance, kept: Counts) -> None:
        self._group_cap = instance.policy.group_budget_cap_krw
        self._area_left = {area.id: area.budget_krw for area in instance.areas}
        self._group_spent: Counter[str] = Counter()
        for product in instance.products:
            self._charge(product, kept[product.id] * product.price_krw)

    def pay(self, product: Product) -> bool:
        """Pay one placement if it fits both the area's and the group's money."""
        price = product.price_krw
        if price > self._area_left[product.area]:
            return False
        if (
            product.cap_group is not None
            and self._group_cap is not None
            and self._group_spent[product.cap_group] + price > self._group_cap
        ):
            return False
        self._charge(product, price)
        return True

    def _charge(self, product: Product, amount_krw: int) -> None:
        self._area_left[product.area] -= amount_krw
        if product.cap_group is not None:
            self._group_spent[product.cap_group] += amount_krw
