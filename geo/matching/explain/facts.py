"""Owns what a sentence about one outcome may need to know, in no language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from geo.matching.explain.contest import Contest
from geo.matching.instance import Area, Instance, Institution, Product
from geo.matching.plan import Detail, Outcome, Plan, ProductResult

NOT_RANKED = 1_000_000
"""What the rounds domain puts where a local government ranked nothing."""


class OutcomeNotFound(LookupError):
    """An institution and product for which a plan has no outcome."""

    def __init__(self, institution: str, product: str) -> None:
        super().__init__(f"the plan has no outcome of {institution!r} for {product!r}")


@dataclass(frozen=True, slots=True)
class Facts:
    """One outcome with its surroundings.

    :param fixed_krw: what the pre-assigned placements of the area cost.
    :param choice: place of the product in the institution's ranking, 1 is best; 0 if pre-assigned.
    :param missed: products ranked higher that the institution did not receive.
    :param refused: how many applications for this product ended at its cutoff.
    :param needed: how many placements more would have given a refused one its own; 0 for others.
    :param seats: how many seats of the awarded type the product gives.
    :param last_holder: who holds the last seat of the type at which the application was refused.
    :param equal_keys: keys on which it was equal to that holder.
    """

    outcome: Outcome
    institution: Institution
    product: Product
    area: Area
    fixed_krw: int
    result: ProductResult
    choice: int
    missed: tuple[str, ...]
    refused: int
    needed: int
    seats: int
    last_holder: str | None
    equal_keys: tuple[str, ...]

    @property
    def detail(self) -> Detail:
        """The outcome's detail."""
        return self.outcome.detail

    @property
    def matched_placements(self) -> int:
        """Placements of the product beyond pre-assigned ones."""
        return self.result.funded - len(self.product.preassigned)

    @property
    def order_matters(self) -> bool:
        """Whether the area could have paid for the product had it come first."""
        return self.product.price_krw <= self.area.budget_krw - self.fixed_krw

    @property
    def group_spending_matters(self) -> bool:
        """Whether the group's cap could have paid for the product had others spent less of it."""
        limit: int = self.detail["limit"]
        left: int = self.detail["left_krw"]
        return left < limit and self.product.price_krw <= limit


class Index:
    """An instance and its plan by id, made once for any number of questions."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.instance = instance
        self.areas = {row.id: row for row in instance.areas}
        self.products = {row.id: row for row in instance.products}
        self.institutions = {row.id: row for row in instance.institutions}
        self._fixed_krw = Counter[str]()
        for product in instance.products:
            self._fixed_krw[product.area] += len(product.preassigned) * product.price_krw
        self._results = {row.id: row for row in plan.products}
        self._seed = plan.seed
        self._contests: dict[str, Contest] = {}
        self._outcomes = {(row.institution, row.product): row for row in plan.outcomes}
        self._refused = Counter(
            row.product for row in plan.outcomes if row.reason == "below_cutoff"
        )

    def find_facts(self, institution_id: str, product_id: str) -> Facts:
        """Gather the facts of one outcome.

        :raises OutcomeNotFound: when the plan has none for the two, or is of another instance.
        """
        outcome = self._outcomes.get((institution_id, product_id))
        institution = self.institutions.get(institution_id)
        product = self.products.get(product_id)
        result = self._results.get(product_id)
        if outcome is None or institution is None or product is None or result is None:
            raise OutcomeNotFound(institution_id, product_id)
        ranking = institution.ranking
        choice = ranking.index(product_id) + 1 if product_id in ranking else 0
        seat_type = outcome.detail.get("type") or outcome.seat
        holders = [seat.institution for seat in result.seats if seat.type == seat_type]
        return Facts(
            outcome=outcome,
            institution=institution,
            product=product,
            area=self.areas[product.area],
            fixed_krw=self._fixed_krw[product.area],
            result=result,
            choice=choice,
            missed=tuple(
                better
                for better in ranking[: max(0, choice - 1)]
                if not self._was_awarded(institution_id, better)
            )
            if outcome.reason == "awarded"
            else (),
            refused=self._refused[product_id],
            needed=self._count_needed(outcome, product, result),
            seats=len(holders),
            last_holder=holders[-1] if holders else None,
            equal_keys=self._list_equal_keys(outcome),
        )

    def _count_needed(self, outcome: Outcome, product: Product, result: ProductResult) -> int:
        if outcome.reason != "below_cutoff":
            return 0
        contest = self._contests.get(product.id)
        if contest is None:
            asking = [
                row
                for row in self.instance.applications
                if row.product == product.id
                and self._outcomes[row[:2]].reason in ("awarded", "below_cutoff")
            ]
            contest = Contest(self.instance, self._seed, product, asking)
            self._contests[product.id] = contest
        placements = result.funded - len(product.preassigned)
        return contest.count_needed(outcome.institution, placements)

    def _was_awarded(self, institution_id: str, product_id: str) -> bool:
        outcome = self._outcomes.get((institution_id, product_id))
        return outcome is not None and outcome.reason == "awarded"

    def _list_equal_keys(self, outcome: Outcome) -> tuple[str, ...]:
        if outcome.reason != "below_cutoff":
            return ()
        names = self.instance.policy.seat_priority.get(outcome.detail["type"], ())
        if outcome.detail["key"] in names:
            return names[: names.index(outcome.detail["key"])]
        return names
