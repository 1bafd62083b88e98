"""Owns the run of a round: fund, match, and reallocate until nothing is unclaimed."""

from __future__ import annotations

from collections.abc import Sequence

from geo.matching.acceptance import Holders, match
from geo.matching.fields import refuse
from geo.matching.funding import cap_placements, fund_placements, list_in_funding_order
from geo.matching.instance import Instance, inputs_sha256
from geo.matching.market import Market, split_seats
from geo.matching.outcomes import list_outcomes, list_product_results
from geo.matching.plan import ENGINE, AreaResult, PassRecord, Plan


def solve(instance: Instance) -> Plan:
    """Compute the plan of a round; equal instances give equal plans everywhere.

    Reallocation: every product keeps what it has filled, paid first; one with unclaimed placements
    is capped at that; the scans go on with the freed money and all are matched again. A pass only
    adds to what was filled, so nobody loses by it, and a cap falls each time, so it ends.

    :raises InstanceRefused: when the seed is not known yet.
    """
    seed = instance.seed
    if seed is None:
        refuse("seed", "is null: the seed must be known before a plan can be made")
    market = Market(instance, seed)
    ordered = list_in_funding_order(instance, seed)
    caps = cap_placements(instance, market.count_eligible())
    kept = {product.id: len(product.preassigned) for product in instance.products}
    pass_log: list[PassRecord] = []
    while True:
        funded = fund_placements(instance, ordered, caps, kept)
        holders = match(
            market,
            [
                split_seats(instance.policy, row, funded[row.id] - len(row.preassigned))
                for row in instance.products
            ],
        )
        filled = _count_filled(instance, holders)
        pass_log.append(PassRecord(len(pass_log) + 1, funded, filled))
        unclaimed = [product for product in funded if filled[product] < funded[product]]
        if not (unclaimed and instance.policy.reallocate_unclaimed):
            break
        for product in unclaimed:
            caps[product] = filled[product]
        kept = filled

    areas = _list_area_results(instance, funded)
    products = list_product_results(market, funded, holders)
    return Plan(
        engine=ENGINE,
        inputs_sha256=inputs_sha256(instance),
        seed=seed,
        pass_log=tuple(pass_log),
        areas=areas,
        products=products,
        outcomes=list_outcomes(market, ordered, areas, products, holders),
    )


def _count_filled(instance: Instance, holders: Sequence[Holders]) -> dict[str, int]:
    return {
        product.id: len(product.preassigned) + sum(len(held) for _, held in seats)
        for product, seats in zip(instance.products, holders, strict=True)
    }


def _list_area_results(instance: Instance, funded: dict[str, int]) -> tuple[AreaResult, ...]:
    preassigned = {area.id: 0 for area in instance.areas}
    spent = dict(preassigned)
    for product in instance.products:
        preassigned[product.area] += len(product.preassigned) * product.price_krw
        spent[product.area] += funded[product.id] * product.price_krw
    return tuple(
        AreaResult(
            id=area.id,
            budget_krw=area.budget_krw,
            preassigned_krw=preassigned[area.id],
            spent_krw=spent[area.id],
            remaining_krw=area.budget_krw - spent[area.id],
        )
        for area in instance.areas
    )
