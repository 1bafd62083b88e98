"""Owns the sums over a plan: pure functions of its documents, standard library only.

A document is an instance or a plan as JSON has it (`geo.matching`). Money stays in whole won; a
share is rounded once, at the end, from exact fractions.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeVar

Document = Mapping[str, Any]
Pair = tuple[str, str]
"""Ids of an institution and of a product."""

Key = TypeVar("Key")

TIERS = 4
"""Residence tiers, the nearest first."""

LOT = "ticket"
"""What decides between two that are equal in everything else."""

STEPS = {"distance_m": 1000}
"""How far apart two neighbouring values of a key are, where that is not 1."""

PER = 100_000
"""People per whom placements are counted."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a sum asks about an application or fixed placement, beyond the plan.

    :param emd_code: eight digits of where the product would stand; None abroad.
    :param is_rural: whether that is an eup or myeon; None abroad and where it is not known.
    :param tier: nearness to the proposer's home; None where no home counts.
    """

    institution: str
    product: str
    emd_code: str | None
    is_rural: bool | None
    institution_type: str
    tier: int | None


Requests = Mapping[Pair, Request]


class Award(NamedTuple):
    """A placement of a plan and what it costs."""

    request: Request
    price_krw: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What there is of something; fixed placements are no applications."""

    placements: int = 0
    amount_krw: int = 0
    applications: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        """Return both together."""
        return Sums(
            self.placements + other.placements,
            self.amount_krw + other.amount_krw,
            self.applications + other.applications,
        )


NOTHING = Sums()


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much of the money a few institutions hold.

    :param institutions: that hold something.
    :param largest: id of the one that holds most; the first by id among equals.
    :param largest_share: its share of the money, from 0 to 1.
    :param hhi: Herfindahl-Hirschman index of the shares: near 0 when many hold little, 10,000 when
        one holds all.
    """

    institutions: int
    largest: str | None
    largest_amount_krw: int
    largest_share: float | None
    hhi: int | None


@dataclass(frozen=True, slots=True)
class Nearness:
    """Requests for products that answer a proposal, by nearness to a proposer's home.

    :param tiers: how many there are of each tier, the nearest first.
    """

    tiers: tuple[int, int, int, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.tiers)

    def share_within(self, tier: int) -> float | None:
        """Return the share of a tier and the nearer ones; None of nothing."""
        return share(sum(self.tiers[: tier + 1]), self.total)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An application that one step of a single key, or the lot alone, kept from a placement.

    :param kind: `step` or `lot`.
    :param seat: type of the seats at whose end it stood.
    :param applicant: its value of the key; a lot has none that says anything.
    :param holder: the value of the last one served.
    """

    institution: str
    product: str
    kind: Literal["step", "lot"]
    seat: str
    key: str
    applicant: int | None
    holder: int | None


def list_awards(instance: Document, plan: Document, requests: Requests) -> list[Award]:
    """Return the placements of a plan, fixed ones included, in its order."""
    price = {product["id"]: product["price_krw"] for product in instance["products"]}
    return [
        Award(requests[row["institution"], row["product"]], price[row["product"]])
        for row in plan["outcomes"]
        if row["seat"] is not None
    ]


def list_held(instance: Document, requests: Requests, holders: Iterable[Pair]) -> list[Award]:
    """Return the placements that certain institutions hold by now, in the order of their ids."""
    price = {product["id"]: product["price_krw"] for product in instance["products"]}
    return [Award(requests[pair], price[pair[1]]) for pair in sorted(holders)]


def list_asked(plan: Document, requests: Requests) -> list[Request]:
    """Return the applications of a plan, fixed placements left out."""
    return [
        requests[row["institution"], row["product"]]
        for row in plan["outcomes"]
        if row["reason"] != "preassigned"
    ]


def sum_by(
    key: Callable[[Request], Key], awards: Iterable[Award], asked: Iterable[Request] = ()
) -> dict[Key, Sums]:
    """Add up placements, their money and applications by something of theirs.

    :param key: what of a request they are grouped by.
    """
    found: dict[Key, Sums] = {}
    for request, price_krw in awards:
        at = key(request)
        found[at] = found.get(at, NOTHING) + Sums(placements=1, amount_krw=price_krw)
    for request in asked:
        at = key(request)
        found[at] = found.get(at, NOTHING) + Sums(applications=1)
    return found


def measure_concentration(awards: Iterable[Award]) -> Concentration:
    """Measure how much of the money single institutions hold."""
    held: Counter[str] = Counter()
    for request, price_krw in awards:
        held[request.institution] += price_krw
    total = held.total()
    if not total:
        return Concentration(0, None, 0, None, None)
    largest = min(held, key=lambda institution: (-held[institution], institution))
    squares = sum(amount * amount for amount in held.values())
    return Concentration(
        institutions=len(held),
        largest=largest,
        largest_amount_krw=held[largest],
        largest_share=share(held[largest], total),
        hhi=round(Fraction(10_000 * squares, total * total)),
    )


def measure_nearness(requests: Iterable[Request]) -> Nearness:
    """Count requests by their tier; those of products that answer no proposal are left out."""
    found = Counter(request.tier for request in requests)
    return Nearness((found[0], found[1], found[2], found[3]))


def list_near_misses(plan: Document) -> list[NearMiss]:
    """Return who missed a placement by one step or by the lot, in the order of the plan."""
    misses = []
    for row in plan["outcomes"]:
        if row["reason"] != "below_cutoff":
            continue
        detail = row["detail"]
        key, kind = detail["key"], _kind_of(detail)
        if kind is not None:
            values = (None, None) if kind == "lot" else (detail["applicant"], detail["holder"])
            misses.append(
                NearMiss(row["institution"], row["product"], kind, detail["type"], key, *values)
            )
    return misses


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, from 0 to 1 with four decimals; None of nothing."""
    return float(round(Fraction(part, whole), 4)) if whole else None


def per_people(count: int, people: int | None) -> float | None:
    """Return a number per 100,000 people with two decimals; None where the people are not known."""
    return float(round(Fraction(count * PER, people), 2)) if people else None


def sum_people(figures: Mapping[str, int], codes: Sequence[str]) -> int | None:
    """Return the people of several regions together; None unless all of them are known."""
    known = [figures[code] for code in codes if code in figures]
    return sum(known) if codes and len(known) == len(codes) else None


def _kind_of(detail: Mapping[str, Any]) -> Literal["step", "lot"] | None:
    key = detail["key"]
    if key == LOT:
        return "lot"
    return "step" if detail["applicant"] - detail["holder"] == STEPS.get(key, 1) else None
