"""Owns the checks on money and on the number of placements."""

from __future__ import annotations

from collections import Counter

from geo.matching.instance import Product
from geo.matching.jsonio import show
from geo.matching.plan import Plan
from geo.matching.verify.claim import Claim
from geo.matching.verify.findings import Findings
from geo.matching.verify.roll import Roll


class Ledger:
    """What the funded placements of a plan cost, by area and by group, in KRW."""

    def __init__(self, roll: Roll, claim: Claim) -> None:
        self.area_spent = {area.id: 0 for area in roll.instance.areas}
        self.area_fixed = dict(self.area_spent)
        self.group_spent = Counter[str]()
        self._budget = {area.id: area.budget_krw for area in roll.instance.areas}
        self._group_cap = roll.policy.group_budget_cap_krw
        for key, product in roll.products.items():
            cost = claim.results[key].funded * product.price_krw
            self.area_spent[product.area] += cost
            self.area_fixed[product.area] += len(product.preassigned) * product.price_krw
            if product.cap_group is not None:
                self.group_spent[product.cap_group] += cost

    def area_left(self, product: Product) -> int:
        """Give what is left in the product's area, in KRW; negative when it is overspent."""
        return self._budget[product.area] - self.area_spent[product.area]

    def group_left(self, product: Product) -> int | None:
        """Give what is left under the cap of the product's group; None where nothing caps it."""
        if product.cap_group is None or self._group_cap is None:
            return None
        return self._group_cap - self.group_spent[product.cap_group]

    def affords(self, product: Product) -> bool:
        """Tell whether one more placement fits what is left."""
        group_left = self.group_left(product)
        if group_left is not None and group_left < product.price_krw:
            return False
        return self.area_left(product) >= product.price_krw


def check_budget(roll: Roll, plan: Plan, claim: Claim, findings: Findings) -> None:
    """Check every amount of every area to the won, and the shared caps of groups."""
    ledger = Ledger(roll, claim)
    told = {row.id: row for row in plan.areas}
    for area in roll.instance.areas:
        spent = ledger.area_spent[area.id]
        if spent > area.budget_krw:
            findings.note("budget", f"area {show(area.id)} spends {spent} of {area.budget_krw}")
        row = told.get(area.id)
        if row is None:
            continue
        for field, due, there in (
            ("budget_krw", area.budget_krw, row.budget_krw),
            ("preassigned_krw", ledger.area_fixed[area.id], row.preassigned_krw),
            ("spent_krw", spent, row.spent_krw),
            ("remaining_krw", area.budget_krw - spent, row.remaining_krw),
        ):
            if due != there:
                findings.note("budget", f"area {show(area.id)}: {field} is {due}, not {there}")
    cap = roll.policy.group_budget_cap_krw
    if cap is not None:
        for group, spent in ledger.group_spent.items():
            if spent > cap:
                findings.note("budget", f"group {show(group)} spends {spent} of {cap}")


def check_product_cap(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check the number of placements of every product against its limits and its seats."""
    for key, product in roll.products.items():
        result, name = claim.results[key], show(key)
        if not len(product.preassigned) <= result.funded <= roll.cap(product):
            findings.note(
                "product_cap", f"{name} can have {roll.cap(product)}, funded are {result.funded}"
            )
        if result.placed != len(result.seats):
            findings.note(
                "product_cap", f"{name} has {len(result.seats)} seats, placed says {result.placed}"
            )
        if len(result.seats) > result.funded:
            findings.note(
                "product_cap", f"{name} places {len(result.seats)} of {result.funded} funded"
            )
        to_give = roll.seats(product, result.funded)
        kinds = [seat.type for seat in claim.matched[key]]
        for kind in dict.fromkeys(kinds):
            number, most = kinds.count(kind), to_give.get(kind, 0)
            if number > most:
                findings.note("product_cap", f"{name} gives {number} of {most} {show(kind)} seats")


def check_no_wasted_money(roll: Roll, claim: Claim, findings: Findings) -> None:
    """Check that no placement is withheld that somebody prefers and that the money allows.

    It is withheld when it is funded and lies unclaimed, or when the money left and the caps would
    still pay for it.
    """
    ledger = Ledger(roll, claim)
    for key, product in roll.products.items():
        result = claim.results[key]
        unclaimed = len(result.seats) < result.funded
        payable = result.funded < roll.cap(product) and ledger.affords(product)
        if not (unclaimed or payable):
            continue
        wanting = next((at for at in claim.takers[key] if claim.kind_of[at] is None), None)
        if wanting is not None:
            state = "lies unclaimed" if unclaimed else "could be paid"
            name = show(roll.rows[wanting].institution)
            findings.note(
                "no_wasted_money", f"a placement of {show(key)} {state} and {name} would take it"
            )
