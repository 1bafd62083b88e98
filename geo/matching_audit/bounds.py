"""Owns the upper bounds: the most placements and the most money placed under the same limits.

A bound keeps the budgets, caps, capacities and eligibility of the round and drops its rules:
funding order, rankings, priorities. What lies between plan and bound is the price of the rules. It
is a mixed-integer program solved by HiGHS (Huangfu & Hall 2018) with no gap allowed, as unequal
prices make it a knapsack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, gcd
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from geo.matching import Instance, Plan

_ROUNDING = 1e-6
"""HiGHS computes in floating point; a bound this far below a whole number is that number."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a plan has, and the most that the limits of the round allow.

    :param achieved: the plan's own.
    :param incumbent: the best that was found, rules aside; never less than the plan's.
    :param bound: proven: nothing can be more.
    :param proven_best: whether the search ended, so that incumbent and bound are the same; False
        when the time ran out before.
    """

    achieved: int
    incumbent: int
    bound: int
    proven_best: bool

    @property
    def gap(self) -> int:
        """How far the plan lies below the bound: the price of the rules at most."""
        return self.bound - self.achieved

    @property
    def gap_share(self) -> float:
        """The gap as a share of the bound, 0 where nothing can be placed."""
        return self.gap / self.bound if self.bound else 0.0


@dataclass(frozen=True, slots=True)
class Audit:
    """Both bounds of one plan, pre-assigned placements included.

    :param placements: in placements.
    :param value_krw: in KRW: the price of every placement that somebody holds.
    """

    placements: Bound
    value_krw: Bound


def audit(instance: Instance, plan: Plan, time_limit_s: float = 60.0) -> Audit:
    """Compare a plan with the most that its budgets, caps and capacities allow.

    :param plan: one that holds; that is for `geo.matching.verify` to say.
    :param time_limit_s: for each of the two bounds.
    """
    price = {product.id: product.price_krw for product in instance.products}
    placed = {result.id: result.placed for result in plan.products}
    model = _Model(instance)
    # Prices are multiples of a large number, and small numbers are computed exactly.
    unit = gcd(*price.values()) if price else 1
    count = np.ones(len(model.products))
    value = np.array([price[product] // unit for product in model.products], dtype=float)
    fixed = {product.id: len(product.preassigned) for product in instance.products}
    return Audit(
        placements=_bound(
            model,
            count,
            achieved=sum(placed.values()),
            fixed=sum(fixed.values()),
            unit=1,
            time_limit_s=time_limit_s,
        ),
        value_krw=_bound(
            model,
            value,
            achieved=sum(price[product] * number for product, number in placed.items()),
            fixed=sum(price[product] * number for product, number in fixed.items()),
            unit=unit,
            time_limit_s=time_limit_s,
        ),
    )


class _Model:
    """The limits of a round on its eligible applications, each of which is placed or not."""

    def __init__(self, instance: Instance) -> None:
        rows = [row for row in instance.applications if row.eligible]
        self.products = [row.product for row in rows]
        """Per variable its product."""
        self._entries: list[tuple[int, int, int]] = []
        self._limits: list[int] = []
        policy = instance.policy
        by_product: dict[str, list[int]] = {product.id: [] for product in instance.products}
        by_institution: dict[str, list[int]] = {body.id: [] for body in instance.institutions}
        for at, row in enumerate(rows):
            by_product[row.product].append(at)
            by_institution[row.institution].append(at)
        fixed = [body for product in instance.products for body in product.preassigned]
        for body in instance.institutions:
            used = fixed.count(body.id) if policy.preassigned_uses_capacity else 0
            self._limit(by_institution[body.id], 1, max(0, body.capacity - used))
        pots: dict[tuple[str, str], int] = {("area", a.id): a.budget_krw for a in instance.areas}
        members: dict[tuple[str, str], list[tuple[int, Sequence[int]]]] = {}
        for product in instance.products:
            most = product.max_placements
            if policy.product_budget_cap_krw is not None:
                most = min(most, policy.product_budget_cap_krw // product.price_krw)
            self._limit(by_product[product.id], 1, most - len(product.preassigned))
            mine = [("area", product.area)]
            if product.cap_group is not None and policy.group_budget_cap_krw is not None:
                mine.append(("group", product.cap_group))
                pots.setdefault(mine[-1], policy.group_budget_cap_krw)
            for pot in mine:
                pots[pot] -= product.price_krw * len(product.preassigned)
                members.setdefault(pot, []).append((product.price_krw, by_product[product.id]))
        for pot, parts in members.items():
            unit = gcd(*(price for price, _ in parts))
            self._limits.append(pots[pot] // unit)
            for price, ats in parts:
                self._entries += [(len(self._limits) - 1, at, price // unit) for at in ats]

    def constraints(self) -> list[LinearConstraint]:
        """Give the limits as rows of a sparse matrix, in whole numbers."""
        rows, columns, values = zip(*self._entries, strict=True)
        shape = len(self._limits), len(self.products)
        matrix = csr_array((np.array(values, dtype=float), (rows, columns)), shape=shape)
        return [LinearConstraint(matrix, ub=np.array(self._limits, dtype=float))]

    def _limit(self, variables: Sequence[int], weight: int, most: int) -> None:
        self._limits.append(most)
        self._entries += [(len(self._limits) - 1, at, weight) for at in variables]


def _bound(
    model: _Model,
    weights: Any,
    *,
    achieved: int,
    fixed: int,
    unit: int,
    time_limit_s: float,
) -> Bound:
    if not model.products:
        return Bound(achieved, achieved, achieved, proven_best=True)
    result = milp(
        -weights,
        integrality=np.ones(len(weights)),
        bounds=Bounds(0, 1),
        constraints=model.constraints(),
        options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )
    incumbent = achieved
    if result.x is not None:
        # Its own sum in floating point would do for small rounds only.
        chosen = np.rint(result.x) @ weights
        incumbent = max(incumbent, fixed + unit * round(float(chosen)))
    if result.status == 0:
        return Bound(achieved, incumbent, incumbent, proven_best=True)
    # Ended early: what is proven so far, or at the least that nobody gets more than there is.
    dual = result.mip_dual_bound
    ceiling = float(np.sum(weights)) if dual is None or not np.isfinite(dual) else -float(dual)
    bound = fixed + unit * floor(ceiling + _ROUNDING * max(1.0, abs(ceiling)))
    return Bound(achieved, incumbent, max(bound, incumbent), proven_best=False)
