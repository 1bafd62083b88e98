"""Owns the English sentences; the Korean ones are theirs to match in content, not in wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from geo.matching.explain.facts import NOT_RANKED, Facts
from geo.matching.explain.teller import Teller
from geo.matching.instance import TICKET

_TIERS = {
    0: "the proposer's own neighbourhood",
    1: "the same local government",
    2: "the same province or metropolitan city",
    3: "elsewhere",
}
_ORDINALS = {1: "first", 2: "second", 3: "third"}
_DECIDED = {
    "residence_tier": "Nearness to the proposer's home is a rule published before the round",
    "designator": (
        "That the local government whose research made the product comes first is a rule "
        "published before the round"
    ),
    "review_rank": "Each institution's own local government had ranked the proposals",
    "category_rank": "Each institution's own local government had ranked the categories",
    "earlier_placements": "Earlier placements are counted from the records of former rounds",
    "distance_m": "The distance is measured by a rule published before the round",
    TICKET: "The lot follows from the announced seed, so nobody chose it and anybody can redraw it",
}


class English(Teller):
    """Tells outcomes in English."""

    lang = "en"
    key_labels: ClassVar[Mapping[str, str]] = {
        "residence_tier": "nearness to the proposer's home",
        "designator": "belonging to the local government that developed the product",
        "review_rank": "the local government's rank of the proposal",
        "category_rank": "the local government's rank of the category",
        "earlier_placements": "earlier placements",
        "distance_m": "distance",
        TICKET: "the lot",
    }
    seat_labels: ClassVar[Mapping[str, str]] = {
        "open": "open",
        "residence": "residence-first",
        "designator": "developer-first",
    }

    def number(self, key: str, value: int) -> str:
        """Write a key's number with what it means."""
        match key:
            case "residence_tier" if value in _TIERS:
                return _TIERS[value]
            case "designator" if value in (0, 1):
                return "yes" if value == 0 else "no"
            case "review_rank" | "category_rank" if value == NOT_RANKED:
                return "not ranked"
            case "distance_m":
                return f"{value:,} m"
        return f"{value:,}"

    def tell_preassigned(self, facts: Facts) -> str:
        """Tell a placement that was fixed beforehand."""
        institution, product = self._both(facts)
        return (
            f"{institution} receives {product} as a placement fixed before the matching. "
            "The office that runs the round had named the institution, so no comparison was made, "
            "and the placement was paid before all others. "
            "Only another decision on the fixed placements would have changed this."
        )

    def tell_awarded(self, facts: Facts) -> str:
        """Tell a placement that was won."""
        institution, product = self._both(facts)
        text = f"{institution} receives {product}, its {_ordinal(facts.choice)} choice"
        if facts.missed:
            names = _join(self.product(key) for key in facts.missed[:3])
            more = len(facts.missed) - 3
            names += f" (and {more} more)" if more > 0 else ""
            text += f"; {names}, which it ranked higher, could not be had"
        if not facts.refused:
            return (
                f"{text}. Nobody who asked for this product in the end had to be refused, so no "
                "comparison was needed. More applicants or fewer placements could have changed "
                "this."
            )
        keys = self._index.instance.policy.seat_priority[facts.outcome.seat or ""]
        order = _join([*(self.key(key) for key in keys), self.key(TICKET)], "then")
        kind = self.seat_type(facts.outcome.seat or "")
        seat = f"the {facts.seats:,} {kind} seats were given"
        if facts.seats == 1:
            seat = f"the only {kind} seat was given"
        return (
            f"{text}. More institutions asked for it than could be served, and "
            f"{seat} by the published rules of the round, which compare {order}. One "
            "applicant more ahead of it, or one placement fewer, could have changed this."
        )

    def tell_ineligible(self, facts: Facts) -> str:
        """Tell an application that could not take part."""
        institution, product = self._both(facts)
        return (
            f"The application of {institution} for {product} was not eligible under the rule "
            f'"{facts.detail["rule"]}". The office that runs the round decided this before the '
            "matching, and such an application is not compared with others. "
            "Had it been found eligible, it would have been considered at its place in the "
            "institution's ranking."
        )

    def tell_capacity_used(self, facts: Facts) -> str:
        """Tell an institution whose fixed placements leave no room."""
        institution, product = self._both(facts)
        products = facts.detail["products"]
        fixed = _join(self.product(key) for key in products)
        leave = "leaves" if len(products) == 1 else "leave"
        capacity = _count(facts.institution.capacity, "product")
        return (
            f"{institution} does not receive {product}: it takes at most {capacity} in this round "
            f"and {fixed}, fixed for it beforehand, {leave} no room. "
            "That fixed placements count against this number is a rule published before the round. "
            "With room for one product beyond those, the application would have been considered."
        )

    def tell_got_higher_choice(self, facts: Facts) -> str:
        """Tell an institution that received what it liked better."""
        institution, product = self._both(facts)
        got = [self.product(key) for key in facts.detail["products"]]
        text = (
            f"{institution} receives {_join(got)}, which it ranked above {product}, and takes no "
            f"more than {_count(facts.institution.capacity, 'product')} in this round. "
            "The ranking was the institution's own decision. "
            f"Had it ranked {product} above {got[-1]}, it would have been considered for "
            f"{product} first"
        )
        if facts.matched_placements == 0:
            text += ", though this product had no placement to give"
        return text + "."

    def tell_money(self, facts: Facts) -> str:
        """Tell a product for which no money was left."""
        institution, product = self._both(facts)
        price, left = facts.detail["price_krw"], facts.detail["left_krw"]
        last = facts.detail["last_funded"]
        reached = f", the last product paid having been {self.product(last)}" if last else ""
        more = f"With KRW {price - left:,} more left,"
        if facts.order_matters:
            more += " or an earlier place of the product in that order,"
        return (
            f"{institution} does not receive {product}: {self._none_to_give(facts)}, for one costs "
            f"KRW {price:,} and KRW {left:,} was left in {self.area(facts.area.id)}{reached}. "
            "Money is given out in the funding order published before the round, which this "
            "application does not touch. "
            f"{more} a placement could have been paid."
        )

    def tell_cap(self, facts: Facts) -> str:
        """Tell a product that a limit kept from a placement."""
        institution, product = self._both(facts)
        limit = facts.detail["limit"]
        price = f"one costs KRW {facts.product.price_krw:,}"
        fixed = len(facts.product.preassigned)
        needed = "A higher limit would have been needed for a placement."
        match facts.detail["cap"]:
            case "max_placements":
                because = f"the round allows at most {_count(limit, 'placement')} of it"
            case "product_budget_cap_krw":
                because = f"{price} and the round allows at most KRW {limit:,} for a product"
            case _:
                left = facts.detail["left_krw"]
                because = (
                    f"{price} and KRW {left:,} was left of the KRW {limit:,} that its group of "
                    "products shares"
                )
                fixed = 0
                if facts.group_spending_matters:
                    needed = (
                        "A higher limit, or less spent on the other products of the group, would "
                        "have been needed for a placement."
                    )
        if fixed:
            use = "uses" if fixed == 1 else "use"
            because += f", and {_count(fixed, 'placement')} fixed beforehand {use} that up"
        return (
            f"{institution} does not receive {product}: {self._none_to_give(facts)}, for {because}."
            " The office that runs the round set this limit before it, for every applicant alike. "
            f"{needed}"
        )

    def tell_below_cutoff(self, facts: Facts) -> str:
        """Tell an application that others were ahead of."""
        institution, product = self._both(facts)
        key = facts.detail["key"]
        holder = self.institution(facts.last_holder or "")
        equal = _join(self.key(name) for name in facts.equal_keys)
        equal = f"the two are equal in {equal}, and then " if equal else ""
        mine = self.value(key, facts.detail["applicant"])
        theirs = self.value(key, facts.detail["holder"])
        decided = _DECIDED.get(key, "This comparison is a rule published before the round")
        change = "with one placement more it would have received one"
        if facts.needed > 1:
            change = (
                f"{facts.refused:,} applications were refused, and this one would have received a "
                f"placement had there been {facts.needed:,} more"
            )
        elif facts.refused > 1:
            change = f"of the {facts.refused:,} applications refused it was next, and {change}"
        if facts.matched_placements == 1:
            went = "the only placement went to an institution"
        elif facts.matched_placements == 2:
            went = "both placements went to institutions"
        else:
            went = f"all {facts.matched_placements:,} placements went to institutions"
        kind = self.seat_type(facts.detail["type"])
        return (
            f"{institution} does not receive {product}: {went} ahead of it. "
            f"Compared with {holder}, which received the last {kind} seat, {equal}"
            f"{self.key(key)} decided: {mine} for {institution}, {theirs} for {holder}. "
            f"{decided}; {change}."
        )

    def _both(self, facts: Facts) -> tuple[str, str]:
        return self.institution(facts.institution.id), self.product(facts.product.id)

    def _none_to_give(self, facts: Facts) -> str:
        if facts.product.preassigned:
            return "beyond the placements fixed beforehand there was none to give"
        return "there was no placement to give"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _ordinal(number: int) -> str:
    if number in _ORDINALS:
        return _ORDINALS[number]
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if 10 <= number % 100 <= 20 else endings.get(number % 10, "th")
    return f"{number}{ending}"


def _join(words: Iterable[str], link: str = "and") -> str:
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    comma = "," if link == "then" else ""
    return f"{', '.join(listed[:-1])}{comma} {link} {listed[-1]}"
